"""Field-style drives as folders of logs that other verbs read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.base.store import MANIFEST, read_json
from sim.logs import iter_logs, recordings
from sim.logs.field import FieldSettings, drives, record
from sim.logs.field.write import shards, write_drive, write_manifests

SETTINGS = FieldSettings(
    sites=("tee_a", "quarter_b"),
    train_hours=0.3,
    test_hours=0.6,
    minutes_low=2.0,
    minutes_high=2.0,
)


def test_the_folders_hold_the_drives_of_both_sides(tmp_path: Path) -> None:
    written = [write_drive(shard) for shard in shards(SETTINGS, tmp_path)]
    write_manifests(written, SETTINGS)
    planned = drives(SETTINGS)
    for side, roles in (("train", {"train"}), ("test", {"same_site", "new_site"})):
        mine = [drive for drive in planned if drive.role in roles]
        found = recordings(tmp_path / side)
        assert sorted(r.group for r in found) == sorted(drive.group for drive in mine)
        assert len(read_json(tmp_path / side / MANIFEST)["recordings"]) == len(mine)
    first = next(iter(iter_logs(tmp_path / "train")))
    drive = next(d for d in planned if d.group == first.recording.group)
    pd.testing.assert_frame_equal(first.log.tracks, record(drive, SETTINGS).tracks)


def test_what_is_written_stands_up_to_the_examination(tmp_path: Path) -> None:
    written = [write_drive(shard) for shard in shards(SETTINGS, tmp_path)]
    write_manifests(written, SETTINGS)
    for read in iter_logs(tmp_path / "test", examine=True):
        assert not read.left_out
        assert not read.findings

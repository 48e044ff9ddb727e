"""Field-style drives as folders of logs, for others to use: one to train on, one to test on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sim.base.store import (
    MANIFEST,
    describe_file,
    plain,
    software_version,
    write_json,
    write_parquet,
)
from sim.logs.field.drive import record
from sim.logs.field.plan import Drive, drives
from sim.logs.field.settings import FieldSettings

SIDES = ("train", "test")


@dataclass(frozen=True)
class Shard:
    """One drive to be written.

    Attributes:
        drive: Which.
        settings: Of all drives.
        folder: Of its side.
        number: Of its files in there.
    """

    drive: Drive
    settings: FieldSettings
    folder: Path
    number: int


@dataclass(frozen=True)
class Written:
    """A drive that was written.

    Attributes:
        folder: Of its side.
        entry: What the manifest says of it.
        files: What it says of the files.
    """

    folder: Path
    entry: dict[str, object]
    files: Sequence[dict[str, object]]


def shards(settings: FieldSettings, out: Path) -> list[Shard]:
    """All drives and where they go: `out/train` and `out/test`."""
    counts = dict.fromkeys(SIDES, 0)
    made = []
    for drive in drives(settings):
        side = "train" if drive.role == "train" else "test"
        made.append(Shard(drive, settings, out / side, counts[side]))
        counts[side] += 1
    return made


def write_drive(shard: Shard) -> Written:
    """Make a drive and write its episode and tracks."""
    log = record(shard.drive, shard.settings)
    name = f"{shard.number:05d}.parquet"
    files = []
    for kind, table in (("episodes", log.episodes), ("tracks", log.tracks)):
        path = write_parquet(table, shard.folder / kind / name)
        files.append(describe_file(path, shard.folder, len(table)))
    entry: dict[str, object] = {
        "episode_id": shard.drive.episode_id,
        "group": shard.drive.group,
        "role": shard.drive.role,
        "rows": len(log.tracks),
    }
    return Written(shard.folder, entry, files)


def write_manifests(written: Sequence[Written], settings: FieldSettings) -> None:
    """State in each folder what is in it and what it was made from."""
    for folder in sorted({each.folder for each in written}):
        mine = [each for each in written if each.folder == folder]
        manifest = {
            "schema": 1,
            "kind": "field",
            "version": software_version(),
            "settings": plain(asdict(settings)),
            "recordings": [each.entry for each in mine],
            "files": [file for each in mine for file in each.files],
        }
        write_json(manifest, folder / MANIFEST)

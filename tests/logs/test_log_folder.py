"""Folders: sites, groups, skipped files, twins, repeated traffic, stores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import UserError
from sim.base.store import read_json, sha256
from sim.logs import import_folder, import_summary, iter_logs, load_log, recordings
from sim.logs.recordings import find


def _varied(number: int, x: float, seed: int, frames: int, shift: int = 0) -> pd.DataFrame:
    """One vehicle of a long recording, with speeds that repeat nowhere by chance."""
    speed = 10.0 + np.cumsum(np.random.default_rng(seed).normal(0.0, 0.05, 200))
    place = x + np.cumsum(speed) * 0.1
    at = np.arange(shift, shift + frames)
    return pd.DataFrame(
        {
            "track_id": number,
            "frame": np.arange(frames),
            "x": place[at],
            "y": 0.0,
            "vx": speed[at],
            "vy": 0.0,
            "heading": 0.0,
            "length": 4.0 + 0.1 * number,
            "width": 1.8,
        }
    )


def _clip(shift: int, frames: int, origin: float, seed: int = 0) -> pd.DataFrame:
    cars = [_varied(n, 40.0 * n, seed + n, frames, shift) for n in (1, 2, 3)]
    table = pd.concat(cars, ignore_index=True)
    return table.assign(x=table["x"] - origin)


def test_sites_groups_and_order(commonroad, openacc, tidy, car, folder):
    text = commonroad([car(1)])
    root = folder(
        {
            "deep/er/us101/USA_US101-7_10_T-1.xml": text,
            "deep/er/us101/USA_US101-7_2_T-1.xml": commonroad([car(1, speed=11.5)]),
            "deep/er/us101/USA_US101-8_1_T-1.xml": commonroad([car(1, speed=12.5)]),
            "zala/run.csv": openacc(np.full((30, 2), 9.0), np.full((30, 1), 20.0)),
            "own/a.parquet": tidy([car(1)], recording="USA_Own-4_1_T-1"),
            "own/b.csv": tidy([car(1)], recording="whole"),
        }
    )
    found = recordings(root)
    assert [(r.site, r.name, r.group) for r in found] == [
        ("own", "USA_Own-4_1_T-1", "own/4"),
        ("own", "whole", "own/whole"),
        ("us101", "USA_US101-7_2_T-1", "us101/7"),
        ("us101", "USA_US101-7_10_T-1", "us101/7"),
        ("us101", "USA_US101-8_1_T-1", "us101/8"),
        ("zala", "run", "zala/run"),
    ]
    assert [r.name for r in recordings(root, sites=["us101"], groups=["us101/8"])] == [
        "USA_US101-8_1_T-1"
    ]
    log = load_log(root)
    assert log.episodes["group"].tolist() == [r.group for r in found]


def test_unknown_sites_and_groups_are_named(tidy, car, folder):
    root = folder({"here/a.csv": tidy([car(1)])})
    with pytest.raises(UserError, match="did you mean 'here'"):
        recordings(root, sites=["heer"])
    with pytest.raises(UserError, match="group: unknown name 'here/b'"):
        recordings(root, groups=["here/b"])


def test_other_files_are_skipped_and_listed(tidy, car, folder):
    root = folder({"here/a.csv": tidy([car(1)]), "README.md": "x", "conflicts.csv": "a,b\n1,2\n"})
    found = find(root)
    assert [r.name for r in found.recordings] == ["run"]
    assert [(s.path.name, s.reason) for s in found.skipped] == [
        ("README.md", "a file named *.md"),
        ("conflicts.csv", "CSV with the columns a, b"),
    ]


def test_a_folder_without_recordings_is_a_mistake(folder):
    root = folder({"README.md": "x"})
    with pytest.raises(UserError, match=r"none in 1 files, first README\.md"):
        load_log(root)


def test_raw_and_tidy_forms_of_one_recording_are_read_once(openacc, tidy, car, folder):
    root = folder(
        {
            "raw/zala/run.csv": openacc(np.full((30, 2), 9.0), np.full((30, 1), 20.0)),
            "tidy/zala/place_run.parquet": tidy([car(1)], recording="place_run"),
        }
    )
    found = find(root)
    assert [r.format for r in found.recordings] == ["openacc"]
    assert "the same recording as" in found.skipped[0].reason


def test_one_file_is_a_folder_of_one(tidy, car, folder):
    root = folder({"here/a.csv": tidy([car(1)])})
    assert [r.site for r in recordings(root / "here" / "a.csv")] == ["here"]


def test_repeated_traffic_is_left_out_of_the_later_clip(folder):
    root = folder(
        {
            "s/USA_S-1_1_T-1.parquet": _clip(shift=0, frames=60, origin=0.0),
            "s/USA_S-2_1_T-1.parquet": _clip(shift=40, frames=50, origin=17.5),
        }
    )
    first, second = iter_logs(root)
    assert first.dropped.duplicates == 0
    assert second.dropped.duplicates == 3 * 20
    assert second.log.tracks["frame"].min() == 20


def test_the_same_numbers_with_other_traffic_stay(folder):
    root = folder(
        {
            "s/USA_S-1_1_T-1.parquet": _clip(shift=0, frames=60, origin=0.0),
            "s/USA_S-1_2_T-1.parquet": _clip(shift=0, frames=60, origin=0.0, seed=50),
        }
    )
    assert [each.dropped.duplicates for each in iter_logs(root)] == [0, 0]


def test_a_clip_that_holds_nothing_new_is_passed_over(folder):
    root = folder(
        {
            "s/USA_S-1_1_T-1.parquet": _clip(shift=0, frames=60, origin=0.0),
            "s/USA_S-1_2_T-1.parquet": _clip(shift=10, frames=30, origin=5.0),
        }
    )
    assert [each.recording.name for each in iter_logs(root)] == ["USA_S-1_1_T-1"]


def test_an_import_holds_the_same_log(tidy, car, folder, tmp_path):
    cars = [car(1), car(2, x=60.0, speed=7.0), car(3, x=90.0, frames=5)]
    root = folder({"logs/a/one.csv": tidy(cars, "one"), "logs/b/two.parquet": tidy(cars, "two")})
    out = import_folder(root / "logs", tmp_path / "out")
    again = load_log(out)
    direct = load_log(root / "logs")
    pd.testing.assert_frame_equal(again.tracks, direct.tracks)
    pd.testing.assert_frame_equal(again.episodes, direct.episodes)
    assert [r.group for r in recordings(out, sites=["b"])] == ["b/two"]
    assert [len(each.log.tracks) for each in iter_logs(out)] == [60, 60]
    manifest = read_json(out / "manifest.json")
    assert manifest["sites"]["a"]["dropped"]["short"] == 5
    for file in manifest["files"]:
        assert sha256(out / file["path"]) == file["sha256"]
    assert import_summary(out).splitlines()[0].startswith("a: 1 recordings, 60 rows")


def test_an_occupied_folder_is_not_written_to(tidy, car, folder):
    root = folder({"logs/a/one.csv": tidy([car(1)]), "out/x.txt": "mine"})
    with pytest.raises(UserError, match="a new or empty folder"):
        import_folder(root / "logs", root / "out")


def test_tracks_of_our_own_are_read_alone(tidy, car, folder, tmp_path):
    root = folder({"logs/a/one.csv": tidy([car(1), car(2, x=60.0)], "one")})
    out = import_folder(root / "logs", tmp_path / "out")
    shard = next((out / "tracks").glob("*.parquet"))
    assert len(load_log(shard)) == 1
    lone = tmp_path / "lone.parquet"
    lone.write_bytes(shard.read_bytes())
    log = load_log(lone)
    assert log.episodes.loc[0, "episode_id"] == "a/one"


def test_imports_and_links_inside_a_folder_are_found(tidy, car, folder, tmp_path):
    root = folder(
        {"logs/a/one.csv": tidy([car(1)], "one"), "there/b/two.csv": tidy([car(1)], "two")}
    )
    import_folder(root / "logs", root / "all" / "mine")
    (root / "all" / "linked").symlink_to(root / "there")
    (root / "all" / "linked" / "b" / "loop").symlink_to(root / "all")
    assert [r.episode_id for r in recordings(root / "all")] == ["a/one", "b/two"]
    assert len(load_log(root / "all")) == 2

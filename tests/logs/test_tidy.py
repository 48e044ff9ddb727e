"""Tidy tables: the referee's form, column maps, derived speed and heading, other rates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import UserError
from sim.logs import read


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_referee_form_needs_no_map(suffix, tidy, car, folder):
    cars = [car(1, yaw=0.3, speed=8.0), car(2, x=50.0, yaw=-2.0, speed=5.0)]
    root = folder({f"here/run.{suffix}": tidy(cars)})
    log, dropped = read(root / f"here/run.{suffix}")
    assert dropped.text() == "nothing"
    one = log.tracks.query("track_id == 2")
    np.testing.assert_allclose(one["yaw_rad"], -2.0, atol=1e-9)
    np.testing.assert_allclose(one["speed_mps"], 5.0, atol=1e-9)


def test_flagged_rows_are_left_out(tidy, car, folder):
    table = tidy([car(1), car(2, x=50.0)])
    table["dup_track"] = table["track_id"] == 2
    table["gap_bad"] = (table["track_id"] == 1) & (table["frame"] < 5)
    root = folder({"here/run.parquet": table})
    log, dropped = read(root / "here/run.parquet")
    assert (dropped.duplicates, dropped.gaps) == (30, 5)
    assert len(log.tracks) == 25


def test_chains_of_a_platoon_lie_apart(tidy, car, folder):
    table = tidy([car(1), car(2)])
    table["lane"] = table["track_id"] * 4
    table["gap_recorded"] = 20.0
    root = folder({"here/run.parquet": table})
    log, dropped = read(root / "here/run.parquet")
    assert dropped.overlaps == 0
    assert log.tracks.groupby("track_id")["y_m"].first().tolist() == [0.0, 1000.0]


def test_a_column_map_names_the_columns(tidy, car, folder):
    table = tidy([car(1)])[["track_id", "frame", "x", "y", "vx", "vy", "length", "width"]]
    theirs = {name: f"my {name}" for name in table}
    root = folder({"here/run.csv": table.rename(columns=theirs)})
    log, _ = read(root / "here/run.csv", columns=theirs)
    assert len(log.tracks) == 30
    assert log.episodes.loc[0, "episode_id"] == "here/run"


def test_heading_comes_from_motion_and_is_held_at_rest(tidy, car, folder):
    table = tidy([car(1, yaw=1.0, speed=2.0, accel=-1.0, frames=21)]).drop(columns="heading")
    root = folder({"here/run.csv": table})
    np.testing.assert_allclose(read(root / "here/run.csv")[0].tracks["yaw_rad"], 1.0, atol=1e-6)


def test_twelve_hertz_becomes_ten(tidy, car, folder):
    table = tidy([car(1, speed=12.0, frames=25), car(2, x=90.0, speed=12.0, frames=25)])
    table["t"] = table["frame"] / 12.0
    table["x"] = np.where(table["track_id"] == 1, 0.0, 90.0) + 12.0 * table["t"]
    root = folder({"here/run.parquet": table.drop(columns="frame")})
    log, dropped = read(root / "here/run.parquet")
    assert dropped.resampled == len(log.tracks) == 2 * 21
    one = log.tracks.query("track_id == 2")
    assert one["frame"].tolist() == list(range(21))
    np.testing.assert_allclose(one["x_m"], 90.0 + 1.2 * np.arange(21), atol=1e-9)


def test_headings_are_interpolated_the_short_way_round(tidy, car, folder):
    table = tidy([car(1, yaw=np.pi, frames=25)])
    table["t"] = table["frame"] / 12.0
    table["x"] = -10.0 * table["t"]
    table["heading"] = np.where(table["frame"] % 2 == 0, np.pi - 0.1, -np.pi + 0.1)
    yaw = read(folder({"a/r.parquet": table}) / "a/r.parquet")[0].tracks["yaw_rad"]
    assert (np.abs(yaw) > np.pi - 0.1001).all()


def test_long_pauses_are_not_bridged(tidy, car, folder):
    table = tidy([car(1, frames=60)])
    table["t"] = table["frame"] / 12.0
    table["x"] = 10.0 * table["t"]
    table = table[(table["frame"] < 20) | (table["frame"] >= 40)]
    frames = read(folder({"a/r.parquet": table}) / "a/r.parquet")[0].tracks["frame"].to_numpy()
    assert (np.diff(frames) > 10).sum() == 1


def test_calendar_times_start_at_zero(tidy, car, folder):
    table = tidy([car(1)]).drop(columns="frame")
    table["t"] += 1.7e9
    frames = read(folder({"a/r.parquet": table}) / "a/r.parquet")[0].tracks["frame"]
    assert frames.tolist() == list(range(30))


def test_rows_that_stand_twice_are_counted(tidy, car, folder):
    table = tidy([car(1)])
    root = folder({"a/r.parquet": pd.concat([table, table.iloc[:4]])})
    log, dropped = read(root / "a/r.parquet")
    assert dropped.duplicates == 4
    assert len(log.tracks) == 30


def test_each_track_keeps_a_rate_of_its_own(tidy, car, folder):
    """A car at 10 Hz, a bicycle at 5 Hz, a walker at 2 Hz: all are there at every frame."""
    table = tidy([car(1, frames=31), car(2, x=60.0, frames=31), car(3, x=90.0, frames=31)])
    every = table["track_id"].map({1: 1, 2: 2, 3: 5})
    root = folder({"a/run.csv": table[table["frame"] % every == 0]})
    log, dropped = read(root / "a/run.csv")
    assert log.tracks.groupby("track_id").size().tolist() == [31, 31, 31]
    assert dropped.resampled == 62
    np.testing.assert_allclose(log.tracks["x_m"], table.sort_values("frame", kind="stable")["x"])


def test_two_hertz_with_jitter_has_no_holes(tidy, car, folder):
    t = 0.5 * np.arange(25) + np.random.default_rng(1).uniform(-0.03, 0.03, 25)
    table = pd.DataFrame({"t": t - t[0], "x": 15.0 * (t - t[0]), "y": 0.0, "vx": 15.0, "vy": 0.0})
    root = folder({"a/run.csv": table.assign(track_id=1, length=4.5, width=1.8)})
    frames = read(root / "a/run.csv")[0].tracks["frame"]
    assert frames.tolist() == list(range(int(table["t"].max() * 10 + 1e-9) + 1))


@pytest.mark.parametrize(
    ("ids", "kept"),
    [
        ([7036874417766400640, 7036874417766400641], [7036874417766400640, 7036874417766400641]),
        (["0_0", "0_1"], [0, 1]),
        ([2**63 + 5, 2**63 + 6], [0, 1]),
        ([1.0, 2.0], [1, 2]),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_ids_stay_apart(suffix, ids, kept, tidy, car, folder):
    table = tidy([car(1), car(2, x=60.0)])
    table["track_id"] = [ids[number - 1] for number in table["track_id"]]
    name = f"a/run.{suffix}"
    log, _ = read(folder({name: table}) / name)
    assert sorted(set(log.tracks["track_id"])) == kept


def test_text_that_differs_by_zeros_in_front_is_two_ids(tidy, car, folder):
    table = tidy([car(1), car(2, x=60.0)])
    table["track_id"] = table["track_id"].map({1: "007", 2: "7"})
    log, _ = read(folder({"a/run.parquet": table}) / "a/run.parquet")
    assert sorted(set(log.tracks["track_id"])) == [0, 1]


def test_floats_too_large_to_tell_ids_apart_are_refused(tidy, car, folder):
    table = tidy([car(1)]).assign(track_id=1e17)
    with pytest.raises(UserError, match="track_id: expected ids as integers or text"):
        read(folder({"a/run.parquet": table}) / "a/run.parquet")


def test_a_size_that_is_not_known_is_that_of_the_kind(tidy, car, folder):
    table = tidy([car(1), car(2, x=60.0)])
    two = table["track_id"] == 2
    table["kind"] = np.where(two, "pedestrian", "car")
    table["length"] = table["length"].where(~two, 0.0)
    table["width"] = table["width"].where(~two)
    log, dropped = read(folder({"a/run.csv": table}) / "a/run.csv")
    assert dropped.sized == 30
    sizes = log.tracks.groupby("track_id")[["length_m", "width_m"]].first()
    assert sizes.to_numpy().tolist() == [[4.5, 1.8], [0.5, 0.5]]


def test_a_negative_size_names_the_column_and_the_track(tidy, car, folder):
    table = tidy([car(1), car(2, x=60.0)])
    table["length"] = table["length"].where(table["track_id"] == 1, -1.0)
    path = folder({"a/run.csv": table.rename(columns={"length": "laenge"})}) / "a/run.csv"
    with pytest.raises(UserError, match="laenge: expected sizes above 0 m, got '-1 m in track 2"):
        read(path, columns={"length": "laenge"})


def test_empty_lanes_are_unknown(tidy, car, folder):
    table = tidy([car(1)]).assign(lane=None)
    assert set(read(folder({"a/r.parquet": table}) / "a/r.parquet")[0].tracks["lane"]) == {-1}

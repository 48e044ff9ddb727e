"""CommonRoad: versions, intervals, shapes, static obstacles, lanes."""

from __future__ import annotations

import numpy as np
import pytest

from sim.logs import read

STATIC = (
    '<staticObstacle id="77"><type>parkedVehicle</type><shape><circle><radius>1.5</radius>'
    "</circle></shape><initialState><position><point><x>80</x><y>8</y></point></position>"
    "<orientation><exact>0</exact></orientation><time><exact>0</exact></time></initialState>"
    "</staticObstacle>"
)


@pytest.mark.parametrize("version", ["2018b", "2020a"])
def test_reads_what_was_written(version, commonroad, car, folder):
    cars = [car(5, x=1.0, speed=12.0, accel=-1.0), car(9, x=60.0, y=3.5, first=4, frames=20)]
    root = folder({"here/USA_Here-3_1_T-1.xml": commonroad(cars, version=version)})
    log, dropped = read(root / "here/USA_Here-3_1_T-1.xml")
    assert log.episodes.loc[0, ["episode_id", "site", "group", "source"]].tolist() == [
        "here/USA_Here-3_1_T-1",
        "here",
        "here/3",
        "recorded",
    ]
    assert dropped.text() == "nothing"
    for each in cars:
        got, want = log.tracks[log.tracks["track_id"] == each.number], each.states()
        assert got["frame"].tolist() == want["frame"].tolist()
        for ours, theirs in (("x_m", "x"), ("y_m", "y"), ("speed_mps", "speed")):
            np.testing.assert_allclose(got[ours], want[theirs], atol=1e-9)
        assert set(got["length_m"]) == {each.length}
    assert set(log.tracks.loc[log.tracks["track_id"] == 5, "lane"]) == {0}
    assert set(log.tracks.loc[log.tracks["track_id"] == 9, "lane"]) == {1}


def test_acceleration_is_the_slope_of_speed_away_from_the_ends(commonroad, car, folder):
    root = folder({"a/x.xml": commonroad([car(1, speed=12.0, accel=-1.5, frames=30)])})
    accel = read(root / "a/x.xml")[0].tracks["accel_mps2"].to_numpy()
    assert np.isnan(accel[:5]).all()
    assert np.isnan(accel[-5:]).all()
    np.testing.assert_allclose(accel[5:-5], -1.5, atol=1e-9)


def test_static_obstacles_stand_for_the_whole_clip(commonroad, car, folder):
    root = folder({"a/x.xml": commonroad([car(1)], extra=STATIC)})
    parked = read(root / "a/x.xml")[0].tracks.query("track_id == 77")
    assert len(parked) == 30
    assert set(parked["speed_mps"]) == {0.0}
    assert set(parked["length_m"]) == {3.0}
    assert set(parked["kind"]) == {"car"}


def test_an_object_in_2018b_is_static_by_its_role(commonroad, car, folder):
    box = STATIC.replace("staticObstacle", "obstacle").replace("parkedVehicle", "pillar")
    box = box.replace("<type>", "<role>static</role><type>")
    root = folder({"a/x.xml": commonroad([car(1)], version="2018b", extra=box)})
    assert set(read(root / "a/x.xml")[0].tracks.query("track_id == 77")["kind"]) == {"object"}


def test_a_polygon_becomes_its_bounding_box_around_its_own_middle(commonroad, car, folder):
    points = "".join(f"<point><x>{x}</x><y>{y}</y></point>" for x, y in ((0, 0), (6, 0), (6, 2)))
    shape = f"<polygon>{points}</polygon>"
    wall = STATIC.replace("<circle><radius>1.5</radius></circle>", shape)
    root = folder({"a/x.xml": commonroad([car(1)], extra=wall)})
    row = read(root / "a/x.xml")[0].tracks.query("track_id == 77").iloc[0]
    assert row[["x_m", "y_m", "length_m", "width_m"]].tolist() == [83.0, 9.0, 6.0, 2.0]


def test_intervals_give_their_middle(commonroad, car, folder):
    text = commonroad([car(1, speed=10.0)])
    low_high = "<intervalStart>9.0</intervalStart><intervalEnd>11.0</intervalEnd>"
    text = text.replace("<velocity><exact>10.0</exact>", f"<velocity>{low_high}")
    root = folder({"a/x.xml": text})
    assert set(read(root / "a/x.xml")[0].tracks["speed_mps"]) == {10.0}


def test_other_time_steps_are_resampled(commonroad, car, folder):
    text = commonroad([car(1, speed=10.0, frames=30)], step=0.2)
    text = text.replace("<velocity><exact>10.0", "<velocity><exact>5.0")
    root = folder({"a/x.xml": text})
    log, dropped = read(root / "a/x.xml")
    assert log.tracks["frame"].tolist() == list(range(59))
    assert dropped.resampled == 59
    np.testing.assert_allclose(log.tracks["x_m"].to_numpy(), 0.5 * np.arange(59), atol=1e-9)


def test_counts_overlaps_short_tracks_and_clamped_accelerations(commonroad, car, folder):
    cars = [
        car(1, x=0.0),
        car(2, x=4.0, first=0, frames=10),
        car(3, x=50.0, frames=7),
        car(4, x=90.0, accel=3.4138, frames=12),
    ]
    root = folder({"a/x.xml": commonroad(cars)})
    log, dropped = read(root / "a/x.xml")
    assert (dropped.overlaps, dropped.short, dropped.clamped) == (20, 7, 12)
    assert sorted(set(log.tracks["track_id"])) == [1, 4]
    assert len(log.tracks) == 20 + 12

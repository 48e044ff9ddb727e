"""Many users: leaders, lane changes, lanes that end, entering and leaving."""

import math

import naive
import numpy as np
import pandas as pd
import pytest
from marks import compiled

from sim.world.kernel.records import LOGGED
from sim.world.kernel.traffic import find_neighbours, sort_users
from sim.world.road import straight
from sim.world.rollout import State, simulate
from sim.world.scene import Scene


def crowd(n: int, users: int, seed: int = 0, **traits: float) -> Scene:
    rng = np.random.default_rng(seed)
    scene = Scene(n, straight(lanes=3, length=1e5))
    for k in range(users):
        scene.car(
            lane=k % 3,
            s=50.0 + 35.0 * (k // 3) + rng.uniform(-8.0, 8.0, n),
            speed=rng.uniform(20.0, 28.0, n),
            desired_speed=rng.uniform(20.0, 36.0, n),
            **traits,
        )
    return scene


def test_leaders_are_those_found_by_looking_at_all_pairs() -> None:
    state = State.of(crowd(4, 30, change_pause_s=1e9).episode(), 0.1)
    log = np.zeros((4, 2, 30, LOGGED), np.float32)
    state.run(0, 1, 1, log, np.zeros(log.shape[:3], bool))
    for b in range(4):
        cast, way = state.scenario(b)
        users = cast.users
        rng = np.random.default_rng(b)
        users["x"] = users["s"] = rng.uniform(0.0, 1000.0, 30)
        users["target"] = rng.integers(0, 3, 30)
        users["y"] = users["side"] = 3.6 * users["target"]
        users["yaw"] = users["slant"] = 0.0
        sort_users(cast, way)
        find_neighbours(cast, way)
        np.testing.assert_array_equal(users["lead"], naive.leaders(users["s"], users["target"]))
        np.testing.assert_array_equal(users["back"], naive.leaders(-users["s"], users["target"]))
        assert (np.diff(users["s"][cast.order]) <= 0.0).all()


@compiled
def test_who_is_held_up_overtakes_and_nobody_is_hit() -> None:
    log = simulate(crowd(16, 20).episode(), seconds=60.0)
    rows = log.tracks
    lanes = rows.groupby(["episode_id", "track_id"], observed=True)["lane"].nunique()
    assert (lanes > 1).mean() > 0.1
    assert not log.episodes["collided"].any()
    settled = rows[rows["t_s"] > 10.0]
    assert settled["accel_mps2"].min() > -4.5  # a change may ask for brake_safe = 4 m/s²
    assert rows["speed_mps"].min() > 15.0


def test_a_lane_change_that_is_not_safe_is_not_made() -> None:
    scene = Scene(2, straight(lanes=2, length=1e5))
    ego = scene.car(lane=0, s=100.0, speed=20.0, desired_speed=35.0)
    scene.car(lane=0, ahead_of=ego, gap=25.0, speed=20.0, law="free")
    closing = np.array([60.0, 20.0])  # one second too late for the first, nobody near the second
    scene.car(lane=1, behind=ego, gap=np.array([12.0, 500.0]), speed=closing, law="free")
    log = simulate(scene.episode(), seconds=2.0)
    ego_y = log.tracks[(log.tracks["track_id"] == 0) & (log.tracks["frame"] == 5)]["y_m"]
    assert ego_y.iloc[0] == 0.0
    assert ego_y.iloc[1] > 0.0


def test_who_may_not_change_lanes_does_not() -> None:
    log = simulate(crowd(2, 20, changes_lanes=0).episode(), seconds=10.0)
    assert (log.tracks["y_m"] % 3.6 == 0.0).mean() > 0.3
    assert (
        log.tracks.groupby(["episode_id", "track_id"], observed=True)["lane"].nunique().max() == 1
    )


@compiled
@pytest.mark.parametrize("law", ["idm", "gipps", "krauss"])
def test_all_leave_a_lane_that_ends(law: str) -> None:
    rng = np.random.default_rng(1)
    n = 8
    scene = Scene(n, straight(lanes=2, length=3000.0, drops=[(0, 600.0)]))
    for k in range(12):
        scene.car(
            lane=k % 2,
            s=30.0 + 30.0 * (k // 2) + rng.uniform(-5.0, 5.0, n),
            speed=20.0,
            desired_speed=25.0,
            law=law,
            merge_m=rng.uniform(60.0, 300.0, n),
        )
    log = simulate(scene.episode(), seconds=120.0)
    rows = log.tracks
    assert not log.episodes["collided"].any()
    beyond = rows[rows["x_m"] > 620.0]
    assert (beyond["lane"] == 1).all()
    assert beyond.groupby("episode_id", observed=True)["track_id"].nunique().min() == 12


def test_who_cannot_merge_stops_before_the_end_of_the_lane() -> None:
    scene = Scene(1, straight(lanes=2, drops=[(0, 400.0)]))
    scene.car(lane=0, s=100.0, speed=25.0, changes_lanes=0)
    ego = simulate(scene.episode(), seconds=60.0).tracks
    assert 394.0 < ego["x_m"].iloc[-1] + 2.25 < 400.0
    assert ego["speed_mps"].iloc[-1] < 0.1


def drive(seed: int = 3, cars: int = 300) -> Scene:
    """A long field-like drive: users come one after the other on a road of 1 km."""
    rng = np.random.default_rng(seed)
    scene = Scene(1, straight(lanes=2, length=1000.0))
    scene.car(lane=0, s=10.0, speed=25.0)
    for k in range(cars - 1):
        scene.car(
            lane=k % 2,
            s=10.0,
            speed=rng.uniform(20.0, 32.0),
            enter_s=0.5 + 0.8 * k,
            desired_speed=rng.uniform(22.0, 33.0),
        )
    return scene


@compiled
def test_users_enter_in_turn_when_there_is_room_and_leave_at_the_end() -> None:
    log = simulate(drive().episode(), seconds=300.0)
    rows = log.tracks
    first = rows.groupby("track_id").first()
    assert len(first) == 300
    assert (first["x_m"] == 10.0).all()
    assert (first["t_s"].to_numpy()[1:] >= 0.5 + 0.8 * np.arange(299) - 1e-9).all()
    assert rows["x_m"].max() <= 1000.0
    assert (rows.groupby("track_id")["t_s"].max() < 299.0).mean() > 0.8
    for lane in (0, 1):
        order = first.index[(first["lane"] == lane) & (first.index > 0)]
        assert first.loc[order, "t_s"].is_monotonic_increasing
    gaps = _gaps(rows)
    assert gaps.min() > 0.5
    assert rows["accel_mps2"].min() > -5.0


def test_who_has_no_room_waits() -> None:
    scene = Scene(1, straight(lanes=1))
    scene.obstacle(lane=0, s=14.0)
    for k in range(3):
        scene.car(lane=0, s=10.0, speed=10.0, enter_s=0.1 * (k + 1))
    log = simulate(scene.episode(), seconds=5.0)
    assert set(log.tracks["track_id"]) == {0}


def test_a_wreck_is_towed_away_after_a_minute() -> None:
    scene = Scene(1, straight(lanes=1))
    ego = scene.car(lane=0, s=10.0, speed=10.0, law="free")
    scene.obstacle(lane=0, ahead_of=ego, gap=20.0)
    scene.car(lane=0, s=10.0, speed=15.0, enter_s=10.0)
    rows = simulate(scene.episode(), seconds=100.0).tracks
    last = rows.groupby("track_id")["t_s"].max()
    assert 60.0 < last[0] < 63.0
    assert rows[rows["track_id"] == 2]["x_m"].max() > 500.0


def _gaps(rows: pd.DataFrame) -> pd.Series:
    order = rows.sort_values(["frame", "lane", "x_m"])
    same = (order["frame"].diff() == 0) & (order["lane"].diff() == 0)
    return (order["x_m"].diff() - 4.5)[same & (order["y_m"] % 3.6 < 1e-3)]


@compiled
def test_noise_has_the_size_that_was_asked_for() -> None:
    n = 400
    scene = Scene(n, straight(lanes=1, length=1e5))
    scene.car(lane=0, s=0.0, speed=25.0, desired_speed=25.0, accel_noise=0.3, sway_m=0.2)
    rows = simulate(scene.episode(seed=8), seconds=20.0).tracks
    late = rows[rows["frame"] == 150]
    assert late["accel_mps2"].std() == pytest.approx(0.3, rel=0.15)
    assert 0.1 < late["y_m"].std() < 0.21
    assert abs(late["y_m"].mean()) < 0.04
    assert math.isclose(late["speed_mps"].mean(), 25.0, abs_tol=0.1)

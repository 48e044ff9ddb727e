"""What a driver would expect of the run, and closed forms where there are some."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from marks import compiled

from sim.base.errors import UserError
from sim.world.log import TRACK_COLUMNS, Log
from sim.world.road import straight
from sim.world.rollout import simulate
from sim.world.scene import Scene


def track(log: Log, slot: int, episode: int = 0) -> pd.DataFrame:
    rows = log.tracks
    mine = (rows["track_id"] == slot) & (rows["episode_id"].cat.codes == episode)
    return rows[mine].set_index("frame")


def behind_each_other(n: int, gap: Any, speed: float, **follower: Any) -> tuple[Scene, Any, Any]:
    scene = Scene(n, straight(lanes=1, length=1e5))
    ego = scene.car(lane=0, s=100.0, speed=speed, changes_lanes=0, **follower)
    lead = scene.car(lane=0, ahead_of=ego, gap=gap, speed=speed, law="free")
    return scene, ego, lead


def test_a_platoon_settles_at_the_equilibrium_gap() -> None:
    scene, _, _ = behind_each_other(1, 60.0, 20.0, desired_speed=30.0, headway=1.4)
    log = simulate(scene.episode(), seconds=120.0)
    ego, lead = track(log, 0).iloc[-1], track(log, 1).iloc[-1]
    gap = lead["x_m"] - ego["x_m"] - 4.5
    assert gap == pytest.approx((2.0 + 20.0 * 1.4) / math.sqrt(1.0 - (2.0 / 3.0) ** 4), abs=0.02)


@compiled
@pytest.mark.parametrize(
    ("headway", "sigma", "tau", "sigma_tau", "probability"),
    [(1.8, 0.35, 0.9, 0.25, 5.35316e-2), (2.0, 0.30, 0.75, 0.20, 3.26083e-3)],
)
def test_crashes_are_those_of_the_closed_form(
    headway: float, sigma: float, tau: float, sigma_tau: float, probability: float
) -> None:
    n = 20_000
    rng = np.random.default_rng(2)
    h = headway * np.exp(sigma * rng.standard_normal(n))
    delay = tau * np.exp(sigma_tau * rng.standard_normal(n))
    keep = h < delay + 0.5  # the rest misses by more than half a second: not worth the time
    h, delay = h[keep], delay[keep]
    scene, ego, lead = behind_each_other(len(h), 20.0 * h, 20.0, law="free")
    scene.when(lead, time_s=1.03).brake(6.0)
    scene.when(ego, time_s=1.03, delay_s=delay).brake(6.0)
    log = simulate(scene.episode(), seconds=8.0)
    crash = log.episodes["collided"].to_numpy()
    rule = h < delay
    assert rule.sum() > 50
    assert (crash != rule).sum() <= 0.02 * rule.sum()
    assert rule.sum() / n == pytest.approx(probability, rel=4.0 / math.sqrt(n * probability))


@compiled
def test_a_stationary_target_is_hit_when_braking_begins_too_late() -> None:
    n, speed, decel, distance = 4_000, 50.0 / 3.6, 7.0, 50.0
    delay = np.exp(0.35 * np.random.default_rng(4).standard_normal(n))
    scene = Scene(n, straight(lanes=1))
    ego = scene.car(lane=0, s=20.0, speed=speed, law="free")
    scene.obstacle(lane=0, ahead_of=ego, gap=distance)
    scene.when(ego, time_s=0.0, delay_s=delay).brake(decel)
    crash = simulate(scene.episode(), seconds=8.0).episodes["collided"].to_numpy()
    rule = speed * delay + speed**2 / (2.0 * decel) > distance
    assert rule.sum() >= 5
    np.testing.assert_array_equal(crash, rule)


@pytest.mark.parametrize("dt", [0.1, 0.05, 0.02])
def test_perception_is_delayed_by_the_reaction_time_to_the_millisecond(dt: float) -> None:
    delay = np.array([0.0, 0.4, 0.437, 0.81])
    scene, _, lead = behind_each_other(
        4, 36.0, 20.0, desired_speed=25.0, headway=1.5, reaction_s=delay
    )
    scene.when(lead, time_s=5.0).brake(3.0, down_to=14.0)
    log = simulate(scene.episode(), seconds=8.0, dt=dt)
    lost = np.array([20.0 - track(log, 0, b)["speed_mps"].to_numpy() for b in range(4)])
    # the same manoeuvre later: the time by which each lags the one without delay, early on
    level = 0.1
    t = np.arange(81) * 0.1
    base = [np.interp(level, row[50:70] - row[50], t[50:70]) for row in lost]
    assert base[1] - base[0] == pytest.approx(0.4, abs=0.06)
    assert base[2] - base[1] == pytest.approx(0.037, abs=0.01)
    assert base[3] - base[1] == pytest.approx(0.41, abs=0.03)


def test_in_a_lapse_the_leader_seems_to_go_on() -> None:
    scene, _, lead = behind_each_other(
        1, 25.0, 20.0, desired_speed=20.0, lapse_rate_per_s=1e3, lapse_median_s=1e3
    )
    scene.when(lead, time_s=1.0).brake(5.0)
    log = simulate(scene.episode(), seconds=6.0)
    assert log.episodes.loc[0, "outcome"] == "crash"
    ego = track(log, 0)
    assert np.abs(np.diff(ego["speed_mps"].loc[10:28])).max() < 0.11


def test_a_red_light_is_obeyed_but_by_those_who_cannot_stop() -> None:
    road = straight(lanes=1, stops=[(300.0, 60.0, 5.0, 0.0)])
    scene = Scene(3, road)
    start = np.array([100.0, 212.0, 180.0])  # stops; passes at green; cannot stop at 5 s
    scene.car(lane=0, s=start, speed=20.0, desired_speed=20.0)
    log = simulate(scene.episode(), seconds=62.0)
    fronts = [track(log, 0, b)["x_m"] + 2.25 for b in range(3)]
    assert 294.0 < fronts[0].loc[590] < 300.0
    assert track(log, 0, 0).loc[590, "speed_mps"] < 0.1
    assert fronts[0].loc[620] > fronts[0].loc[590]
    assert fronts[1].loc[50] > 300.0
    assert fronts[2].loc[50] < 300.0 < fronts[2].loc[70]


def test_who_waits_at_red_waits_for_the_right_line() -> None:
    road = straight(lanes=1, stops=[(400.0, 40.0, 20.0, 20.0), (200.0, 40.0, 20.0, 0.0)])
    scene = Scene(1, road)
    scene.car(lane=0, s=100.0, speed=15.0, desired_speed=15.0)
    log = simulate(scene.episode(), seconds=40.0)
    front = track(log, 0)["x_m"] + 2.25
    assert front.loc[190] < 400.0
    assert front.loc[400] > 400.0


def test_a_speed_zone_holds_where_it_is() -> None:
    road = straight(lanes=1, speed_limit=30.0, zones=[(400.0, 700.0, 20.0)])
    scene = Scene(1, road)
    scene.car(lane=0, s=50.0, speed=25.0, desired_speed=40.0, limit_factor=1.1)
    ego = track(simulate(scene.episode(), seconds=60.0), 0)
    inside = ego[(ego["x_m"] > 600.0) & (ego["x_m"] < 700.0)]["speed_mps"]
    after = ego[ego["x_m"] > 1500.0]["speed_mps"]
    assert inside.max() < 23.0
    assert 27.0 < after.max() < 33.01


def test_contact_stops_both_and_shares_the_speed() -> None:
    scene = Scene(1, straight(lanes=1))
    ego = scene.car(lane=0, s=50.0, speed=20.0, law="free")
    scene.car(lane=0, ahead_of=ego, gap=10.0, speed=10.0, law="free")
    log = simulate(scene.episode(), seconds=5.0)
    row = log.episodes.iloc[0]
    assert bool(row["collided"])
    assert row["outcome"] == "crash"
    assert row["delta_v_mps"] == pytest.approx(5.0)
    assert row["min_ttc_s"] == pytest.approx(0.0)
    first, second = track(log, 0), track(log, 1)
    assert first.loc[11, "speed_mps"] == pytest.approx(second.loc[11, "speed_mps"], abs=1e-5)
    assert first.loc[9, "speed_mps"] == 20.0
    assert first["speed_mps"].iloc[-1] == 0.0
    assert (second["x_m"] - first["x_m"]).min() > 4.5 - 1e-3


def test_a_crossing_path_is_a_contact_too() -> None:
    scene = Scene(1, straight(lanes=2))
    ego = scene.car(lane=0, s=50.0, speed=20.0, law="free")
    other = scene.car(lane=1, s=50.0, speed=20.0, law="free")
    scene.when(other, time_s=1.0).lane(0, lateral_speed=1.5)
    log = simulate(scene.episode(), seconds=7.0)
    assert bool(log.episodes.loc[0, "collided"])
    assert 0.0 < log.episodes.loc[0, "delta_v_mps"] < 1.5
    assert ego.slot == 0
    first, second = track(log, 0).iloc[-1], track(log, 1).iloc[-1]
    assert second["y_m"] - first["y_m"] > 1.75  # they do not slide into each other
    assert first["speed_mps"] == second["speed_mps"] == 0.0


@compiled
@pytest.mark.parametrize("law", ["idm", "gipps", "krauss"])
def test_a_follower_never_hits_a_lead_that_brakes_within_its_assumption(law: str) -> None:
    n = 500
    rng = np.random.default_rng(12)
    speed, headway = rng.uniform(5.0, 33.0, n), rng.uniform(0.8, 2.5, n)
    scene = Scene(n, straight(lanes=1, length=1e5))
    ego = scene.car(lane=0, s=0.0, speed=speed, headway=headway, desired_speed=34.0, law=law)
    gap = 2.0 + speed * headway
    lead = scene.car(lane=0, ahead_of=ego, gap=gap, speed=speed, law="free")
    decel = rng.uniform(0.5, 2.0, n)  # at most the comfortable deceleration
    scene.when(lead, time_s=rng.uniform(0.0, 3.0, n)).brake(decel, down_to=rng.uniform(0.0, 5.0, n))
    log = simulate(scene.episode(), seconds=60.0)
    assert not log.episodes["collided"].any()
    assert (log.tracks["speed_mps"] >= 0.0).all()
    forward = log.tracks.groupby(["episode_id", "track_id"], observed=True)["x_m"].diff()
    assert not (forward < 0.0).any()


def test_the_log_is_what_log_of_would_make_of_it() -> None:
    scene, _, _ = behind_each_other(3, np.array([10.0, 20.0, 30.0]), 25.0)
    scene.car(lane=0, s=20.0, speed=20.0, enter_s=1.0, present=np.array([True, False, True]))
    episode = scene.episode(
        seed=5, family="test", quantities={"gap_m": np.array([10.0, 20.0, 30.0])}
    )
    log = simulate(episode, seconds=3.0)
    again = Log.of(log.episodes, log.tracks)
    pd.testing.assert_frame_equal(log.tracks, again.tracks)
    pd.testing.assert_frame_equal(log.episodes, again.episodes)
    assert list(log.tracks) == list(TRACK_COLUMNS)
    assert list(log.episodes["episode_id"]) == [f"test-5-000000{k}" for k in range(3)]
    assert list(log.episodes["q.gap_m"]) == [10.0, 20.0, 30.0]
    assert set(log.tracks["frame"]) == set(range(31))


@pytest.mark.parametrize("threads", [0, -3])
def test_no_threads_are_told(threads: int) -> None:
    scene, _, _ = behind_each_other(1, 10.0, 20.0)
    with pytest.raises(UserError, match="threads: expected at least 1"):
        simulate(scene.episode(), seconds=1.0, threads=threads)


@pytest.mark.parametrize("bad", [{"seconds": 0.0}, {"seconds": math.nan}, {"seconds": 1.05}])
def test_impossible_times_are_told(bad: dict[str, float]) -> None:
    scene, _, _ = behind_each_other(1, 10.0, 20.0)
    with pytest.raises(UserError, match="seconds"):
        simulate(scene.episode(), **bad)
    for dt in (0.0, 0.03, -0.1, math.nan):
        with pytest.raises(UserError, match="dt"):
            simulate(scene.episode(), seconds=1.0, dt=dt)

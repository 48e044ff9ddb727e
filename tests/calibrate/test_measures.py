"""What is measured in a Log: planted events come back, with the values they were made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from planted import STEP_S, STRAIGHT, Car, Road, lane_change, log, speeding, steady

from sim.base.rng import stream
from sim.calibrate import EVENTS, MEASUREMENTS, observe
from sim.calibrate.measure.following import usual_headway
from sim.calibrate.stretches import longest, stretches
from sim.family import UNITS, load_families
from sim.family.drivers import standing_gap
from sim.sampling import sample
from sim.world.log import Log
from sim.world.rollout import simulate

ROADS = {
    "straight": STRAIGHT,
    "turned": Road(yaw=2.5, origin=(4000.0, -900.0)),
    "bend": Road(radius=300.0),
}


def events(cars: list[Car], name: str, road: Road = STRAIGHT) -> pd.DataFrame:
    return observe(log(cars, road), (name,))[name]


def test_every_measurement_has_a_unit_and_says_what_it_is() -> None:
    assert len(MEASUREMENTS) > 20
    for name, each in MEASUREMENTS.items():
        assert each.name == name
        assert each.unit in UNITS
        assert name in EVENTS[each.event].columns
        assert len(each.says) > 5
    assert {m for e in EVENTS.values() for m in e.columns} == set(MEASUREMENTS)


def test_an_empty_scene_has_no_events() -> None:
    found = observe(log([steady(0.0, 10.0, 40)]))
    assert {name: len(found[name]) for name in EVENTS} == dict.fromkeys(EVENTS, 0)


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_a_pair_in_steady_following(road: Road) -> None:
    cars = [steady(0.0, 20.0, 60), steady(30.0, 20.0, 60, length=5.0)]
    found = events(cars, "following", road)
    assert len(found) == 1
    row = found.iloc[0]
    assert row["track_id"] == 0
    gap = 30.0 - 0.5 * (4.0 + 5.0)
    assert row["following_gap"] == pytest.approx(gap, abs=0.05)
    assert row["following_speed"] == pytest.approx(20.0, abs=0.01)
    assert row["following_time_gap"] == pytest.approx(gap / 20.0, abs=0.005)
    free = (20.0 / 27.0) ** 4
    headway = (gap * np.sqrt(1.0 - free) - 2.8) / 20.0
    assert row["following_headway"] == pytest.approx(headway, abs=0.005)


def test_who_closes_in_creeps_or_is_far_behind_does_not_follow() -> None:
    assert len(events([steady(0.0, 20.0, 60), steady(40.0, 18.0, 60)], "following")) == 0
    assert len(events([steady(0.0, 2.5, 60), steady(9.0, 2.5, 60)], "following")) == 0
    assert len(events([steady(0.0, 10.0, 60), steady(75.0, 10.0, 60)], "following")) == 0
    assert len(events([steady(0.0, 10.0, 28), steady(20.0, 10.0, 28)], "following")) == 0
    assert len(events([steady(0.0, 10.0, 60), steady(20.0, 10.0, 60, 3.5)], "following")) == 0


def test_the_headway_is_the_one_that_families_turn_into_a_gap() -> None:
    family = load_families()["ordinary"]().with_overrides({"eagerness": 0.5})
    draws = family.draw(stream(1, 0, "test").random((50, family.dimensions)))
    for slot in (0, 4):
        gap = standing_gap(draws, slot, draws.speed)
        headway = usual_headway(gap, draws.speed)
        np.testing.assert_allclose(headway, draws.headway[:, slot], rtol=1e-12)


def test_free_speed_needs_a_lead_that_is_seen_to_be_far() -> None:
    far = [steady(0.0, 12.0, 50), steady(80.0, 12.0, 50)]
    found = events(far, "free_driving")
    assert found["track_id"].tolist() == [0]
    assert found["free_speed"].iloc[0] == pytest.approx(12.0, abs=0.01)
    assert len(events([steady(0.0, 12.0, 50), steady(50.0, 12.0, 50)], "free_driving")) == 0


def braking(
    frames: int = 120, begins: int = 40, decel: float = 3.0, low: float = 14.0
) -> np.ndarray:
    t = STEP_S * (np.arange(frames) - begins)
    return np.clip(20.0 - decel * np.maximum(t, 0.0), low, 20.0)


def test_a_lead_that_brakes() -> None:
    v = braking()
    cars = [speeding(0.0, v), speeding(30.0, v)]
    found = events(cars, "lead_braking")
    assert found["track_id"].tolist() == [1]  # the last one brakes unseen
    row = found.iloc[0]
    assert row["braking_peak"] == pytest.approx(3.0, abs=0.02)
    assert row["braking_drop"] == pytest.approx(6.0, abs=0.15)
    assert row["braking_kept"] == pytest.approx(0.7, abs=0.01)
    assert row["braking_lost"] == pytest.approx(1.0 - row["braking_kept"])
    assert row["braking_time"] == pytest.approx(2.0, abs=1.0)  # the slope takes in 0.5 s about
    assert row["t_s"] == pytest.approx(4.0, abs=0.5)


def test_a_braking_that_the_view_cuts_off_is_none() -> None:
    v = braking()[:55]
    assert len(events([speeding(0.0, v), speeding(30.0, v)], "lead_braking")) == 0
    v = braking()[45:]
    assert len(events([speeding(0.0, v), speeding(30.0, v)], "lead_braking")) == 0


def test_changes_of_speed_both_ways() -> None:
    t = STEP_S * np.arange(200)
    v = 10.0 + np.clip(t - 4.0, 0.0, 3.0) - 0.5 * np.clip(t - 11.0, 0.0, 4.0)
    found = events([speeding(0.0, v)], "speed_changes").sort_values("t_s")
    assert len(found) == 2
    np.testing.assert_allclose(
        found["change_log_ratio"], np.log([13.0 / 10.0, 11.0 / 13.0]), atol=0.01
    )
    np.testing.assert_allclose(found["change_accel"], [1.0, 0.5], rtol=0.25)


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_a_cut_in(road: Road) -> None:
    frames = 100
    t = STEP_S * np.arange(frames)
    left = lane_change(5.0, frames)
    other = steady(22.0, 18.0, frames, length=4.6)
    cars = [steady(0.0, 20.0, frames), type(other)(other.s, left, length=4.6)]
    found = events(cars, "cut_ins", road)
    assert len(found) == 1
    row = found.iloc[0]
    crosses = float(np.interp(-2.7, -left, t))  # its side is 0.9 m from its middle
    gap = 22.0 - 2.0 * crosses - 0.5 * (4.0 + 4.6)
    inside = 0.35 if np.isfinite(road.radius) else 0.05  # offsets lengthen the way on a bend
    assert row["track_id"] == 0
    assert row["t_s"] == pytest.approx(crosses, abs=0.15)
    assert row["cut_in_gap"] == pytest.approx(gap, abs=inside)
    assert row["cut_in_lateral_speed"] == pytest.approx(0.9, abs=0.05)
    assert row["cut_in_relative_speed"] == pytest.approx(-2.0, abs=0.3)
    assert row["cut_in_pace"] == pytest.approx(0.9, abs=0.015)
    assert row["cut_in_time_gap"] == pytest.approx(row["cut_in_gap"] / 20.0, rel=1e-3)
    assert row["cut_in_time"] == pytest.approx(1.7 / 0.9, abs=0.2)
    assert row["lane_change_time"] == pytest.approx(4.0, abs=0.5)
    if np.isinf(road.radius):
        assert row["cut_in_ttc"] == pytest.approx(gap / 2.0, rel=0.02)


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_an_ego_that_changes_lanes_is_not_cut_in_before(road: Road) -> None:
    frames = 100
    ego = steady(0.0, 20.0, frames)
    cars = [type(ego)(ego.s, lane_change(5.0, frames)), steady(25.0, 18.0, frames)]
    assert len(events(cars, "cut_ins", road)) == 0
    lanes = [type(ego)(ego.s, lane_change(5.0, frames), lane=k) for k in (1, 0)]
    assert len(events([lanes[0], steady(25.0, 18.0, frames, lane=0)], "cut_ins", road)) == 0


def test_a_slow_drift_and_one_far_ahead_are_no_cut_ins() -> None:
    frames = 160
    other = steady(20.0, 20.0, frames)
    slow = type(other)(other.s, lane_change(8.0, frames, takes_s=14.0))
    assert len(events([steady(0.0, 20.0, frames), slow], "cut_ins")) == 0
    far = steady(70.0, 10.0, 100)
    far = type(far)(far.s, lane_change(5.0, 100))
    assert len(events([steady(0.0, 10.0, 100), far], "cut_ins")) == 0


def test_lanes_beside() -> None:
    cars = [
        steady(0.0, 10.0, 60),
        steady(-5.0, 12.0, 60, left=3.5),
        steady(6.0, 9.0, 60, left=-3.5),
        steady(12.0, 30.0, 60, left=7.2),
    ]
    found = events(cars, "beside")
    mine = found[found["track_id"] == 0]
    assert mine["left_pace"].dropna().tolist() == pytest.approx([1.2], abs=0.005)
    assert mine["right_pace"].dropna().tolist() == pytest.approx([0.9], abs=0.005)


def test_sizes_that_are_all_alike_are_nominal() -> None:
    widths = [1.7, 1.8, 1.9]
    cars = [steady(20.0 * k, 10.0, 30, length=4.0 + k, width=w) for k, w in enumerate(widths)]
    assert sorted(events(cars, "vehicles")["vehicle_length"]) == [4.0, 5.0, 6.0]
    alike = [steady(20.0 * k, 10.0, 30, length=4.0 + k) for k in range(3)]
    assert len(events(alike, "vehicles")) == 0


def test_people_who_walk() -> None:
    walks = steady(0.0, 1.4, 60, kind="pedestrian", length=0.5, width=0.5)
    stands = steady(9.0, 0.1, 60, kind="pedestrian", length=0.5, width=0.5)
    found = events([walks, stands, steady(0.0, 3.0, 60, left=9.0)], "walkers")
    assert found["track_id"].tolist() == [0]
    assert found["walking_speed"].iloc[0] == pytest.approx(1.4, abs=1e-6)


def test_episodes_of_one_log_do_not_mix() -> None:
    alone = [log([steady(0.0, 20.0, 60), steady(30.0, 20.0, 60)], name=n) for n in ("a/1", "a/2")]
    both = Log.of(
        pd.concat([each.episodes for each in alone]),
        pd.concat([each.tracks.astype({"episode_id": str}) for each in alone]),
    )
    found = observe(both, ("following",))["following"]
    assert found["episode_id"].tolist() == ["a/1", "a/2"]
    single = observe(alone[1], ("following",))["following"]
    pd.testing.assert_frame_equal(found.iloc[1:].reset_index(drop=True), single)


def test_stretches_end_where_time_or_the_condition_does() -> None:
    holds = np.array([0, 1, 1, 1, 0, 1, 1], bool)
    joined = np.array([0, 1, 1, 0, 1, 1, 1], bool)
    begin, end = stretches(holds, joined)
    assert (begin.tolist(), end.tolist()) == ([1, 3, 5], [3, 4, 7])
    begin, end = stretches(holds, joined, 2)
    assert (begin.tolist(), end.tolist()) == ([1, 5], [3, 7])
    assert longest(begin, end, np.array([7, 7])).tolist() == [0]
    assert longest(begin, end, np.array([7, 8])).tolist() == [0, 1]


PINNED = {"eagerness": 0.5, "lapses": 0.0, "speed": 20.0}


def engine(name: str, n: int = 24, **pins: object) -> Log:
    """Episodes of a family of ours with some quantities pinned."""
    family = load_families()[name]().with_overrides(PINNED | pins)
    return simulate(sample(family, n=n, seed=5), seconds=family.seconds)


def test_the_engine_s_headways_come_back() -> None:
    for headway in (1.2, 2.0):
        made = engine("ordinary", headway=headway, change=0.0)
        found = observe(made, ("following",))["following"]
        assert len(found) > 60
        assert found["following_headway"].median() == pytest.approx(headway, rel=0.08)


COLUMNS = ["frame", "track_id", "x_m", "y_m", "length_m"]


def crossing(tracks: pd.DataFrame) -> float:
    """The gap as the cutter's near side is 1.8 m beside the ego's middle, on a straight road."""
    ego, other = (tracks[tracks["track_id"] == k].set_index("frame") for k in (0, 6))
    aside = (other["y_m"] - ego["y_m"]).dropna()
    gap = other["x_m"] - ego["x_m"] - 0.5 * (other["length_m"] + ego["length_m"])
    at = aside.index[np.argmax(aside.to_numpy() < 2.7)]
    share = (2.7 - aside[at]) / (aside[at - 1] - aside[at])
    return float(gap[at] + share * (gap[at - 1] - gap[at]))


def test_the_engine_s_cut_ins_come_back() -> None:
    made = engine("cut_in", gap=20.0, left_lane=0.95, across=1.0, accepted=1.5)
    found = observe(made, ("cut_ins",))["cut_ins"]
    mine = found[found["track_id"] == 0].set_index("episode_id")
    assert len(mine) >= 20
    assert mine["cut_in_lateral_speed"].median() == pytest.approx(1.0, abs=0.1)
    true = made.tracks.astype({"episode_id": str}).groupby("episode_id")[COLUMNS].apply(crossing)
    assert np.abs(mine["cut_in_gap"] - true[mine.index]).median() < 0.1
    # the ego closes in faster than the family reckons with, so the gap falls short of it a little
    assert mine["cut_in_gap"].median() == pytest.approx(20.0, abs=2.0)


def test_the_engine_s_brakings_come_back() -> None:
    made = engine("lead_brakes", decel=4.0, kept=0.5, brakes=1, start=3.0)
    found = observe(made, ("lead_braking",))["lead_braking"]
    hard = found[(found["t_s"] > 2.5) & (found["t_s"] < 3.5) & (found["braking_peak"] > 3.0)]
    assert len(hard) >= 20
    assert hard["braking_peak"].median() == pytest.approx(4.0, abs=0.2)
    assert hard["braking_kept"].median() == pytest.approx(0.5, abs=0.05)

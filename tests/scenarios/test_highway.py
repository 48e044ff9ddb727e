"""Families on motorways and main roads: what a driver would say happens in them."""

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.family import Family, load_families
from sim.family.traffic import EGO_S, FRICTION, NEVER, InFew, convoy
from sim.laws.friction import GRAVITY
from sim.sampling import egos, episodes_of, run_family, sample
from sim.world.log import Log
from sim.world.road import straight
from sim.world.rollout import simulate
from sim.world.scene import Scene

Floats = NDArray[np.float64]
MANY = 150
EGO, LEAD, FOLLOWER, MERGER = 0, 1, 2, 3


def drawn(name: str, **pins: object) -> tuple[Family, Log, Mapping[str, Floats]]:
    """A family with some quantities pinned, its run, and what was drawn."""
    kind = load_families()[name]().with_overrides(pins)
    episode = sample(kind, n=MANY, seed=7)
    return kind, run_family(kind, episode), episode.quantities


def crashes(log: Log) -> Floats:
    return egos(log)["collided"].to_numpy(np.float64)


def column(log: Log, track: int, name: str) -> Floats:
    """(n, frames) of one road user in every episode; NaN while it is not there."""
    rows = log.tracks[log.tracks["track_id"] == track]
    table = rows.pivot(index="episode_id", columns="frame", values=name)
    frames = range(int(log.tracks["frame"].max()) + 1)
    return table.reindex(columns=frames).to_numpy(np.float64)


def unhurt(log: Log, track: int) -> NDArray[np.bool_]:
    rows = log.outcomes[log.outcomes["track_id"] == track]
    return ~rows["collided"].to_numpy(np.bool_)


def apart(log: Log, one: int, other: int) -> tuple[Floats, Floats]:
    """Between the boxes along and across the road, as if nobody were turned [m]."""
    gaps = []
    for axis, size in (("x_m", "length_m"), ("y_m", "width_m")):
        half = 0.5 * (column(log, one, size) + column(log, other, size))
        gaps.append(np.abs(column(log, one, axis) - column(log, other, axis)) - half)
    return gaps[0], gaps[1]


def test_a_row_of_drawn_drivers_rolls_on_undisturbed() -> None:
    kind = load_families()["cut_out"]()
    assert isinstance(kind, InFew)
    draws = kind.draw(np.random.default_rng(3).random((200, kind.dimensions)))
    scene = Scene(len(draws), straight(lanes=1))
    convoy(scene, draws, draws.speed, EGO_S)
    log = simulate(scene.episode(seed=1), seconds=15.0)
    assert not log.outcomes["collided"].any()
    assert (egos(log)["min_ttc_s"] > 3.0).mean() > 0.98


def test_who_cuts_out_gets_by_the_standing_car() -> None:
    _, log, _ = drawn("cut_out")
    along, across = apart(log, LEAD, MERGER)
    passing = along < 0.0
    assert passing.any(axis=1).mean() > 0.6
    assert across[passing].min() > 0.0
    assert unhurt(log, LEAD).all()


def test_far_enough_ahead_what_is_uncovered_is_no_danger() -> None:
    _, near, _ = drawn("cut_out", speed=12.0, beyond=40.0, across=2.0)
    _, far, _ = drawn("cut_out", speed=12.0, beyond=140.0, across=2.0)
    assert crashes(near).sum() > 0
    assert crashes(far).sum() == 0


def test_a_drifting_neighbour_goes_as_far_as_drawn_and_comes_back() -> None:
    _, log, q = drawn("lane_drift", stay=1.0)
    calm = unhurt(log, 1)
    y = column(log, 1, "y_m")[calm]
    there = 3.6 - y.min(axis=1)
    np.testing.assert_allclose(there, q["reach_m"][calm], atol=0.45)
    back = q["start_s"] + q["reach_m"] / q["across_mps"] + 1.0 < 8.0
    assert np.abs(y[back[calm], -1] - 3.6).max() < 0.2


def test_a_wide_neighbour_needs_to_drift_less() -> None:
    rates = [crashes(drawn("lane_drift", truck=t, level=0.0, faster=0.0)[1]).mean() for t in (0, 1)]
    assert rates[0] < rates[1]
    assert crashes(drawn("lane_drift", reach=0.5)[1]).sum() == 0


def test_the_closer_a_tailgater_follows_the_more_often_it_gets_dangerous() -> None:
    rates = []
    for headway in (0.45, 0.95):
        kind, log, _ = drawn("tailgater", headway=headway, decel=5.0, kept=0.3)
        assert kind.event == "rear_end"
        rates.append((egos(log)["min_ttc_s"] < 1.5).mean())
    assert rates[0] > rates[1] + 0.1
    assert crashes(drawn("tailgater", decel=0.4)[1]).sum() == 0


def test_who_merges_comes_up_the_ramp_and_ends_in_the_motorway_lane() -> None:
    _, log, q = drawn("merge_squeeze")
    y = column(log, MERGER, "y_m")
    assert (y[:, 0] < 0.5).all()
    assert (y[:, 0] < -1.0).any(), "some are on the ramp itself at the start"
    calm = unhurt(log, MERGER)
    assert calm.sum() > 100
    np.testing.assert_allclose(y[calm, -1], 3.6, atol=0.5)
    frame = np.ceil(10.0 * (q["start_s"])).astype(int)
    row = np.arange(MANY)
    front = column(log, EGO, "x_m") + 0.5 * column(log, EGO, "length_m")
    rear = column(log, MERGER, "x_m") - 0.5 * column(log, MERGER, "length_m")
    assert (rear - front)[row, frame].min() > 1.0, "nobody merges into the ego's side"


def test_debris_is_not_hit_by_who_has_ten_seconds() -> None:
    _, log, _ = drawn("debris", falls=0, late=10.0, across=2.5, dodge=2.6, wet=0)
    thing = egos(log)["other_id"].to_numpy() == 4
    assert not thing.any()
    _, late, _ = drawn("debris", falls=0, late=2.5, across=2.5, dodge=0.0, wet=0)
    assert crashes(late).mean() > 0.3


def test_what_falls_off_comes_off_the_rear_at_the_speed_of_the_car_ahead() -> None:
    _, log, q = drawn("debris", falls=1)
    x, speed = column(log, 4, "x_m"), column(log, 4, "speed_mps")
    first = np.argmax(np.isfinite(x), axis=1)
    row = np.arange(MANY)
    assert (np.abs(0.1 * first - q["start_s"]) < 0.21).all()
    slower = q["speed_mps"] - speed[row, first]
    assert slower.min() > -1e-4, "but for the rounding of the Log"
    assert slower.max() < 1.0
    rear = column(log, LEAD, "x_m") - 0.5 * column(log, LEAD, "length_m")
    gap = rear[row, first] - x[row, first] - 0.5 * q["size_m"]
    assert (gap > 0.0).all()
    late = 0.1 * q["speed_mps"]  # it enters with the first step after it fell
    assert (gap < 0.6 + late + 0.1).all()


@pytest.mark.parametrize("name", ["debris", "wrong_way"])
def test_on_a_wet_road_nobody_brakes_harder_than_it_gives(name: str) -> None:
    hardest = []
    for wet in (0, 1):
        _, log, _ = drawn(name, wet=wet)
        tracks = log.tracks.merge(log.outcomes[["episode_id", "track_id", "collided"]])
        hardest.append(-tracks.loc[~tracks["collided"], "accel_mps2"].min())
    assert hardest[1] <= FRICTION[1] * GRAVITY + 1e-3 < hardest[0]


@pytest.mark.parametrize("name", ["debris", "wrong_way", "lane_drop"])
def test_night_is_worse_than_day(name: str) -> None:
    """In the means of what is drawn: less warning, later answers, slower mergers."""
    kind = load_families()[name]()
    u = np.random.default_rng(5).random((2000, kind.dimensions))
    means = {}
    for night in (0, 1):
        values = kind.with_overrides({"night": night}).draw(u).values
        means[night] = {n: float(values[n].mean()) for n in values}
    quantity, sign = {"debris": ("reaction", 1), "wrong_way": ("warning", -1)}.get(
        name, ("kept", -1)
    )
    assert sign * (means[1][quantity] - means[0][quantity]) > 0.05 * means[0][quantity]


def test_who_comes_the_wrong_way_heads_for_the_ego_and_most_go_back() -> None:
    _, log, _ = drawn("wrong_way", lost=0)
    assert np.abs(np.abs(column(log, 1, "yaw_rad")[:, 0]) - np.pi).max() < 1e-6
    y = column(log, 1, "y_m")
    np.testing.assert_allclose(y[:, 0], 0.0, atol=1e-9)
    calm = unhurt(log, 1)
    assert calm.mean() > 0.8
    np.testing.assert_allclose(y[calm, -1], 3.5, atol=0.1)
    assert crashes(drawn("wrong_way", lost=0, back=3.5)[1]).sum() == 0
    assert crashes(drawn("wrong_way", lost=1, dodge=0.5)[1]).mean() == 1.0


def test_a_motorcycle_stays_between_the_lanes() -> None:
    _, log, q = drawn("motorcycle_filtering")
    y = column(log, 5, "y_m")[unhurt(log, 5)]
    place = 1.8 + q["between_m"][unhurt(log, 5)]
    assert np.abs(y - place[:, None]).max() < 1e-6
    passed = drawn("motorcycle_filtering", behind=-10.0, length=4.5)[1]
    assert crashes(passed).sum() == 0


def test_the_ego_gives_up_when_it_looks_in_time() -> None:
    early = drawn("motorcycle_filtering", notices=0.2)[1]
    never = drawn("motorcycle_filtering", notices=5.0)[1]
    assert crashes(early).mean() < 0.2 * crashes(never).mean()
    assert np.abs(column(early, EGO, "y_m")[:, -1]).max() < 0.5


def test_a_late_merger_is_slower_and_over_before_the_barrier() -> None:
    _, log, q = drawn("lane_drop")
    calm = unhurt(log, MERGER)
    assert calm.mean() > 0.7
    np.testing.assert_allclose(column(log, MERGER, "y_m")[calm, -1], 3.6, atol=0.9)
    along, across = apart(log, MERGER, 5)
    passing = along < 0.0
    assert across[passing].min(initial=np.inf) > -0.1
    assert (egos(log)["other_id"] != 5).all()
    over = q["start_s"] + (1.0 - q["kept_share"]) * q["speed_mps"] / q["eases_mps2"]
    frame = np.ceil(10.0 * over).astype(int)
    speed = column(log, MERGER, "speed_mps")[np.arange(MANY), frame]
    np.testing.assert_allclose(speed, q["kept_share"] * q["speed_mps"], atol=0.3)


def test_orders_that_some_lack_come_after_the_end() -> None:
    for name in ("debris", "wrong_way", "motorcycle_filtering", "lane_drift"):
        kind = load_families()[name]()
        assert kind.seconds < NEVER
        points = np.random.default_rng(1).random((50, kind.dimensions))
        script = episodes_of(kind, kind.draw(points), seed=0).script
        times = script.threshold[script.trigger == 1]
        assert ((times < kind.seconds) | (times >= NEVER)).mean() > 0.9

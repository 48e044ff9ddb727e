"""Saturated junctions: queues are served in the end, and nobody waits for who waits for them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.world.road import junction, movements, two_phases
from sim.world.road.movements import turn_lane
from sim.world.rollout import simulate
from sim.world.scene import Scene


def rush(arms: int, main_lanes: int, minor_lanes: int, control: str, seed: int) -> Scene:
    """Three minutes of 3,600 cars an hour from all arms to all others, in all lanes."""
    signals = two_phases(arms=arms) if control == "signals" else ()
    road = junction(arms, main_lanes, minor_lanes, control=control, signals=signals)
    scene, rng = Scene(1, road), np.random.default_rng(seed)
    ways, t = movements(arms), 0.0
    while t < 180.0:
        t += rng.exponential(1.0)
        course = int(rng.integers(len(ways)))
        way = ways[course]
        count = main_lanes if way[0] in (0, 2) else minor_lanes
        lane = int(rng.integers(count)) if way[1] == "straight" else turn_lane(way, count)
        wanted = 12.0 * rng.uniform(0.85, 1.15)
        scene.car(
            course=course, lane=lane, s=10.0, speed=12.0, desired_speed=wanted, enter_s=t
        )  # fmt: skip
    return scene


@pytest.mark.parametrize(
    ("arms", "main_lanes", "minor_lanes", "control", "seed"),
    [
        (4, 2, 1, "signals", 1),
        (4, 2, 2, "signals", 3),
        (4, 2, 1, "yield", 3),
        (3, 2, 2, "yield", 3),
        (3, 2, 1, "stop", 2),
        (3, 2, 1, "right_before_left", 2),
        (3, 2, 2, "right_before_left", 5),
        (4, 2, 2, "right_before_left", 1),
        (4, 2, 2, "right_before_left", 9),
    ],
)
def test_a_rush_is_over_in_the_end_and_without_contact(
    arms: int, main_lanes: int, minor_lanes: int, control: str, seed: int
) -> None:
    episode = rush(arms, main_lanes, minor_lanes, control, seed).episode()
    log = simulate(episode, seconds=900.0)
    last = log.tracks.groupby("track_id")["frame"].max()
    assert len(last) == episode.users.shape[1]
    assert (last < 9000).all()
    # a gap in a bend is measured along the rightmost lane: who creeps up may touch, no more
    assert not (log.outcomes["impact_speed_mps"] > 0.2).any()


def test_no_change_is_begun_at_a_junction_that_need_not_be() -> None:
    """A slow car ahead is overtaken on the way there, not 30 m before it."""
    for s, changes in ((20.0, True), (110.0, False)):
        scene = Scene(1, junction(main_lanes=2))
        car = scene.car(lane=0, s=s, speed=12.0, desired_speed=14.0)
        scene.car(lane=0, ahead_of=car, gap=12.0, speed=5.0, law="free")
        rows = simulate(scene.episode(), seconds=4.0).tracks
        y = rows[rows["track_id"] == 0]["y_m"].to_numpy()
        assert (np.ptp(y) > 1.0) == changes

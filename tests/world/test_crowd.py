"""People on foot, many of them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.world.road import crosswalk
from sim.world.rollout import simulate
from sim.world.scene import Scene


@pytest.mark.parametrize("rule", ["zebra", "unmarked"])
def test_a_crowd_crosses_from_both_sides_and_nobody_runs_into_anybody(rule: str) -> None:
    scene, rng = Scene(1, crosswalk(rule=rule)), np.random.default_rng(4)
    for k in range(60):
        scene.pedestrian(
            course=2 + k % 2, s=0.5, d=rng.uniform(-1.5, 1.5),
            desired_speed=rng.uniform(0.8, 2.0), enter_s=0.5 * k,
        )  # fmt: skip
    log = simulate(scene.episode(), seconds=120.0)
    assert not log.outcomes["collided"].any()
    last = log.tracks.groupby("track_id")["frame"].max()
    assert len(last) == 60
    assert (last < 1200).all()


def test_who_walks_into_a_standing_car_still_hits_it() -> None:
    scene = Scene(1, crosswalk(opposite=0, rule="unmarked", at=150.0))
    scene.parked(course=0, s=150.0)
    walker = scene.pedestrian(course=1, s=3.0, law="free")
    log = simulate(scene.episode(), seconds=10.0)
    assert log.outcomes.set_index("track_id")["collided"][walker.slot]


def rush(people: int, seed: int) -> Scene:
    """People on both pavements of an unmarked crossing; cars come in all four lanes.

    Their drivers take a second to react: to the crowd, not to each that walks in it.
    """
    scene, rng = Scene(1, crosswalk(2, 2, rule="unmarked")), np.random.default_rng(seed)
    t = 0.0
    for k in range(60):
        t += rng.exponential(3.0)
        scene.car(
            course=k % 2, lane=int(rng.integers(2)), s=10.0, speed=10.0, enter_s=t,
            desired_speed=rng.uniform(9.0, 13.0), reaction_s=1.0,
        )  # fmt: skip
    for k in range(people):
        scene.pedestrian(
            course=2 + k % 2, s=rng.uniform(0.3, 5.4), d=rng.uniform(-1.5, 1.5), speed=0.0,
            desired_speed=rng.uniform(0.8, 2.0),
        )  # fmt: skip
    return scene


@pytest.mark.parametrize("seed", range(6))
def test_cars_do_not_run_into_a_crowd(seed: int) -> None:
    log = simulate(rush(320, seed).episode(), seconds=200.0)
    assert not log.outcomes["collided"].any()


@pytest.mark.parametrize("behind", [0.7, 1.5, 3.0])
def test_the_second_of_two_is_braked_for_without_another_reaction_time(behind: float) -> None:
    """A car that brakes for one goes on braking when another walks into its way."""
    rows = []
    for second in (False, True):
        scene = Scene(1, crosswalk(1, 0, rule="unmarked", at=150.0))
        scene.car(course=0, s=110.0, speed=12.0, desired_speed=12.0, reaction_s=1.0)
        scene.pedestrian(course=1, s=5.8, law="free", speed=1.2)
        scene.pedestrian(course=1, s=5.8 - behind, law="free", speed=1.2, present=second)
        rows.append(simulate(scene.episode(), seconds=12.0))
    alone, both = (log.tracks[log.tracks["track_id"] == 0] for log in rows)
    speed = np.stack([t["speed_mps"].to_numpy()[:50] for t in (alone, both)])
    assert (speed[1] <= speed[0] + 1e-6).all()
    assert not rows[1].outcomes["collided"].any()

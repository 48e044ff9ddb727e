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

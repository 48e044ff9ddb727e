"""Where on earth a road lies changes nothing: turned and moved, all happens alike."""

import math

import numpy as np
import pytest
from driven import past, through_lanes, turned
from marks import compiled

from sim.world.live import Simulation
from sim.world.road import (
    Road,
    crosswalk,
    curved,
    junction,
    on_ramp,
    roundabout,
    straight,
)
from sim.world.scene import Scene

N = 6
SEEN = "s side speed slant accel"
OUTCOMES = ("collided", "contact_s", "delta_v", "impact_speed", "contact_side", "struck_by")
FRAMES = [(0.7, 300.0, -40.0), (math.pi, 0.0, 0.0), (-2.2, -1e4, 5e3)]
BLOCK = [(-12.0, -12.0, 0.3, 8.0, 6.0)]


def motorway(road: Road) -> Scene:
    """Lane changes, orders, a drop, noise, lapses, a contact."""
    rng = np.random.default_rng(3)
    scene = Scene(N, road)
    for k in range(18):
        car = scene.car(
            lane=k % 3,
            s=60.0 + 32.0 * (k // 3) + rng.uniform(-8.0, 8.0, N),
            speed=rng.uniform(20.0, 26.0, N),
            desired_speed=rng.uniform(18.0, 36.0, N),
            reaction_s=0.4 * (k % 2),
            lapse_rate_per_s=0.1 * (k % 2),
            sway_m=0.15,
            accel_noise=0.2,
        )
        if k == 17:
            scene.when(car, time_s=4.03).brake(7.0)
        if k == 9:
            scene.when(car, time_s=2.0).offset(-0.6)
    blind = scene.car(lane=1, s=15.0, speed=40.0, law="free", changes_lanes=0)
    scene.when(blind, time_s=6.01).lane(0, lateral_speed=1.5)
    return scene


def ordinary(road: Road, walks: int = 99) -> Scene:
    """Two on every lane of every course, a third of them blind."""
    rng = np.random.default_rng(4)
    scene = Scene(N, road)
    for number, (course, lane) in enumerate(through_lanes(road)):
        for k in range(2):
            at = rng.uniform(0.0, 20.0, N)
            if course >= walks:  # one after the other: three that touch in one step are a draw
                scene.pedestrian(course=course, s=0.5, enter_s=at + 20.0 * k, d=0.3)
            else:
                law = "free" if (number + k) % 3 == 0 else "idm"
                scene.car(course=course, lane=lane, s=5.0, speed=9.0, enter_s=at, law=law)
    return scene


ROADS = {
    "curved": (curved(3, curvature=-0.008, angle=1.2), motorway),
    "drop": (curved(3, curvature=0.0, angle=0.5, approach=3000.0), motorway),
    "ramp": (on_ramp(), ordinary),
    "junction": (junction(approach=60.0, departure=50.0, blocks=BLOCK), ordinary),
    "walks": (junction(3, crosswalk_width=4.0), lambda road: ordinary(road, 6)),
    "zebra": (crosswalk(blocks=BLOCK), lambda road: ordinary(road, 2)),
    "roundabout": (roundabout(approach=60.0, departure=50.0), ordinary),
}


def check_alike(first: Scene, second: Scene, seconds: float) -> int:
    """Compare two runs; how many were hit."""
    names = f"{SEEN} {' '.join(OUTCOMES)}"
    one, two = (past(scene.episode(seed=6), seconds, names) for scene in (first, second))
    for name in names.split():
        np.testing.assert_allclose(two[name], one[name], rtol=0.0, atol=1e-6, err_msg=name)
    return int(np.nansum(one["collided"][-1]))


@compiled
@pytest.mark.parametrize("frame", FRAMES, ids=["0.7", "pi", "far"])
@pytest.mark.parametrize("make", ROADS)
def test_a_turned_and_moved_road_is_driven_alike(make: str, frame: tuple[float, ...]) -> None:
    road, build = ROADS[make]
    check_alike(build(road), build(turned(road, *frame)), 25.0)


@compiled
@pytest.mark.parametrize("frame", FRAMES, ids=["0.7", "pi", "far"])
def test_the_short_cut_for_straight_roads_is_none(frame: tuple[float, ...]) -> None:
    """A road along x is run in coordinates of its own; turned, it takes the general way."""
    road = straight(lanes=3, length=5000.0, drops=[(2, 700.0)], zones=[(300.0, 600.0, 22.0)])
    assert check_alike(motorway(road), motorway(turned(road, *frame)), 30.0) >= N


@compiled
def test_somebody_is_hit_and_lanes_are_changed_in_these_runs() -> None:
    for make in ("curved", "drop", "junction"):
        road, build = ROADS[make]
        live = Simulation(build(road).episode(seed=6))
        changed = np.zeros(live.users.shape, bool)
        for _ in range(250):
            live.step()
            changed |= live.users["changing"] == 1
        assert (live.users["collided"] == 1).any()
        assert changed.any() == (build is motorway)

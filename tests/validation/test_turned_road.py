"""A road may lie anywhere in the plane: what happens on it does not depend on that."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from marks import compiled
from numpy.typing import NDArray

from sim.world.log import Log
from sim.world.road import Road, straight
from sim.world.rollout import simulate
from sim.world.scene import Scene

Floats = NDArray[np.float64]

few = settings(max_examples=10, deadline=None, derandomize=True)
N, USERS = 12, 12


def laid(road: Road, x: float, y: float, heading: float) -> Road:
    """The same road, begun elsewhere and in another direction."""
    part = road.pieces
    there = replace(part, x=part.x + x, y=part.y + y, heading=part.heading + heading)
    return replace(road, pieces=there)


def lively(road: Road, seed: int, orders: bool) -> Log:
    """Traffic of all laws with noise, changes, a lane that ends; with orders also crashes."""
    rng = np.random.default_rng(seed)
    scene = Scene(N, road)
    users = [
        scene.car(
            lane=k % 3,
            s=30.0 + 35.0 * (k // 3) + rng.uniform(-8.0, 8.0, N),
            speed=rng.uniform(15.0, 30.0, N),
            desired_speed=rng.uniform(18.0, 36.0, N),
            reaction_s=rng.uniform(0.0, 1.0, N),
            law=("idm", "acc", "krauss", "gipps")[k % 4],
            speed_noise=0.1,
            sway_m=0.1,
            enter_s=0.0 if k < 9 else rng.uniform(0.0, 3.0, N),
            dynamics=k % 2,
        )
        for k in range(USERS)
    ]
    if orders:
        scene.when(users[3], time_s=rng.uniform(0.5, 3.0, N)).brake(9.0)
        scene.when(users[1], gap_m=40.0, to=users[4]).lane(0, lateral_speed=2.0)
        scene.when(users[2], at_m=150.0, before_s=1.0).brake(5.0, down_to=3.0)
    return simulate(scene.episode(seed=seed), seconds=8.0)


def turned_back(log: Log, x: float, y: float, heading: float) -> Floats:
    """Rows of x, y, yaw, speed, acceleration as on the road that was not moved."""
    rows = log.tracks[["x_m", "y_m", "yaw_rad", "speed_mps", "accel_mps2"]].to_numpy(copy=True)
    dx, dy = rows[:, 0] - x, rows[:, 1] - y
    rows[:, 0] = dx * math.cos(heading) + dy * math.sin(heading)
    rows[:, 1] = dy * math.cos(heading) - dx * math.sin(heading)
    rows[:, 2] -= heading
    return rows


ROAD = straight(lanes=3, length=600.0, drops=[(0, 450.0)], zones=[(200.0, 300.0, 22.0)])
PLACES = {
    "x": st.floats(-500.0, 500.0),
    "y": st.floats(-500.0, 500.0),
    "heading": st.one_of(
        st.sampled_from([0.5 * math.pi, math.pi, -0.5 * math.pi]), st.floats(-3.1, 3.1)
    ),
    "seed": st.integers(0, 10**6),
}


@compiled
@few
@given(**PLACES)
def test_traffic_is_the_same_wherever_the_road_lies(
    x: float, y: float, heading: float, seed: int
) -> None:
    plain, turned = (lively(r, seed, False) for r in (ROAD, laid(ROAD, x, y, heading)))
    keys = ["episode_id", "frame", "track_id", "lane"]
    assert plain.tracks[keys].equals(turned.tracks[keys])
    there = turned_back(turned, x, y, heading)
    np.testing.assert_allclose(there, turned_back(plain, 0.0, 0.0, 0.0), atol=2e-3)


@compiled
@few
@given(**PLACES)
def test_crashes_are_the_same_wherever_the_road_lies(
    x: float, y: float, heading: float, seed: int
) -> None:
    plain, turned = (lively(r, seed, True) for r in (ROAD, laid(ROAD, x, y, heading)))
    a, b = plain.episodes, turned.episodes
    assert a["collided"].equals(b["collided"])
    assert a["outcome"].equals(b["outcome"])
    # three that meet within one step are taken in pairs, in the order of x
    for name, slack in (("delta_v_mps", 0.02), ("min_ttc_s", 2e-3)):
        equal = np.isclose(a[name], b[name], atol=slack, equal_nan=True)
        assert (~equal).sum() <= 1

"""Keeping to the lane: how far from its line, how fast through bends, how far along."""

import numpy as np
import pytest
from driven import Past, past
from marks import compiled

from sim.world.kernel.drive import BEND_ACCEL
from sim.world.road import (
    Road,
    curved,
    junction,
    junction_course,
    on_ramp,
    roundabout,
    roundabout_course,
)
from sim.world.scene import Scene

N = 16


def alone(road: Road, course: int, lane: int, seconds: float, dt: float, **traits: object) -> Past:
    """One car, from one end to the other."""
    scene = Scene(N, road)
    traits = {"speed": 10.0, "desired_speed": 30.0, "changes_lanes": 0} | traits
    scene.car(course=course, lane=lane, s=5.0, **traits)
    return past(scene.episode(), seconds, "s side speed accel piece yaw", dt=dt)


def bends() -> list[tuple[str, Road, int, int]]:
    """Makes, their roads, a course and a lane each."""
    rng = np.random.default_rng(2)

    def u(low: float, high: float) -> np.ndarray:
        return rng.uniform(low, high, N)

    right = u(8, 14)
    left = right + u(1, 6)
    turn = junction(right_radius=right, left_radius=left, approach=60.0, departure=50.0)
    ring = roundabout(radius=u(14, 20), approach=50.0, departure=40.0)
    bend = curved(
        2, curvature=u(0.004, 0.02) * np.sign(u(-1, 1)), angle=1.2, approach=80.0, departure=80.0
    )
    return [
        ("curve", bend, 0, 0),
        ("curve's left lane", bend, 0, 1),
        ("ramp", on_ramp(2, radius=u(50, 150), clothoid=20.0, angle=0.7), 1, 0),
        ("left turn", turn, junction_course(0, "left"), 0),
        ("right turn", turn, junction_course(1, "right"), 0),
        ("roundabout", ring, roundabout_course(0, 2), 0),
    ]


BENDS = {name: rest for name, *rest in bends()}


def lane_line(road: Road, course: int, lane: int) -> np.ndarray:
    return road.lanes.y[:, course, lane][None, :, None]


@compiled
@pytest.mark.parametrize("make", BENDS)
def test_the_centre_of_the_box_stays_near_the_line(make: str) -> None:
    road, course, lane = BENDS[make]
    p = alone(road, course, lane, 40.0, 0.1)
    off = np.abs(p["side"] - lane_line(road, course, lane))
    assert np.nanmax(off) < 0.15
    assert np.nanmax(p["s"]) > 100.0
    late = np.abs(p["side"] - lane_line(road, course, lane))[30:60]
    assert np.isfinite(late).any()


@compiled
@pytest.mark.parametrize("make", BENDS)
def test_bends_are_driven_at_a_comfortable_speed(make: str) -> None:
    """v²/R of the course's line; where a bend begins the driver is still a little fast."""
    road, course, lane = BENDS[make]
    p = alone(road, course, lane, 40.0, 0.1)
    piece = np.nan_to_num(p["piece"]).astype(int)
    bend = np.abs(road.pieces.curvature[np.arange(N)[None, :, None], course, piece])
    across = np.nan_to_num(p["speed"] ** 2 * bend)
    assert across.max() < 1.45 * BEND_ACCEL
    assert (across.max(axis=0) > 0.8 * BEND_ACCEL).all()  # nor slower than they need
    tight = np.isfinite(p["s"]) & (np.abs(bend) > 0.999 * np.abs(bend).max(axis=0))
    last = len(tight) - 1 - tight[::-1].argmax(axis=0)
    end = np.take_along_axis(across, last[None], axis=0)
    assert end.max() < 1.2 * BEND_ACCEL


@compiled
@pytest.mark.parametrize("make", BENDS)
def test_the_way_along_is_the_speed_summed_up(make: str) -> None:
    """On the line at d the way is (1 - kappa d) ds."""
    road, course, lane = BENDS[make]
    p = alone(road, course, lane, 40.0, 0.1)
    piece = np.nan_to_num(p["piece"]).astype(int)
    bend = road.pieces.curvature[np.arange(N)[None, :, None], course, piece]
    rest = 1.0 - bend * p["side"]
    ds = np.diff(p["s"], axis=0) * 0.5 * (rest[1:] + rest[:-1])
    driven = 0.05 * (p["speed"][1:] + p["speed"][:-1])
    there = np.isfinite(ds)
    way = np.where(there, ds, 0.0).sum(axis=0)
    summed = np.where(there, driven, 0.0).sum(axis=0)
    np.testing.assert_allclose(way, summed, rtol=2e-3)


@compiled
def test_finer_steps_come_nearer_to_one_motion() -> None:
    road, course, lane = BENDS["roundabout"]
    last = [
        alone(road, course, lane, 12.0, dt, law="free", speed=5.0)["s"][-1, :, 0]
        for dt in (0.1, 0.05, 0.0125)
    ]
    coarse, fine = np.abs(last[0] - last[2]), np.abs(last[1] - last[2])
    assert coarse.max() < 0.25
    assert fine.max() < 0.6 * coarse.max()

"""Tests of automated lane keeping after UN Regulation 157: a system under test behind others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.dist import Constant, Dist
from sim.family.core import Draws, Family
from sim.family.quantity import quantity
from sim.family.traffic import NEVER
from sim.laws.follow import Law
from sim.laws.steering import LATERAL_ACCEL_MAX, TURN_S
from sim.world.road import Road, straight
from sim.world.scene import Actor, Scene

Floats = NDArray[np.float64]

SIZE = {"length": 4.3, "width": 1.9}
"""Of all vehicles [m], as in `sim.reference`."""

LANE_M, EGO_S = 3.5, 100.0
"""Width of a lane, and where the ego starts [m]."""

HAPPENS_S, BEGINS_S = 3.0, 1.5
"""Instant at which a test's gap holds, and from when on somebody drifts aside for it [s]."""

ROOM_M = 0.2
"""Nearer than that to the ego's path somebody is taken for in its way (engineering) [m]."""

LEAST_DRIFT = 0.01
"""Orders want a lateral speed that is positive [m/s]."""

WHEELBASE, STEP_S = 0.6, 0.1
"""Of a vehicle's length, and the engine's step, over which steering is held."""


@dataclass(frozen=True, kw_only=True)
class LaneKeeping(Family):
    """A grid of tests: every quantity is one of some values, and every cell is run.

    The system is the engine's adaptive cruise control with its emergency braking; pin `system`
    to 0 and nobody acts.
    """

    seconds = 14.0
    system: Dist = quantity(
        Constant(1.0),
        unit="code",
        source="system under test: 1 adaptive cruise control and emergency braking, 0 none",
        status="engineering",
    )


@cache
def motorway() -> Road:
    """Three straight lanes."""
    return straight(lanes=3, lane_width=LANE_M, length=3000.0)


def under_test(draws: Draws, speed: Floats, headway: ArrayLike) -> tuple[Scene, Actor]:
    """A scene with the ego in the rightmost lane.

    Args:
        draws: Of a `LaneKeeping`.
        speed: (n,) [m/s].
        headway: Time headway that it keeps [s].
    """
    scene = Scene(len(draws), motorway())
    law = np.where(draws.system == 1.0, Law.ACC, Law.FREE)
    drives = {"law": law, "aeb": draws.system, "headway": headway, "clearance_m": ROOM_M}
    own = {"s": EGO_S, "speed": speed, "desired_speed": speed, "changes_lanes": 0}
    return scene, scene.car(**(SIZE | drives | own))


def drifting(
    scene: Scene, *, speed: Floats, at: Floats, side: Floats | float, to: float, drift: Floats
) -> Actor:
    """A car that passes a given point at `HAPPENS_S` while it drifts aside.

    Along the road its speed is `speed` while it drifts.

    Args:
        scene: As `under_test` makes it.
        speed: (n,) [m/s].
        at: (n,) where its centre is then [m].
        side: And how far to the left of the rightmost lane's middle [m].
        to: Where it drifts to, likewise [m].
        drift: (n,) its speed across [m/s], without sign; 0 keeps its place.
    """
    way = np.sign(to - side)
    started = side - way * drift * np.maximum(HAPPENS_S - BEGINS_S - _lag(drift, speed), 0.0)
    path = np.hypot(speed, drift)
    s = at - speed * (HAPPENS_S - BEGINS_S) - path * BEGINS_S
    free = {"law": "free", "changes_lanes": 0, "speed": path}
    car = scene.car(lane=0, s=s, d=started, **(SIZE | free))
    begins = np.where(drift > 0.0, BEGINS_S, NEVER)
    scene.when(car, time_s=begins).offset(to, lateral_speed=np.maximum(drift, LEAST_DRIFT))
    return car


def _lag(drift: Floats, speed: Floats) -> Floats:
    """By how much a drift that begins smoothly is late once it is at its full speed [s].

    The heading follows with a time constant and a limit, see `steering`; but the middle of the
    box slips aside as soon as the front is steered.
    """
    turn = TURN_S - 0.5 * STEP_S
    sudden = LATERAL_ACCEL_MAX * TURN_S
    limited = np.maximum(drift - sudden, 0.0) / LATERAL_ACCEL_MAX
    lost = drift * limited - 0.5 * LATERAL_ACCEL_MAX * limited**2 + np.minimum(drift, sudden) * turn
    slip = 0.5 * WHEELBASE * SIZE["length"] / speed
    return np.divide(lost, drift, out=np.zeros_like(drift), where=drift > 0.0) - slip

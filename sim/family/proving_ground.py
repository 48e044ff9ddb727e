"""Fixed tests on a proving ground: no chance, a system under test, contact unless it acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.dist import Choice, Constant, Dist
from sim.family.core import Draws, Family
from sim.family.quantity import quantity
from sim.world.kinds import Kind
from sim.world.road import Road, crosswalk, straight
from sim.world.scene import Actor, Scene
from sim.world.state import SIZES_M

Floats = NDArray[np.float64]

MEETS_S = 5.0
"""From the start to the contact of who does not act [s]: Euro NCAP's 4 s, recalled, and one."""

AT_M, BEYOND_M, PAVEMENT_M = 150.0, 100.0, 35.0
"""Where people cross, the road after that, and their way before it [m]."""

OPEN_M, LANE_M = 8.0, 3.5
"""Width of the ground that the ego watches where nothing hides, and of a lane [m]."""

LONG_M, WIDE_M = SIZES_M[Kind.CAR]

RIGHT, LEFT = 1, 2
"""Courses of who crosses: from the near side, from the far side."""


@dataclass(frozen=True, kw_only=True)
class ProvingGround(Family):
    """A grid of tests: every quantity is one of some values, and every cell is run.

    The ego's driver does nothing. Whatever is done its system does, here the engine's emergency
    braking: pin `aeb` to 0 and the contact happens as set up.
    """

    seconds = 10.0
    aeb: Dist = quantity(
        Constant(1.0),
        unit="code",
        source="system under test: 1 emergency braking, 0 none",
        status="engineering",
    )


def kmh(values: Iterable[float]) -> Choice:
    """One of these speeds, told in km/h."""
    return Choice(tuple(value / 3.6 for value in values))


@cache
def track() -> Road:
    """A straight lane."""
    return straight(lanes=1, lane_width=LANE_M, length=600.0)


@cache
def ground(lane_width: float) -> Road:
    """A one-way road with a way across, a metre wide; cars have priority."""
    return crosswalk(
        1,
        0,
        lane_width=lane_width,
        at=AT_M,
        departure=BEYOND_M,
        width=1.0,
        pavement=PAVEMENT_M,
        rule="unmarked",
    )


def under_test(scene: Scene, draws: Draws, speed: Floats, s: ArrayLike) -> Actor:
    """The ego: it keeps its speed [m/s], brakes by itself or not at all, and does not speed up."""
    foot_off: dict[str, Any] = {"law": "free", "accel_max": 1e-3, "changes_lanes": 0}
    return scene.car(s=s, speed=speed, desired_speed=speed, aeb=draws.aeb, **foot_off)


def beside(share: ArrayLike) -> Floats:
    """Where across the ego's front a share of its width from the right is [m], left positive."""
    return WIDE_M * (np.asarray(share, np.float64) - 0.5)


def ahead(
    draws: Draws,
    target_speed: ArrayLike,
    gap: ArrayLike,
    side: ArrayLike = 0.0,
    kind: Kind = Kind.CAR,
) -> tuple[Scene, Actor]:
    """The ego, and somebody before it in its lane.

    Args:
        draws: With `speed`, the ego's [m/s].
        target_speed: [m/s].
        gap: Between the bumpers [m].
        side: Of the target to the ego's line [m], left positive.
        kind: What the target is.

    Returns:
        The scene, and the target in it.
    """
    scene = Scene(len(draws), track())
    ego = under_test(scene, draws, draws.speed, 50.0)
    goes: dict[str, Any] = {"speed": target_speed, "law": "free", "changes_lanes": 0, "kind": kind}
    return scene, scene.user(ahead_of=ego, gap=gap, d=side, **goes)


def across(
    draws: Draws,
    pace: float,
    place: ArrayLike,
    course: int,
    *,
    kind: Kind = Kind.PEDESTRIAN,
    size: tuple[float, float] | None = None,
    lane_width: float = OPEN_M,
) -> Scene:
    """The ego, and somebody who crosses at a constant pace and meets its front `MEETS_S` later.

    Args:
        draws: With `speed`, the ego's [m/s].
        pace: [m/s].
        place: Where the middle of who crosses is then, as for `beside`.
        course: `RIGHT` or `LEFT`.
        kind: Who crosses.
        size: Length and width of who crosses [m], where not usual for the kind.
        lane_width: [m].
    """
    scene = Scene(len(draws), ground(lane_width))
    length, width = size or SIZES_M[kind]
    front = AT_M - 0.5 * width - draws.speed * MEETS_S
    under_test(scene, draws, draws.speed, front - 0.5 * LONG_M)
    side = beside(place) if course == RIGHT else -beside(place)
    s = PAVEMENT_M + 0.5 * lane_width + side - pace * MEETS_S
    who: dict[str, Any] = {"course": course, "s": s, "speed": pace, "held": 1, "changes_lanes": 0}
    scene.user(kind=kind, length=length, width=width, **who)
    return scene

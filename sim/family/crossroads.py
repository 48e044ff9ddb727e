"""The junctions that families share: their roads, where ways meet, and who is on which arm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.family.core import Draws
from sim.family.drivers import MIN_GAP_M
from sim.family.junction_drivers import (
    BEHIND,
    CAR_M,
    EGO,
    FOLLOWER,
    LEADER,
    ONCOMING,
    OPPOSITE,
    OTHER,
    cruise,
    driver,
    kind,
    long,
    pull,
)
from sim.world.road import Road, junction, two_phases
from sim.world.scene import Actor, Scene

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LINE_M = 260.0
"""Of each course before its stop line [m]: room for who comes 12 s later at 17 m/s."""
FRICTION = (0.85, 0.5)
"""Dry and wet asphalt (recalled)."""
CORNER_M, HOUSE_M = 8.0, 16.0
"""From the middle of either road to the houses at a corner [m], and their size (engineering)."""
GREEN_S = 40.0
"""How long the main road has green [s] (engineering)."""
TINY_S = 0.01
"""A critical headway [s] of those who go although somebody comes; not if he is there already."""
TURN_MPS = 9.0
"""What who turns or enters would like to drive then [m/s]; bends slow them (engineering)."""
STEADY = 1.47
"""Times the wished gap of the intelligent driver model: where who would like 1.15 v drives v."""


@cache
def crossroads(
    control: str = "yield", green_at: tuple[float, ...] = (0.0,), all_red: float = 2.0
) -> Road:
    """Four roads of one make: dry and wet, open and with houses at the corners.

    Args:
        control: As in `junction`.
        green_at: With signals, when the main road turns green [s]: four roads for each.
        all_red: With signals, from the red of one road to the green of the other [s].

    Returns:
        Number wet + 2 built + 4 k of them is for the k-th instant of green.
    """
    wet, built = np.tile([0, 1, 0, 1], len(green_at)), np.tile([0, 0, 1, 1], len(green_at))
    offset = np.repeat(green_at, 4)
    phases = two_phases(cycle=80.0, green=GREEN_S, all_red=all_red, offset=offset)
    middle, size = CORNER_M + 0.5 * HOUSE_M, HOUSE_M * built
    return junction(
        approach=LINE_M,
        control=control,
        signals=phases if control == "signals" else (),
        blocks=[(x * middle, y * middle, 0.0, size, size) for x in (-1, 1) for y in (-1, 1)],
        friction=np.array(FRICTION)[wet],
    )


def road_number(draws: Draws, green: ArrayLike = 0) -> Ints:
    """Which of the roads of `crossroads` each scenario is on, (n,)."""
    built = draws.values.get("built", np.zeros(len(draws)))
    number: Ints = (draws.wet + 2 * built + 4 * np.asarray(green)).astype(np.int64)
    return number


@dataclass(frozen=True)
class Meeting:
    """Where two courses share ground, the same on all roads of a make.

    Attributes:
        start, end: Along the first, [m].
        other_start, other_end: Along the second, [m].
    """

    start: Floats
    end: Floats
    other_start: Floats
    other_end: Floats


def meeting(road: Road, course: ArrayLike, other: ArrayLike) -> Meeting:
    """Where the courses of two road users meet, (n,) each, or one of both for all."""
    areas = road.areas
    table = np.full((4, road.course_count, road.course_count), np.nan)
    used = np.flatnonzero(areas.course[0] >= 0)
    for k in used[::-1]:  # the first area of a pair counts
        at = areas.course[0, k], areas.rival[0, k]
        ends = areas.start[0, k], areas.end[0, k], areas.rival_start[0, k], areas.rival_end[0, k]
        table[:, at[0], at[1]] = ends
    found = table[:, np.asarray(course, np.int64), np.asarray(other, np.int64)]
    if np.isnan(found).any():
        raise ValueError("course, other: expected two that meet")
    return Meeting(*found)


@dataclass(frozen=True)
class Arms:
    """Puts road users with drawn drivers on the arms of a junction, the ego first.

    Attributes:
        scene: To put them into.
        draws: Of a family that is an `AtJunction`.
    """

    scene: Scene
    draws: Draws

    def car(self, slot: int, **places: Any) -> Actor:
        """A car with the driver of a slot."""
        wish = {"desired_speed": np.maximum(places["speed"], 8.0)}
        return self.scene.car(**(driver(self.draws, slot) | wish | places))

    def ego(self, course: int, at: Floats, when: Floats, ahead_s: Floats, **more: Any) -> Actor:
        """The ego, whose front would be `at` [m] at a time [s], its leader `ahead_s` ahead."""
        speed = self.draws.speed
        s = at - 0.5 * CAR_M - speed * when
        wish = cruise(speed, speed * ahead_s + MIN_GAP_M, self.draws.headway[:, EGO])
        return self.car(EGO, course=course, s=s, speed=speed, desired_speed=wish, **more)

    def other(self, *, course: ArrayLike, s: ArrayLike, speed: ArrayLike, **more: Any) -> Actor:
        """The one who does not let the ego go first, of the kind that is drawn."""
        draws = self.draws
        who = driver(draws, OTHER) | {"kind": kind(draws), "length": long(draws)}
        who |= {"accel_max": pull(draws), "desired_speed": speed}
        who |= {"speed_noise": 0.0, "accel_noise": 0.0}  # it comes when it is said to
        return self.scene.user(course=course, s=s, speed=speed, **(who | more))

    def blind(self, *, course: ArrayLike, s: ArrayLike, speed: ArrayLike, **more: Any) -> Actor:
        """The other, who keeps its speed until it is told to go, and then takes any gap."""
        own = {"held": 1, "critical_gap_s": TINY_S, "desired_speed": TURN_MPS}
        return self.other(course=course, s=s, speed=speed, **own, **more)

    def sets_off(
        self, who: Actor, ego: Actor, at: Floats, gap: Floats, delay_s: ArrayLike = 0.0
    ) -> None:
        """Somebody goes when the ego's front is a time [s] from a place `at` [m]."""
        place = at - 0.5 * CAR_M
        self.scene.when(who, of=ego, at_m=place, before_s=gap, delay_s=delay_s).go()

    def along(
        self,
        course: ArrayLike,
        ego: Actor,
        ahead_s: Floats,
        behind_s: Floats | float = 0.0,
        led: ArrayLike = True,
    ) -> tuple[Actor, Actor]:
        """The ego's leader, where it is led, and its follower, `behind_s` further than usual."""
        speed = self.draws.speed
        way = {"course": course, "speed": speed}
        gap = speed * ahead_s + MIN_GAP_M
        leader = self.car(LEADER, ahead_of=ego, gap=gap, present=led, **way)
        headway = self.draws.headway[:, FOLLOWER]
        steady = (MIN_GAP_M + speed * headway) * STEADY + speed * behind_s
        wish = cruise(speed, steady, headway)
        return leader, self.car(FOLLOWER, behind=ego, gap=steady, desired_speed=wish, **way)

    def passes(self, slot: int, course: ArrayLike, at: Floats, before: Floats) -> Actor:
        """Somebody on the main road, who is `at` [m] one to three seconds before a time [s]."""
        passes_s = before - 1.0 - 2.0 * self.draws.place[:, slot - ONCOMING]
        speed = np.maximum(self.draws.speed, 5.0)
        return self.car(slot, course=course, s=at - passes_s * speed, speed=speed)

    def waits(self, course: ArrayLike, until: Actor | None = None, at: ArrayLike = 0.0) -> Actor:
        """Somebody stands at a line, and goes when it may once `until` is `at` [m] on its way.

        Not before, since houses hide the main road from the line, and nobody here creeps out.
        Where there are signals, they alone decide.
        """
        s = LINE_M - 0.5 * CAR_M - 0.3 - 3.0 * self.draws.place[:, OPPOSITE - ONCOMING]
        held = 0 if until is None else 1
        actor = self.car(OPPOSITE, course=course, s=s, speed=0.0, held=held)
        if until is not None:
            self.scene.when(actor, of=until, at_m=at, delay_s=0.5).go()
        return actor

    def follows(self, course: ArrayLike, other: Actor) -> Actor:
        """Somebody who comes 10 to 30 m behind the other, and stops at the line."""
        gap = 10.0 + 20.0 * self.draws.place[:, BEHIND - ONCOMING]
        actor = self.car(BEHIND, course=course, behind=other, gap=gap, speed=7.0)
        self.scene.when(actor, at_m=LINE_M - 14.0).brake(2.5)
        return actor

"""The traffic that families share: an ego in its lane, leaders, a follower, and neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.dist import Beta, Dist, Exponential, LogNormal, Normal, Truncated, Uniform
from sim.family.core import Draws, Family
from sim.family.quantity import quantity
from sim.world.kinds import Kind
from sim.world.road import straight
from sim.world.scene import Actor, Scene
from sim.world.state import SIZES_M

Floats = NDArray[np.float64]

EGO_S = 400.0
"""Where the ego starts [m]; room behind for its followers."""

LENGTH = SIZES_M[Kind.CAR][0]
"""Of every car [m]."""

LEADERS, FOLLOWER, LEFT, RIGHT = (1, 2, 3), 4, (5, 6, 7), (8, 9, 10)
USERS = 11
"""Slots of the roles, the ego's being 0, and how many there are."""


@dataclass(frozen=True, kw_only=True)
class InTraffic(Family):
    """A family whose ego drives in the middle one of three lanes, among ten others.

    Each road user is a driver of its own: headway, reaction time, braking and attention
    differ, and so the same disturbance ends in nothing, a near miss or a crash.
    """

    speed: Dist = quantity(
        Uniform(6.0, 33.0), unit="mps", source="arterial to freeway", status="engineering"
    )
    left_lane: Dist = quantity(
        Truncated(Normal(1.05, 0.1), 0.7, 1.4),
        unit="share",
        source="speed of the lane on the left over the ego's",
        status="engineering",
    )
    right_lane: Dist = quantity(
        Truncated(Normal(0.95, 0.1), 0.6, 1.3),
        unit="share",
        source="speed of the lane on the right over the ego's",
        status="engineering",
    )
    stagger: Dist = quantity(
        Uniform(-0.5, 0.5),
        unit="share",
        source="where the rows left and right stand against the ego, in spacings",
        status="engineering",
        each=2,
    )
    headway: Dist = quantity(
        Truncated(LogNormal(1.3, 0.45, 0.26), 0.5, 4.0),
        unit="s",
        source="0.26 s published, plus a lognormal chosen by judgement",
        status="engineering",
        each=USERS,
    )
    reaction: Dist = quantity(
        Truncated(LogNormal(1.07, 0.49), 0.3, 3.0),
        unit="s",
        source="brake reaction time, Sivak et al. 1982",
        status="recalled",
        each=USERS,
    )
    brake_comfort: Dist = quantity(
        Truncated(LogNormal(1.6, 0.3), 0.7, 3.5),
        unit="mps2",
        source="around IDM's usual 1.5 to 2 m/s² (Treiber and Kesting 2013)",
        status="engineering",
        each=USERS,
    )
    eagerness: Dist = quantity(
        Beta(2, 2),
        unit="share",
        source="how far the wish is above the lane's speed, from 10 % to 50 %",
        status="engineering",
        each=USERS,
    )
    lapses: Dist = quantity(
        Exponential(0.03),
        unit="per_s",
        source="glances away, 1 s median: a few a minute for most, many for some",
        status="engineering",
        each=USERS,
    )


NEVER = 1e6
"""A time [s] after the end of every episode, for orders that some scenarios lack."""


@dataclass(frozen=True)
class Traffic:
    """A scene that holds traffic, and who is who in it.

    Attributes:
        scene: To which more can be added.
        ego: The one that the episode is about.
        leaders: Those ahead of it in its lane, nearest first.
        follower: The one behind it.
        left, right: Those in the neighbouring lanes, from the front.
    """

    scene: Scene
    ego: Actor
    leaders: tuple[Actor, ...]
    follower: Actor
    left: tuple[Actor, ...]
    right: tuple[Actor, ...]


def traffic(
    draws: Draws,
    speed: Floats,
    *,
    lead_gaps: dict[int, Floats] | None = None,
    lead_speeds: dict[int, Floats] | None = None,
    left_at: Floats | None = None,
) -> Traffic:
    """Traffic in equilibrium at `speed` [m/s], the ego in the middle lane.

    Args:
        draws: Of a family that is an `InTraffic`.
        speed: (n,) of the ego's lane [m/s].
        lead_gaps: Slot of a leader (1 the nearest) to the gap that its follower keeps [m],
            where that is not the follower's own.
        lead_speeds: Slot of a leader to its speed at the start [m/s], likewise.
        left_at: (n,) where the middle car of the left lane is [m], where that is not level
            with the ego give or take half a spacing.
    """
    lead_gaps, lead_speeds = lead_gaps or {}, lead_speeds or {}
    scene = Scene(len(draws), straight(lanes=3, length=4000.0))
    me = scene.car(lane=1, s=EGO_S, speed=speed, **driver(draws, 0, speed))
    leaders: list[Actor] = []
    for slot in LEADERS:
        behind = leaders[-1] if leaders else me
        gap = lead_gaps.get(slot, standing_gap(draws, slot - 1, speed))
        pace = lead_speeds.get(slot, speed)
        who = driver(draws, slot, pace)
        if slot == LEADERS[-1]:
            who["desired_speed"] = pace  # nobody ahead to keep it from its wish
        elif slot in lead_speeds:
            who["desired_speed"] = np.where(pace < speed, pace, wish(draws, slot, speed))
        leaders.append(scene.car(lane=1, ahead_of=behind, gap=gap, speed=pace, **who))
    gap = standing_gap(draws, FOLLOWER, speed)
    after = scene.car(lane=1, behind=me, gap=gap, speed=speed, **driver(draws, FOLLOWER, speed))
    left = neighbours(scene, draws, LEFT, 2, speed * draws.left_lane, left_at)
    right = neighbours(scene, draws, RIGHT, 0, speed * draws.right_lane)
    return Traffic(scene, me, tuple(leaders), after, left, right)


def neighbours(
    scene: Scene,
    draws: Draws,
    slots: tuple[int, ...],
    lane: int,
    speed: Floats,
    at: Floats | None = None,
) -> tuple[Actor, ...]:
    """A row of three cars in another lane, from the front, the middle one at `at` [m]."""
    ahead, behind = (standing_gap(draws, slot, speed) for slot in slots[1:])
    if at is None:
        side = 0 if slots is LEFT else 1
        at = EGO_S + draws.stagger[:, side] * (ahead + LENGTH)
    first = driver(draws, slots[0], speed) | {"desired_speed": speed}
    second, third = (driver(draws, slot, speed) for slot in slots[1:])
    front = scene.car(lane=lane, s=at + ahead + LENGTH, speed=speed, **first)
    middle = scene.car(lane=lane, s=at, speed=speed, **second)
    back = scene.car(lane=lane, behind=middle, gap=behind, speed=speed, **third)
    return front, middle, back


def driver(draws: Draws, slot: int, speed: Floats) -> dict[str, ArrayLike]:
    """The traits of the driver in a slot, in a lane that goes at `speed` [m/s]."""
    return {
        "desired_speed": wish(draws, slot, speed),
        "headway": draws.headway[:, slot],
        "reaction_s": draws.reaction[:, slot],
        "brake_comfort": draws.brake_comfort[:, slot],
        "lapse_rate_per_s": draws.lapses[:, slot],
        "changes_lanes": 0,
        "brake_safe": 2.0,
        "accel_noise": 0.15,
        "speed_noise": 0.03,
        "sway_m": 0.15,
    }


def wish(draws: Draws, slot: int, speed: Floats) -> Floats:
    """Desired speed [m/s]: some way above that of the lane."""
    return speed * (1.1 + 0.4 * draws.eagerness[:, slot]) + 1.0


def standing_gap(draws: Draws, slot: int, speed: Floats) -> Floats:
    """The gap [m] at which the intelligent driver model holds `speed` (Treiber 2000, eq. 4)."""
    free = (speed / wish(draws, slot, speed)) ** 4
    return (2.0 + speed * draws.headway[:, slot]) / np.sqrt(1.0 - free)

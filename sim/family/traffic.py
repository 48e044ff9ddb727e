"""The traffic that families share: an ego in its lane, leaders, a follower, and neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.family.core import Draws
from sim.family.drivers import FEW, USERS, InFew, InTraffic, driver, spacing, standing_gap, wish
from sim.world.road import Road, straight
from sim.world.scene import Actor, Scene

__all__ = [
    "EGO_S",
    "FEW",
    "FRICTION",
    "LEFT",
    "NEVER",
    "OTHERS",
    "RIGHT",
    "USERS",
    "InFew",
    "InTraffic",
    "Traffic",
    "convoy",
    "place_car",
    "standing_gap",
    "traffic",
]

Floats = NDArray[np.float64]

EGO_S = 400.0
"""Where the ego starts [m]; room behind for its followers."""

LEADERS, FOLLOWER, LEFT, RIGHT = (1, 2, 3), 4, (5, 6, 7), (8, 9, 10)
"""Slots of the roles, those of a row from the front; the ego's is 0."""

OTHERS = (3, 4)
"""Slots of the two with a role in an `InFew`, where 1 leads the ego and 2 follows it."""

FRICTION = (1.0, 0.5)
"""Dry and wet (engineering): at most 9.8 and 4.9 m/s² of braking."""

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

    @property
    def fronts(self) -> tuple[Actor, Actor, Actor]:
        """Who leads lanes 0, 1 and 2."""
        return self.right[0], self.leaders[-1], self.left[0]


def traffic(
    draws: Draws,
    speed: Floats,
    *,
    lead_gaps: dict[int, Floats] | None = None,
    lead_speeds: dict[int, Floats] | None = None,
    left_at: Floats | None = None,
    wet: Floats | None = None,
    road: Road | None = None,
    **traits: ArrayLike,
) -> Traffic:
    """Traffic in equilibrium at `speed`, the ego in the middle one of three lanes.

    Args:
        draws: Of a family that is an `InTraffic`.
        speed: (n,) of the ego's lane [m/s].
        lead_gaps: Slot of a leader (1 the nearest) to the gap that its follower keeps [m],
            where that is not the follower's own.
        lead_speeds: Slot of a leader to its speed at the start [m/s], likewise. It stays at
            this speed where that is below the lane's.
        left_at: (n,) where the middle car of the left lane is [m], where that is not level
            with the ego give or take half a spacing.
        wet: (n,) 1 where the road is wet, see `FRICTION`; dry everywhere if left out.
        road: One with three lanes, where it is not 4 km of plain road.
        traits: Of all drivers, where they are not those drawn.
    """
    grip = FRICTION[0] if wet is None else np.array(FRICTION)
    road = road or straight(lanes=3, length=4000.0, friction=grip)
    scene = Scene(len(draws), road, wet)
    row = _Row(scene, draws, traits)
    ego = row.car(0, speed, lane=1, s=EGO_S)
    leaders = row.ahead(ego, speed, lead_gaps or {}, lead_speeds or {})
    gap = standing_gap(draws, FOLLOWER, speed)
    follower = row.car(FOLLOWER, speed, lane=1, behind=ego, gap=gap)
    if left_at is None:
        left_at = row.level(LEFT, speed * draws.left_lane, draws.stagger[:, 0])
    right_at = row.level(RIGHT, speed * draws.right_lane, draws.stagger[:, 1])
    left = row.beside(LEFT, speed * draws.left_lane, 2, left_at)
    right = row.beside(RIGHT, speed * draws.right_lane, 0, right_at)
    return Traffic(scene, ego, leaders, follower, left, right)


def place_car(scene: Scene, draws: Draws, slot: int, speed: Floats, **more: Any) -> Actor:
    """A car with the drawn driver of a slot, who wants to go as those in a lane at `speed` do.

    Args:
        scene: That it is put into.
        draws: Of a family that is an `InFew` or an `InTraffic`.
        slot: Whose traits it has.
        speed: (n,) its own and its lane's [m/s].
        more: Its place and what else `Scene.car` takes, in place of what was drawn.
    """
    return _Row(scene, draws, more).car(slot, speed)


def convoy(
    scene: Scene,
    draws: Draws,
    speed: Floats,
    s: ArrayLike,
    *,
    gap: Floats | None = None,
    **more: Any,
) -> tuple[Actor, Actor, Actor]:
    """Ego, leader and follower of an `InFew` in equilibrium at `speed`, the ego made first.

    Args:
        scene: That they are put into.
        draws: Of a family that is an `InFew`.
        speed: (n,) at which they go [m/s]; the leader wants no other.
        s: Where the ego is [m].
        gap: (n,) to the leader [m], where that is not the ego's own.
        more: As in `place_car`, for all three.
    """
    ego = place_car(scene, draws, 0, speed, s=s, **more)
    ahead = standing_gap(draws, 0, speed) if gap is None else gap
    front = {"ahead_of": ego, "gap": ahead, "desired_speed": speed}
    leader = place_car(scene, draws, 1, speed, **front, **more)
    behind = {"behind": ego, "gap": standing_gap(draws, 2, speed)}
    return ego, leader, place_car(scene, draws, 2, speed, **behind, **more)


@dataclass(frozen=True)
class _Row:
    """Puts cars with drawn drivers into a scene, a lane at a time."""

    scene: Scene
    draws: Draws
    traits: dict[str, ArrayLike]

    def car(self, slot: int, speed: Floats, **more: Any) -> Actor:
        who = driver(self.draws, slot, speed)
        return self.scene.car(speed=speed, **(who | more | self.traits))

    def ahead(
        self, ego: Actor, speed: Floats, gaps: dict[int, Floats], speeds: dict[int, Floats]
    ) -> tuple[Actor, ...]:
        """The leaders, nearest first; the last has nobody ahead to keep it from its wish."""
        row = [ego]
        for slot in LEADERS:
            gap = gaps.get(slot, standing_gap(self.draws, slot - 1, speed))
            pace = speeds.get(slot, speed)
            wanted = np.where(pace < speed, pace, wish(self.draws, slot, speed))
            if slot == LEADERS[-1]:
                wanted = pace
            place = {"lane": 1, "ahead_of": row[-1], "gap": gap}
            row.append(self.car(slot, pace, desired_speed=wanted, **place))
        return tuple(row[1:])

    def level(self, slots: tuple[int, ...], speed: Floats, stagger: Floats) -> Floats:
        """Where a row's middle car is [m], about level with the ego."""
        return EGO_S + stagger * spacing(self.draws, slots[1], slots[0], speed)

    def beside(
        self, slots: tuple[int, ...], speed: Floats, lane: int, at: Floats
    ) -> tuple[Actor, ...]:
        """Three cars in another lane, from the front, the middle one at `at` [m]."""
        first, second, third = slots
        ahead = at + spacing(self.draws, second, first, speed)
        behind = at - spacing(self.draws, third, second, speed)
        front = self.car(first, speed, lane=lane, s=ahead, desired_speed=speed)
        return (
            front,
            self.car(second, speed, lane=lane, s=at),
            self.car(third, speed, lane=lane, s=behind),
        )

"""Following in a town: drivers as close as on an urban arterial, and rows of them on its lanes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.dist import Constant, Dist, Exponential, LogNormal, Truncated, Uniform
from sim.family.core import Draws
from sim.family.drivers import USERS, InTraffic, spacing, standing_gap
from sim.family.quantity import quantity
from sim.family.traffic import FOLLOWER, LEADERS, LEFT, place_car
from sim.world.road import Road, crosswalk
from sim.world.scene import Actor, Scene

Floats = NDArray[np.float64]

TOWN = ("rear-end", "urban", "ISO 34502 deceleration", "PEGASUS layer 4")
"""Tags of all families of this kind."""

LANE_M = 3.5

STEADY: dict[str, Any] = {"sway_m": 0.25, "sway_s": 30.0}
"""Traits of who drives slowly: swaying as fast as on a motorway a car at 2 m/s would stand askew.
On Lankershim (NGSIM) leads are 0.36 m beside the axis of the one behind in the median."""

LENGTH_M = 4000.0
ONCOMING = (3, 4, 5, 6, 7, 8, 9, 10)
"""Slots whose drivers also come from ahead: whatever they do there, they differ."""
ONCOMING_MPS, FIRST_M, EACH_M = 9.0, 20.0, 36.0
"""Their speed [m/s], where the first is before the ego, and the next ones [m] (engineering)."""


@cache
def two_way(lanes: int = 3) -> Road:
    """A straight street of so many lanes, and two for the other direction, course 1."""
    half = 0.5 * LENGTH_M
    return crosswalk(lanes, 2, lane_width=LANE_M, at=half, departure=half, rule="unmarked")


@dataclass(frozen=True, kw_only=True)
class InTown(InTraffic):
    """A family whose ego follows others in a town, at 3 to 14 m/s.

    Drivers follow more closely than on a motorway, set out faster, and come up to those who
    stand later: at a time to collision of 2 s in the median, on the arterial that these
    numbers are of.
    """

    seconds: ClassVar[float] = 16.0

    speed: Dist = quantity(
        Uniform(4.0, 14.0),
        unit="mps",
        source="of the traffic before anything happens, up to 50 km/h",
        status="engineering",
        measured="following_speed",
    )
    headway: Dist = quantity(
        Truncated(LogNormal(0.95, 0.4), 0.4, 3.0),
        unit="s",
        source="time gaps of 58 pairs on Lankershim (NGSIM) are 0.8, 1.4, 2.1 s (deciles 1, 5, 9) "
        "with what the model adds at their speed",
        status="derived",
        each=USERS,
        measured="following_headway",
    )
    min_gap: Dist = quantity(
        Truncated(LogNormal(2.7, 0.42), 1.2, 7.0),
        unit="m",
        source="gaps between those who stand on Lankershim (NGSIM): 1.6, 2.7, 4.9 m",
        status="derived",
        each=USERS,
    )
    accel_max: Dist = quantity(
        Truncated(LogNormal(2.0, 0.3), 0.8, 4.0),
        unit="mps2",
        source="largest on setting out on Lankershim (NGSIM): 2.5 m/s² in the median, some noise",
        status="derived",
        each=USERS,
    )
    brake_comfort: Dist = quantity(
        Truncated(LogNormal(2.2, 0.35), 1.0, 5.0),
        unit="mps2",
        source="around IDM's usual 1.5 to 3 m/s² (Treiber and Kesting 2013); the hardest braking "
        "of a vehicle on Lankershim (NGSIM) is 2.7 m/s² in the median",
        status="engineering",
        each=USERS,
    )
    lapses: Dist = quantity(
        Exponential(0.06),
        unit="per_s",
        source="glances away, 1 s median: in slow traffic more than on a motorway",
        status="engineering",
        each=USERS,
    )


@dataclass(frozen=True, kw_only=True)
class AtKerb(InTown):
    """One whose ego drives in the right one of two lanes, beside the kerb."""

    right_lane: Dist = quantity(
        Constant(1.0),
        unit="share",
        source="there is no lane on the right",
        status="engineering",
    )


def lane_of(
    scene: Scene,
    draws: Draws,
    speed: Floats,
    s: ArrayLike,
    lane: ArrayLike = 0,
    ways: Mapping[int, Mapping[str, ArrayLike]] | None = None,
) -> tuple[Actor, tuple[Actor, ...], Actor]:
    """The ego, its three leaders, nearest first, and its follower, in equilibrium at `speed`.

    Args:
        scene: That they are put into, the ego first.
        draws: Of an `InTown`.
        speed: (n,) [m/s].
        s: Where the ego is [m].
        lane: Of all.
        ways: Slot of a leader (1 the nearest) to what `Scene.car` takes for it instead.
    """
    ego = place_car(scene, draws, 0, speed, lane=lane, s=s, **STEADY)
    row = [ego]
    for slot in LEADERS:
        gap = standing_gap(draws, slot - 1, speed)
        own: dict[str, ArrayLike] = {"desired_speed": speed} if slot == LEADERS[-1] else {}
        place = {"lane": lane, "ahead_of": row[-1], "gap": gap, **STEADY}
        row.append(
            place_car(scene, draws, slot, speed, **place, **own, **(ways or {}).get(slot, {}))
        )
    gap = standing_gap(draws, FOLLOWER, speed)
    follower = place_car(scene, draws, FOLLOWER, speed, lane=lane, behind=ego, gap=gap, **STEADY)
    return ego, tuple(row[1:]), follower


def ahead_of_ego(draws: Draws, which: Floats, speed: Floats) -> Floats:
    """From the centre of the ego to that of a leader in equilibrium [m].

    Args:
        draws: Of an `InTown`.
        which: (n,) slot of the leader, 1 the nearest.
        speed: (n,) [m/s].
    """
    reach = np.cumsum([spacing(draws, slot - 1, slot, speed) for slot in LEADERS], axis=0)
    far: Floats = reach[which.astype(np.int64) - 1, np.arange(len(draws))]
    return far


def lane_beside(
    scene: Scene, draws: Draws, ego: Actor, lane: ArrayLike, pace: Floats
) -> tuple[Actor, ...]:
    """Three cars in the lane beside, from the front, the middle one about level with the ego.

    Args:
        scene: That they are put into.
        draws: Of an `InTown`.
        ego: Beside whom.
        lane: Theirs.
        pace: (n,) speed there over the ego's.
    """
    speed = draws.speed * pace
    first, second, third = LEFT
    at = ego.s + draws.stagger[:, 0] * spacing(draws, second, first, speed)
    ahead = at + spacing(draws, second, first, speed)
    behind = at - spacing(draws, third, second, speed)
    return (
        place_car(scene, draws, first, speed, lane=lane, s=ahead, desired_speed=speed, **STEADY),
        place_car(scene, draws, second, speed, lane=lane, s=at, **STEADY),
        place_car(scene, draws, third, speed, lane=lane, s=behind, **STEADY),
    )


def oncoming(
    scene: Scene,
    draws: Draws,
    ego: Actor,
    *,
    length: float = LENGTH_M,
    course: int = 1,
    present: ArrayLike = True,
) -> None:
    """Eight cars that come towards the ego on the two lanes of the other direction.

    Without them an ego in a town had a third of the road users ahead that recorded ones have.

    Args:
        scene: That they are put into.
        draws: Of an `InTown`.
        ego: Towards whom.
        length: Of both courses together, from the one's beginning to the other's [m].
        course: Theirs.
        present: (n,) whether they are there.
    """
    pace = ONCOMING_MPS * draws.left_lane
    for k, slot in enumerate(ONCOMING):
        s = length - ego.s - FIRST_M - EACH_M * (k + draws.stagger[:, 1])
        place = {"course": course, "lane": k % 2, "s": s, "present": present}
        place_car(scene, draws, slot, pace, desired_speed=pace, **place, **STEADY)


def stop_distance(speed: Floats, decel: ArrayLike, low: ArrayLike = 0.0) -> Floats:
    """Way [m] in which a speed falls to another [m/s] at a deceleration [m/s²].

    >>> stop_distance(np.array([10.0, 4.0]), np.array([2.0, 2.0]), low=6.0)
    array([16.,  0.])
    """
    way: Floats = (speed**2 - np.minimum(low, speed) ** 2) / (2.0 * np.asarray(decel))
    return way

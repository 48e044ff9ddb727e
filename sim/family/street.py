"""A street that families share: an ego, its leader and follower, and cars that come towards it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.family.core import Draws
from sim.world.road import Road, crosswalk
from sim.world.scene import Actor, Scene

Floats = NDArray[np.float64]

LANE_M, KERB_M, CAR_M = 3.5, 0.3, 4.5
"""Width of a lane, from its edge to where people wait, length of the ego [m]."""

AT_M, BEYOND_M = 500.0, 600.0
"""Where somebody crosses, and the street after that [m]: room for 20 s of the fastest."""

FRICTION = (1.0, 0.5)
"""Dry and wet (engineering): at most 9.8 and 4.9 m/s² of braking."""

CALM_S = 1.5
"""Nobody sets out earlier [s]."""

LATEST_S = 4.0
"""Largest delay of the ego's perception, reaction and darkness together [s]."""


@cache
def street_road(width: float, pavement: float, lanes: int = 1) -> Road:
    """The street, dry and wet; people's courses are so wide [m], and cars have priority.

    Courses are narrow, for drivers give up to stop once they are over the edge of one.
    """
    return crosswalk(
        lanes,
        lanes,
        lane_width=LANE_M,
        at=AT_M,
        departure=BEYOND_M,
        width=width,
        pavement=pavement,
        rule="unmarked",
        friction=np.array(FRICTION),
    )


@dataclass(frozen=True)
class Street:
    """A scene with the traffic of a street.

    Attributes:
        scene: To which people, cyclists and what stands there are added.
        ego: The one that the episode is about.
        arrives: (n,) when its front would pass the place of the encounter, undisturbed [s].
    """

    scene: Scene
    ego: Actor
    arrives: Floats


def street(
    draws: Draws,
    road: Road,
    *,
    before: Floats,
    seen: Floats,
    ahead: ArrayLike = 0.0,
    **traits: ArrayLike,
) -> Street:
    """The street with its cars, all near the ego's speed.

    Args:
        draws: Of a family that is an `InStreet`.
        road: As `street_road` makes it.
        before: (n,) so long before the ego's front would be there somebody sets out [s].
        seen: (n,) likewise, from when on that can be seen [s]; the leader and the first car
            that comes towards the ego are gone by then.
        ahead: At least so far before the ego is its leader [s].
        traits: Of the ego and its driver, where they are not those drawn.
    """
    scene = Scene(len(draws), road, road_index=draws.wet)
    seen = np.maximum(seen, 0.0)
    arrives = np.maximum(before, seen) + CALM_S + draws.settle
    late = np.maximum(seen - draws.sight / draws.speed, 0.0)
    own = {
        "s": AT_M - 0.5 * CAR_M - draws.speed * arrives,
        "desired_speed": draws.speed,
        "reaction_s": np.minimum(draws.reaction[:, 0] + late, LATEST_S),
        "aeb": draws.aeb,
    }
    ego = _car(scene, draws, 0, **(own | traits))
    lead = np.maximum(seen + draws.passed[:, 0] + draws.headway[:, 1], ahead)
    _car(scene, draws, 1, ahead_of=ego, gap=draws.speed * lead)
    _car(scene, draws, 2, behind=ego, gap=2.0 + 1.1 * draws.speed * draws.headway[:, 2])
    first = arrives - seen - draws.passed[:, 1] - draws.headway[:, 3]
    end = float(road.courses.length[0, 1])
    for slot, when in ((3, first), (4, arrives + draws.next + draws.headway[:, 4])):
        at = end - AT_M - 0.5 * CAR_M - draws.speed * when
        _car(scene, draws, slot, course=1, d=-0.3, s=at)
    return Street(scene, ego, arrives)


def _car(scene: Scene, draws: Draws, slot: int, **more: Any) -> Actor:
    """A car with the driver of its slot."""
    usual: dict[str, Any] = {
        "speed": draws.speed,
        "desired_speed": 1.05 * draws.speed,
        "headway": draws.headway[:, slot],
        "reaction_s": np.minimum(draws.reaction[:, slot], 0.9 * draws.headway[:, slot]),
        "brake_max": draws.brake_max[:, slot],
        "lapse_rate_per_s": draws.lapses[:, slot],
        "changes_lanes": 0,
        "accel_noise": 0.15,
        "speed_noise": 0.03,
        "sway_m": 0.1,
    }
    return scene.car(**(usual | more))

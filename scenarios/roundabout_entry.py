"""Somebody enters a roundabout before the ego that is in it."""

from functools import cache

import numpy as np

from sim.base.dist import Beta, Choice, Dist, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.crossroads import FRICTION, Arms, meeting
from sim.family.junction_drivers import (
    BEHIND,
    CAR_M,
    EGO,
    FOLLOWER,
    LEADER,
    ONCOMING,
    OPPOSITE,
    Meets,
    long,
)
from sim.world.road import Road, roundabout, roundabout_course
from sim.world.scene import Scene

EGO_COURSE = roundabout_course(0, 2)
FROM = np.array([roundabout_course(1, leave) for leave in (2, 3, 0)])
PACE = 5.8
"""At which the ring is driven [m/s]: 2.5 m/s² across in the arc into it (engineering)."""


@cache
def ring() -> Road:
    """A dry and a wet one."""
    return roundabout(entry_radius=16.0, radius=20.0, friction=FRICTION)


@register("roundabout_entry")
class RoundaboutEntry(Meets):
    """Somebody enters a roundabout although the ego comes by in it.

    It takes the ego for later than it is, or for one who will leave. Dangerous is that it is
    slow in the ego's lane, around a bend; who rides a bicycle stays so.

                         | 5 |
                      .---------.
                    /    .---.    \\
           [2..]   |    (     )    |  <-- [4]
        [3] [ego] --\\    '---'    /--> the ego's lane leaves here
                      '---------'
                         | 1 |              1 enters from the next arm
                         | 6 |
    """

    seconds = 16.0
    danger = (0.05, 0.25)
    constraints = ("critical * taken < 5.5",)
    never = ("impact_speed_mps > 10", "collided and critical * taken > 4.5")
    tags = ("roundabout", "entry", "ISO 34502 crossing", "ISO 34502 cut-in", "PEGASUS layer 4",
            "car", "truck", "motorcycle", "bicycle")  # fmt: skip
    crashes = "31 vehicles turning at non-signalized junctions (its share stands elsewhere)"

    speed: Dist = quantity(
        Uniform(4.0, 8.0),
        unit="mps",
        source="that the ego would like to drive in the ring; bends are driven at 5.8 at most",
        status="engineering",
    )
    leaves: Dist = quantity(
        Choice((0, 1, 2), (0.4, 0.4, 0.2)),
        unit="code",
        source="the exit of who enters: the next, second, third",
        status="engineering",
    )
    critical: Dist = quantity(
        Truncated(LogNormal(4.72, 0.25), 2.5, 9.0),
        unit="s",
        source="critical headway as at left turns: mean 4.87 s published, sigma by judgement",
        status="engineering",
    )
    taken: Dist = quantity(
        Beta(2.5, 2.2, 0.15, 1.6),
        unit="share",
        source="the gap taken over the critical one; under 1 the ego was thought to come later",
        status="engineering",
    )
    roll: Dist = quantity(
        Uniform(0.0, 4.0),
        unit="mps",
        source="speed of who enters, at the line",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = ring()
        arms = Arms(Scene(len(draws), road, draws.wet), draws)
        course = FROM[draws.leaves.astype(np.int64)]
        meet = meeting(road, EGO_COURSE, course)
        gap = draws.critical * draws.taken
        pace = np.minimum(draws.speed, PACE)
        ego_s = meet.start - 0.5 * CAR_M - pace * draws.meets
        row = {"course": EGO_COURSE, "speed": pace, "desired_speed": draws.speed}
        ego = arms.car(EGO, s=ego_s, **row)
        s = meet.other_start - 1.0 - 0.5 * long(draws) - draws.roll * (draws.meets - gap)
        other = arms.blind(course=course, s=s, speed=draws.roll)
        arms.car(LEADER, ahead_of=ego, gap=pace * (gap + 2.5), **row)
        arms.car(FOLLOWER, behind=ego, gap=pace * (1.5 + draws.headway[:, FOLLOWER]), **row)
        arms.car(ONCOMING, course=roundabout_course(2, 0), s=95 + 20 * draws.place[:, 0], speed=6.0)
        arms.car(OPPOSITE, course=roundabout_course(3, 0), s=60 + 50 * draws.place[:, 1], speed=6.0)
        queue = 4.0 + 20.0 * draws.place[:, 2]
        arms.car(BEHIND, course=course, behind=other, gap=queue, speed=draws.roll)
        arms.sets_off(other, ego, meet.start, gap)
        return arms.scene

"""Ordinary traffic at a junction."""

import numpy as np

from sim.base.dist import Choice, Dist, Uniform
from sim.family import Draws, quantity, register
from sim.family.crossroads import LINE_M, Arms, crossroads, road_number
from sim.family.junction_drivers import CAR_M, USERS, AmongDrivers, cruise
from sim.world.road import junction_course
from sim.world.road.movements import MOVEMENTS
from sim.world.scene import Scene

ARMS = (0, 0, 0, 2, 2, 1, 3)
"""Of each slot: the ego between a leader and a follower, two from opposite, one from each side."""
WAYS = np.array([[junction_course(arm, way) for way in MOVEMENTS] for arm in ARMS])
WAYS[[0, 6], 2] = WAYS[[0, 6], 0]  # they go straight instead of right


@register("ordinary_urban")
class OrdinaryUrban(AmongDrivers):
    """Ordinary traffic at a junction, in which nobody is told to do anything wrong.

    All go straight or turn as they like, and wait for those who go first. Nothing is dangerous
    but what drivers bring along: late reactions and glances away. The counterpart of the other
    families at junctions.

                    | 6 |
                    | v |
        ------------+   +------------
        <--                <-- [3] [4]
        [2] [ego] [1]  -->                 the ego's lane has priority, unless it turns left
        ------------+   +------------
                    | ^ |
                    | 5 |                  5 and 6 wait
    """

    danger = (0.0, 0.08)
    never = ("impact_speed_mps > 14",)
    tags = ("nominal", "junction", "PEGASUS layer 4", "car")

    way: Dist = quantity(
        Choice((0, 1, 2), (0.6, 0.2, 0.2)),
        unit="code",
        source="0 straight, 1 left, 2 right",
        status="engineering",
        each=USERS,
    )
    far: Dist = quantity(
        Uniform(2.0, 7.0),
        unit="s",
        source="until the first on each arm would be at the line",
        status="engineering",
        each=4,
    )
    room: Dist = quantity(
        Uniform(0.6, 3.0),
        unit="s",
        source="between those on one arm, beyond the headway of the one behind",
        status="engineering",
        each=3,
    )

    def build(self, draws: Draws) -> Scene:
        arms = Arms(Scene(len(draws), crossroads(), road_number(draws)), draws)
        course = WAYS[np.arange(USERS), draws.way.astype(np.int64)]
        speed = draws.speed
        start = LINE_M - 0.5 * CAR_M - speed[:, None] * draws.far

        def behind(slot: int, row: int) -> tuple[np.ndarray, np.ndarray]:
            # more would start off the road
            gap = speed * np.minimum(draws.headway[:, slot] + draws.room[:, row], 3.8) + 5.0
            return gap, cruise(speed, gap, draws.headway[:, slot])

        first, wish = behind(0, 0)
        leader_s = start[:, 0]
        ego = arms.car(
            0, course=course[:, 0], s=leader_s - first - CAR_M, speed=speed, desired_speed=wish
        )
        arms.car(1, course=course[:, 1], s=leader_s, speed=speed)
        gap, wish = behind(2, 1)
        arms.car(2, course=course[:, 2], behind=ego, gap=gap, speed=speed, desired_speed=wish)
        comes = arms.car(3, course=course[:, 3], s=start[:, 1], speed=speed)
        gap, wish = behind(4, 2)
        arms.car(4, course=course[:, 4], behind=comes, gap=gap, speed=speed, desired_speed=wish)
        arms.car(5, course=course[:, 5], s=start[:, 2], speed=speed)
        arms.car(6, course=course[:, 6], s=start[:, 3], speed=speed)
        return arms.scene

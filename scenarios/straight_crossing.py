"""Straight across the path of the ego, past a sign that says yield."""

import numpy as np

from sim.base.dist import Choice, Dist, Given, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.crossroads import Arms, crossroads, meeting, road_number
from sim.family.junction_drivers import ONCOMING, AtCorner, Meets, long
from sim.world.road import junction_course
from sim.world.scene import Scene

EGO_COURSE = junction_course(0, "straight")
OPPOSING = junction_course(2, "straight")
FROM = np.array([junction_course(1, "straight"), junction_course(3, "straight")])
"""The other's course, from the ego's right and from its left."""


@register("straight_crossing")
class StraightCrossing(AtCorner, Meets):
    """Somebody crosses without a look at the sign.

    Dangerous is that nothing tells it beforehand: the other comes at an even pace, often from
    behind houses, and when it is over its line the ego has a second or two.

                    | . |
                    | 5 |
        ------------+   +------------
        <--                4  <--          4 turns right, 5 waits
        [3]  [ego]  -->        [2]         the ego's lane
        ------------+ ^ +------------
          (houses)  | 1 |  (houses)        1 from the right, or from the left (then 5 from here)
                    | 6 |
    """

    danger = (0.3, 0.6)
    tags = ("junction", "crossing", "ISO 34502 crossing", "PEGASUS layer 4", "car", "truck",
            "motorcycle", "bicycle", "Euro NCAP CCCscp")  # fmt: skip
    crashes = "30 straight crossing paths at non-signalized junctions"
    crash_share = 0.0444
    never = ("collided and apart > 3.5",)

    speed: Dist = quantity(
        Uniform(3.0, 16.7),
        unit="mps",
        source="of the ego: Euro NCAP CCCscp, 0 to 60 km/h, without the slowest",
        status="recalled",
    )
    other_speed: Given = quantity(
        Given(
            "kind",
            (2.5,),
            (Uniform(5.6, 16.7), Uniform(3.0, 7.0)),
        ),
        unit="mps",
        source="Euro NCAP CCCscp, 20 to 60 km/h; bicycles by judgement",
        status="recalled",
    )
    from_left: Dist = quantity(
        Choice((0, 1), (0.5, 0.5)),
        unit="code",
        source="1: the other comes from the ego's left",
        status="engineering",
    )
    apart: Dist = quantity(
        Truncated(Normal(0.5, 3.0), -4.5, 4.5),
        unit="s",
        source="from the other's front on the ground that both need to the ego's, undisturbed",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = crossroads("yield")
        arms = Arms(Scene(len(draws), road, road_number(draws)), draws)
        side = draws.from_left.astype(np.int64)
        meet = meeting(road, EGO_COURSE, FROM[side])
        ahead = np.maximum(draws.apart, 0.0) + 2.5
        ego = arms.ego(EGO_COURSE, meet.start, draws.meets, ahead)
        passes = draws.meets - draws.apart
        s = meet.other_start - 0.5 * long(draws) - draws.other_speed * passes
        other = arms.other(course=FROM[side], s=s, speed=draws.other_speed, law="free")
        behind = np.maximum(-draws.apart, 0.0)
        _, follower = arms.along(EGO_COURSE, ego, ahead, behind)
        across = meeting(road, OPPOSING, FROM[side])
        arms.passes(ONCOMING, OPPOSING, across.start, passes)
        arms.waits(FROM[1 - side], follower, meet.end + 5.0)
        arms.follows(FROM[side], other)
        return arms.scene

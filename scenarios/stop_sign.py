"""A stop sign is rolled through."""

import numpy as np

from sim.base.dist import Choice, Dist, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.crossroads import LINE_M, Arms, crossroads, meeting, road_number
from sim.family.junction_drivers import ONCOMING, AtCorner, Meets, long, pull, pull_time
from sim.world.road import junction_course
from sim.world.scene import Scene

EGO_COURSE, OPPOSING = junction_course(0, "straight"), junction_course(2, "straight")
FROM = np.array([junction_course(1, "straight"), junction_course(3, "straight")])


@register("stop_sign")
class StopSign(AtCorner, Meets):
    """Somebody slows for a stop sign, but does not stop: it rolls over the line and goes on.

    Dangerous is that the braking looks like a stop. Then it is slow, and long in the way.

                    | . |
                    | 5 |
        ------------+   +------------
        <--                    <-- [4]
        [3]  [ego]  -->        [2]         the ego's lane
        ------------+ ^ +------------
          (houses)  | 1 |  (houses)        1 from the right, or from the left (then 5 from here)
             STOP   | 6 |
    """

    danger = (0.3, 0.6)
    never = ("collided and apart > 3.5",)
    tags = ("junction", "crossing", "ISO 34502 crossing", "PEGASUS layer 4", "car", "truck",
            "motorcycle", "bicycle")  # fmt: skip
    crashes = "5 running stop sign"
    crash_share = 0.0081

    other_speed: Dist = quantity(
        Uniform(5.0, 10.0),
        unit="mps",
        source="of the other before it brakes, and of its wish after",
        status="engineering",
    )
    decel: Dist = quantity(
        Uniform(1.5, 3.5), unit="mps2", source="its braking", status="engineering"
    )
    roll: Dist = quantity(
        Uniform(1.0, 4.5), unit="mps", source="its speed at the line", status="engineering"
    )
    from_left: Dist = quantity(
        Choice((0, 1), (0.5, 0.5)),
        unit="code",
        source="1: the other comes from the ego's left",
        status="engineering",
    )
    apart: Dist = quantity(
        Truncated(Normal(0.5, 2.8), -4.0, 4.5),
        unit="s",
        source="from the other's front on the ground that both need to the ego's, undisturbed",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = crossroads("stop")
        arms = Arms(Scene(len(draws), road, road_number(draws)), draws)
        side = draws.from_left.astype(np.int64)
        meet = meeting(road, EGO_COURSE, FROM[side])
        slows = (draws.other_speed - draws.roll) / draws.decel
        rolls = pull_time(meet.other_start - LINE_M, draws.roll, draws.other_speed, pull(draws))
        when = np.maximum(draws.meets, draws.apart + slows + rolls)
        ahead = np.maximum(draws.apart, 0.0) + 2.5
        ego = arms.ego(EGO_COURSE, meet.start, when, ahead)
        passes = when - draws.apart
        line = LINE_M - 0.5 * long(draws)
        brakes = line - 0.5 * (draws.other_speed + draws.roll) * slows
        s = brakes - draws.other_speed * (passes - rolls - slows)
        other = arms.other(course=FROM[side], s=s, speed=draws.other_speed, law="free")
        arms.scene.when(other, at_m=brakes).brake(draws.decel, down_to=draws.roll)
        arms.scene.when(other, at_m=line).speed(draws.other_speed, accel=pull(draws))
        behind = np.maximum(-draws.apart, 0.0)
        _, follower = arms.along(EGO_COURSE, ego, ahead, behind)
        across = meeting(road, OPPOSING, FROM[side])
        arms.passes(ONCOMING, OPPOSING, across.start, passes - 1.5)
        arms.waits(FROM[1 - side], follower, meet.end + 5.0)
        arms.follows(FROM[side], other)
        return arms.scene

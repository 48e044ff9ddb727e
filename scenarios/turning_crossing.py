"""Somebody turns out of a side road before the ego."""

import numpy as np

from sim.base.dist import Beta, Choice, Dist, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.crossroads import LINE_M, Arms, crossroads, meeting, road_number
from sim.family.junction_drivers import ONCOMING, AtCorner, Meets, long
from sim.world.road import junction_course
from sim.world.scene import Scene

EGO_COURSE, OPPOSING = junction_course(0, "straight"), junction_course(2, "straight")
TURNS = np.array([junction_course(*way) for way in ((1, "right"), (3, "left"), (1, "left"))])
OTHER_SIDE = np.array([junction_course(*way) for way in ((3, "right"), (1, "right"), (3, "right"))])


@register("turning_crossing")
class TurningCrossing(AtCorner, Meets):
    """Somebody turns out of a side road: into the ego's lane, or left across it.

    It takes the ego for later than it is. Dangerous is that it comes out of the turn slow, and
    stays in the lane ahead; who turns left across is in the way for longer.

                    | . |
                    | 5 |
        ------------+ . +------------
        <--                    <-- [4]     1 turns right into the ego's lane,
        [3]  [ego]  -->        [2]         or left across it,
        ------------+ ^ +------------      or from the other side left into it
          (houses)  | 1 |  (houses)
                    | 6 |
    """

    danger = (0.1, 0.3)
    constraints = ("critical * taken < 8.0",)
    always = ("not collided or contact_s > max(meets, critical * taken + 1.5) - critical * taken",)
    tags = ("junction", "turning", "ISO 34502 crossing", "ISO 34502 cut-in", "PEGASUS layer 4",
            "car", "truck", "motorcycle", "bicycle")  # fmt: skip
    crashes = "31 vehicles turning at non-signalized junctions"
    crash_share = 0.0732

    turn: Dist = quantity(
        Choice((0, 1, 2), (0.4, 0.3, 0.3)),
        unit="code",
        source="0 right from the right, 1 left from the left, 2 left from the right",
        status="engineering",
    )
    critical: Dist = quantity(
        Truncated(LogNormal(4.72, 0.25), 2.5, 9.0),
        unit="s",
        source="critical headway of the turner: mean 4.87 s published, sigma by judgement",
        status="engineering",
    )
    taken: Dist = quantity(
        Beta(2.5, 3.0, 0.5, 2.3),
        unit="share",
        source="the gap taken over the critical one; under 1 the ego was thought to come later",
        status="engineering",
    )
    roll: Dist = quantity(
        Uniform(0.0, 4.0),
        unit="mps",
        source="speed of the turner at the line",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = crossroads("yield")
        arms = Arms(Scene(len(draws), road, road_number(draws)), draws)
        turn = draws.turn.astype(np.int64)
        meet = meeting(road, EGO_COURSE, TURNS[turn])
        gap = draws.critical * draws.taken
        when = np.maximum(draws.meets, gap + 1.5)
        ego = arms.ego(EGO_COURSE, meet.start, when, gap + 1.0)
        s = LINE_M - 0.5 * long(draws) - draws.roll * (when - gap)
        other = arms.blind(course=TURNS[turn], s=s, speed=draws.roll)
        _, follower = arms.along(EGO_COURSE, ego, gap + 1.0)
        arms.passes(ONCOMING, OPPOSING, meet.start, when - gap)
        arms.waits(OTHER_SIDE[turn], follower, meet.end + 5.0)
        arms.follows(TURNS[turn], other)
        arms.sets_off(other, ego, meet.start, gap)
        return arms.scene

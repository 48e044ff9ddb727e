"""A left turn into a gap that is too short."""

import numpy as np

from sim.base.dist import Beta, Choice, Dist, LogNormal, Truncated
from sim.family import Draws, quantity, register
from sim.family.crossroads import LINE_M, TINY_S, Arms, crossroads, meeting, road_number
from sim.family.junction_drivers import BEHIND, ONCOMING, Meets, long
from sim.family.traffic import NEVER
from sim.world.road import junction_course
from sim.world.scene import Scene

EGO_COURSE, TURNS = junction_course(0, "straight"), junction_course(2, "left")


@register("left_turn_gap")
class LeftTurnGap(Meets):
    """Somebody from opposite turns left before the ego, through a gap that is too short.

    It waits until the ego's leader is by, takes the ego for later than it is, and sets off.
    Dangerous is the time it needs from standing, most of all a truck; and that the next one in
    its queue may come through behind it without a look.

                    |   |
                    |   |
        ------------+   +------------
        <--              v--[1] [6]        1 and 6 turn left
        [3]  [ego]  -->        [2]         the ego's lane
        ------------+ ^ +------------
                    | 5 |                  5 waits, 4 comes behind 6
    """

    danger = (0.15, 0.35)
    constraints = ("critical * taken < 7.0",)
    always = ("not collided or contact_s > max(meets, critical * taken + 1.5) - critical * taken",)
    tags = ("junction", "left turn", "ISO 34502 crossing", "PEGASUS layer 4", "car", "truck",
            "motorcycle", "bicycle")  # fmt: skip
    crashes = "29 left turn across path from opposite directions at non-signalized junctions"
    crash_share = 0.0319

    critical: Dist = quantity(
        Truncated(LogNormal(4.72, 0.25), 2.5, 9.0),
        unit="s",
        source="critical headway of the turner: mean 4.87 s published, sigma by judgement",
        status="engineering",
    )
    taken: Dist = quantity(
        Beta(2.5, 3.0, 0.45, 2.0),
        unit="share",
        source="the gap taken over the critical one; under 1 the ego was thought to come later",
        status="engineering",
    )
    second: Dist = quantity(
        Choice((0, 1), (0.92, 0.08)),
        unit="code",
        source="1: the next in the queue goes through behind it",
        status="engineering",
    )
    follow_up: Dist = quantity(
        Truncated(LogNormal(2.65, 0.25), 1.2, 5.0),
        unit="s",
        source="follow-up headway of that one: mean 2.73 s published, sigma by judgement",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = crossroads("yield")
        arms = Arms(Scene(len(draws), road, road_number(draws)), draws)
        meet = meeting(road, EGO_COURSE, TURNS)
        gap = draws.critical * draws.taken
        over = (meet.end - meet.start) / draws.speed
        when = np.maximum(draws.meets, gap + 1.5)
        ego = arms.ego(EGO_COURSE, meet.start, when, gap + over)
        s = meet.other_start - 0.6 - 0.5 * long(draws)
        other = arms.blind(course=TURNS, s=s, speed=0.0)
        _, follower = arms.along(EGO_COURSE, ego, gap + over)
        comes = LINE_M - 30.0 - 50.0 * draws.place[:, 0]
        arms.car(ONCOMING, course=junction_course(2, "straight"), s=comes, speed=7.0)
        arms.waits(junction_course(1, "right"), follower, meet.end + 5.0)
        queue = {"behind": other, "gap": 2.0, "held": 1, "critical_gap_s": TINY_S}
        second = arms.car(BEHIND, course=TURNS, speed=0.0, **queue)
        arms.sets_off(other, ego, meet.start, gap)
        late = np.where(draws.second == 1, draws.follow_up, NEVER)
        arms.sets_off(second, ego, meet.start, gap, delay_s=late)
        arms.scene.when(second, of=follower, at_m=meet.end, delay_s=draws.follow_up).go()
        return arms.scene

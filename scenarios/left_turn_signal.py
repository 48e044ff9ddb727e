"""A left turn at the end of green."""

import numpy as np

from sim.base.dist import Beta, Dist, Given, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.crossroads import GREEN_S, LINE_M, Arms, crossroads, meeting, road_number
from sim.family.junction_drivers import BEHIND, CAR_M, ONCOMING, USERS, AtJunction, long, pull
from sim.family.traffic import NEVER
from sim.world.road import junction_course
from sim.world.scene import Scene

EGO_COURSE, TURNS = junction_course(0, "straight"), junction_course(2, "left")

AMBER_S = 6.0
"""When the green of the main road ends [s]."""
HURRY = 1.5
"""Times the usual acceleration (engineering)."""


@register("left_turn_signal")
class LeftTurnSignal(AtJunction):
    """Somebody has waited within the junction to turn left, and goes when the light turns amber.

    It expects the ego to stop. Dangerous is an ego that can not, or only by braking hard, and
    goes through; at the end of green the other contents itself with less than its usual gap.

                    | 5 |
                    | = |
        ------------+   +------------
        <--         |  v--[1] [4]          1 turns left, 4 is behind it
        [3]  [ego] -=>         [2]         the ego's lane; = signals
        ------------+ = +------------
                    | 6 |                  5 and 6 wait at red
    """

    danger = (0.2, 0.6)
    constraints = (
        "away + 13.9 / speed < critical",  # else the turner had gone before
        "away < 2.6 or away > speed / (3 * calm) + 0.2",  # else the ego runs a red
    )
    always = ("not collided or contact_s > 6.0",)
    tags = ("junction", "left turn", "signals", "ISO 34502 crossing", "PEGASUS layer 4", "car",
            "truck", "motorcycle", "bicycle")  # fmt: skip
    crashes = "27 left turn across path from opposite directions at signalized junctions"
    crash_share = 0.0371

    away: Dist = quantity(
        Uniform(0.5, 4.0),
        unit="s",
        source="from amber until the ego, undisturbed, is at its line",
        status="engineering",
    )
    critical: Dist = quantity(
        Truncated(LogNormal(4.72, 0.25), 2.5, 9.0),
        unit="s",
        source="critical headway of the turner: mean 4.87 s published, sigma by judgement",
        status="engineering",
    )
    hurry: Dist = quantity(
        Beta(2.0, 3.0, 0.1, 0.9),
        unit="share",
        source="of its critical headway that will do for the turner at amber",
        status="engineering",
    )
    reaction: Given = quantity(
        Given(
            "night",
            (0.5,),
            (
                Truncated(LogNormal(0.75, 0.35), 0.2, 2.5),
                Truncated(LogNormal(0.9, 0.35), 0.2, 2.5),
            ),
        ),
        unit="s",
        source="0.75 s where braking is expected, as at amber (Green 2000); a fifth more at night "
        "and the spread by judgement",
        status="recalled",
        each=USERS,
    )
    calm: Dist = quantity(
        Truncated(LogNormal(1.2, 0.25), 0.8, 3.0),
        unit="mps2",
        source="the ego's comfortable braking: where stopping takes over 1.5 times that it goes on",
        status="engineering",
    )
    lag: Dist = quantity(
        Truncated(LogNormal(0.6, 0.4), 0.2, 3.0),
        unit="s",
        source="from amber until the turner sets off",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = crossroads("signals", green_at=(AMBER_S - GREEN_S,))
        arms = Arms(Scene(len(draws), road, road_number(draws)), draws)
        meet = meeting(road, EGO_COURSE, TURNS)
        line = np.full(len(draws), LINE_M)
        ahead = 2.5 + (meet.end - meet.start) / draws.speed
        when = AMBER_S + draws.away
        ego = arms.ego(EGO_COURSE, line, when, ahead, brake_comfort=draws.calm)
        s = meet.other_start - 0.6 - 0.5 * long(draws)
        other = arms.blind(course=TURNS, s=s, speed=0.0, accel_max=HURRY * pull(draws))
        arms.along(EGO_COURSE, ego, ahead)
        arms.car(ONCOMING, course=TURNS, behind=other, gap=3.0, speed=0.0)
        arms.waits(junction_course(3, "right"))
        stands = LINE_M - 0.5 * CAR_M - 0.5
        arms.car(BEHIND, course=junction_course(1, "straight"), s=stands, speed=0.0)
        left = draws.away + (meet.start - LINE_M) / draws.speed - draws.lag
        goes = left > draws.hurry * draws.critical
        arms.scene.when(other, time_s=np.where(goes, AMBER_S + draws.lag, NEVER)).go()
        arms.scene.when(other, of=ego, at_m=meet.end + 3.0, delay_s=1.0).go()
        return arms.scene

"""A red light is run."""

import numpy as np
from numpy.typing import NDArray

from sim.base.dist import Choice, Dist, Exponential, Given, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.crossroads import LINE_M, Arms, crossroads, meeting, road_number
from sim.family.junction_drivers import CAR_M, ONCOMING, AtCorner, long
from sim.world.road import junction_course
from sim.world.scene import Scene

EGO_COURSE, OPPOSING = junction_course(0, "straight"), junction_course(2, "straight")
FROM = np.array([junction_course(1, "straight"), junction_course(3, "straight")])

RED_S = np.array([6.0, 1.0, -4.0, -9.0, -14.0, -19.0])
"""When the runner's signal turns red [s]: late runners have a red of their own, by 5 s, so that
all pass their line 6 to 11 s after the start."""
ALL_RED_S = 1.0
GREEN_AT = tuple(float(at) + ALL_RED_S for at in RED_S)


def red_number(late: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which of the six instants of red, (n,)."""
    return np.where(late < 5.0, 0, late // 5.0).astype(np.int64).clip(0, 5)


@register("red_light_runner")
class RedLightRunner(AtCorner):
    """Somebody runs a red light while the ego has green.

    Mostly a moment late, when the ego rolls up to a light that just turned green; now and then
    in the midst of red. Dangerous is that green is trusted: nobody looks aside.

                    | . |
                    | 5 |
        ------------+ = +------------
        <--             |      <-- [4]     = red
        [3]  [ego]  |->        [2]         the ego's lane: green; 2 only long after it turned so
        ------------+ = +------------
          (houses)  | 1 |  (houses)        1 from the right, or from the left (then 5 from here)
                    | 6 |
    """

    danger = (0.2, 0.6)
    always = ("not collided or contact_s > 6.0",)
    never = ("collided and midst < 1 and after > 5.5",)
    tags = ("junction", "crossing", "signals", "ISO 34502 crossing", "PEGASUS layer 4", "car",
            "truck", "motorcycle", "bicycle")  # fmt: skip
    crashes = "4 running red light"
    crash_share = 0.0427

    midst: Dist = quantity(
        Choice((0, 1), (0.965, 0.035)),
        unit="code",
        source="1: in the midst of red. 94 % run it in its first 2 s, 3 % after 5 s",
        status="derived",
    )
    late: Given = quantity(
        Given("midst", (0.5,), (Truncated(Exponential(0.547), 0.0, 5.0), Uniform(5.0, 30.0))),
        unit="s",
        source="time into red: 0.965 exponential of mean 0.547 s, 0.035 from 5 to 30 s",
        status="derived",
    )
    other_speed: Given = quantity(
        Given("kind", (2.5,), (Uniform(8.0, 18.0), Uniform(4.0, 8.0))),
        unit="mps",
        source="of the runner: urban, some faster; bicycles slower",
        status="engineering",
    )
    from_left: Dist = quantity(
        Choice((0, 1), (0.5, 0.5)),
        unit="code",
        source="1: the runner comes from the ego's left",
        status="engineering",
    )
    after: Given = quantity(
        Given("midst", (0.5,), (Truncated(Exponential(1.0), 0.0, 6.0), Uniform(0.0, 6.0))),
        unit="s",
        source="until the ego passes its line: from when that turned green, or in the midst of "
        "red from 3 s before the runner passes its own",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road, red = crossroads("signals", GREEN_AT, ALL_RED_S), red_number(draws.late)
        arms = Arms(Scene(len(draws), road, road_number(draws, red)), draws)
        side = draws.from_left.astype(np.int64)
        meet = meeting(road, EGO_COURSE, FROM[side])
        runs = RED_S[red] + draws.late
        settled = red > 0
        enters = np.where(settled, runs - 3.0, RED_S[0] + ALL_RED_S + 0.1) + draws.after
        apart = enters - runs + (meet.start - LINE_M) / draws.speed
        apart -= (meet.other_start - LINE_M) / draws.other_speed
        ahead = np.maximum(apart, 0.0) + 2.5
        ego = arms.ego(EGO_COURSE, np.full(len(draws), LINE_M), enters, ahead, held=1)
        arms.scene.when(ego, time_s=np.where(settled, 0.0, RED_S[0] + ALL_RED_S)).go()
        s = LINE_M - 0.5 * long(draws) - draws.other_speed * runs
        other = arms.other(course=FROM[side], s=s, speed=draws.other_speed, law="free")
        arms.along(EGO_COURSE, ego, ahead, np.maximum(-apart, 0.0), led=settled)
        stands = LINE_M - 0.5 * CAR_M - 0.5
        flows = LINE_M - draws.speed * (runs - 3.0 - 2.0 * draws.place[:, 0])
        speed = np.where(settled, draws.speed, 0.0)
        arms.car(ONCOMING, course=OPPOSING, s=np.where(settled, flows, stands), speed=speed)
        arms.waits(FROM[1 - side])
        arms.follows(FROM[side], other)
        return arms.scene

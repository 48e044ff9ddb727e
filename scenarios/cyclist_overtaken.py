"""A cyclist is overtaken."""

import numpy as np

from sim.base.dist import Dist, LogNormal, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.in_street import STREET, InStreet
from sim.family.street import AT_M, CAR_M, street, street_road
from sim.family.walkers import BICYCLE_M
from sim.world.scene import Scene

SIDE_M = -1.3
"""Where cyclists ride, from the middle of the lane [m]."""

HALVES_M = 0.9 + 0.3
"""Half the widths of a car and of a cyclist [m]."""

CLEAR_S = 1.5
"""The leader is so far beyond the cyclist at the start [s]."""


@register("cyclist_overtaken")
class CyclistOvertaken(InStreet):
    """A cyclist is overtaken within the lane, and swerves to the left.

    Dangerous is how little room is left in passing: at night it is left late, and a cyclist who
    rounds a hole or a door needs half a metre within half a second.

        lane 1      [4]                       [3]  <--
        lane 0  [2]        [ego]      b^                [1]  -->
    """

    seconds = 15.0
    tags = (*STREET, "overtaking", "cyclist", "lateral", "ISO 34502 cut-in")
    crashes = "14 pedalcyclist crash without prior vehicle manoeuvre (its share: cyclist_crossing)"
    never = ("contact_s < settle + 1.0", "impact_speed_mps > 1.25 * (speed + pace)")

    speed: Dist = quantity(
        Truncated(Normal(12.5, 2.0), 9.0, 19.0),
        unit="mps",
        source="around a limit of 50 km/h, and well above the cyclist's",
        status="engineering",
    )
    pace: Dist = quantity(
        Truncated(Normal(4.9, 0.8), 2.5, 6.5),
        unit="mps",
        source="between the 15 and 20 km/h of Euro NCAP's cyclist ahead; sd judged",
        status="recalled",
    )
    room: Dist = quantity(
        Truncated(Normal(0.8, 0.3), 0.2, 1.3),
        unit="m",
        source="from side to side as the driver means to pass",
        status="engineering",
    )
    dares: Dist = quantity(
        Uniform(0.02, 0.3),
        unit="m",
        source="room with which the driver goes on; with less it brakes",
        status="engineering",
    )
    swerve: Dist = quantity(
        Truncated(LogNormal(0.6, 0.6), 0.1, 2.0),
        unit="m",
        source="how far the cyclist swerves",
        status="engineering",
    )
    across: Dist = quantity(
        Uniform(0.4, 1.4), unit="mps", source="its speed across", status="engineering"
    )
    early: Dist = quantity(
        Truncated(Normal(0.8, 1.0), -0.5, 4.0),
        unit="s",
        source="from the swerve to the ego's front at the cyclist's rear",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = street_road(1.0, 6.0)
        early = np.maximum(draws.early, 0.05)
        closing = draws.speed - draws.pace
        left = SIDE_M + HALVES_M + draws.room
        gap = closing * (early + 1.5 + draws.settle)
        far = (gap + BICYCLE_M) / draws.speed + CLEAR_S
        seen_late = draws.sight < gap
        cars = street(
            draws, road, before=draws.early, seen=early, ahead=far,
            d=np.where(seen_late, 0.0, left), clearance_m=draws.dares,
        )  # fmt: skip
        cyclist = cars.scene.bicycle(
            course=0, ahead_of=cars.ego, gap=gap, d=SIDE_M, speed=draws.pace,
            desired_speed=draws.pace,
        )  # fmt: skip
        sees = cars.scene.when(cars.ego, gap_m=draws.sight, to=cyclist)
        sees.offset(left)
        swerves = cars.scene.when(
            cyclist,
            of=cars.ego,
            at_m=AT_M - 0.5 * CAR_M,
            before_s=early,
            delay_s=early - draws.early,
        )
        swerves.offset(SIDE_M + draws.swerve, lateral_speed=draws.across)
        return cars.scene

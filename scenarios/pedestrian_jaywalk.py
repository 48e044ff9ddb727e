"""Somebody crosses an arterial road in the dark."""

import numpy as np

from sim.base.dist import Choice, Dist, Given, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.in_street import STREET, InStreet
from sim.family.street import LANE_M, street, street_road
from sim.family.walkers import WAITS_M, crossing
from sim.world.scene import Scene

WIDTH_M, PAVEMENT_M, LANES = 1.0, 6.0, 2


@register("pedestrian_jaywalk")
class PedestrianJaywalk(InStreet):
    """Somebody crosses an arterial road where nobody expects it, mostly in the dark.

    Dangerous are the speed, at which headlights reach no further than a stop takes, and those
    who cross in two goes: they stand on the centre line, unheeded, and walk on as the ego comes.

        lane 0'                          [4]   <--
        lane 1'          [3]               w   <--
        lane 1                             v   -->       w on the centre line,
        lane 0   [2]    [ego]              ^   -->       or from the right
    """

    seconds = 16.0
    tags = (*STREET, "jaywalking", "pedestrian", "ISO 34502 crossing")
    crashes = "12 pedestrian crash without prior vehicle manoeuvre (its share: pedestrian_crossing)"
    never = ("contact_s < settle + 1.5", "impact_speed_mps > 1.25 * (speed + pace)")

    speed: Dist = quantity(
        Truncated(Normal(16.5, 2.5), 10.0, 22.0),
        unit="mps",
        source="around a limit of 60 km/h",
        status="engineering",
    )
    night: Dist = quantity(
        Choice((0.0, 1.0), (0.3, 0.7)), unit="code", source="1 dark", status="engineering"
    )
    older: Dist = quantity(
        Choice((0.0, 1.0), (0.7, 0.3)),
        unit="code",
        source="1 an older person",
        status="engineering",
    )
    pace: Given = quantity(
        Given(
            "older",
            (0.5,),
            (Truncated(Normal(1.51, 0.25), 0.8, 2.3), Truncated(Normal(1.25, 0.27), 0.7, 2.1)),
        ),
        unit="mps",
        source="walking: means recalled, sd derived",
        status="derived",
    )
    half: Dist = quantity(
        Choice((0.0, 1.0), (0.5, 0.5)),
        unit="code",
        source="1 has crossed half the road and stands on its centre line, 0 from the right",
        status="engineering",
    )
    back: Dist = quantity(
        Uniform(0.2, 3.0),
        unit="m",
        source="where those from the right stand before, from the edge of the pavement",
        status="engineering",
    )
    late: Dist = quantity(
        Truncated(Normal(0.5, 3.5), -4.5, 8.0),
        unit="s",
        source="in the middle of the ego's lane, after the ego's front; negative: before",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = street_road(WIDTH_M, PAVEMENT_M, LANES)
        back = np.where(draws.half == 1.0, -WAITS_M - LANES * LANE_M, draws.back)
        way = crossing(
            draws.pace, draws.late, pavement=PAVEMENT_M, back=back, side=draws.half, lanes=LANES
        )
        cars = street(draws, road, before=way.before, seen=way.seen)
        way.walk(cars)
        return cars.scene

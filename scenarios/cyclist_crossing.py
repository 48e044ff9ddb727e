"""A cyclist crosses."""

import numpy as np

from sim.base.dist import Choice, Dist, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.in_street import STREET, InStreet
from sim.family.street import AT_M, street, street_road
from sim.family.walkers import BICYCLE_M, PARKED_EDGE_M, RIGHT, crossing, parked_row
from sim.world.scene import Scene

WIDTH_M, PAVEMENT_M = 1.2, 140.0


@register("cyclist_crossing")
class CyclistCrossing(InStreet):
    """A cyclist rides across the street from a path, without slowing down.

    Dangerous is the speed: three times that of who walks, so that a cyclist is in the ego's way
    a second after it left the path, and sooner still where parked cars hid it.

        lane 1      [4]           |         [3]   <--
        lane 0  [2]  [ego]        ^               [1]  -->
             [parked][parked]     b   [parked]
                                  |  path
    """

    seconds = 15.0
    tags = (*STREET, "crossing path", "cyclist", "ISO 34502 crossing")
    crashes = "14 pedalcyclist crash without prior vehicle manoeuvre"
    crash_share = 0.0072
    never = ("contact_s < settle + 1.5", "impact_speed_mps > 1.25 * (speed + pace)")

    pace: Dist = quantity(
        Truncated(Normal(4.9, 0.9), 2.5, 8.0),
        unit="mps",
        source="between the 15 and 20 km/h of Euro NCAP's crossing cyclists; sd judged",
        status="recalled",
    )
    side: Dist = quantity(
        Choice((0.0, 1.0)),
        unit="code",
        source="0 from the right, 1 from the left",
        status="engineering",
    )
    hidden: Dist = quantity(
        Choice((0.0, 1.0), (0.6, 0.4)),
        unit="code",
        source="1 parked cars on the right",
        status="engineering",
    )
    edge: Dist = quantity(
        Uniform(0.5, 3.0),
        unit="m",
        source="from the cyclist's way to them",
        status="engineering",
    )
    late: Dist = quantity(
        Truncated(Normal(0.0, 2.5), -4.5, 6.0),
        unit="s",
        source="in the middle of the ego's lane, after the ego's front; negative: before",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = street_road(WIDTH_M, PAVEMENT_M)
        parked = draws.hidden == 1.0
        way = crossing(
            draws.pace,
            draws.late,
            pavement=PAVEMENT_M,
            back=0.0,
            side=draws.side,
            hidden=np.where(parked & (draws.side == RIGHT), PARKED_EDGE_M, np.inf),
            length=BICYCLE_M,
        )
        seen = np.minimum(way.before, way.seen)
        cars = street(draws, road, before=way.before, seen=seen)
        way.ride(cars)
        parked_row(cars.scene, AT_M, draws.edge, present=parked)
        return cars.scene

"""A child runs into the road."""

from sim.base.dist import Choice, Dist, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.in_street import STREET, InStreet
from sim.family.street import AT_M, street, street_road
from sim.family.walkers import CHILD, PARKED_EDGE_M, crossing, parked_row
from sim.world.scene import Scene

WIDTH_M, PAVEMENT_M, PULL_MPS2 = 1.0, 8.0, 3.5

SECOND_M = 0.8
"""From the first child to the second before they run [m]."""


@register("child_runs")
class ChildRuns(InStreet):
    """A child runs out between parked cars, and often a second one after it.

    Dangerous is how little time there is: at a run it is a second from behind the cars to the
    middle of the lane. And the driver who let the first one pass meets the second.

        lane 1       [4]                     [3]   <--
        lane 0  [2]   [ego]                       [1]  -->
                   [parked][parked] ^^ [parked]
    """

    seconds = 15.0
    tags = (*STREET, "occlusion", "child", "pedestrian", "ISO 34502 crossing")
    crashes = "12 pedestrian crash without prior vehicle manoeuvre (its share: pedestrian_crossing)"
    never = ("contact_s < settle + 1.5", "impact_speed_mps > 1.25 * (speed + pace)")

    speed: Dist = quantity(
        Truncated(Normal(9.5, 1.8), 5.0, 15.0),
        unit="mps",
        source="residential: a little above 30 km/h",
        status="engineering",
    )
    pace: Dist = quantity(
        Truncated(Normal(2.6, 0.5), 1.4, 4.0),
        unit="mps",
        source="somewhat above Euro NCAP's 8 km/h for who runs",
        status="engineering",
    )
    edge: Dist = quantity(
        Uniform(0.4, 1.5),
        unit="m",
        source="from the way across to the parked car before it",
        status="engineering",
    )
    back: Dist = quantity(
        Uniform(2.0, 5.0),
        unit="m",
        source="where the run begins, from the lane",
        status="engineering",
    )
    second: Dist = quantity(
        Choice((0.0, 1.0), (0.6, 0.4)),
        unit="code",
        source="1 another child follows",
        status="engineering",
    )
    behind: Dist = quantity(
        Uniform(0.5, 2.5), unit="s", source="from the first to the second", status="engineering"
    )
    late: Dist = quantity(
        Truncated(Normal(0.5, 3.2), -4.0, 7.0),
        unit="s",
        source="in the middle of the ego's lane, after the ego's front; negative: before",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = street_road(WIDTH_M, PAVEMENT_M)
        way = crossing(
            draws.pace,
            draws.late,
            pavement=PAVEMENT_M,
            back=draws.back,
            hidden=PARKED_EDGE_M,
            pull=PULL_MPS2,
            length=CHILD["length"],
        )
        cars = street(draws, road, before=way.before, seen=way.seen)
        way.walk(cars, **CHILD)
        follows = {"s": way.start - SECOND_M, "present": draws.second == 1.0}
        way.walk(cars, after=draws.behind, **(CHILD | follows))
        parked_row(cars.scene, AT_M, draws.edge)
        return cars.scene

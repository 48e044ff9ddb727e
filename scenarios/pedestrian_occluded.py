"""Somebody steps out from behind what stands at the kerb."""

from sim.base.dist import Choice, Dist, Given, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.in_street import STREET, InStreet
from sim.family.street import AT_M, street, street_road
from sim.family.walkers import PARKED_EDGE_M, crossing, parked_row
from sim.world.scene import Scene

WIDTH_M, PAVEMENT_M, BUS_M, BUS_WIDTH_M = 1.0, 8.0, 12.0, 2.5


@register("pedestrian_occluded")
class PedestrianOccluded(InStreet):
    """Somebody steps out between parked cars, or in front of a bus that stands at its stop.

    Dangerous is that nothing is to be seen until half a step before the ego's way, when no
    driver reacts in time: only who drives slowly, or has emergency braking, stops.

        lane 1       [4]                    [3]    <--
        lane 0  [2]   [ego]                       [1]  -->
                  [parked][parked]  ^  [parked]            or [    bus    ] ^
    """

    seconds = 15.0
    tags = (*STREET, "occlusion", "pedestrian", "ISO 34502 crossing")
    crashes = "12 pedestrian crash without prior vehicle manoeuvre (its share: pedestrian_crossing)"
    never = ("contact_s < settle + 1.5", "impact_speed_mps > 1.25 * (speed + pace)")

    bus: Dist = quantity(
        Choice((0.0, 1.0), (0.7, 0.3)),
        unit="code",
        source="1 a bus hides, 0 parked cars",
        status="engineering",
    )
    runs: Dist = quantity(
        Choice((0.0, 1.0), (0.86, 0.14)),
        unit="code",
        source="1 runs: 14 % of those who cross at transit sites",
        status="published",
    )
    pace: Given = quantity(
        Given(
            "runs",
            (0.5,),
            (Truncated(Normal(1.51, 0.25), 0.8, 2.3), Truncated(Normal(2.22, 0.3), 1.6, 3.5)),
        ),
        unit="mps",
        source="walking: mean recalled, sd derived; running: Euro NCAP's 8 km/h, sd judged",
        status="derived",
    )
    edge: Dist = quantity(
        Uniform(0.5, 2.0),
        unit="m",
        source="from the way across to what hides it",
        status="engineering",
    )
    back: Dist = quantity(
        Uniform(2.0, 4.0),
        unit="m",
        source="where one stands before, from the lane",
        status="engineering",
    )
    late: Dist = quantity(
        Truncated(Normal(0.5, 3.5), -4.5, 8.0),
        unit="s",
        source="in the middle of the ego's lane, after the ego's front; negative: before",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = street_road(WIDTH_M, PAVEMENT_M)
        way = crossing(
            draws.pace, draws.late, pavement=PAVEMENT_M, back=draws.back, hidden=PARKED_EDGE_M
        )
        cars = street(draws, road, before=way.before, seen=way.seen)
        way.walk(cars)
        bus = draws.bus == 1.0
        parked_row(cars.scene, AT_M, draws.edge, present=~bus)
        stands = {"s": AT_M - draws.edge - 0.5 * BUS_M, "speed": 0.0, "held": 1}
        stands |= {"length": BUS_M, "width": BUS_WIDTH_M, "present": bus}
        cars.scene.truck(d=-PARKED_EDGE_M - 0.5 * BUS_WIDTH_M, **stands)
        return cars.scene

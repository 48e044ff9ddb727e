"""Somebody crosses on foot."""

from sim.base.dist import Choice, Dist, Given, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.in_street import STREET, InStreet
from sim.family.street import street, street_road
from sim.family.walkers import crossing
from sim.world.scene import Scene

WIDTH_M, PAVEMENT_M = 2.0, 6.0


@register("pedestrian_crossing")
class PedestrianCrossing(InStreet):
    """Somebody crosses at a marked crossing, and the ego's driver does not expect it.

    Dangerous is how late it is seen that somebody sets foot on the road: at night, by those who
    look elsewhere or react late; and a wet road on which braking takes twice as long. Children
    start faster than they are expected to, the elderly stay longer.

        lane 1         [4]        # v #     [3]   <--
        lane 0  [2]    [ego]      #   #       [1]  -->     # crossing
                                  # ^ #                    ^ from the right, v from the left
    """

    seconds = 18.0
    tags = (*STREET, "crosswalk", "pedestrian", "ISO 34502 crossing")
    crashes = "11, 12 pedestrian crash, with or without prior vehicle manoeuvre"
    crash_share = 0.0095
    never = ("contact_s < settle + 1.5", "impact_speed_mps > 1.25 * (speed + pace)")

    age: Dist = quantity(
        Choice((0.0, 1.0, 2.0), (0.6, 0.25, 0.15)),
        unit="code",
        source="0 adult, 1 older, 2 child",
        status="engineering",
    )
    pace: Given = quantity(
        Given(
            "age",
            (0.5, 1.5),
            (
                Truncated(Normal(1.51, 0.25), 0.8, 2.3),
                Truncated(Normal(1.25, 0.27), 0.7, 2.1),
                Truncated(Normal(2.2, 0.4), 1.2, 3.4),
            ),
        ),
        unit="mps",
        source="walking: means recalled, sd derived; children at Euro NCAP's 8 km/h, sd judged",
        status="derived",
    )
    side: Dist = quantity(
        Choice((0.0, 1.0)),
        unit="code",
        source="0 from the right, 1 from the left",
        status="engineering",
    )
    back: Dist = quantity(
        Uniform(0.2, 3.0),
        unit="m",
        source="where one stands before, from the edge of the pavement",
        status="engineering",
    )
    late: Dist = quantity(
        Truncated(Normal(0.5, 3.5), -4.0, 8.0),
        unit="s",
        source="in the middle of the ego's lane, after the ego's front; negative: before",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = street_road(WIDTH_M, PAVEMENT_M)
        way = crossing(
            draws.pace, draws.late, pavement=PAVEMENT_M, back=draws.back, side=draws.side
        )
        cars = street(draws, road, before=way.before, seen=way.seen)
        way.walk(cars)
        return cars.scene

"""A cyclist crosses."""

from typing import Any

from sim.base.dist import Choice, Dist, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.in_street import STREET, InStreet
from sim.family.street import street, street_road
from sim.family.walkers import BICYCLE_M, crossing
from sim.world.scene import Scene

WIDTH_M, PAVEMENT_M = 1.2, 140.0


@register("cyclist_crossing")
class CyclistCrossing(InStreet):
    """A cyclist rides across the street from a path, without slowing down.

    Dangerous is the speed: three times that of who walks, so that a cyclist from the right is in
    the ego's way half a second after it left the path; and that a second one may follow.

        lane 1      [4]           :         [3]   <--
        lane 0  [2]  [ego]        ^               [1]  -->
                                  b
                                  b  path                  (or from the left)
    """

    seconds = 15.0
    tags = (*STREET, "crossing path", "cyclist", "ISO 34502 crossing")
    crashes = "13, 14 pedalcyclist crash, with or without prior vehicle manoeuvre"
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
    second: Dist = quantity(
        Choice((0.0, 1.0), (0.7, 0.3)),
        unit="code",
        source="1 another cyclist rides behind",
        status="engineering",
    )
    behind: Dist = quantity(
        Uniform(0.8, 3.0), unit="s", source="from the first to the second", status="engineering"
    )
    late: Dist = quantity(
        Truncated(Normal(0.0, 2.5), -4.5, 6.0),
        unit="s",
        source="in the middle of the ego's lane, after the ego's front; negative: before",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = street_road(WIDTH_M, PAVEMENT_M)
        path: dict[str, Any] = {
            "pavement": PAVEMENT_M,
            "side": draws.side,
            "back": 0.0,
            "length": BICYCLE_M,
        }
        first = crossing(draws.pace, draws.late, **path)
        second = crossing(draws.pace, draws.late + draws.behind, **path)
        cars = street(draws, road, before=first.before, seen=first.seen)
        first.ride(cars)
        second.ride(cars, present=draws.second == 1.0)
        return cars.scene

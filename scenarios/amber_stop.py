"""A lead that stops at amber."""

import numpy as np

from sim.base.dist import Choice, Dist, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.town import STEADY, TOWN, InTown, oncoming, two_way
from sim.family.traffic import NEVER, traffic
from sim.world.scene import Scene


@register("amber_stop")
class AmberStop(InTown):
    """The light turns amber, a leader stops, and the ego had meant to go through.

    Dangerous is the disagreement: the one who still has room brakes at once, and the one behind
    looks at the light, or past the car ahead, and expects it to go.

        lane 2    [5]   [6]   [7]          |
        lane 1   [4] [ego] [1] [2]<<       | [3]   -->      | the line at amber
        lane 0     [8]   [9]   [10]        |
    """

    tags = (*TOWN, "signals", "junction")
    danger = (0.65, 0.9)
    crashes = "25 lead vehicle decelerating (its share stands with lead_brakes)"

    speed: Dist = quantity(
        Uniform(5.0, 14.0),
        unit="mps",
        source="of the traffic before anything happens, up to 50 km/h",
        status="engineering",
        measured="following_speed",
    )
    stops: Dist = quantity(
        Choice((0, 1, 2, 3), (0.15, 0.45, 0.25, 0.15)),
        unit="count",
        source="which of the leaders stops, 1 the nearest, 0 none; those ahead of it go through",
        status="engineering",
    )
    amber: Dist = quantity(
        Uniform(2.0, 5.0), unit="s", source="when the light turns amber", status="engineering"
    )
    answer: Dist = quantity(
        Truncated(LogNormal(1.0, 0.3), 0.4, 2.0),
        unit="s",
        source="from amber until the one who stops brakes: 1.0 s of signal design (ITE)",
        status="recalled",
    )
    decel: Dist = quantity(
        Truncated(LogNormal(2.2, 0.45), 0.8, 6.0),
        unit="mps2",
        source="of the one who stops: around the 3 m/s² of signal design (ITE), milder as many "
        "have room; by judgement",
        status="engineering",
    )
    beside: Dist = quantity(
        Choice((0.0, 1.0), (0.4, 0.6)),
        unit="code",
        source="1 the lanes beside stop as well, 0 they get through",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        road = traffic(draws, draws.speed, road=two_way(), **STEADY)
        brakes = draws.amber + draws.answer
        for k, leader in enumerate(road.leaders, start=1):
            here = draws.stops == k
            stop = road.scene.when(leader, time_s=np.where(here, brakes, NEVER))
            stop.brake(draws.decel, down_to=0.0)
        for front, late in ((road.left[0], 0.3), (road.right[0], -0.2)):
            also = np.where(draws.beside == 1.0, brakes + late, NEVER)
            road.scene.when(front, time_s=also).brake(draws.decel, down_to=0.0)
        oncoming(road.scene, draws, road.ego)
        return road.scene

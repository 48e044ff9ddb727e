"""A stop-and-go wave."""

from sim.base.dist import Beta, Dist, Uniform
from sim.family import Draws, quantity, register
from sim.family.traffic import InTraffic, traffic
from sim.world.scene import Scene


@register("stop_and_go")
class StopAndGo(InTraffic):
    """A wave runs backwards through dense traffic: slow, go, and slow again.

    Dangerous is that each driver answers later and harder than the one ahead, and that the
    second wave comes while gaps are still those of the first.

        lane 2       [5]~~      [6]       [7]
        lane 1   [4]   [ego]   [1]   [2]   [3]~~   -->      ~~ slows, goes on, slows
        lane 0     [8]~~      [9]       [10]
    """

    seconds = 20.0
    tags = ("rear-end", "longitudinal", "wave", "ISO 34502 deceleration", "PEGASUS layer 4")
    crashes = "25 lead vehicle decelerating (its share stands with lead_brakes)"

    speed: Dist = quantity(
        Uniform(4.0, 18.0),
        unit="mps",
        source="dense traffic",
        status="engineering",
        measured="following_speed",
    )
    depth: Dist = quantity(
        Beta(2, 1.2, 0.1, 1.0),
        unit="share",
        source="of its speed that the first one loses in each wave",
        status="engineering",
        measured="braking_lost",
        each=2,
    )
    decel: Dist = quantity(
        Uniform(0.8, 4.5),
        unit="mps2",
        source="of the first one",
        status="engineering",
        each=2,
        measured="braking_peak",
    )
    hold: Dist = quantity(
        Uniform(0.5, 3.0), unit="s", source="at the bottom of a wave", status="engineering", each=2
    )
    start: Dist = quantity(
        Uniform(2.0, 5.0), unit="s", source="time of the first wave", status="engineering"
    )
    between: Dist = quantity(
        Uniform(2.0, 5.0), unit="s", source="from a wave's end to the next", status="engineering"
    )

    def build(self, draws: Draws) -> Scene:
        road = traffic(draws, draws.speed)
        for front, late in zip(road.fronts, (-1.0, 0.0, 1.0)):
            begins = draws.start + late
            for wave in (0, 1):
                lost = draws.depth[:, wave] * draws.speed
                low = draws.speed - lost
                bottom = begins + lost / draws.decel[:, wave] + draws.hold[:, wave]
                road.scene.when(front, time_s=begins).brake(draws.decel[:, wave], down_to=low)
                road.scene.when(front, time_s=bottom).go()
                begins = bottom + draws.between
        return road.scene

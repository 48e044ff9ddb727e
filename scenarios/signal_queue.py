"""A queue that sets off at a signal and stops again."""

from sim.base.dist import Choice, Dist, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.town import STEADY, TOWN, InTown, oncoming, two_way
from sim.family.traffic import traffic
from sim.world.scene import Scene


@register("signal_queue")
class SignalQueue(InTown):
    """A queue sets off at green, gathers speed, and stops again at the tail of the next one.

    Dangerous is that all still accelerate, close together, when the first one brakes: who has
    looked at the signal and not at the car ahead drives into it.

        lane 2    [5]   [6]   [7]
        lane 1   [4] [ego] [1] [2] [3]   -->  sets off       then  <<
        lane 0     [8]   [9]   [10]
    """

    seconds = 20.0
    tags = (*TOWN, "queue", "signals")
    danger = (0.6, 0.9)
    crashes = "25 lead vehicle decelerating (its share stands with lead_brakes)"

    speed: Dist = quantity(
        Uniform(0.3, 2.5),
        unit="mps",
        source="of the queue as it begins to move",
        status="engineering",
    )
    top: Dist = quantity(
        Uniform(4.0, 13.0),
        unit="mps",
        source="speed up to which the front accelerates",
        status="engineering",
    )
    wish: Dist = quantity(
        Uniform(1.0, 1.5),
        unit="share",
        source="speed that the others would like, over that of the front",
        status="engineering",
    )
    runs: Dist = quantity(
        Uniform(0.0, 4.0), unit="s", source="how long it keeps that speed", status="engineering"
    )
    decel: Dist = quantity(
        Truncated(LogNormal(1.8, 0.5), 0.6, 6.0),
        unit="mps2",
        source="of the front: leads of three recorded sites brake at 1.5 m/s² in the median, each "
        "at its hardest on Lankershim (NGSIM) at 2.5",
        status="derived",
        measured="braking_peak",
    )
    kept: Dist = quantity(
        Choice((0.0, 0.3), (0.7, 0.3)),
        unit="share",
        source="of its speed: 0 it stops at the next tail, else that moves off in time",
        status="engineering",
    )
    hold: Dist = quantity(
        Uniform(1.0, 6.0), unit="s", source="until it goes on", status="engineering"
    )

    def build(self, draws: Draws) -> Scene:
        road = traffic(
            draws, draws.speed, desired_speed=draws.wish * draws.top, road=two_way(), **STEADY
        )
        for front, late in zip(road.fronts, (1.0, 0.0, 0.5)):
            pull = draws.accel_max[:, 3]
            road.scene.when(front, time_s=late).speed(draws.top, accel=pull)
            begins = late + (draws.top - draws.speed) / pull + draws.runs
            low = draws.kept * draws.top
            road.scene.when(front, time_s=begins).brake(draws.decel, down_to=low)
            goes = begins + (draws.top - low) / draws.decel + draws.hold
            road.scene.when(front, time_s=goes).speed(draws.top, accel=pull)
        oncoming(road.scene, draws, road.ego)
        return road.scene

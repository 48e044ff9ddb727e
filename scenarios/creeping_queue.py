"""A queue that creeps."""

import numpy as np

from sim.base.dist import Choice, Dist, Exponential, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.town import STEADY, TOWN, InTown, oncoming, two_way
from sim.family.traffic import USERS, traffic
from sim.world.scene import Scene

WAVES = 3


@register("creeping_queue")
class CreepingQueue(InTown):
    """A queue creeps at walking pace, halts, sets off again, and halts once more.

    Dangerous is the foot that leaves the brake too early, or a look at something else: at two
    metres of gap even 2 m/s leave no more than a second.

        lane 2    [5]   [6]~~   [7]
        lane 1   [4] [ego] [1] [2] [3]~~   -->      ~~ halts and creeps by turns
        lane 0     [8]   [9]   [10]~~
    """

    seconds = 20.0
    tags = (*TOWN, "queue", "wave")
    danger = (0.55, 0.85)
    crashes = "26 lead vehicle stopped (its share stands with queue_tail)"

    speed: Dist = quantity(
        Uniform(0.8, 5.0), unit="mps", source="of a creeping queue", status="engineering"
    )
    lapses: Dist = quantity(
        Exponential(0.2),
        unit="per_s",
        source="glances away, 1 s median: who creeps looks at other things",
        status="engineering",
        each=USERS,
    )
    halts: Dist = quantity(
        Choice((0.0, 1.0), (0.3, 0.7)),
        unit="code",
        source="1 the front halts, 0 it slows to a third",
        status="engineering",
        each=WAVES,
    )
    decel: Dist = quantity(
        Truncated(LogNormal(1.8, 0.5), 0.6, 6.0),
        unit="mps2",
        source="of the front: leads of three recorded sites brake at 1.5 m/s² in the median, each "
        "at its hardest on Lankershim (NGSIM) at 2.5",
        status="derived",
        each=WAVES,
        measured="braking_peak",
    )
    surge: Dist = quantity(
        Uniform(0.8, 1.8),
        unit="share",
        source="pace to which the front sets off again, over the queue's",
        status="engineering",
        each=WAVES,
    )
    hold: Dist = quantity(
        Uniform(0.5, 3.0), unit="s", source="until it sets off", status="engineering", each=WAVES
    )
    moves: Dist = quantity(
        Uniform(1.5, 4.0), unit="s", source="until it halts again", status="engineering", each=WAVES
    )

    def build(self, draws: Draws) -> Scene:
        road = traffic(draws, draws.speed, road=two_way(), **STEADY)
        for front, late in zip(road.fronts, (-0.5, 0.5, 1.0)):
            begins, pace = late + draws.moves[:, 0], draws.speed
            for wave in range(WAVES):
                decel, pull = draws.decel[:, wave], draws.accel_max[:, 3]
                low = np.where(draws.halts[:, wave] == 1.0, 0.0, pace / 3.0)
                road.scene.when(front, time_s=begins).brake(decel, down_to=low)
                goes = begins + (pace - low) / decel + draws.hold[:, wave]
                pace = draws.speed * draws.surge[:, wave]
                road.scene.when(front, time_s=goes).speed(pace, accel=pull)
                begins = goes + (pace - low) / pull + draws.moves[:, wave]
        oncoming(road.scene, draws, road.ego)
        return road.scene

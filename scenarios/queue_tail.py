"""The tail of a queue."""

import numpy as np

from sim.base.dist import Choice, Dist, Exponential, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.traffic import InTraffic, standing_gap, traffic
from sim.world.scene import Scene


@register("queue_tail")
class QueueTail(InTraffic):
    """The tail of a standing or creeping queue is come upon at speed.

    Dangerous are a late look up, and the car between: its driver brakes late, and leaves the
    ego less room than it had itself.

        lane 1   [4]   [ego]    [1]               [2][3]   (standing)
    """

    seconds = 18.0
    tags = ("rear-end", "longitudinal", "ISO 34502 deceleration", "PEGASUS layer 4")
    crashes = "26 lead vehicle stopped"
    crash_share = 0.1641

    tail: Dist = quantity(
        Choice((1, 2), (0.4, 0.6)),
        unit="count",
        source="which of the leaders is last in the queue, 1 the nearest",
        status="engineering",
    )
    creep: Dist = quantity(
        Truncated(Exponential(1.0), 0.0, 5.0),
        unit="mps",
        source="speed of the queue",
        status="engineering",
    )
    jam_gap: Dist = quantity(
        Uniform(1.5, 4.0),
        unit="m",
        source="standing, between those in the queue",
        status="engineering",
    )
    approach: Dist = quantity(
        Uniform(5.0, 10.0),
        unit="s",
        source="time to collision with the tail at the start, for the one that meets it",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        creep = np.minimum(draws.creep, 0.5 * draws.speed)
        gaps, speeds = {}, {}
        for k in (1, 2, 3):
            usual = standing_gap(draws, k - 1, draws.speed)
            far = (draws.speed - creep) * draws.approach + draws.jam_gap
            queued = draws.jam_gap + creep * draws.headway[:, k - 1]
            gaps[k] = np.select([draws.tail > k, draws.tail == k], [usual, far], queued)
            speeds[k] = np.where(draws.tail > k, draws.speed, creep)
        return traffic(draws, draws.speed, lead_gaps=gaps, lead_speeds=speeds).scene

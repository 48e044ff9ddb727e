"""A leader brakes hard."""

import numpy as np

from sim.base.dist import Beta, Choice, Dist, Empirical, Uniform
from sim.family import Draws, quantity, register
from sim.family.traffic import NEVER, InTraffic, traffic
from sim.world.scene import Scene


@register("lead_brakes")
class LeadBrakes(InTraffic):
    """A leader brakes hard, and those behind it learn of it one after the other.

    Dangerous is the delay that adds up along the row: the ego's own leader may still roll
    while the one ahead of it already stands.

        lane 1   [4]   [ego]    [1]   [2]<<   [3]   -->      << brakes
    """

    seconds = 16.0
    tags = ("rear-end", "longitudinal", "ISO 34502 deceleration", "PEGASUS layer 4")
    crashes = "25 lead vehicle decelerating"
    crash_share = 0.0720

    brakes: Dist = quantity(
        Choice((1, 2, 3), (0.3, 0.4, 0.3)),
        unit="count",
        source="which of the three leaders brakes, 1 the nearest",
        status="engineering",
    )
    decel: Dist = quantity(
        Empirical((0.3, 0.5, 2.7, 4.0, 5.4, 7.3, 9.0), (0.05, 0.2, 0.25, 0.25, 0.2, 0.05)),
        unit="mps2",
        source="leads in 82 real near-crashes (QUADRIS), weighted quantiles; ends by judgement",
        status="derived",
        measured="braking_peak",
    )
    kept: Dist = quantity(
        Beta(1.0, 1.5, 0.0, 0.8),
        unit="share",
        source="of its speed after braking",
        status="engineering",
        measured="braking_kept",
    )
    start: Dist = quantity(
        Uniform(2.5, 6.0), unit="s", source="time of the braking", status="engineering"
    )
    hold: Dist = quantity(
        Uniform(1.0, 6.0), unit="s", source="until it goes on", status="engineering"
    )

    def build(self, draws: Draws) -> Scene:
        road = traffic(draws, draws.speed)
        low = draws.kept * draws.speed
        resumes = draws.start + (draws.speed - low) / draws.decel + draws.hold
        for k, leader in enumerate(road.leaders, start=1):
            chosen = draws.brakes == k
            brake = road.scene.when(leader, time_s=np.where(chosen, draws.start, NEVER))
            brake.brake(draws.decel, down_to=low)
            road.scene.when(leader, time_s=np.where(chosen, resumes, NEVER)).go()
        return road.scene

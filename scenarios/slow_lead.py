"""A slow vehicle ahead."""

import numpy as np

from sim.base.dist import Beta, Choice, Dist, Exponential, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.traffic import USERS, InTraffic, standing_gap, traffic
from sim.world.scene import Scene


@register("slow_lead")
class SlowLead(InTraffic):
    """Somebody ahead goes much slower, and is come upon at full speed.

    Dangerous is how late the difference is noticed, most of all when another car hid the
    slow one until it had to brake itself.

        lane 1   [4]   [ego]    [1]              [2]~   [3]   -->      ~ slow
    """

    seconds = 18.0
    tags = ("rear-end", "longitudinal", "ISO 34502 deceleration", "PEGASUS layer 4")
    crashes = "24 lead vehicle moving at lower constant speed"
    crash_share = 0.0353

    slow: Dist = quantity(
        Choice((1, 2), (0.4, 0.6)),
        unit="count",
        source="which of the leaders is slow, 1 the nearest",
        status="engineering",
    )
    slowness: Dist = quantity(
        Beta(1.5, 2.5, 0.02, 0.6),
        unit="share",
        source="its speed over that of the lane",
        status="engineering",
    )
    brake_comfort: Dist = quantity(
        Truncated(LogNormal(3.5, 0.4), 1.0, 7.0),
        unit="mps2",
        source="late brakers: above IDM's usual 1.5 to 3 m/s²",
        status="engineering",
        each=USERS,
    )
    lapses: Dist = quantity(
        Exponential(0.15),
        unit="per_s",
        source="glances away: drivers who are bored or busy, as at a slow vehicle come upon late",
        status="engineering",
        each=USERS,
    )
    approach: Dist = quantity(
        Uniform(3.2, 5.0),
        unit="s",
        source="time in which the distance beyond a usual gap is closed",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        pace = draws.slowness * draws.speed
        gaps, speeds = {}, {}
        for k in (1, 2):
            slow = draws.slow == k
            usual = standing_gap(draws, k - 1, draws.speed)
            far = (draws.speed - pace) * draws.approach + 0.2 * usual
            gaps[k] = np.where(slow, far, usual)
            speeds[k] = np.where(slow, pace, draws.speed)
        return traffic(draws, draws.speed, lead_gaps=gaps, lead_speeds=speeds).scene

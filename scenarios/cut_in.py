"""A car cuts in."""

import numpy as np

from sim.base.dist import Dist, LogNormal, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.traffic import EGO_S, LEFT, USERS, InTraffic, standing_gap, traffic
from sim.world.scene import Scene

TO_LINE_M = 0.9
"""From the side of a car in mid-lane to the line [m]."""


@register("cut_in")
class CutIn(InTraffic):
    """A car from the next lane squeezes in before the ego, slower than it.

    Dangerous is a short gap that shrinks: the ego sees the cutter late, as its leader only
    once it is over the line.

        lane 2                  [6]
                                    \\
        lane 1   [4]   [ego]          v      [1]   [2]   -->
    """

    seconds = 15.0
    tags = ("cut-in", "lateral", "ISO 34502 cut-in", "PEGASUS layer 4")
    danger = (0.4, 0.75)
    crashes = "18 changing lanes, same direction"
    crash_share = 0.0569

    gap: Dist = quantity(
        Truncated(LogNormal(9.57, 0.97), 5.0, 60.0),
        unit="m",
        source="as it crosses the line: Waymo Open Motion, human target, median published, "
        "sigma derived; bounds by judgement; more where `accepted` asks for more (4 draws in 10)",
        status="derived",
        measured="cut_in_gap",
    )
    left_lane: Dist = quantity(
        Truncated(Normal(0.8, 0.12), 0.4, 0.99),
        unit="share",
        source="speed of the cutter and its lane over the ego's",
        status="engineering",
        measured="cut_in_pace",
    )
    accepted: Dist = quantity(
        Truncated(LogNormal(3.2, 0.35), 1.5, 8.0),
        unit="s",
        source="least time to collision that the cutter leaves the ego",
        status="engineering",
    )
    reaction: Dist = quantity(
        Truncated(LogNormal(0.75, 0.35), 0.2, 2.0),
        unit="s",
        source="0.75 s of UN R157's driver, who sees the car drift to the line; spread judged",
        status="derived",
        each=USERS,
    )
    across: Dist = quantity(
        Uniform(0.4, 1.8),
        unit="mps",
        source="lateral speed, the grid of JRC for UN R157 without its slowest",
        status="derived",
        measured="cut_in_lateral_speed",
    )
    start: Dist = quantity(
        Uniform(2.0, 5.0), unit="s", source="time of the cut-in", status="engineering"
    )

    def build(self, draws: Draws) -> Scene:
        closing = draws.speed * (1.0 - draws.left_lane)
        gap = np.maximum(draws.gap, closing * draws.accepted)
        begins = gap + closing * TO_LINE_M / draws.across
        cutter, ego = draws.length[:, LEFT[1]], draws.length[:, 0]
        at = EGO_S + 0.5 * (cutter + ego) + begins + closing * draws.start
        room = begins + cutter + standing_gap(draws, LEFT[1], draws.speed)
        gaps = {1: np.maximum(standing_gap(draws, 0, draws.speed), room)}
        road = traffic(draws, draws.speed, lead_gaps=gaps, left_at=at)
        for when in ({"gap_m": begins, "to": road.ego}, {"time_s": draws.start + 2.0}):
            road.scene.when(road.left[1], **when).lane(1, lateral_speed=draws.across)
        return road.scene

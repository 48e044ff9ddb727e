"""A lane ends at roadworks."""

import numpy as np

from sim.base.dist import Choice, Dist, Given, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.traffic import OTHERS, InFew, convoy, place_car, standing_gap
from sim.world.road import straight
from sim.world.scene import Scene

END_M, BARRIER_M = 900.0, 2.0
"""Where the lane ends, and from there to the barrier [m]."""

TO_LINE_M = 0.9
"""From the side of a car in mid-lane to the line [m]."""

OVER_M, TURN_S = 2.1, 0.6
"""Across, until it passes the barrier [m], and to begin with it [s]."""

LEFT_M, LEFT_S, AHEAD_S = 1.5, 3.0, 0.3
"""Least room behind the merging car [m], time to collision there and time gap ahead of it [s]."""


@register("lane_drop")
class LaneDrop(InFew):
    """A lane ends at roadworks, and a late merger forces its way in before the ego.

    Dangerous is that it has braked for the end of its lane and comes over slower than those
    there go. By night it sees the end later, and is slower still.

        lane 1   [2]     [ego]     [1]           -->
        lane 0        [4]    [3]__/^   | x       x barrier
    """

    seconds = 16.0
    tags = ("merge", "lateral", "highway", "car", "object", "night", "ISO 34502 cut-in",
            "PEGASUS layer 1", "PEGASUS layer 3", "PEGASUS layer 5")  # fmt: skip
    crashes = "18 changing lanes, same direction (its share stands with cut_in)"
    danger = (0.4, 0.7)
    never = ("contact_s < start", "delta_v_mps > impact_speed_mps")

    speed: Dist = quantity(
        Uniform(8.0, 26.0), unit="mps", source="before roadworks", status="engineering"
    )
    night: Dist = quantity(
        Choice((0.0, 1.0), (0.7, 0.3)), unit="code", source="1 dark", status="engineering"
    )
    kept: Given = quantity(
        Given("night", (0.5,), (Uniform(0.75, 1.0), Uniform(0.65, 0.95))),
        unit="share",
        source="speed of the merger as it comes over, over the ego's",
        status="engineering",
    )
    eases: Dist = quantity(
        Uniform(1.5, 4.0), unit="mps2", source="its braking before", status="engineering"
    )
    spare: Dist = quantity(
        Uniform(0.0, 50.0),
        unit="m",
        source="left to the end of the lane as it is over",
        status="engineering",
    )
    gap: Dist = quantity(
        Truncated(LogNormal(9.57, 0.97), 1.5, 60.0),
        unit="m",
        source="to the ego as it crosses the line: Waymo Open Motion, human target, as in cut_in; "
        "median published, sigma derived; more where what closes in needs it (4 draws in 10)",
        status="derived",
    )
    across: Dist = quantity(
        Uniform(0.4, 1.8),
        unit="mps",
        source="lateral speed, the grid of JRC for UN R157 without its slowest",
        status="derived",
    )
    start: Dist = quantity(
        Uniform(1.5, 4.0), unit="s", source="when it begins to brake", status="engineering"
    )

    def build(self, draws: Draws) -> Scene:
        scene = Scene(len(draws), straight(lanes=2, drops=[(0, END_M)]))
        merging, waiting = OTHERS
        length, low = draws.length[:, merging], draws.kept * draws.speed
        closing = draws.speed - low
        braking = closing / draws.eases
        over = draws.start + braking
        needs = low * (OVER_M / draws.across + TURN_S)
        tries = END_M - draws.spare - needs - 0.5 * length
        s = tries - draws.speed * draws.start - 0.5 * (draws.speed + low) * braking
        gap = np.maximum(draws.gap, LEFT_M + closing * LEFT_S)
        room = np.maximum(standing_gap(draws, 0, draws.speed), gap + length + AHEAD_S * draws.speed)
        gap += closing * TO_LINE_M / draws.across
        at = tries - 0.5 * (length + draws.length[:, 0]) - gap - draws.speed * over
        convoy(scene, draws, draws.speed, at, gap=room, lane=1)
        merger = place_car(scene, draws, merging, draws.speed, s=s, held=1)
        far = {"behind": merger, "gap": 1.5 * standing_gap(draws, waiting, draws.speed)}
        place_car(scene, draws, waiting, draws.speed, **far)
        scene.obstacle(s=END_M + BARRIER_M, width=2.0)
        scene.when(merger, time_s=draws.start).brake(draws.eases, down_to=low)
        scene.when(merger, time_s=over).lane(1, lateral_speed=draws.across)
        scene.when(merger, time_s=over + TO_LINE_M / draws.across).go()
        return scene

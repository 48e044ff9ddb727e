"""Somebody squeezes in from an on-ramp."""

from functools import cache

import numpy as np

from sim.base.dist import Dist, LogNormal, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.traffic import FEW, OTHERS, InFew, convoy, place_car, standing_gap
from sim.world.road import Road, on_ramp
from sim.world.scene import Scene

MERGE_M = 700.0
"""Where the acceleration lane begins along the motorway [m]; room behind for the ego."""

RAMP = {"course": 1, "lane": 0}
"""Where who merges comes from; there and on the motorway lane 0 is the acceleration lane."""

TO_LINE_M = 0.9
"""From the side of a car in mid-lane to the line [m]."""

LEFT_M, LEFT_S = 1.5, 1.2
"""Least room behind and ahead of the merging car [m], and its time to collision behind [s]."""


@cache
def ramp_road() -> Road:
    """A motorway of two lanes with an on-ramp."""
    return on_ramp(lanes=2, merge=MERGE_M, radius=300.0, angle=0.3)


@register("merge_squeeze")
class MergeSqueeze(InFew):
    """Somebody on an on-ramp squeezes into a gap that is hardly longer than the car.

    Dangerous is that nobody leaves room: the ego follows at less than a second, and who merges
    is slower and brakes for the car ahead as soon as it is in.

        lane 2            [4]
        lane 1   [2]  [ego]     [1]         -->
        lane 0          ___[3]/^  __________|
                    ___/  acceleration lane
    """

    seconds = 14.0
    tags = ("merge", "lateral", "highway", "car", "ISO 34502 cut-in", "PEGASUS layer 1")
    crashes = "18 changing lanes, same direction (its share stands with cut_in)"
    danger = (0.45, 0.7)
    never = ("contact_s < start", "delta_v_mps > impact_speed_mps")

    speed: Dist = quantity(
        Uniform(14.0, 32.0), unit="mps", source="dense motorway traffic", status="engineering"
    )
    headway: Dist = quantity(
        Truncated(LogNormal(1.3, 0.45, 0.26), 0.5, 1.0),
        unit="s",
        source="0.26 s published, plus a lognormal chosen by judgement; below 1 s",
        status="engineering",
        each=FEW,
    )
    gap: Dist = quantity(
        Truncated(LogNormal(9.57, 0.97), 1.5, 60.0),
        unit="m",
        source="to the ego as it crosses the line, if the gap has that room: Waymo Open Motion, "
        "human target, as in cut_in; median published, sigma derived; raised or cut to that room "
        "in half of the draws",
        status="derived",
    )
    pace: Dist = quantity(
        Truncated(Normal(0.87, 0.1), 0.6, 1.0),
        unit="share",
        source="speed of who merges over the ego's",
        status="engineering",
    )
    across: Dist = quantity(
        Uniform(0.9, 1.8),
        unit="mps",
        source="lateral speed, the grid of JRC for UN R157, its faster half: the lane ends",
        status="derived",
    )
    into: Dist = quantity(
        Uniform(20.0, 200.0),
        unit="m",
        source="place of the change along an acceleration lane of 250 m",
        status="engineering",
    )
    start: Dist = quantity(
        Uniform(1.5, 4.0), unit="s", source="time of the change", status="engineering"
    )

    def build(self, draws: Draws) -> Scene:
        road = ramp_road()
        scene = Scene(len(draws), road)
        merging, beside = OTHERS
        length = draws.length[:, merging]
        pace = draws.pace * draws.speed
        closing = draws.speed - pace
        least = LEFT_M + closing * LEFT_S
        room = np.maximum(standing_gap(draws, 0, draws.speed), least + length + LEFT_M)
        gap = np.clip(draws.gap, least, room - length - LEFT_M)
        gap += closing * TO_LINE_M / draws.across
        front = MERGE_M + draws.into - 0.5 * length - gap
        at = front - draws.speed * draws.start - 0.5 * draws.length[:, 0]
        ego, _, _ = convoy(scene, draws, draws.speed, at, gap=room, lane=1)
        shift = road.links.shift[0, road.links.course[0] == RAMP["course"]][0]
        s = MERGE_M + draws.into - pace * draws.start - shift
        merger = place_car(scene, draws, merging, pace, s=s, held=1, **RAMP)
        place_car(scene, draws, beside, draws.speed, lane=2, s=ego.s)
        scene.when(merger, time_s=draws.start).lane(1, lateral_speed=draws.across)
        scene.when(merger, time_s=draws.start + TO_LINE_M / draws.across).go()
        return scene

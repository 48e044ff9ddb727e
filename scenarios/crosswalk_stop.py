"""A lead that stops for somebody on foot."""

from functools import cache

import numpy as np

from sim.base.dist import Choice, Dist, LogNormal, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.town import (
    LANE_M,
    TOWN,
    AtKerb,
    ahead_of_ego,
    lane_beside,
    lane_of,
    oncoming,
    stop_distance,
)
from sim.family.traffic import NEVER
from sim.world.road import Road, crosswalk
from sim.world.scene import Scene

AT_M, WIDTH_M, PAVEMENT_M = 320.0, 1.0, 6.0
"""Where people cross, how wide their way is, and where they come from [m]."""
WALK = 2
"""Course of those who come from the right."""
STOPS_M = 3.0
"""From the front of the one who stops to the middle of the crossing [m]."""
EDGE_M = PAVEMENT_M - 0.3
"""Along the walker's course to the edge of the lane, where it waits [m]."""


BEYOND_M = 400.0
"""The street after the crossing [m]: room for who comes towards the ego."""


@cache
def street() -> Road:
    """Two lanes each way, and somewhere to cross; narrow, as in other streets of families."""
    return crosswalk(
        2, 2, lane_width=LANE_M, at=AT_M, departure=BEYOND_M, width=WIDTH_M, pavement=PAVEMENT_M,
        rule="unmarked",
    )  # fmt: skip


@register("crosswalk_stop")
class CrosswalkStop(AtKerb):
    """A leader stops to let somebody on foot cross, or for somebody who steps out.

    Dangerous is that the ego's driver sees no reason to stop: whoever crosses is hidden by the
    car ahead, and at times stays at the kerb after all.

        lane 1   [7]   [6]   [5]      |
        lane 0  [4] [ego]   [1]<<     |   [2] [3]   -->
                                      o  waits, and crosses once [1] stands
    """

    tags = (*TOWN, "crosswalk", "pedestrian")
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
        Choice((1, 2), (0.65, 0.35)),
        unit="count",
        source="which of the leaders stops, 1 the nearest",
        status="engineering",
    )
    start: Dist = quantity(
        Uniform(2.0, 5.0), unit="s", source="when it begins to brake", status="engineering"
    )
    decel: Dist = quantity(
        Truncated(LogNormal(1.9, 0.5), 0.7, 7.0),
        unit="mps2",
        source="of the one who stops: from yielding in time to somebody who steps out",
        status="engineering",
    )
    stays: Dist = quantity(
        Choice((0.0, 1.0), (0.75, 0.25)),
        unit="code",
        source="1 who is on foot stays at the kerb, and the car goes on without a stop",
        status="engineering",
    )
    pace: Dist = quantity(
        Truncated(Normal(1.33, 0.22), 0.7, 2.2),
        unit="mps",
        source="walking speed, VCI-DUT: 1,047 people (docs/calibrate.md)",
        status="derived",
        measured="walking_speed",
    )
    pause: Dist = quantity(
        Uniform(0.3, 2.0),
        unit="s",
        source="from the stop of the car to the first step, or until it goes on",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        scene = Scene(len(draws), street())
        low = np.where(draws.stays == 1.0, 0.3 * draws.speed, 0.0)
        length = np.take_along_axis(draws.length, draws.stops.astype(np.int64)[:, None], 1)[:, 0]
        stands = AT_M - STOPS_M - 0.5 * length
        begins = stands - stop_distance(draws.speed, draws.decel)
        s = begins - draws.speed * draws.start - ahead_of_ego(draws, draws.stops, draws.speed)
        ego, leaders, _ = lane_of(scene, draws, draws.speed, s)
        lane_beside(scene, draws, ego, 1, draws.left_lane)
        walker = scene.pedestrian(course=WALK, s=EDGE_M - 1.0, speed=0.0, held=1)
        brakes_s = (draws.speed - low) / draws.decel
        across = (2.0 * LANE_M + 1.0) / draws.pace
        for k, leader in enumerate(leaders[:2], start=1):
            here = np.where(draws.stops == k, begins, NEVER)
            scene.when(leader, at_m=here).brake(draws.decel, down_to=low)
            walks = np.where((draws.stops == k) & (draws.stays == 0.0), begins, NEVER)
            steps = brakes_s + draws.pause
            scene.when(walker, of=leader, at_m=walks, delay_s=steps).speed(draws.pace)
            gone = np.where(draws.stays == 1.0, 0.0, across)
            scene.when(leader, at_m=here, delay_s=steps + gone).go()
        oncoming(scene, draws, ego, length=AT_M + BEYOND_M)
        return scene

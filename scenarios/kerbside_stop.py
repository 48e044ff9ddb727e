"""A lead that stops beside parked cars."""

import numpy as np

from sim.base.dist import Choice, Dist, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.town import (
    TOWN,
    AtKerb,
    ahead_of_ego,
    lane_beside,
    lane_of,
    oncoming,
    stop_distance,
    two_way,
)
from sim.family.traffic import NEVER
from sim.family.walkers import parked_row
from sim.world.scene import Scene

PLACE_M = 320.0
"""Where the leader stops, or what it stops for begins [m]."""
BEFORE_M, BEYOND_M = 4.5, 14.0
"""From there to the parked cars before it and after it [m]: room to pull in forwards."""
CAR_MOST_M = 6.0
"""Longer ones do not park there: they stop in the lane [m]."""
PULLS_IN_MPS, PULLS_IN_S = 2.0, 4.5
"""Pace and time of pulling in [m/s, s] (engineering)."""
PARKS, SETS_DOWN, DOOR = 0.0, 1.0, 2.0
"""What the leader does: it parks, stops in the lane, or passes a door that opens."""
ASIDE_M, ROUND_M = 2.6, 0.6
"""How far to the right of the lane a car stands that parks, and to the left one passes [m]."""


@register("kerbside_stop")
class KerbsideStop(AtKerb):
    """A leader stops to park, double-parks to set somebody down, or slows for an opening door.

    Dangerous is that nothing far ahead foretells it: the road is free, and the reason stands at
    the kerb, hidden by the very car that stops.

        lane 1   [7]    [6]    [5]
        lane 0   [4] [ego]    [1]<<      [2] [3]   -->
                 [parked][parked]  v  [parked]
    """

    tags = (*TOWN, "parking", "object")
    danger = (0.65, 0.9)
    crashes = "26 lead vehicle stopped (its share stands with queue_tail)"

    reason: Dist = quantity(
        Choice((PARKS, SETS_DOWN, DOOR), (0.4, 0.35, 0.25)),
        unit="code",
        source="0 parks, 1 stops in the lane to deliver or set down, 2 passes a door that opens",
        status="engineering",
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
        Truncated(LogNormal(1.7, 0.5), 0.6, 7.0),
        unit="mps2",
        source="of the one who stops: from a planned stop to a door in the way",
        status="engineering",
    )
    crawl: Dist = quantity(
        Uniform(0.0, 2.5),
        unit="mps",
        source="pace at which it passes the door",
        status="engineering",
    )
    hold: Dist = quantity(
        Uniform(0.5, 4.0),
        unit="s",
        source="until it steers into the place, or goes on",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        scene = Scene(len(draws), two_way(2))
        length = np.take_along_axis(draws.length, draws.stops.astype(np.int64)[:, None], 1)[:, 0]
        parks = (draws.reason == PARKS) & (length < CAR_MOST_M)
        passes = draws.reason == DOOR
        low = np.where(passes, draws.crawl, 0.0)
        begins = PLACE_M - stop_distance(draws.speed, draws.decel, low)
        s = begins - draws.speed * draws.start - ahead_of_ego(draws, draws.stops, draws.speed)
        ego, leaders, _ = lane_of(scene, draws, draws.speed, s)
        lane_beside(scene, draws, ego, 1, draws.left_lane)
        parked_row(scene, PLACE_M, BEFORE_M, before=3, after=0)
        parked_row(scene, PLACE_M, BEYOND_M, before=0, after=3)
        done = (draws.speed - low) / draws.decel + draws.hold
        for k, leader in enumerate(leaders[:2], start=1):
            here = np.where(draws.stops == k, begins, NEVER)
            scene.when(leader, at_m=here).brake(draws.decel, down_to=low)
            into = np.where(parks, here, NEVER)
            scene.when(leader, at_m=into, delay_s=done).speed(PULLS_IN_MPS, accel=1.5)
            scene.when(leader, at_m=into, delay_s=done).offset(-ASIDE_M)
            scene.when(leader, at_m=into, delay_s=done + PULLS_IN_S).brake(2.0)
            scene.when(leader, at_m=np.where(passes, here, NEVER)).offset(ROUND_M)
            scene.when(leader, at_m=np.where(parks, NEVER, here), delay_s=done).go()
        oncoming(scene, draws, ego)
        return scene

"""A motorcycle filters between lanes."""

from typing import Any

import numpy as np

from sim.base.dist import Dist, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.traffic import EGO_S, FEW, NEVER, OTHERS, InFew, convoy, place_car, standing_gap
from sim.world.road import straight
from sim.world.scene import Scene

BACK_MPS = 1.5
"""Lateral speed of a driver who gives up a lane change [m/s] (engineering)."""

LANE_M, CLEAR_M, SWAY_M = 3.6, 0.05, 0.05
"""Width of a lane, room that is enough to pass beside somebody, and how cars sway, who keep to
the middle where motorcycles filter [m] (engineering)."""


@register("motorcycle_filtering")
class MotorcycleFiltering(InFew):
    """A motorcycle filters between two lanes of slow traffic, and the ego changes lanes.

    Dangerous is that it comes quickly, narrowly and where no driver expects anybody: the ego
    looks for a gap between cars, not between lanes.

        lane 1        [4]            ^        [3]
        ............  =o= --> ......./.............      =o= motorcycle
        lane 0   [2]        [ego]___/     [1]   -->
    """

    seconds = 12.0
    tags = ("motorcycle", "lateral", "highway", "lane change", "ISO 34502 cut-in",
            "PEGASUS layer 4")  # fmt: skip
    crashes = "18 changing lanes, same direction (its share stands with cut_in)"
    event = "crossing"
    danger = (0.15, 0.35)
    never = ("contact_s < start", "collided and behind > 15 * faster")

    speed: Dist = quantity(
        Uniform(3.0, 12.0), unit="mps", source="slow traffic", status="engineering"
    )
    headway: Dist = quantity(
        Truncated(LogNormal(1.3, 0.45, 0.26), 1.3, 4.0),
        unit="s",
        source="0.26 s published, plus a lognormal chosen by judgement; those who leave room",
        status="engineering",
        each=FEW,
    )
    faster: Dist = quantity(
        Truncated(LogNormal(4.2, 0.4), 1.0, 12.0),
        unit="mps",
        source="speed of the motorcycle over that of the traffic; 15 km/h is the usual advice",
        status="engineering",
    )
    between: Dist = quantity(
        Uniform(-0.25, 0.25),
        unit="m",
        source="its place beside the line between the lanes, left positive",
        status="engineering",
    )
    behind: Dist = quantity(
        Uniform(-10.0, 50.0),
        unit="m",
        source="from its front to the ego's rear as the ego begins to change lanes",
        status="engineering",
    )
    across: Dist = quantity(
        Uniform(0.4, 1.8),
        unit="mps",
        source="lateral speed of the ego, the grid of JRC for UN R157 without its slowest",
        status="derived",
    )
    notices: Dist = quantity(
        Truncated(LogNormal(0.8, 0.6), 0.1, 5.0),
        unit="s",
        source="until the ego sees it in the mirror and steers back, if not yet across by then",
        status="engineering",
    )
    alert: Dist = quantity(
        Truncated(LogNormal(0.75, 0.35), 0.2, 2.0),
        unit="s",
        source="reaction of the rider: 0.75 s of UN R157's driver; spread judged",
        status="derived",
    )
    brakes: Dist = quantity(
        Truncated(LogNormal(6.0, 0.2), 3.0, 9.0),
        unit="mps2",
        source="hardest braking of the rider",
        status="engineering",
    )
    start: Dist = quantity(
        Uniform(1.5, 4.0), unit="s", source="time of the lane change", status="engineering"
    )

    def build(self, draws: Draws) -> Scene:
        scene = Scene(len(draws), straight(lanes=2, lane_width=LANE_M))
        narrow: dict[str, Any] = {"clearance_m": CLEAR_M, "sway_m": SWAY_M}
        ego, _, _ = convoy(scene, draws, draws.speed, EGO_S, **narrow)
        ahead, behind = OTHERS
        gap = {"gap": standing_gap(draws, 0, draws.speed), "ahead_of": ego}
        lane = {"lane": 1, "desired_speed": draws.speed, **narrow}
        place_car(scene, draws, ahead, draws.speed, **gap, **lane)
        gap = {"gap": standing_gap(draws, behind, draws.speed), "behind": ego}
        place_car(scene, draws, behind, draws.speed, **gap, **lane)
        pace = draws.speed + draws.faster
        scene.motorcycle(
            behind=ego,
            gap=draws.behind + draws.faster * draws.start,
            d=0.5 * LANE_M + draws.between,
            speed=pace,
            desired_speed=pace,
            reaction_s=draws.alert,
            brake_max=draws.brakes,
            clearance_m=CLEAR_M,
            changes_lanes=0,
        )
        scene.when(ego, time_s=draws.start).lane(1, lateral_speed=draws.across)
        early = draws.notices * draws.across < 0.5 * LANE_M
        gives_up = scene.when(ego, time_s=np.where(early, draws.start + draws.notices, NEVER))
        gives_up.lane(0, lateral_speed=BACK_MPS)
        return scene

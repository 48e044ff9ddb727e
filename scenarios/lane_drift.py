"""A neighbour drifts over the line."""

import numpy as np

from sim.base.dist import Choice, Dist, LogNormal, Normal, Truncated, Uniform
from sim.family import Draws, Family, quantity, register
from sim.family.traffic import EGO_S, NEVER
from sim.world.kinds import Kind
from sim.world.road import straight
from sim.world.scene import Scene

TO_LINE_M = (0.9, 0.55)
"""From the side of a car and of a truck in mid-lane to the line [m]."""

CLEAR_M, AHEAD_S, STEER_MPS = 0.3, 2.5, 0.8
"""Gap beside at which the ego begins to brake [m], time gap to its leader [s], and lateral speed
of drivers who mean it [m/s] (engineering)."""


@register("lane_drift")
class LaneDrift(Family):
    """A neighbour drifts over the line, slowly and without meaning to.

    Dangerous is that nothing announces it: beside the ego it comes as far as its driver's
    inattention lets it, and the ego has only the rest of its own lane to make room.

        lane 1        [1]___      ____
        lane 0     [ego]    \\____/        [2]   -->
    """

    seconds = 15.0
    tags = ("drift", "lateral", "highway", "car", "truck", "ISO 34502 cut-in", "PEGASUS layer 4")
    crashes = "19 drifting, same direction"
    crash_share = 0.0165
    event = "crossing"
    danger = (0.15, 0.32)
    never = ("contact_s < start", "collided and reach < 0.6", "delta_v_mps > impact_speed_mps")

    speed: Dist = quantity(
        Uniform(14.0, 33.0), unit="mps", source="arterial to motorway", status="engineering"
    )
    faster: Dist = quantity(
        Truncated(Normal(0.5, 1.5), -4.0, 5.0),
        unit="mps",
        source="speed of the neighbour over the ego's",
        status="engineering",
    )
    level: Dist = quantity(
        Uniform(-12.0, 12.0),
        unit="m",
        source="middle of the neighbour ahead of the ego's as it begins to drift",
        status="engineering",
    )
    truck: Dist = quantity(
        Choice((0.0, 1.0), (0.75, 0.25)),
        unit="code",
        source="1 the neighbour is a truck: longer, and 0.7 m wider",
        status="engineering",
    )
    reach: Dist = quantity(
        Truncated(LogNormal(1.6, 0.4), 0.3, 3.6),
        unit="m",
        source="how far from the middle of its lane it gets; its side is 0.9 m from the line",
        status="engineering",
    )
    across: Dist = quantity(
        Truncated(LogNormal(0.4, 0.4), 0.1, 1.2),
        unit="mps",
        source="lateral speed of the drift; the slow end of the grid of JRC for UN R157",
        status="engineering",
    )
    start: Dist = quantity(
        Uniform(1.5, 4.0), unit="s", source="when it begins", status="engineering"
    )
    stay: Dist = quantity(
        Truncated(LogNormal(1.2, 0.6), 0.2, 6.0),
        unit="s",
        source="over there, until its driver looks up and steers back",
        status="engineering",
    )
    reaction: Dist = quantity(
        Truncated(LogNormal(1.07, 0.49), 0.3, 3.0),
        unit="s",
        source="of the ego's driver, Sivak et al. 1982, from when the other is at the line",
        status="recalled",
    )
    room: Dist = quantity(
        Uniform(0.0, 0.8),
        unit="m",
        source="that the ego makes within its own lane",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        scene = Scene(len(draws), straight(lanes=2))
        attention = {"reaction_s": draws.reaction, "clearance_m": CLEAR_M, "changes_lanes": 0}
        ego = scene.car(
            s=EGO_S, speed=draws.speed, desired_speed=draws.speed, sway_m=0.15, **attention
        )
        at = EGO_S + draws.level - draws.faster * draws.start
        lorry = draws.truck == 1.0
        kind = np.where(lorry, Kind.TRUCK, Kind.CAR)
        drifter = scene.user(
            kind=kind, lane=1, s=at, speed=draws.speed + draws.faster, changes_lanes=0, held=1
        )
        scene.car(ahead_of=ego, gap=AHEAD_S * draws.speed, speed=draws.speed, held=1)
        drifts = scene.when(drifter, time_s=draws.start)
        drifts.offset(-draws.reach, lateral_speed=draws.across)
        back = draws.start + draws.reach / draws.across + draws.stay
        scene.when(drifter, time_s=back).offset(0.0, lateral_speed=STEER_MPS)
        to_line = np.where(lorry, TO_LINE_M[1], TO_LINE_M[0])
        noticed = draws.start + to_line / draws.across + draws.reaction
        dodges = scene.when(ego, time_s=np.where(draws.reach > to_line, noticed, NEVER))
        dodges.offset(-draws.room, lateral_speed=STEER_MPS)
        return scene

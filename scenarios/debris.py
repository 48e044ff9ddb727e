"""Something lies in the lane."""

import numpy as np

from sim.base.dist import Choice, Dist, Given, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.traffic import EGO_S, FEW, FRICTION, NEVER, OTHERS, InFew, convoy, place_car
from sim.world.road import straight
from sim.world.scene import Actor, Scene

DROP_M = 0.6
"""From the one ahead to what falls off it [m]."""

OUT_M, TURN_S = 2.4, 0.5
"""Across, until a leader no longer hides what lies in the lane [m], and to begin with it [s]."""


@register("debris")
class Debris(InFew):
    """Something lies in the lane, hidden by the car ahead, or falls off it.

    Dangerous is that it is small, stands still and comes into view at the last moment. By night
    it is understood later, and in rain there is half the grip to stop with.

        lane 1             [3]             ___/
        lane 0   [2]   [ego]          [1]_/      x      -->      x debris
    """

    seconds = 14.0
    tags = ("object", "rear-end", "highway", "car", "night", "wet", "ISO 34502 cut-out",
            "PEGASUS layer 3", "PEGASUS layer 5")  # fmt: skip
    crashes = "35, 36 object crash"
    crash_share = 0.0143
    danger = (0.35, 0.65)
    constraints = ("late > 1.9 / across + 0.5 or falls == 1",)
    never = ("contact_s < start", "falls == 0 and contact_s < start + min(late, reaction[0])")

    speed: Dist = quantity(
        Uniform(14.0, 30.0), unit="mps", source="main road to motorway", status="engineering"
    )
    night: Dist = quantity(
        Choice((0.0, 1.0), (0.7, 0.3)), unit="code", source="1 dark", status="engineering"
    )
    wet: Dist = quantity(
        Choice((0.0, 1.0), (0.75, 0.25)),
        unit="code",
        source="1 wet: half the friction of a dry road",
        status="engineering",
    )
    reaction: Given = quantity(
        Given(
            "night",
            (0.5,),
            (Truncated(LogNormal(1.25, 0.3), 0.4, 3.0), Truncated(LogNormal(1.5, 0.3), 0.4, 3.0)),
        ),
        unit="s",
        source="from when it is in view: Green 2000, unexpected by day, a surprise by night; "
        "spread judged",
        status="recalled",
        each=FEW,
    )
    brake_max: Dist = quantity(
        Truncated(LogNormal(7.0, 0.2), 4.0, 9.0),
        unit="mps2",
        source="hardest braking that a driver dares for something in the way",
        status="engineering",
        each=FEW,
    )
    falls: Dist = quantity(
        Choice((0.0, 1.0), (0.75, 0.25)),
        unit="code",
        source="0 it lies there, 1 it falls off the car or truck ahead",
        status="engineering",
    )
    size: Dist = quantity(
        Uniform(0.3, 1.6), unit="m", source="its length and width", status="engineering"
    )
    late: Dist = quantity(
        Uniform(2.5, 10.0),
        unit="s",
        source="time to collision at which the one ahead swerves",
        status="engineering",
    )
    across: Dist = quantity(
        Uniform(0.3, 2.9),
        unit="mps",
        source="its lateral speed, the grid of JRC for cut-outs of UN R157 without its slowest",
        status="derived",
    )
    slide: Dist = quantity(
        Uniform(0.5, 4.0),
        unit="mps2",
        source="deceleration of what fell, from rolling to sliding",
        status="engineering",
    )
    dodge: Dist = quantity(
        Uniform(0.0, 2.6),
        unit="m",
        source="how far the ego steers aside, at 1.5 m/s across",
        status="engineering",
    )
    start: Dist = quantity(
        Uniform(1.5, 4.0), unit="s", source="time of swerving or falling", status="engineering"
    )

    def build(self, draws: Draws) -> Scene:
        road = straight(lanes=2, friction=np.array(FRICTION))
        scene = Scene(len(draws), road, draws.wet)
        ego, lead, _ = convoy(scene, draws, draws.speed, EGO_S, clearance_m=0.2)
        place_car(scene, draws, OTHERS[0], draws.speed, lane=1, s=EGO_S - 40.0)
        _drop(scene, draws, lead)
        for steady in (ego, lead):
            scene.when(steady, time_s=0.0).speed(draws.speed)
        lies = draws.falls == 0.0
        swerves = scene.when(lead, time_s=np.where(lies, draws.start, NEVER))
        swerves.lane(1, lateral_speed=draws.across)
        hidden = np.where(lies, OUT_M / draws.across + TURN_S, 0.0)
        understands = scene.when(ego, time_s=draws.start + hidden + draws.reaction[:, 0])
        understands.go()
        understands.offset(-draws.dodge, lateral_speed=1.5)
        return scene


def _drop(scene: Scene, draws: Draws, lead: Actor) -> None:
    """What lies ahead of a car that goes on as it does, or comes off its rear."""
    falls = draws.falls == 1.0
    half = 0.5 * (lead.length + draws.size)
    ahead = np.where(falls, -half - DROP_M, half + draws.speed * draws.late)
    thing = scene.obstacle(
        s=lead.s + draws.speed * draws.start + ahead,
        speed=np.where(falls, draws.speed, 0.0),
        enter_s=np.where(falls, draws.start, 0.0),
        length=draws.size,
        width=draws.size,
        headway=0.01,
        min_gap=0.1,
    )
    falling = scene.when(thing, time_s=np.where(falls, draws.start, NEVER))
    falling.brake(draws.slide)

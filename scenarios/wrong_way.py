"""Somebody comes the wrong way."""

from functools import cache

import numpy as np

from sim.base.dist import Choice, Dist, Given, LogNormal, Normal, Truncated, Uniform
from sim.family import Draws, Family, quantity, register
from sim.family.traffic import EGO_S, FRICTION, NEVER
from sim.world.road import Road, chain, line
from sim.world.road.assemble import Track, assemble, plain_lanes
from sim.world.scene import Scene

LENGTH_M, LANE_M, CAR_M, TRUCK_M = 1400.0, 3.5, 4.5, 12.0
"""Of the road, its lanes' width, and the vehicles [m]."""

TRUCK_PACE, CLEAR_M = 0.7, 4.0
"""Speed of the truck over that of who overtakes it, and from the rear of that one to the truck's
front as it goes back [m] (engineering)."""

CALM_S, PASSED_S, SLOWED = 1.2, 2.0, 0.25
"""Before the ego does anything, after the meeting until it goes on [s], and the share of its
speed that it brakes down to (engineering)."""


@cache
def two_way_road() -> Road:
    """A road of two lanes, dry and wet; who comes towards the ego may use both."""
    whole = line(np.full(len(FRICTION), LENGTH_M))
    there = Track(chain(whole), plain_lanes(1, LANE_M))
    back = chain(whole, x=LENGTH_M, y=LANE_M, heading=np.pi)
    return assemble([there, Track(back, plain_lanes(2, LANE_M))], friction=np.array(FRICTION))


@register("wrong_way")
class WrongWay(Family):
    """Somebody comes the wrong way: overtaking a truck, or lost.

    Dangerous is that both come nearer at the sum of their speeds. By night headlights do not tell
    a lane until late, and in rain there is half the grip.

        lane 0, back        <-- [truck]
        lane 0    [ego] -->            <-- [car]
    """

    seconds = 13.0
    tags = ("opposite direction", "head-on", "car", "truck", "night", "wet",
            "outside ISO 34502", "PEGASUS layer 4", "PEGASUS layer 5")  # fmt: skip
    crashes = "20, 21 opposite direction"
    crash_share = 0.0234
    event = "crossing"
    danger = (0.15, 0.35)
    never = ("contact_s < meets - 0.1", "lost == 0 and back > 3 and collided")

    speed: Dist = quantity(
        Uniform(14.0, 28.0), unit="mps", source="country road; the ego's", status="engineering"
    )
    oncoming: Dist = quantity(
        Uniform(18.0, 32.0),
        unit="mps",
        source="country road; of who overtakes",
        status="engineering",
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
    lost: Dist = quantity(
        Choice((0.0, 1.0), (0.97, 0.03)),
        unit="code",
        source="0 it overtakes, 1 it stays on the wrong side",
        status="engineering",
    )
    meets: Dist = quantity(
        Uniform(6.0, 9.0),
        unit="s",
        source="when the two would meet if neither did anything",
        status="engineering",
    )
    back: Dist = quantity(
        Truncated(Normal(1.0, 0.7), 0.0, 4.0),
        unit="s",
        source="so long before that, it begins to go back to its lane",
        status="engineering",
    )
    across: Dist = quantity(
        Uniform(1.0, 2.5), unit="mps", source="lateral speed of it", status="engineering"
    )
    warning: Given = quantity(
        Given(
            "night",
            (0.5,),
            (Truncated(LogNormal(4.5, 0.3), 1.5, 8.0), Truncated(LogNormal(3.5, 0.3), 1.0, 8.0)),
        ),
        unit="s",
        source="so long before they would meet, the ego understands",
        status="engineering",
    )
    reaction: Dist = quantity(
        Truncated(LogNormal(1.07, 0.49), 0.3, 3.0),
        unit="s",
        source="from then until it acts, Sivak et al. 1982",
        status="recalled",
    )
    decel: Dist = quantity(
        Uniform(2.0, 9.0), unit="mps2", source="of the ego, if grip allows", status="engineering"
    )
    dodge: Dist = quantity(
        Uniform(0.5, 3.0),
        unit="m",
        source="how far the ego goes aside, onto the shoulder",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        scene = Scene(len(draws), two_way_road(), draws.wet)
        ego = scene.car(s=EGO_S, speed=draws.speed, desired_speed=draws.speed, held=1)
        apart = CAR_M + (draws.speed + draws.oncoming) * draws.meets
        s = LENGTH_M - EGO_S - apart
        car = scene.car(course=1, lane=1, s=s, speed=draws.oncoming, held=1)
        returns = draws.meets - draws.back
        pace = TRUCK_PACE * draws.oncoming
        at = s - CLEAR_M - 0.5 * (CAR_M + TRUCK_M) + (draws.oncoming - pace) * returns
        scene.truck(course=1, s=at, speed=pace, held=1)
        goes_back = scene.when(car, time_s=np.where(draws.lost == 1.0, NEVER, returns))
        goes_back.lane(0, lateral_speed=draws.across)
        acts = np.maximum(draws.meets - draws.warning, CALM_S) + draws.reaction
        evades = scene.when(ego, time_s=acts)
        evades.brake(draws.decel, down_to=SLOWED * draws.speed)
        evades.offset(-draws.dodge, lateral_speed=1.5)
        scene.when(ego, time_s=np.maximum(acts, draws.meets) + PASSED_S).go()
        return scene

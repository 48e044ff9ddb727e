"""A lead that turns off."""

from functools import cache

import numpy as np

from sim.base.dist import Choice, Dist, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.town import (
    LANE_M,
    TOWN,
    InTown,
    ahead_of_ego,
    lane_beside,
    lane_of,
    oncoming,
    stop_distance,
)
from sim.family.traffic import NEVER
from sim.world.road import Road, junction, junction_course
from sim.world.scene import Scene

LINE_M = 320.0
"""Of each course before its stop line [m]: room for the follower of an ego 9 s away."""
STRAIGHT = junction_course(0, "straight")
TURNERS = (1, 2)
"""Slots of the leaders that may turn."""
TURN_M, IN_TURN_M, CLEAR_M = 2.0, 8.0, 25.0
"""From the stop line to where it turns, where it stands, and where it is off the road [m]."""


WIDE_M = 28.6
"""From one stop line of the avenue to the other [m]."""


@cache
def avenue() -> Road:
    """Two lanes each way, and a side road whose traffic yields; the same for all scenarios."""
    return junction(main_lanes=2, lane_width=LANE_M, approach=LINE_M, departure=250.0)


@register("turning_lead")
class TurningLead(InTown):
    """A leader slows down to turn off, and at times has to stop for somebody before it is gone.

    Dangerous is a turn that is not expected: no signal was given, or it was not seen, and the
    ego's driver counts on the car being gone in time.

                                 |   |
        lane 1  [7] [6] [5]      |   |            or: lane 1 and a turn to the left
        lane 0  [4] [ego]  [1]<< +   +   [2] [3]  -->
                              v1 |   |
    """

    tags = (*TOWN, "junction", "turning")
    danger = (0.45, 0.75)
    crashes = "23 lead vehicle making a turn"

    speed: Dist = quantity(
        Uniform(6.0, 14.0),
        unit="mps",
        source="of the traffic before anything happens, up to 50 km/h",
        status="engineering",
        measured="following_speed",
    )
    left: Dist = quantity(
        Choice((0.0, 1.0), (0.6, 0.4)),
        unit="code",
        source="1 it turns left, 0 right; the ego is in the same lane",
        status="engineering",
    )
    turns: Dist = quantity(
        Choice((1, 2), (0.65, 0.35)),
        unit="count",
        source="which of the leaders turns, 1 the nearest",
        status="engineering",
    )
    start: Dist = quantity(
        Uniform(2.0, 5.0),
        unit="s",
        source="when it begins to slow down",
        status="engineering",
    )
    decel: Dist = quantity(
        Truncated(LogNormal(2.0, 0.4), 0.8, 5.0),
        unit="mps2",
        source="of the one who turns: usual before turns is 1 to 3 m/s²; spread judged",
        status="recalled",
    )
    pace: Dist = quantity(
        Uniform(3.0, 6.0),
        unit="mps",
        source="in the turn: 2 to 3 m/s² across on a radius of 5 to 12 m",
        status="engineering",
    )
    waits: Dist = quantity(
        Choice((0.0, 1.0), (0.55, 0.45)),
        unit="code",
        source="1 it stops in the turn, for somebody on foot or who comes towards it",
        status="engineering",
    )
    hold: Dist = quantity(
        Uniform(1.0, 5.0),
        unit="s",
        source="how long it then stands",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        scene = Scene(len(draws), avenue())
        left = draws.left == 1.0
        lane = np.where(left, 1, 0)
        begins = LINE_M + TURN_M - stop_distance(draws.speed, draws.decel, draws.pace)
        s = begins - draws.speed * draws.start - ahead_of_ego(draws, draws.turns, draws.speed)
        course = np.where(left, junction_course(0, "left"), junction_course(0, "right"))
        ways = {k: {"course": np.where(draws.turns == k, course, STRAIGHT)} for k in TURNERS}
        ego, leaders, _ = lane_of(scene, draws, draws.speed, s, lane, ways)
        lane_beside(scene, draws, ego, 1 - lane, np.where(left, draws.right_lane, draws.left_lane))
        stops = LINE_M + IN_TURN_M - stop_distance(draws.pace, draws.decel)
        for k, leader in zip(TURNERS, leaders):
            turns = draws.turns == k
            slows = scene.when(leader, at_m=np.where(turns, begins, NEVER))
            slows.brake(draws.decel, down_to=draws.pace)
            waits = np.where(turns & (draws.waits == 1.0), stops, NEVER)
            scene.when(leader, at_m=waits).brake(draws.decel, down_to=0.0)
            stood = draws.pace / draws.decel + draws.hold
            scene.when(leader, at_m=waits, delay_s=stood).speed(draws.pace, accel=1.5)
            scene.when(leader, at_m=np.where(turns, LINE_M + CLEAR_M, NEVER)).go()
        far = 2.0 * LINE_M + WIDE_M
        east = junction_course(2, "straight")
        oncoming(scene, draws, ego, length=far, course=east, present=~left)
        return scene

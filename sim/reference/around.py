"""What the driver in the ego's seat makes of another: the four numbers of a cut-in."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_borrowing
from sim.laws.sight import hides
from sim.laws.ttc_2d import ttc_2d
from sim.world.kernel.records import Cast, Way

SAME_WAY = math.cos(0.5)  # who heads further aside crosses or comes towards (engineering)
STANDING_MPS = 0.1  # slower than that nobody goes anywhere (engineering)
IN_LANE_M = -1.0  # lateral gap of a leader that joins from another course: it is in the way


@njit_borrowing
def turn_of(v: Any) -> float:
    """From a box's heading to its velocity [rad]; 0 but for wrecks, which slide."""
    return math.atan2(v.slide_y, v.slide_x) - v.yaw if v.collided == 1 else 0.0


@njit_borrowing
def meets(u: Any, v: Any) -> float:
    """Time until the boxes touch at constant velocity [s], infinite when they never do."""
    way = v.yaw + turn_of(v)
    wx = v.speed * math.cos(way) - u.speed * math.cos(u.yaw)
    wy = v.speed * math.sin(way) - u.speed * math.sin(u.yaw)
    dx, dy = v.x - u.x, v.y - u.y
    return float(ttc_2d(dx, dy, wx, wy, u.yaw, u.length, u.width, v.yaw, v.length, v.width))


@njit_borrowing
def meeting(u: Any, slot: int, v: Any) -> tuple[float, float, float, float]:
    """Gap [m], lateral gap [m], lateral speed towards the ego [m/s] and speed [m/s] of another.

    Who goes the ego's way, or stands, is seen as in a cut-in: along the course where both are
    on it, else along the ego's heading. Who crosses or comes towards counts if the two would
    touch at constant velocity: as something that stands in the way, where the ego's front
    would be by then. So its time to collision is what it was, and to brake is to stop before
    the place. The gap is NaN for all who do not count, and for whose centre is behind the ego's.

    Args:
        u: The ego's record.
        slot: Of the other.
        v: The other's record.
    """
    if u.lead == slot and v.course != u.course:
        return u.gap, IN_LANE_M, 0.0, v.speed
    if v.course == u.course:
        along, across = v.s - u.s, v.side - u.side
        box, own = v.slant, u.slant
    else:
        cos, sin = math.cos(u.yaw), math.sin(u.yaw)
        dx, dy = v.x - u.x, v.y - u.y
        along, across = dx * cos + dy * sin, dy * cos - dx * sin
        box, own = v.yaw - u.yaw, 0.0
    if along < 0.0:
        return math.nan, 0.0, 0.0, 0.0
    heading = box + turn_of(v)
    if v.speed > STANDING_MPS and math.cos(heading - own) < SAME_WAY:
        time = meets(u, v)
        gap = u.speed * time if time < math.inf else math.nan
        return gap, 0.0, 0.0, 0.0
    cos, sin = abs(math.cos(box)), abs(math.sin(box))
    gap = along - 0.5 * (u.length + v.length * cos + v.width * sin)
    side = abs(across) - 0.5 * (u.width + v.length * sin + v.width * cos)
    drift = u.speed * math.sin(own) - v.speed * math.sin(heading)
    towards = max(math.copysign(1.0, across) * drift, 0.0)
    return gap, side, towards, v.speed * math.cos(heading)


@njit_borrowing
def is_in_sight(cast: Cast, way: Way, slot: int) -> bool:
    """Whether no building and nobody's box stands between the ego's centre and another's."""
    u, v = cast.users[0], cast.users[slot]
    for k in range(len(way.blocks)):
        b = way.blocks[k]
        if b.length > 0.0 and hides(u.x, u.y, v.x, v.y, b.x, b.y, b.yaw, b.length, b.width):
            return False
    for k in range(cast.run.alive):
        other = cast.order[k]
        if other in (0, slot):
            continue
        w = cast.users[other]
        if hides(u.x, u.y, v.x, v.y, w.x, w.y, w.yaw, w.length, w.width):
            return False
    return True

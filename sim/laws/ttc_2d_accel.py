"""Time to collision of two oriented boxes that keep their accelerations until they stand."""

from __future__ import annotations

import math

from sim.base.jit import njit

TOUCH_M = 1e-9  # as for constant velocity
NEVER_S = 1e8  # equal velocities that differ by rounding meet after 1e16 s: that is never


@njit
def stop_time(speed: float, accel: float) -> float:
    """When a road user comes to a stand [s]: 0 when it stands and brakes, inf when never."""
    if speed == 0.0:
        return 0.0 if accel < 0.0 else math.inf
    return -speed / accel if speed * accel < 0.0 else math.inf


@njit
def next_overlap(at: float, rate: float, accel: float, reach: float, t: float) -> float:
    """First time from `t` on at which |at + rate t + ½ accel t²| <= reach; inf when never."""
    if t == math.inf:
        return t
    value = at + t * (rate + 0.5 * t * accel)
    slope = rate + accel * t
    if value < 0.0:
        value, slope, accel = -value, -slope, -accel
    left = value - reach
    if left <= TOUCH_M:
        return t
    under = slope * slope - 2.0 * accel * left
    if under < 0.0:
        return math.inf
    down = math.sqrt(under) - slope  # 2 left / down: the smaller positive root, also at accel 0
    return t + 2.0 * left / down if down > 0.0 else math.inf


@njit
def moved(speed: float, accel: float, stand: float, t: float) -> tuple[float, float, float]:
    """Way, speed and acceleration along the heading at time t, from `stand` on at rest."""
    if t >= stand:
        return 0.5 * speed * stand, 0.0, 0.0
    return t * (speed + 0.5 * t * accel), speed + t * accel, accel


@njit
def both_overlap(
    x: float,
    y: float,
    vx: float,
    vy: float,
    ax: float,
    ay: float,
    yaw: float,
    along: float,
    across: float,
    t: float,
) -> float:
    """First time from `t` on seen after going through both axes of one box once."""
    c, s = math.cos(yaw), math.sin(yaw)
    t = next_overlap(x * c + y * s, vx * c + vy * s, ax * c + ay * s, along, t)
    return next_overlap(y * c - x * s, vy * c - vx * s, ay * c - ax * s, across, t)


@njit
def ttc_2d_accel(
    dx: float,
    dy: float,
    yaw1: float,
    speed1: float,
    accel1: float,
    length1: float,
    width1: float,
    yaw2: float,
    speed2: float,
    accel2: float,
    length2: float,
    width2: float,
) -> float:
    """Time until the boxes first touch [s]; 0 in contact, infinite when they never do.

    Both go straight on. Between the moments at which one comes to a stand the offset on each
    of the four separating axes is a parabola: go from shadow to shadow, each time to the
    first moment at which it overlaps, until all four do.

    Args:
        dx: Centre of the second minus centre of the first, eastward [m].
        dy: The same, northward [m].
        yaw1: Heading of the first [rad].
        speed1: Along the heading [m/s].
        accel1: Along the heading [m/s²]; against the speed it ends at a stand.
        length1: [m].
        width1: [m].
        yaw2: As the first.
        speed2: As the first.
        accel2: As the first.
        length2: As the first.
        width2: As the first.

    Source: separating axes as in `ttc_2d`, with the parabola in place of the line.
    """
    cos, sin = abs(math.cos(yaw2 - yaw1)), abs(math.sin(yaw2 - yaw1))
    along1 = 0.5 * (length1 + length2 * cos + width2 * sin)
    across1 = 0.5 * (width1 + length2 * sin + width2 * cos)
    along2 = 0.5 * (length2 + length1 * cos + width1 * sin)
    across2 = 0.5 * (width2 + length1 * sin + width1 * cos)
    c1, s1, c2, s2 = math.cos(yaw1), math.sin(yaw1), math.cos(yaw2), math.sin(yaw2)
    stand1, stand2 = stop_time(speed1, accel1), stop_time(speed2, accel2)
    begin, end = 0.0, min(stand1, stand2)
    while begin < math.inf:
        way1, v1, a1 = moved(speed1, accel1, stand1, begin)
        way2, v2, a2 = moved(speed2, accel2, stand2, begin)
        x, y = dx + way2 * c2 - way1 * c1, dy + way2 * s2 - way1 * s1
        vx, vy = v2 * c2 - v1 * c1, v2 * s2 - v1 * s1
        ax, ay = a2 * c2 - a1 * c1, a2 * s2 - a1 * s1
        t, last = 0.0, -1.0
        while last < t < NEVER_S:
            last = t
            t = both_overlap(x, y, vx, vy, ax, ay, yaw1, along1, across1, t)
            t = both_overlap(x, y, vx, vy, ax, ay, yaw2, along2, across2, t)
        if t < NEVER_S and begin + t <= end:
            return begin + t
        begin, end = end, max(stand1, stand2) if end < max(stand1, stand2) else math.inf
    return math.inf

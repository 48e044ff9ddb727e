"""Closest encounter of two road users at constant velocity, and the distance of two boxes."""

from __future__ import annotations

import math

from sim.base.jit import njit
from sim.laws.overlap import separation

STILL_MPS = 1e-9  # slower relative motion is rounding: equal velocities stay as near as they are


@njit
def closest_time(dx: float, dy: float, move_x: float, move_y: float) -> float:
    """When the centres are nearest [s]: max(0, -(p.w) / |w|²); 0 without relative motion.

    Args:
        dx: Second minus first, eastward [m].
        dy: The same, northward [m].
        move_x: Velocity of the second minus that of the first, eastward [m/s].
        move_y: The same, northward [m/s].

    Source: Eggert, IEEE ITSC 2014, 711.
    """
    speed2 = move_x * move_x + move_y * move_y
    if speed2 < STILL_MPS * STILL_MPS:
        return 0.0
    return max(0.0, -(dx * move_x + dy * move_y) / speed2)


@njit
def corner_distance(
    dx: float, dy: float, turn: float, length1: float, width1: float, length2: float, width2: float
) -> float:
    """Least distance from a corner of the second box to the first, in the first's frame [m]."""
    cos, sin = math.cos(turn), math.sin(turn)
    least = math.inf
    for corner in range(4):
        ahead = 0.5 * length2 if corner < 2 else -0.5 * length2
        left = 0.5 * width2 if corner % 2 == 0 else -0.5 * width2
        x = abs(dx + ahead * cos - left * sin) - 0.5 * length1
        y = abs(dy + ahead * sin + left * cos) - 0.5 * width1
        least = min(least, math.hypot(max(x, 0.0), max(y, 0.0)))
    return least


@njit
def box_distance(
    dx: float,
    dy: float,
    yaw1: float,
    length1: float,
    width1: float,
    yaw2: float,
    length2: float,
    width2: float,
) -> float:
    """Distance of two oriented boxes [m], 0 where they share a point.

    Between boxes that are apart the shortest way begins or ends in a corner.

    Args:
        dx: Centre of the second minus centre of the first, eastward [m].
        dy: The same, northward [m].
        yaw1: [rad].
        length1: [m].
        width1: [m].
        yaw2: [rad].
        length2: [m].
        width2: [m].
    """
    if separation(dx, dy, yaw1, length1, width1, yaw2, length2, width2) <= 0.0:
        return 0.0
    c1, s1, c2, s2 = math.cos(yaw1), math.sin(yaw1), math.cos(yaw2), math.sin(yaw2)
    to_first = corner_distance(
        dx * c1 + dy * s1, dy * c1 - dx * s1, yaw2 - yaw1, length1, width1, length2, width2
    )
    to_second = corner_distance(
        -dx * c2 - dy * s2, dx * s2 - dy * c2, yaw1 - yaw2, length2, width2, length1, width1
    )
    return min(to_first, to_second)

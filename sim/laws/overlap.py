"""Do two oriented boxes overlap, and how far apart are they at least?"""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def separation(
    dx: float,
    dy: float,
    first_yaw: float,
    first_length: float,
    first_width: float,
    second_yaw: float,
    second_length: float,
    second_width: float,
) -> float:
    """Largest gap between the boxes' shadows on their four axes [m].

    Never more than their distance; positive exactly when they are apart, negative by the
    least push that would part them (separating axis theorem).

    Args:
        dx: Centre of the second minus centre of the first, eastward [m].
        dy: The same, northward [m].
        first_yaw: [rad].
        first_length: [m].
        first_width: [m].
        second_yaw: [rad].
        second_length: [m].
        second_width: [m].

    Source: Gottschalk, Lin and Manocha, SIGGRAPH 1996, section 5, in the plane.
    """
    turn = second_yaw - first_yaw
    cos, sin = abs(math.cos(turn)), abs(math.sin(turn))
    c1, s1 = math.cos(first_yaw), math.sin(first_yaw)
    c2, s2 = math.cos(second_yaw), math.sin(second_yaw)
    l1, w1 = 0.5 * first_length, 0.5 * first_width
    l2, w2 = 0.5 * second_length, 0.5 * second_width
    along1 = abs(dx * c1 + dy * s1) - l1 - l2 * cos - w2 * sin
    across1 = abs(dy * c1 - dx * s1) - w1 - l2 * sin - w2 * cos
    along2 = abs(dx * c2 + dy * s2) - l2 - l1 * cos - w1 * sin
    across2 = abs(dy * c2 - dx * s2) - w2 - l1 * sin - w1 * cos
    return max(max(along1, across1), max(along2, across2))

"""Time to collision of two oriented boxes at constant velocity."""

from __future__ import annotations

import math

from sim.base.jit import njit

TOUCH_M = 1e-9  # boxes within a nanometre are in contact: rounding of a turned box is less
STILL_MPS = 1e-9  # slower shadows stand: two equal velocities can differ by rounding


@njit
def overlap_span(
    at: float, rate: float, reach: float, enter: float, leave: float
) -> tuple[float, float]:
    """The part of [enter, leave] in which |at + rate t| <= reach; (inf, -inf) when empty."""
    if abs(rate) < STILL_MPS:
        return (enter, leave) if abs(at) <= reach else (math.inf, -math.inf)
    middle, half = -at / rate, reach / abs(rate)
    return max(enter, middle - half), min(leave, middle + half)


@njit
def ttc_2d(
    dx: float,
    dy: float,
    move_x: float,
    move_y: float,
    yaw1: float,
    length1: float,
    width1: float,
    yaw2: float,
    length2: float,
    width2: float,
) -> float:
    """Time until the boxes first touch [s]; 0 in contact, infinite when they never do.

    The boxes touch while their shadows overlap on all four of their axes, and each shadow's
    overlap at constant velocity is one interval of time: the last to begin is the answer.

    Args:
        dx: Centre of the second minus centre of the first, eastward [m].
        dy: The same, northward [m].
        move_x: Velocity of the second minus that of the first, eastward [m/s].
        move_y: The same, northward [m/s].
        yaw1: Heading of the first [rad].
        length1: [m].
        width1: [m].
        yaw2: Heading of the second [rad].
        length2: [m].
        width2: [m].

    Source: Gottschalk, Lin and Manocha, SIGGRAPH 1996, section 5 (separating axes), in the
    plane; Eberly, Dynamic collision detection using oriented bounding boxes, 1999.
    """
    cos, sin = abs(math.cos(yaw2 - yaw1)), abs(math.sin(yaw2 - yaw1))
    c1, s1, c2, s2 = math.cos(yaw1), math.sin(yaw1), math.cos(yaw2), math.sin(yaw2)
    along1 = 0.5 * (length1 + length2 * cos + width2 * sin)
    across1 = 0.5 * (width1 + length2 * sin + width2 * cos)
    along2 = 0.5 * (length2 + length1 * cos + width1 * sin)
    across2 = 0.5 * (width2 + length1 * sin + width1 * cos)
    apart = max(
        max(abs(dx * c1 + dy * s1) - along1, abs(dy * c1 - dx * s1) - across1),
        max(abs(dx * c2 + dy * s2) - along2, abs(dy * c2 - dx * s2) - across2),
    )
    if apart <= TOUCH_M:
        return 0.0
    t, end = overlap_span(dx * c1 + dy * s1, move_x * c1 + move_y * s1, along1, 0.0, math.inf)
    t, end = overlap_span(dy * c1 - dx * s1, move_y * c1 - move_x * s1, across1, t, end)
    t, end = overlap_span(dx * c2 + dy * s2, move_x * c2 + move_y * s2, along2, t, end)
    t, end = overlap_span(dy * c2 - dx * s2, move_y * c2 - move_x * s2, across2, t, end)
    return t if t <= end else math.inf

"""Worst time to collision: both do their worst, in any direction."""

from __future__ import annotations

import math

from sim.base.jit import njit

MOST_STEPS = 100  # a clean crossing needs about 5, a graze halves its error each step


@njit
def wttc(dx: float, dy: float, move_x: float, move_y: float, reach: float, accel: float) -> float:
    """Smallest t with |p + w t| <= reach + ½ accel t² [s]; 0 in contact, inf when never.

    The distance is convex in time, so its tangent lies below it: where the tangent meets the
    growing circles is never too late, and the steps from tangent to tangent are Newton's.

    Args:
        dx: Second minus first, eastward [m].
        dy: The same, northward [m].
        move_x: Velocity of the second minus that of the first, eastward [m/s].
        move_y: The same, northward [m/s].
        reach: Sum of the radii of the circles round the boxes [m].
        accel: Sum of the accelerations that both can have in any direction [m/s²], >= 0.

    Source: Wachenfeld, Junietz, Wenzel and Winner, IEEE Intelligent Vehicles 2016, 695.
    """
    apart2 = dx * dx + dy * dy - reach * reach
    if apart2 <= 0.0:
        return 0.0
    if accel <= 0.0:
        towards = -(dx * move_x + dy * move_y)
        under = towards * towards - (move_x * move_x + move_y * move_y) * apart2
        if towards <= 0.0 or under < 0.0:
            return math.inf
        return apart2 / (towards + math.sqrt(under))
    t = 0.0
    for _ in range(MOST_STEPS):
        x, y = dx + move_x * t, dy + move_y * t
        far = math.hypot(x, y)
        left = far - reach - 0.5 * accel * t * t
        if left <= 0.0:
            return t
        closing = accel * t - (x * move_x + y * move_y) / far
        step = 2.0 * left / (closing + math.sqrt(closing * closing + 2.0 * accel * left))
        t += step
        if step <= 1e-13 * t:
            return t
    return t

"""Does a box stand between two points?"""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def hides(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    x: float,
    y: float,
    yaw: float,
    length: float,
    width: float,
) -> bool:
    """Whether the segment from the first to the second point passes through the box.

    The segment is cut by the box's two slabs, in the box's own frame.

    Args:
        x1: First point [m].
        y1: The same [m].
        x2: Second point [m].
        y2: The same [m].
        x: Centre of the box [m].
        y: The same [m].
        yaw: [rad].
        length: [m].
        width: [m].

    Source: Kay and Kajiya, SIGGRAPH 1986, section 3, in the plane.
    """
    cos, sin = math.cos(yaw), math.sin(yaw)
    along, left = (x1 - x) * cos + (y1 - y) * sin, (y1 - y) * cos - (x1 - x) * sin
    go_along, go_left = (x2 - x1) * cos + (y2 - y1) * sin, (y2 - y1) * cos - (x2 - x1) * sin
    enter, leave = slab(along, go_along, 0.5 * length)
    enter2, leave2 = slab(left, go_left, 0.5 * width)
    first, last = max(enter, enter2, 0.0), min(leave, leave2, 1.0)
    return first < last


@njit
def slab(start: float, move: float, half: float) -> tuple[float, float]:
    """Shares of the way from `start` to `start + move` at which |place| < half begins, ends."""
    if move == 0.0:
        if abs(start) < half:
            return -math.inf, math.inf
        return math.inf, -math.inf
    one, two = (-half - start) / move, (half - start) / move
    return min(one, two), max(one, two)

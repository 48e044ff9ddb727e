"""Places along and beside a circular arc; a line is one of curvature 0."""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def arc_point(
    x: float, y: float, heading: float, curvature: float, s: float, d: float
) -> tuple[float, float, float]:
    """The place s along an arc and d to its left, and the arc's heading there.

        chord = s sinc(½ k s) in direction psi + ½ k s,  then d across

    Args:
        x: Beginning of the arc [m].
        y: The same [m].
        heading: psi, there [rad].
        curvature: k [1/m], left positive.
        s: Along the arc [m]; may be negative.
        d: To its left [m].

    Returns:
        x [m], y [m], heading [rad].
    """
    half = 0.5 * curvature * s
    # sin(h)/h; under 1e-4 its series is exact to 1e-17
    chord = s * (math.sin(half) / half if abs(half) > 1e-4 else 1.0 - half * half / 6.0)
    course = heading + half
    there = course + half
    return (
        x + chord * math.cos(course) - d * math.sin(there),
        y + chord * math.sin(course) + d * math.cos(there),
        there,
    )


@njit
def arc_place(
    x: float, y: float, heading: float, curvature: float, px: float, py: float
) -> tuple[float, float]:
    """Where the foot of a point on the arc is, s, and how far left of it the point, d [m].

        s = atan2(k a, 1 - k l) / k,  d = (2 l - k (a² + l²)) / (1 + hypot(k a, 1 - k l))

    with a and l the point ahead of and left of the arc's beginning; the inverse of `arc_point`
    while |k s| < pi and k d < 1.

    Args:
        x: Beginning of the arc [m].
        y: The same [m].
        heading: There [rad].
        curvature: k [1/m], left positive.
        px: The point [m].
        py: The same [m].
    """
    cos, sin = math.cos(heading), math.sin(heading)
    ahead = (px - x) * cos + (py - y) * sin
    left = (py - y) * cos - (px - x) * sin
    if curvature == 0.0:
        return ahead, left
    bent, rest = curvature * ahead, 1.0 - curvature * left
    s = math.atan2(bent, rest) / curvature
    d = (2.0 * left - curvature * (ahead * ahead + left * left)) / (1.0 + math.hypot(bent, rest))
    return s, d

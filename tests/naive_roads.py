"""Slow, independent twins for roads: clothoids by Fresnel integrals, boxes tried in turn."""

import math

import numpy as np
import shapely
from scipy.special import fresnel

from sim.world.road import Road, course_at


def clothoid(s: np.ndarray, length: float, start: float, end: float) -> tuple[np.ndarray, ...]:
    """x and y of a clothoid from the origin along x whose curvature goes from start to end."""
    rate = (end - start) / length
    a = math.sqrt(math.pi / abs(rate))
    sign = math.copysign(1.0, rate)
    zero = -start / rate  # where the whole clothoid has no curvature

    def whole(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        sin, cos = fresnel((u - zero) / a)
        return a * cos, sign * a * sin

    (x, y), (x0, y0) = whole(s), whole(np.zeros(1))
    turn = -0.5 * rate * zero * zero
    cos, sin = math.cos(turn), math.sin(turn)
    dx, dy = x - x0, y - y0
    return cos * dx - sin * dy, sin * dx + cos * dy


def boxes(
    road: Road, r: int, course: int, lane: int, s: np.ndarray, size: tuple[float, float]
) -> np.ndarray:
    """Boxes with their centres on a lane's centre line."""
    x, y, heading = course_at(road.pieces, r, course, s, road.lanes.y[r, course, lane])
    made = []
    for px, py, h in zip(x, y, heading):
        u, v = np.array([math.cos(h), math.sin(h)]), np.array([-math.sin(h), math.cos(h)])
        ahead, left = 0.5 * size[0] * u, 0.5 * size[1] * v
        corners = (ahead + left, -ahead + left, -ahead - left, ahead - left)
        made.append([np.array([px, py]) + c for c in corners])
    return shapely.polygons(np.array(made))


def lane_strip(
    road: Road, r: int, course: int, lane: int, start: float, end: float, slack: float = 0.0
) -> shapely.Polygon:
    """A lane as a buffered line, points every 20 cm, narrower by the slack on either side."""
    s = np.linspace(start, end, int((end - start) / 0.2) + 2)
    x, y, _ = course_at(road.pieces, r, course, s, road.lanes.y[r, course, lane])
    line = shapely.LineString(np.stack([x, y], axis=-1))
    return line.buffer(0.5 * road.lanes.width[r, course, lane] - slack, cap_style="flat")

"""Slow readable twins of contact, impact, sight and arcs: shapely, and small steps."""

from __future__ import annotations

import math

import numpy as np
import shapely
import shapely.affinity
from numpy.typing import NDArray

from sim.base.geometry import corners

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def polygons(boxes: Floats) -> NDArray[np.object_]:
    """Boxes (..., 5) of x, y, yaw, length, width as polygons."""
    flat = boxes.reshape(-1, 5)
    return np.asarray(shapely.polygons(corners(*flat.T))).reshape(boxes.shape[:-1])


def between(first: Floats, last: Floats, at: Floats) -> Floats:
    """Boxes on their straight way from one pose to another; `at` broadcasts."""
    return first + np.asarray(at)[..., None] * (last - first)


def overlap(a: Floats, b: Floats) -> Bools:
    """Whether boxes share a point; shapely is asked only where circles around them do."""
    reach = 0.5 * (np.hypot(a[..., 3], a[..., 4]) + np.hypot(b[..., 3], b[..., 4]))
    near = np.hypot(a[..., 0] - b[..., 0], a[..., 1] - b[..., 1]) <= reach
    out: Bools = np.zeros(near.shape, np.bool_)
    out[near] = shapely.intersects(polygons(a[near]), polygons(b[near]))
    return out


def first_overlap(a: Floats, a2: Floats, b: Floats, b2: Floats, looks: int) -> Floats:
    """First shares of the way at which boxes overlap, (n,): looks, then bisection; NaN never."""
    n = len(a)
    at = np.linspace(0.0, 1.0, looks + 1)
    first = np.full(n, looks + 1)
    for k, share in enumerate(at):
        open_ = np.flatnonzero(first > looks)
        shares = np.full(len(open_), share)
        met = overlap(between(a[open_], a2[open_], shares), between(b[open_], b2[open_], shares))
        first[open_[met]] = k
    out = np.full(n, math.nan)
    out[first == 0] = 0.0
    hit = np.flatnonzero((first > 0) & (first <= looks))
    low, high = at[first[hit] - 1], at[first[hit]]
    for _ in range(40):
        mid = 0.5 * (low + high)
        met = overlap(between(a[hit], a2[hit], mid), between(b[hit], b2[hit], mid))
        low, high = np.where(met, low, mid), np.where(met, mid, high)
    out[hit] = high
    return out


def edge_distances(box: Floats, point: shapely.Point) -> dict[str, float]:
    """How far a point is from each side of a box [m]."""
    x, y, yaw, length, width = box
    ahead, left = shapely.affinity.rotate(
        shapely.affinity.translate(point, -x, -y), -yaw, origin=(0, 0), use_radians=True
    ).coords[0]
    half_l, w = 0.5 * length, 0.5 * width
    sides = {
        "front": ((half_l, -w), (half_l, w)),
        "rear": ((-half_l, -w), (-half_l, w)),
        "left": ((-half_l, w), (half_l, w)),
        "right": ((-half_l, -w), (half_l, -w)),
    }
    at = shapely.Point(ahead, left)
    return {name: float(shapely.LineString(ends).distance(at)) for name, ends in sides.items()}


def hides(x1: float, y1: float, x2: float, y2: float, box: Floats) -> float:
    """Length of a segment inside a box [m]."""
    line = shapely.LineString([(x1, y1), (x2, y2)])
    return float(line.intersection(polygons(box).item()).length)


def arc_point(
    x: float, y: float, heading: float, k: float, s: float, d: float
) -> tuple[float, float, float]:
    """Along the arc by 20,000 midpoint steps, then d to the left."""
    ds = s / 20_000
    along = (np.arange(20_000) + 0.5) * ds
    x += float(np.cos(heading + k * along).sum()) * ds
    y += float(np.sin(heading + k * along).sum()) * ds
    there = heading + k * s
    return x - d * math.sin(there), y + d * math.cos(there), there

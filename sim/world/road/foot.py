"""The nearest place on a path to a point."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.jit import njit
from sim.laws.arc import arc_place, arc_point
from sim.world.road.chain import Path

Floats = NDArray[np.float64]


def foot(
    path: Path,
    which: NDArray[np.int64],
    x: ArrayLike,
    y: ArrayLike,
    start: ArrayLike = -np.inf,
    end: ArrayLike = np.inf,
) -> tuple[Floats, Floats]:
    """Where the feet of points on paths are: s [m] and the distance to the left, d [m], (K,).

    Beyond the ends of the stretch that is searched the foot is its end, d then the distance.

    Args:
        path: (n, P).
        which: (K,) the path of each point.
        x: (K,) the points [m].
        y: The same [m].
        start: (n,) beginning of the stretch that is searched [m].
        end: Its end [m].
    """
    n = len(path.length)
    low = np.maximum(np.broadcast_to(np.asarray(start, np.float64), (n,)), 0.0)
    high = np.minimum(np.broadcast_to(np.asarray(end, np.float64), (n,)), path.length)
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    column = (path.s, path.x, path.y, path.heading, path.curvature, path.length)
    return _feet(*column, which, x, y, low, high)


@njit
def _feet(
    start: Floats,
    x: Floats,
    y: Floats,
    heading: Floats,
    curvature: Floats,
    length: Floats,
    which: NDArray[np.int64],
    px: Floats,
    py: Floats,
    low: Floats,
    high: Floats,
) -> tuple[Floats, Floats]:
    pieces = start.shape[1]
    s, d = np.empty(len(px)), np.empty(len(px))
    for k in range(len(px)):
        w = which[k]
        best = math.inf
        for p in range(pieces):
            end = start[w, p + 1] if p + 1 < pieces else length[w]
            first, last = max(low[w], start[w, p]), min(high[w], end)
            if first > last:
                continue
            pose = (x[w, p], y[w, p], heading[w, p], curvature[w, p])
            along, left = arc_place(pose[0], pose[1], pose[2], pose[3], px[k], py[k])
            along += start[w, p]
            at, far = min(max(along, first), last), abs(left)
            if at != along:
                here = arc_point(pose[0], pose[1], pose[2], pose[3], at - start[w, p], 0.0)
                far = math.hypot(px[k] - here[0], py[k] - here[1])
            if far < best:
                best = far
                s[k], d[k] = at, math.copysign(far, left)
    return s, d

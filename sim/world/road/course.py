"""A course's pieces: laid one after the other, and asked where a place on it lies."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.jit import njit
from sim.laws.arc import arc_point
from sim.world.road.core import Pieces

Floats = NDArray[np.float64]


def course_at(
    pieces: Pieces, road: int, course: int, s: ArrayLike, d: ArrayLike = 0.0
) -> tuple[Floats, Floats, Floats]:
    """Places along a course in the plane: x [m], y [m], heading [rad].

    Args:
        pieces: (R, C, P).
        road: Number of the road.
        course: Number of the course.
        s: Along the course [m]; beyond its ends they go on as they are.
        d: To its left [m]; broadcasts with `s`.
    """
    along, left = np.broadcast_arrays(np.asarray(s, np.float64), np.asarray(d, np.float64))
    start, x0, y0, h0, bend = (column[road, course] for column in pieces.columns().values())
    piece = np.clip(np.searchsorted(start, along, side="right") - 1, 0, None)
    x, y, heading = _points(start, x0, y0, h0, bend, piece.ravel(), along.ravel(), left.ravel())
    return x.reshape(along.shape), y.reshape(along.shape), heading.reshape(along.shape)


@njit
def _points(
    start: Floats,
    x: Floats,
    y: Floats,
    heading: Floats,
    curvature: Floats,
    piece: NDArray[np.int64],
    s: Floats,
    d: Floats,
) -> tuple[Floats, Floats, Floats]:
    out_x, out_y, out_h = np.empty_like(s), np.empty_like(s), np.empty_like(s)
    for k in range(len(s)):
        p = piece[k]
        out_x[k], out_y[k], out_h[k] = arc_point(
            x[p], y[p], heading[p], curvature[p], s[k] - start[p], d[k]
        )
    return out_x, out_y, out_h

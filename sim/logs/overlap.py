"""Which vehicles of a recording stand in one another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def overlapping(
    frame: Ints, x: Floats, y: Floats, yaw: Floats, length: Floats, width: Floats
) -> Bools:
    """Rows whose oriented box intersects another row's of the same frame.

    Separating axes over all pairs whose centres are near in x; boxes that only touch do not
    count. All arguments are (R,), in any order [m, rad].

    Returns:
        (R,) True for both rows of each pair.
    """
    order = np.lexsort((x, frame))
    frame, x, y, yaw = frame[order], x[order], y[order], yaw[order]
    length, width = length[order], width[order]
    reach = float(np.hypot(length, width).max()) if len(x) else 0.0
    found = np.zeros(len(x), dtype=bool)
    for k in range(1, len(x)):
        a = np.flatnonzero((frame[k:] == frame[:-k]) & (x[k:] - x[:-k] < reach))
        if len(a) == 0:
            break
        a = a[np.abs(y[a + k] - y[a]) < reach]
        hit = ~_separated(x, y, yaw, length, width, a, a + k)
        found[a[hit]] = True
        found[a[hit] + k] = True
    out = np.zeros(len(x), dtype=bool)
    out[order] = found
    return out


def _separated(
    x: Floats, y: Floats, yaw: Floats, length: Floats, width: Floats, a: Ints, b: Ints
) -> Bools:
    apart = np.zeros(len(a), dtype=bool)
    for axis in (yaw[a], yaw[a] + np.pi / 2, yaw[b], yaw[b] + np.pi / 2):
        distance = np.abs((x[b] - x[a]) * np.cos(axis) + (y[b] - y[a]) * np.sin(axis))
        reach = np.zeros(len(a))
        for box in (a, b):
            reach += np.abs(np.cos(yaw[box] - axis)) * length[box] / 2
            reach += np.abs(np.sin(yaw[box] - axis)) * width[box] / 2
        apart |= distance >= reach - 1e-9
    return apart

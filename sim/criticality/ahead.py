"""Who is in the way straight ahead: what TTC, THW and DRAC need."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.laws.overlap import separation
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SAME_WAY_RAD = 0.5
"""Largest difference in heading of one that goes the same way (engineering)."""
STANDS_MPS = 0.5
"""Below this speed a heading says nothing: whoever stands in the way is in the way."""


def ahead(rows: Rows, ego: Ints, other: Ints) -> tuple[Floats, Floats]:
    """Gap and speed of the other where it is straight ahead of the ego and goes its way.

    It is in the way when its centre is ahead and the shadows of the two boxes across the ego's
    heading overlap. One that crosses or comes the other way is not followed: its time to
    collision is the plane's.

    Args:
        rows: The Log.
        ego: (P,) rows.
        other: (P,) rows.

    Returns:
        Gap [m] from the ego's front to the other's rear along the ego's heading, and the
        other's speed along it [m/s]; (P,) each, NaN where it is not in the way.
    """
    if len(ego) == 0:
        return np.empty(0), np.empty(0)
    return _ahead(ego, other, rows.x, rows.y, rows.yaw, rows.speed, rows.length, rows.width)


@njit
def _ahead(
    ego: Ints,
    other: Ints,
    x: Floats,
    y: Floats,
    yaw: Floats,
    speed: Floats,
    length: Floats,
    width: Floats,
) -> tuple[Floats, Floats]:
    gap, along = np.full(len(ego), np.nan), np.full(len(ego), np.nan)
    for k in range(len(ego)):
        i, j = ego[k], other[k]
        c, s = np.cos(yaw[i]), np.sin(yaw[i])
        dx, dy = x[j] - x[i], y[j] - y[i]
        turn = np.remainder(yaw[j] - yaw[i] + np.pi, 2.0 * np.pi) - np.pi
        cos, sin = abs(np.cos(turn)), abs(np.sin(turn))
        reach = 0.5 * (width[i] + length[j] * sin + width[j] * cos)
        if dx * c + dy * s <= 0.0 or abs(dy * c - dx * s) >= reach:
            continue
        if abs(turn) > SAME_WAY_RAD and abs(speed[j]) >= STANDS_MPS:
            continue
        clear = dx * c + dy * s - 0.5 * (length[i] + length[j] * cos + width[j] * sin)
        if clear <= 0.0 and _apart(dx, dy, i, j, yaw, length, width):
            continue  # askew side by side: no gap, and no contact either
        gap[k] = clear
        along[k] = speed[j] * np.cos(turn)
    return gap, along


@njit
def _apart(
    dx: float, dy: float, i: int, j: int, yaw: Floats, length: Floats, width: Floats
) -> bool:
    return separation(dx, dy, yaw[i], length[i], width[i], yaw[j], length[j], width[j]) > 0.0


@njit
def nearest(ego: Ints, gap: Floats, n: int) -> Bools:
    """Whether a pair's gap is the ego row's least, (P,): then the other is its lead.

    Args:
        ego: (P,) rows.
        gap: (P,) [m], NaN where the other is not in the way.
        n: Number of rows.
    """
    least = np.full(n, np.inf)
    for k in range(len(ego)):
        if gap[k] < least[ego[k]]:
            least[ego[k]] = gap[k]
    found: Bools = gap == least[ego]
    return found

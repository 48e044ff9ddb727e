"""How much later one box is where another was, both moving through one step of their tracks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CORNERS = 16  # of a square cut by nine lines: 13 at most


@njit
def least_lag(
    i: int,
    j: int,
    k: int,
    after: Ints,
    x: Floats,
    y: Floats,
    yaw: Floats,
    length: Floats,
    width: Floats,
    work: Floats,
) -> float:
    """Least r - s >= -k with box i at share s and box j at share r of their steps touching.

    On each separating axis the offset is linear in s and r: the touching (s, r) are a convex
    polygon, the unit square cut by eight lines, and the least is at one of its corners.

    Returns:
        NaN when they do not touch.
    """
    i2, j2 = after[i] if after[i] >= 0 else i, after[j] if after[j] >= 0 else j
    yaw1, yaw2 = _middle(yaw[i], yaw[i2]), _middle(yaw[j], yaw[j2])
    dx, dy = x[j] - x[i], y[j] - y[i]
    ax, ay, bx, by = x[i2] - x[i], y[i2] - y[i], x[j2] - x[j], y[j2] - y[j]
    cos, sin = abs(np.cos(yaw2 - yaw1)), abs(np.sin(yaw2 - yaw1))
    size1, size2 = (length[i], width[i]), (length[j], width[j])
    for square in range(4):  # a track's last row has no way to go: its share stays 0
        work[0, square, 0] = 1.0 if square in (1, 2) and i2 != i else 0.0
        work[0, square, 1] = 1.0 if square in (2, 3) and j2 != j else 0.0
    n = _cut(work[0], 4, work[1], float(k), -1.0, 1.0)
    side = 1
    for line in range(4):
        angle = (yaw1 if line < 2 else yaw2) + 0.5 * np.pi * (line % 2)
        own, far = (size1, size2) if line < 2 else (size2, size1)
        across = line % 2 == 1
        reach = 0.5 * (own[1] + far[0] * sin + far[1] * cos)
        if not across:
            reach = 0.5 * (own[0] + far[0] * cos + far[1] * sin)
        c, s = np.cos(angle), np.sin(angle)
        at, first, second = dx * c + dy * s, -(ax * c + ay * s), bx * c + by * s
        n = _cut(work[side], n, work[1 - side], reach - at, -first, -second)
        n = _cut(work[1 - side], n, work[side], reach + at, first, second)
        if n == 0:
            return np.nan
    least = np.inf
    for corner in range(n):
        least = min(least, work[side, corner, 1] - work[side, corner, 0])
    return least


@njit
def _middle(yaw: float, later: float) -> float:
    turn: float = np.remainder(later - yaw + np.pi, 2.0 * np.pi) - np.pi
    return yaw + 0.5 * turn


@njit
def _cut(corner: Floats, n: int, out: Floats, at: float, by_s: float, by_r: float) -> int:
    """The part of a polygon where at + by_s s + by_r r >= 0; returns its number of corners.

    Source: Sutherland and Hodgman, Communications of the ACM 17 (1974) 32.
    """
    m = 0
    for k in range(n):
        s, r = corner[k, 0], corner[k, 1]
        s2, r2 = corner[(k + 1) % n, 0], corner[(k + 1) % n, 1]
        here, there = at + by_s * s + by_r * r, at + by_s * s2 + by_r * r2
        if here >= 0.0:
            out[m, 0], out[m, 1] = s, r
            m += 1
        if (here < 0.0 < there) or (there < 0.0 < here):
            share = here / (here - there)
            out[m, 0], out[m, 1] = s + share * (s2 - s), r + share * (r2 - r)
            m += 1
    return m

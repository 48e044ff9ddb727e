"""Post-encroachment times from tracks: two boxes in one place at different times."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.criticality.neighbours import frame_order, sweep_axis
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CORNERS = 16  # of a square cut by nine lines: 13 at most


def encroachments(rows: Rows, first: Ints, second: Ints, limit_s: float) -> tuple[Floats, Ints]:
    """Shortest time from one's leaving a place to the other's reaching it, of each pair.

    That is the least tau >= 0 with which the one's box at some time t and the other's at t + tau
    share a point. Where paths cross at right angles it is the entry of the second into the
    conflict area minus the exit of the first; where one follows the other, the time headway
    from rear to front; where they touch, 0. Between frames centres move on straight lines, and
    in each interval the boxes keep the heading of its middle; within that the answer is exact.
    The straight line is off by a dt²/8, 1 cm at 8 m/s² or 1 ms at 10 m/s.

    Args:
        rows: The Log.
        first: (P,) rows that stand for a track each.
        second: (P,) likewise, of the same episode.
        limit_s: Longest time looked for [s].

    Returns:
        Time [s], NaN where there is none up to the limit, and the track of the one that was
        there first, -1 where there is none; (P,) each.
    """
    if len(first) == 0:
        return np.empty(0), np.empty(0, dtype=np.int64)
    track = _compact(rows)
    n = int(track.max()) + 1
    key = np.minimum(track[first], track[second]) * n + np.maximum(track[first], track[second])
    keys, back = np.unique(key, return_inverse=True)
    axis = sweep_axis(rows)
    most = round(limit_s / LOG_STEP_S) + 1
    lag, earlier = _least_lags(
        track,
        keys,
        n,
        axis,
        frame_order(axis, rows),
        rows.start,
        _when(rows, most),
        most,
        rows.after,
        rows.x,
        rows.y,
        rows.yaw,
        rows.length,
        rows.width,
    )
    time = np.where(lag * LOG_STEP_S <= limit_s, lag * LOG_STEP_S, np.nan)
    who = np.where(np.isnan(time) | (earlier < 0), -1, rows.track[earlier])
    return time[back], who[back]


def _compact(rows: Rows) -> Ints:
    """Tracks of all episodes numbered from 0."""
    both = np.stack([rows.episode, rows.track], axis=1)
    return np.asarray(np.unique(both, axis=0, return_inverse=True)[1], dtype=np.int64).ravel()


def _when(rows: Rows, most: int) -> Ints:
    """(S,) a number of each frame slice that differs by k from the one k frames later."""
    at = rows.start[:-1]
    first = int(rows.frame.min())
    span = int(rows.frame.max()) - first + most + 1
    return np.asarray(rows.episode[at] * span + rows.frame[at] - first, dtype=np.int64)


@njit
def _least_lags(
    track: Ints,
    keys: Ints,
    n: int,
    axis: Floats,
    order: Ints,
    start: Ints,
    when: Ints,
    most: int,
    after: Ints,
    x: Floats,
    y: Floats,
    yaw: Floats,
    length: Floats,
    width: Floats,
) -> tuple[Floats, Ints]:
    best = np.full(len(keys), np.inf)
    earlier = np.full(len(keys), -1, np.int64)
    half = np.empty(len(x))  # radius of a circle round the box and its way in one frame
    for i in range(len(x)):
        j = after[i] if after[i] >= 0 else i
        half[i] = 0.5 * np.hypot(length[i], width[i]) + np.hypot(x[j] - x[i], y[j] - y[i])
    window = 2.0 * half.max()
    work = np.empty((2, CORNERS, 2))
    for k in range(most + 1):
        s2 = 0
        for s in range(len(start) - 1):
            while s2 < len(when) and when[s2] < when[s] + k:
                s2 += 1
            if s2 == len(when) or when[s2] > when[s] + k:
                continue
            low = start[s2]
            for a in range(start[s], start[s + 1]):
                i = order[a]
                while low < start[s2 + 1] and axis[order[low]] < axis[i] - window:
                    low += 1
                for b in range(low, start[s2 + 1]):
                    j = order[b]
                    if axis[j] > axis[i] + window:
                        break
                    reach = half[i] + half[j]
                    dx, dy = x[j] - x[i], y[j] - y[i]
                    if dx * dx + dy * dy > reach * reach or track[i] == track[j]:
                        continue
                    one, two = min(track[i], track[j]), max(track[i], track[j])
                    p = np.searchsorted(keys, one * n + two)
                    if p == len(keys) or keys[p] != one * n + two or best[p] <= k - 1:
                        continue
                    lag = k + _lag(i, j, k, after, x, y, yaw, length, width, work)
                    if lag < best[p]:
                        best[p], earlier[p] = max(lag, 0.0), i
    return best, earlier


@njit
def _lag(
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

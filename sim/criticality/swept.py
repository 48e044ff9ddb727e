"""Post-encroachment times from tracks: two boxes in one place at different times."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.criticality.neighbours import frame_order, sweep_axis
from sim.world.approach import CROSSING_RAD, MOVING_MPS, Approach, approach_of, crosses
from sim.world.lag import CORNERS, least_lag
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def encroachments(
    rows: Rows,
    first: Ints,
    second: Ints,
    limit_s: float,
    crossing_rad: float = CROSSING_RAD,
) -> tuple[Floats, Ints]:
    """Shortest time from one's leaving a place to the other's reaching it, of each pair.

    That is the least tau >= 0 with which the one's box at some time t and the other's at t + tau
    share a point. Where paths cross at right angles it is the entry of the second into the
    conflict area minus the exit of the first; where they touch, 0. Those who follow each other do
    not cross (`sim.world.approach.crosses`) and have none, nor do standing ones. Between frames
    centres move on straight lines, and in each interval the boxes keep the heading of its
    middle; within that the answer is exact.
    The straight line is off by a dt²/8, 1 cm at 8 m/s² or 1 ms at 10 m/s.

    Args:
        rows: The Log.
        first: (P,) rows that stand for a track each.
        second: (P,) likewise, of the same episode.
        limit_s: Longest time looked for [s].
        crossing_rad: Least angle between the ways of two that cross [rad]; 0 takes any two, also
            standing ones: for those who follow each other that is the time headway from rear to
            front.

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
        slice_times(rows, most),
        most,
        rows.after,
        rows.x,
        rows.y,
        rows.yaw,
        rows.length,
        rows.width,
        crossing_rad,
        approach_of(rows.kind, rows.yaw, rows.speed, rows.before, MOVING_MPS),
    )
    time = np.where(lag * LOG_STEP_S <= limit_s, lag * LOG_STEP_S, np.nan)
    who = np.where(np.isnan(time) | (earlier < 0), -1, rows.track[earlier])
    return time[back], who[back]


def _compact(rows: Rows) -> Ints:
    """Tracks of all episodes numbered from 0."""
    both = np.stack([rows.episode, rows.track], axis=1)
    return np.asarray(np.unique(both, axis=0, return_inverse=True)[1], dtype=np.int64).ravel()


def slice_times(rows: Rows, most: int) -> Ints:
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
    crossing: float,
    approach: Approach,
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
                    apart = 0.5 * (length[i] + length[j])
                    if crossing > 0.0 and not crosses(i, j, apart, crossing, approach):
                        continue
                    lag = k + least_lag(i, j, k, after, x, y, yaw, length, width, work)
                    if lag < best[p]:
                        best[p], earlier[p] = max(lag, 0.0), i
    return best, earlier

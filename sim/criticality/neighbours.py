"""Who is near whom in each frame, without looking at all pairs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def neighbours(rows: Rows, reach: float, most: int) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of rows of one frame whose centres are at most `reach` apart, each pair once.

    Args:
        rows: The Log.
        reach: [m].
        most: Pairs a batch; a batch is of whole frames, so a crowded one may hold more.

    Yields:
        First and second row, (P,) each, first < second, in the order of the frames.
    """
    if len(rows) == 0:
        return
    key = sweep_axis(rows)
    order = frame_order(key, rows)
    counts = np.cumsum(_count(order, rows.start, key, rows.x, rows.y, reach))
    begin, done = 0, 0
    while begin < len(counts):
        end = max(int(np.searchsorted(counts, done + most, side="right")), begin + 1)
        n = int(counts[end - 1]) - done
        if n:
            yield _fill(order, rows.start[begin : end + 1], key, rows.x, rows.y, reach, n)
        begin, done = end, int(counts[end - 1])


def sweep_axis(rows: Rows) -> Floats:
    """Of each row x or y, whichever is spread more in its episode, (R,)."""
    bounds = np.flatnonzero(np.append(True, rows.episode[1:] != rows.episode[:-1]))
    spread = [
        np.maximum.reduceat(value, bounds) - np.minimum.reduceat(value, bounds)
        for value in (rows.x, rows.y)
    ]
    sizes = np.diff(np.append(bounds, len(rows)))
    return np.where(np.repeat(spread[0] >= spread[1], sizes), rows.x, rows.y)


def frame_order(key: Floats, rows: Rows) -> Ints:
    """Rows of each frame sorted by `key`, (R,)."""
    return np.lexsort((key, rows.slice_of))


@njit
def _count(order: Ints, start: Ints, key: Floats, x: Floats, y: Floats, reach: float) -> Ints:
    counts = np.zeros(len(start) - 1, np.int64)
    for k in range(len(start) - 1):
        for a in range(start[k], start[k + 1]):
            i = order[a]
            for b in range(a + 1, start[k + 1]):
                j = order[b]
                if key[j] - key[i] > reach:
                    break
                counts[k] += np.hypot(x[j] - x[i], y[j] - y[i]) <= reach
    return counts


@njit
def _fill(
    order: Ints, start: Ints, key: Floats, x: Floats, y: Floats, reach: float, n: int
) -> tuple[Ints, Ints]:
    first, second = np.empty(n, np.int64), np.empty(n, np.int64)
    n = 0
    for k in range(len(start) - 1):
        for a in range(start[k], start[k + 1]):
            i = order[a]
            for b in range(a + 1, start[k + 1]):
                j = order[b]
                if key[j] - key[i] > reach:
                    break
                if np.hypot(x[j] - x[i], y[j] - y[i]) <= reach:
                    first[n], second[n] = min(i, j), max(i, j)
                    n += 1
    return first, second

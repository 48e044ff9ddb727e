"""Smoothing that looks both ways, for labels only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def smooth_along_tracks(value: Floats, before: Ints, after: Ints, half: int) -> Floats:
    """Savitzky and Golay's quadratic over 2 half + 1 frames, along each unbroken track.

    The ends take the value of the quadratic through the first or last whole window; tracks
    shorter than a window stay as they are.

    Args:
        value: (R,) any quantity.
        before, after: (R,) links of `Rows`.
        half: Frames to either side.

    Source: Savitzky and Golay, Analytical Chemistry 36 (1964) 1627.
    """
    if half < 1:
        return value.copy()
    t = np.arange(-half, half + 1.0)
    basis = np.vander(t, 3)
    weights = basis @ np.linalg.pinv(basis)  # row k evaluates the quadratic at frame k
    return _along(value, before, after, np.ascontiguousarray(weights))


@njit
def _along(value: Floats, before: Ints, after: Ints, weights: Floats) -> Floats:
    out = value.copy()
    size = len(weights)
    half = size // 2
    chain = np.empty(len(value), np.int64)
    for first in range(len(value)):
        if before[first] >= 0:
            continue
        n, i = 0, first
        while i >= 0:
            chain[n] = i
            n, i = n + 1, after[i]
        if n < size:
            continue
        for k in range(n):
            left = min(max(k - half, 0), n - size)
            total = 0.0
            for m in range(size):
                total += weights[k - left, m] * value[chain[left + m]]
            out[chain[k]] = total
    return out

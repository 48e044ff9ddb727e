"""Estimates from the last frames, newest first: index k is k frames ago, NaN where unseen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit

Floats = NDArray[np.float64]

STEP_S = 0.1
"""Interval of the frames [s]."""
FEWEST = 3
"""A line through fewer points than this is undefined."""


@njit
def slope(value: Floats, past: int) -> float:
    """Least-squares slope over frames 0..past, per second; NaN below `FEWEST` points."""
    n, st, sv, stt, stv = 0, 0.0, 0.0, 0.0, 0.0
    for k in range(min(past + 1, len(value))):
        v = value[k]
        if np.isnan(v):
            continue
        t = -STEP_S * k
        n += 1
        st, sv, stt, stv = st + t, sv + v, stt + t * t, stv + t * v
    if n < FEWEST:
        return np.nan
    return (n * stv - st * sv) / (n * stt - st * st)


@njit
def mean(value: Floats, past: int) -> float:
    """Mean over frames 0..past, NaN where nothing was seen."""
    n, total = 0, 0.0
    for k in range(min(past + 1, len(value))):
        if not np.isnan(value[k]):
            n, total = n + 1, total + value[k]
    return total / n if n else np.nan


@njit
def now(value: Floats, past: int) -> float:
    """The least-squares line over frames 0..past at frame 0; the mean below `FEWEST` points.

    Over 6 frames its variance is half that of one frame, without the delay of a mean.
    """
    n, st = 0, 0.0
    for k in range(min(past + 1, len(value))):
        if not np.isnan(value[k]):
            n, st = n + 1, st - STEP_S * k
    level = mean(value, past)
    return level if n < FEWEST else level - slope(value, past) * st / n


@njit
def gap_now(gap: Floats, closing: float, past: int) -> float:
    """The gap at frame 0: past gaps carried forward at the closing speed, and averaged."""
    n, total = 0, 0.0
    for k in range(min(past + 1, len(gap))):
        if not np.isnan(gap[k]):
            n, total = n + 1, total + gap[k] - closing * STEP_S * k
    return total / n if n else np.nan


@njit
def limited(value: float, most: float) -> float:
    """The value within +-most; NaN stays NaN."""
    return value if np.isnan(value) else min(max(value, -most), most)

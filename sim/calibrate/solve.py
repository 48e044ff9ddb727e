"""Many small minimisations at once, by Newton's method with a trust in the slope that adapts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEP = 1e-4
"""Of the differences: for losses of order 1 the second ones are good to 1e-7 / STEP."""
ROUNDS = 100
ENOUGH = 1e-9
"""A decrease of the mean loss below this ends the search: 1e-5 of a unit of log-likelihood
for 10,000 values."""


def minimise(
    loss: Callable[[Floats], Floats], start: Floats, *, low: Sequence[float], high: Sequence[float]
) -> Floats:
    """The least of B smooth functions of k numbers, each inside a box.

    Args:
        loss: From points (B, k) to values (B,).
        start: (B, k).
        low, high: Of the box, k numbers each.

    Returns:
        (B, k). Levenberg's damping makes every step one downhill.

    Source: Nocedal and Wright, Numerical Optimization, 2006, chapters 3 and 4.
    """
    box = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    t = np.clip(start, *box)
    value = loss(t)
    damping = np.full(len(t), 1e-3)
    quiet = np.zeros(len(t), np.int64)
    for _ in range(ROUNDS):
        slope, bend = _derivatives(loss, t, value)
        held = ((t <= box[0]) & (slope > 0.0)) | ((t >= box[1]) & (slope < 0.0))
        slope[held] = 0.0
        bend[held[:, :, None] | held[:, None, :]] = 0.0
        trial = np.clip(t + _step(slope, bend, damping), *box)
        new = loss(trial)
        better = new < value
        quiet = np.where(better & (value - new > ENOUGH), 0, quiet + 1)
        t = np.where(better[:, None], trial, t)
        value = np.where(better, new, value)
        damping = np.clip(np.where(better, damping / 5.0, damping * 5.0), 1e-9, 1e9)
        if (quiet >= 4).all():
            break
    return t


def _step(slope: Floats, bend: Floats, damping: Floats) -> Floats:
    """Newton's step with curvatures made positive and damped, (B, k)."""
    size, axes = np.linalg.eigh(bend)
    along = np.einsum("bij,bi->bj", axes, slope)
    move = -along / (np.abs(size) + damping[:, None])
    step: Floats = np.einsum("bij,bj->bi", axes, np.clip(move, -1.0, 1.0))
    return step


def _derivatives(
    loss: Callable[[Floats], Floats], t: Floats, value: Floats
) -> tuple[Floats, Floats]:
    """First (B, k) and second (B, k, k) central differences."""
    k = t.shape[1]
    slope, bend = np.empty(t.shape), np.empty((*t.shape, k))
    unit = STEP * np.eye(k)
    for i in range(k):
        up, down = loss(t + unit[i]), loss(t - unit[i])
        slope[:, i] = (up - down) / (2.0 * STEP)
        bend[:, i, i] = (up - 2.0 * value + down) / STEP**2
        for j in range(i):
            corners = [loss(t + a * unit[i] + b * unit[j]) for a, b in _CORNERS]
            mixed = (corners[0] - corners[1] - corners[2] + corners[3]) / (4.0 * STEP**2)
            bend[:, i, j] = bend[:, j, i] = mixed
    return slope, bend


_CORNERS = ((1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0))

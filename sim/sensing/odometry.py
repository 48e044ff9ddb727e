"""Speeds as a car measures them: filtered with the past only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]


def causal_motion(rows: Rows, time_constant_s: float) -> tuple[Floats, Floats, Floats]:
    """Speed, acceleration and yaw rate of every row from its own past.

    A first-order filter, exact for a speed that is held over each step; the acceleration is
    the derivative of its output at the end of the step, so both carry the same delay.

    Returns:
        Speed [m/s], acceleration [m/s²], yaw rate [rad/s], each (R,).
    """
    gain = 1.0 - np.exp(-LOG_STEP_S / time_constant_s) if time_constant_s > 0 else 1.0
    return _filter(rows.speed, rows.yaw, rows.before, gain)


@njit
def _filter(
    speed: Floats, yaw: Floats, before: NDArray[np.int64], gain: float
) -> tuple[Floats, Floats, Floats]:
    n = len(speed)
    v, a, w = np.empty(n), np.empty(n), np.empty(n)
    for i in range(n):  # rows are sorted by frame, so `before` is always done already
        p = before[i]
        if p < 0:
            v[i], a[i], w[i] = speed[i], 0.0, 0.0
            continue
        v[i] = v[p] + gain * (speed[i] - v[p])
        a[i] = (v[i] - v[p]) / LOG_STEP_S
        turn = np.remainder(yaw[i] - yaw[p] + np.pi, 2.0 * np.pi) - np.pi
        w[i] = w[p] + gain * (turn / LOG_STEP_S - w[p])
    return v, a, w

"""What the machine itself can do: copies of memory, and the barest loop of the same arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.laws.idm import idm
from tools.bench.traffic import (
    ACCEL_MAX,
    BRAKE_COMFORT,
    DT_S,
    HEADWAY_S,
    LENGTH_M,
    MIN_GAP_M,
    STEPS,
)
from tools.bench.worker import Clock, Job

COPY_BYTES = 256 * 2**20  # far beyond any cache
COPIES = 4


def copies() -> Job:
    """Gigabytes read and written by copying one large array."""
    source = np.ones(COPY_BYTES // 8)
    target = np.zeros_like(source)

    def job(clock: Clock) -> float:
        with clock:
            for _ in range(COPIES):
                np.copyto(target, source)
        return COPIES * 2.0 * COPY_BYTES / 1e9

    return job


@njit
def plain_loop(s: NDArray[Any], v: NDArray[Any], log: NDArray[Any]) -> None:
    """IDM behind the next slot and Euler's step; s and v (B, N), log (B, T, N, 2)."""
    for b in range(s.shape[0]):
        for t in range(log.shape[1]):
            for i in range(s.shape[1]):
                gap, lead = 1e4, v[b, i]
                if i + 1 < s.shape[1]:
                    gap, lead = s[b, i + 1] - s[b, i] - LENGTH_M, v[b, i + 1]
                a = idm(
                    v[b, i],
                    gap,
                    lead,
                    33.3,
                    HEADWAY_S,
                    ACCEL_MAX,
                    BRAKE_COMFORT,
                    MIN_GAP_M,
                )
                v[b, i] = max(0.0, v[b, i] + DT_S * a)
                s[b, i] += DT_S * v[b, i]
                log[b, t, i, 0] = s[b, i]
                log[b, t, i, 1] = v[b, i]


def plain(scenarios: int, vehicles: int) -> Job:
    """Agent-steps behind a fixed leader, with nothing else: no lanes, no contact, no metrics."""

    def job(clock: Clock) -> float:
        s = np.tile(np.arange(vehicles) * 35.0, (scenarios, 1))
        v = np.full_like(s, 25.0)
        log = np.zeros((scenarios, STEPS, vehicles, 2), np.float32)
        with clock:
            plain_loop(s, v, log)
        return s.size * STEPS

    return job

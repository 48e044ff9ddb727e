"""The Ornstein-Uhlenbeck process, stepped exactly."""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def ornstein_uhlenbeck(value: float, time_constant: float, dt: float, normal: float) -> float:
    """The process of unit variance after `dt`.

        x' = r x + sqrt(1 - r²) n,  r = exp(-dt / tau)

    Args:
        value: x now.
        time_constant: tau [s].
        dt: Interval [s].
        normal: n, a standard normal number.

    Source: Gillespie, Phys. Rev. E 54 (1996) 2084, eq. 1.9.
    """
    keep = math.exp(-dt / time_constant)
    return keep * value + math.sqrt(1.0 - keep * keep) * normal

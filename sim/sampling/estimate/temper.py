"""Failure found by wider draws, then followed inwards: needs no slope in the limit state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.sampling.estimate.meter import Floats, Meter
from sim.sampling.estimate.subset import ACCEPTED, moved

FEWEST = 8
"""Failing points with which a spread is good enough to start from."""

MOVES = 3
"""Moves of each point at each spread."""


@dataclass(frozen=True)
class Tempered:
    """Failing points under nature's density, reached from a wider one.

    Attributes:
        log_probability: Log of the estimated failure probability; NaN where not reached.
        points: (m, d) failing points, distributed as failures are by nature if `reached`.
        reached: Whether the way in was completed.
    """

    log_probability: float
    points: Floats
    reached: bool


def temper(
    meter: Meter, n: int, rng: np.random.Generator, most_calls: int, start: float = 1.2
) -> Tempered:
    """Widen until points fail, then narrow to 1 with the failing points moving along.

    Args:
        meter: The limit state.
        n: Points at each spread.
        rng: Where its randomness comes from.
        most_calls: Budget of this search.
        start: First standard deviation that is tried.
    """
    last = meter.left - most_calls
    spread, u, share = start, np.empty((0, meter.dim)), 0.0
    while len(u) < FEWEST:
        if spread > 8.0 or meter.left - n < last:
            return Tempered(float("nan"), u, False)
        drawn = spread * rng.standard_normal((n, meter.dim))
        failing = meter(drawn) <= 0
        u, share = drawn[failing], float(failing.mean())
        spread *= 1.0 if len(u) >= FEWEST else 1.25
    return _inwards(meter, u, float(np.log(share)), spread, n // 2, rng, last)


def _inwards(
    meter: Meter,
    u: Floats,
    log_p: float,
    spread: float,
    n: int,
    rng: np.random.Generator,
    last: int,
) -> Tempered:
    step = 0.6
    while spread > 1.0:
        if meter.left - MOVES * n < last:
            return Tempered(float("nan"), u, False)
        narrower = _next_spread(u, spread)
        log_ratio = _log_ratio(u, spread, narrower)
        top = log_ratio.max()
        weight = np.exp(log_ratio - top)
        log_p += float(top + np.log(weight.mean()))
        at = (np.arange(n) + rng.random()) / n
        picked = np.searchsorted(np.cumsum(weight / weight.sum()), at * (1 - 1e-12))
        u, spread = u[np.minimum(picked, len(u) - 1)], narrower
        g = np.zeros(len(u))
        for _ in range(MOVES):
            u, g, accepted = moved(meter, u, g, 0.0, step, spread, rng)
            step = float(np.clip(step * np.exp(accepted - ACCEPTED), 0.02, 1.0))
    return Tempered(log_p, u, True)


def _log_ratio(u: Floats, wide: float, narrow: float) -> Floats:
    half = 0.5 * (u**2).sum(axis=1)
    return np.asarray(half * (wide**-2 - narrow**-2) + u.shape[1] * np.log(wide / narrow))


def _next_spread(u: Floats, spread: float) -> float:
    """The narrowest spread that keeps half of the points effective, at most 30 % less."""
    for narrower in np.linspace(max(1.0, 0.7 * spread), spread, 30)[:-1]:
        log_ratio = _log_ratio(u, spread, narrower)
        weight = np.exp(log_ratio - log_ratio.max())
        if weight.sum() ** 2 >= 0.5 * len(u) * (weight**2).sum():
            return float(narrower)
    return float(max(1.0, 0.98 * spread))

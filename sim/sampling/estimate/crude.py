"""Crude Monte Carlo: no assumption at all, and the last resort."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.sampling.estimate.interval import binomial
from sim.sampling.estimate.meter import Floats, Meter


@dataclass(frozen=True)
class Tally:
    """Nominal draws and how many of them failed.

    Attributes:
        n: Draws.
        failures: Of them.
        points: (failures, d) the failing ones that were kept.
    """

    n: int
    failures: int
    points: Floats

    @property
    def probability(self) -> float:
        """Share that failed."""
        return self.failures / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval."""
        return binomial(self.failures, self.n)

    @property
    def rrmse(self) -> float:
        """Relative error; inf where nothing failed."""
        if self.failures == 0:
            return float("inf")
        return float(np.sqrt((1.0 - self.probability) / self.failures))


def draws_for(p: float, target: float) -> float:
    """Nominal draws after which the relative error is within the target."""
    return (1.0 - p) / (p * target**2) if p > 0 else float("inf")


def tally(meter: Meter, n: int, rng: np.random.Generator, before: Tally | None = None) -> Tally:
    """n more nominal draws, a batch at a time."""
    parts = [before.points if before is not None else np.empty((0, meter.dim))]
    for start in range(0, n, 1000):
        u = rng.standard_normal((min(1000, n - start), meter.dim))
        parts.append(u[meter(u) <= 0])
    points = np.concatenate(parts)
    return Tally(n + (before.n if before is not None else 0), len(points), points)

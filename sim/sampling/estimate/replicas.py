"""The fallback: subset simulation run over and over, and the spread between the runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.sampling.estimate.interval import replicated, run_variance
from sim.sampling.estimate.meter import Floats, Meter
from sim.sampling.estimate.subset import Descent, descend

ENOUGH = 4
"""Independent runs from which on their spread says something."""

MOST = 12


@dataclass(frozen=True)
class Replicas:
    """Independent runs of equal size that reached failure, at least two.

    Attributes:
        runs: These.
    """

    runs: tuple[Descent, ...]

    @property
    def log_probability(self) -> Floats:
        """(k,) of each run."""
        return np.array([run.log_probability for run in self.runs])

    @property
    def interval(self) -> tuple[float, float, float]:
        """Probability, low, high."""
        return replicated(self.log_probability, self._expected)

    @property
    def rrmse(self) -> float:
        """Relative error of the mean, from the same variance as the interval."""
        return float(np.sqrt(run_variance(self.log_probability, self._expected) / len(self.runs)))

    @property
    def _expected(self) -> float:
        return float(np.mean([run.variance for run in self.runs]))

    @property
    def points(self) -> Floats:
        """(m, d) failing points of all runs."""
        return np.concatenate([run.points for run in self.runs])


def replicate(
    meter: Meter, halves: tuple[Descent, ...], n: int, rng: np.random.Generator
) -> Replicas | None:
    """As many more runs as the budget holds; None if not even two reach failure."""
    runs = [half for half in halves if half.reached]
    if not runs:
        return None
    cost = max(len(run.levels) for run in runs) + 1
    while len(runs) < MOST and meter.left >= cost * n:
        run = descend(meter, n, rng)
        if run.reached:
            runs.append(run)
    return Replicas(tuple(runs)) if len(runs) >= 2 else None

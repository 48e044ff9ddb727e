"""Plain estimators to compare with: each alone, with no check of itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.base.rng import purpose
from sim.sampling.estimate.crude import tally
from sim.sampling.estimate.gaussians import Blend, Floats, Gaussians
from sim.sampling.estimate.interval import relative_error
from sim.sampling.estimate.meter import LimitState, Meter
from sim.sampling.estimate.subset import descend

ELITE = 0.1
MOST_LEVELS = 20


@dataclass(frozen=True)
class Baseline:
    """What one plain method says.

    Attributes:
        probability: Of failure; 0 where it found none.
        rrmse: Relative error by the method's own formula; inf where nothing failed.
        calls: Points evaluated.
    """

    probability: float
    rrmse: float
    calls: int


def crude_monte_carlo(limit_state: LimitState, dim: int, *, calls: int, seed: int) -> Baseline:
    """The share of nominal draws that fail."""
    meter, rng = _begin(limit_state, dim, calls, seed, "crude")
    drawn = tally(meter, calls, rng)
    return Baseline(drawn.probability, drawn.rrmse, meter.used)


def subset_simulation(
    limit_state: LimitState, dim: int, *, level: int = 1000, max_calls: int = 100_000, seed: int
) -> Baseline:
    """One run of subset simulation (Au and Beck 2001) with `level` points a level."""
    meter, rng = _begin(limit_state, dim, max_calls, seed, "subset")
    run = descend(meter, level, rng)
    if not run.reached:
        return Baseline(0.0, float("inf"), meter.used)
    return Baseline(float(np.exp(run.log_probability)), float(np.sqrt(run.variance)), meter.used)


def cross_entropy(
    limit_state: LimitState, dim: int, *, level: int = 1000, max_calls: int = 100_000, seed: int
) -> Baseline:
    """A single normal moved towards failure (Rubinstein 1999); follows one way to fail only."""
    meter, rng = _begin(limit_state, dim, max_calls, seed, "cross entropy")
    normal = _normal(np.zeros(dim), np.eye(dim))
    for _ in range(MOST_LEVELS):
        if meter.left < level:
            break
        u = normal.sample(level, rng)
        g, log_weight = meter(u), normal.log_weight(u)
        if (g <= 0).mean() >= ELITE:
            weight = np.exp(log_weight[g <= 0])
            return Baseline(weight.sum() / level, relative_error(weight, level), meter.used)
        normal = _moved(u, g <= np.quantile(g, ELITE), log_weight)
    return Baseline(0.0, float("inf"), meter.used)


def _begin(
    limit_state: LimitState, dim: int, calls: int, seed: int, name: str
) -> tuple[Meter, np.random.Generator]:
    return Meter(limit_state, dim, calls), np.random.default_rng([seed, purpose(name)])


def _moved(u: Floats, elite: np.ndarray, log_weight: Floats) -> Blend:
    w = np.exp(log_weight[elite] - log_weight[elite].max())
    w /= w.sum()
    mean = w @ u[elite]
    off = u[elite] - mean
    return _normal(mean, (off * w[:, None]).T @ off + 1e-2 * np.eye(u.shape[1]))


def _normal(mean: Floats, cov: Floats) -> Blend:
    d = len(mean)
    factor = np.asarray(np.linalg.cholesky(cov)[None], dtype=np.float64)
    return Blend((1.0,), (Gaussians(np.ones(1), np.eye(d), mean[None], factor, np.ones(1)),))

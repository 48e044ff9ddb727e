"""How probable failure is, for any vectorised function of standard-normal points."""

from __future__ import annotations

import math

import numpy as np

from sim.base.errors import expected
from sim.base.rng import purpose
from sim.sampling.estimate import interval
from sim.sampling.estimate.checks import distrust
from sim.sampling.estimate.explore import Exploration, explore
from sim.sampling.estimate.fit import fit
from sim.sampling.estimate.flags import Flag
from sim.sampling.estimate.gaussians import Floats
from sim.sampling.estimate.meter import LimitState, Meter
from sim.sampling.estimate.modes import modes
from sim.sampling.estimate.result import Estimate
from sim.sampling.estimate.rounds import RESERVE, Round, harvest, learn, pool
from sim.sampling.estimate.subset import Descent, descend


def estimate(
    limit_state: LimitState,
    dim: int,
    *,
    target_rrmse: float = 0.05,
    max_calls: int = 10_000,
    seed: int,
) -> Estimate:
    """Estimate P(limit_state(U) <= 0) for U standard normal in `dim` dimensions."""
    _check(dim, target_rrmse, max_calls, seed)
    meter = Meter(limit_state, dim, max_calls)
    rng = np.random.default_rng([seed, purpose("estimate")])
    return _Run(meter, rng, target_rrmse, seed)()


def _check(dim: int, target_rrmse: float, max_calls: int, seed: int) -> None:
    for name, value, least in (("dim", dim, 1), ("max_calls", max_calls, 100), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise expected(name, f"a whole number, at least {least}", value)
    if not (isinstance(target_rrmse, int | float) and 0 < target_rrmse < 1):
        raise expected("target_rrmse", "a share between 0 and 1", target_rrmse)


class _Run:
    def __init__(self, meter, rng, target, seed):
        self.meter, self.rng, self.target, self.seed = meter, rng, target, seed

    def __call__(self):
        n = int(np.clip(25 / self.target, 200, 1000))
        n = max(min(n, self.meter.max_calls // 10), 20)
        ex = explore(self.meter, n, self.rng)
        if ex.common:
            return self.crude(ex)
        reserve = 0
        early = learn(self.meter, ex, n, self.target, self.rng)
        if not early:
            return self.crude(ex) if not len(ex.archive.points) and not len(ex.chained[0]) else self.fallback(ex, ())
        best = min(r.spread for r in early)
        counted = harvest(self.meter, ex, early[-1].spread if early[-1].spread < np.inf else 3.0, self.target, self.rng)
        if not counted:
            return self.fallback(ex, ())
        pooled = pool(counted)
        flags = distrust(ex, early, counted, pooled)
        if flags:
            return self.fallback(ex, flags, pooled)
        return self.weighted(pooled, flags)

    def weighted(self, pooled, flags, method="importance sampling"):
        weight = np.exp(pooled.log_weight)
        p, low, high = interval.weighted(weight, pooled.n)
        rrmse = interval.relative_error(weight, pooled.n)
        found = modes(pooled.points, weight, fit(pooled.points, weight, self.rng), self.meter)
        if rrmse > self.target:
            flags = (*flags, Flag.TARGET_MISSED)
        return Estimate(p, low, high, rrmse, self.meter.used, float(weight.sum() ** 2 / (weight**2).sum()),
            method, flags, found, pooled.points, pooled.log_weight, pooled.blend, self.target, self.meter.dim, self.seed)

    def fallback(self, ex, flags, pooled=None):
        # placeholder while measuring
        if pooled is None or len(pooled.points) < 2:
            return self.crude(ex, (*flags, Flag.FELL_BACK))
        return self.weighted(pooled, (*flags, Flag.FELL_BACK))

    def crude(self, ex, flags=()):
        p = float((ex.nominal <= 0).mean())
        n = self.meter.left
        if p > 0:
            want = (1 - p) / (p * (0.95 * self.target) ** 2)
            n = int(min(max(want - len(ex.nominal), 0), n))
        u = self.rng.standard_normal((n, self.meter.dim))
        g = np.concatenate([ex.nominal, self.meter(u)])
        k = int((g <= 0).sum())
        low, high = interval.binomial(k, len(g))
        p = k / len(g)
        rr = float(np.sqrt((1 - p) / (p * len(g)))) if k else float("inf")
        return Estimate(p, low, high, rr, self.meter.used, float(k), "crude Monte Carlo", flags, (), u[:0], u[:0, 0], None, self.target, self.meter.dim, self.seed)

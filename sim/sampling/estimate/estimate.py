"""How probable failure is, for any vectorised function of standard-normal points."""

from __future__ import annotations

import numpy as np

from sim.base.errors import expected
from sim.base.rng import purpose
from sim.sampling.estimate.answer import Answer
from sim.sampling.estimate.checks import believed, findings, finer
from sim.sampling.estimate.crude import draws_for, tally
from sim.sampling.estimate.explore import SEEN_WHOLE, Exploration, explore
from sim.sampling.estimate.flags import Flag
from sim.sampling.estimate.meter import LimitState, Meter
from sim.sampling.estimate.replicas import replicate
from sim.sampling.estimate.result import Estimate
from sim.sampling.estimate.rounds import (
    FEW_DIMENSIONS,
    RESERVE,
    Round,
    harvest,
    learn,
    pool,
    wanted,
)

LEAST_CALLS = 100
DOUBT = 2.0
"""Times the width of an interval whose weights failed the inspection and are told nevertheless."""
MOST_ROUND = 500
COARSE = 0.4
"""Relative error that importance sampling must promise in few dimensions: subset simulation
with what is left does no better than that."""


def estimate(
    limit_state: LimitState,
    dim: int,
    *,
    target_rrmse: float = 0.05,
    max_calls: int = 10_000,
    seed: int,
) -> Estimate:
    """The probability that a limit state fails, with an interval that is honest.

    Failure is looked for with nominal draws, wide draws and two subset simulations that know
    nothing of each other. What failed teaches a mixture; fresh draws from it, whose number is
    fixed beforehand, give the probability. Where these do not bear inspection the number
    comes from replicated subset simulation, else from crude Monte Carlo, and a flag says so.

    Args:
        limit_state: Standard-normal points (n, dim) to values (n,), failure where <= 0.
            It is never called with more than 1,000 points; +inf is safe.
        dim: Numbers in a point, at least 1.
        target_rrmse: Relative error at which to stop.
        max_calls: Points that may be evaluated, at least 100; never exceeded.
        seed: Of all randomness: the same seed gives the same bits.

    Returns:
        The estimate; `print` it for a summary.

    Raises:
        UserError: An impossible argument, or the limit state gave another shape or NaN.

    >>> estimate(lambda u: 3.0 - u[:, 0], 2, seed=1).low < 1.35e-3
    True
    """
    _check(limit_state, dim, target_rrmse, max_calls, seed)
    meter = Meter(limit_state, int(dim), int(max_calls))
    rng = np.random.default_rng([int(seed), purpose("estimate")])
    n = _level_size(meter, target_rrmse)
    seen = explore(meter, n, rng)
    answer = Answer(meter, rng, float(target_rrmse), int(seed))
    if seen.common:
        return _crudely(answer, seen)
    return _weighted(answer, seen, n)


def _check(
    limit_state: LimitState, dim: int, target_rrmse: float, max_calls: int, seed: int
) -> None:
    if not callable(limit_state):
        raise expected("limit_state", "a function of points (n, dim)", limit_state)
    wanted_least = (("dim", dim, 1), ("max_calls", max_calls, LEAST_CALLS), ("seed", seed, 0))
    for name, value, least in wanted_least:
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise expected(name, f"a whole number, at least {least}", value)
    number = isinstance(target_rrmse, int | float | np.floating)
    if not number or not 0 < target_rrmse < 1:
        raise expected("target_rrmse", "a share between 0 and 1", target_rrmse)


def _level_size(meter: Meter, target: float) -> int:
    """Points a level of the search: more for a finer target, and beyond three dimensions."""
    n = np.clip(max(25 / target, 2 / target**2) if meter.dim <= 3 else 40 / target, 200, 1000)
    return max(int(min(n, meter.max_calls // 12)), 8)


def _weighted(answer: Answer, seen: Exploration, n: int) -> Estimate:
    """Importance sampling, and what to do where it fails."""
    meter, rng, target = answer.meter, answer.rng, answer.target
    early = learn(meter, seen, min(n, MOST_ROUND), target, rng)
    if not early:
        return _fallen_back(answer, seen, n, ())
    last = early[-1]
    if last.skewed and _hopeless(meter, last.spread, target):
        return _fallen_back(answer, seen, n, (Flag.SKEWED_WEIGHTS,))
    counted = harvest(meter, seen, last.spread, target, rng)
    if not counted:
        return _fallen_back(answer, seen, n, ())
    pooled = pool(counted)
    flags = findings(seen, [last, *counted], pooled)
    if believed(seen, pooled, flags):
        return answer.weighted(pooled, flags)
    return _fallen_back(answer, seen, n, flags, pooled)


def _hopeless(meter: Meter, spread: float, target: float) -> bool:
    """Whether what is left is better spent on the fallback."""
    if meter.dim > FEW_DIMENSIONS:
        return wanted(spread, target) > 2 * meter.left
    return meter.dim > SEEN_WHOLE and spread > COARSE * np.sqrt(meter.left)


def _fallen_back(
    answer: Answer,
    seen: Exploration,
    n: int,
    flags: tuple[Flag, ...],
    pooled: Round | None = None,
) -> Estimate:
    """Replicated subset simulation, or nominal draws where it does not reach failure.

    Where it does not, and draws from a proposal did, these stand after all: flagged.
    """
    left = answer.meter.left
    known = seen.nominal.probability
    if known and draws_for(known, 2 * answer.target) <= left:
        return _crudely(answer, seen, (*flags, Flag.FELL_BACK))
    replicas = replicate(answer.meter, seen.halves, n // 2, answer.rng)
    if replicas is None and pooled is not None and len(pooled.points) >= 2:
        return answer.weighted(pooled, flags, DOUBT)
    if replicas is None:
        return _crudely(answer, seen, (*flags, Flag.FELL_BACK))
    if pooled is not None and finer(seen, pooled, replicas, flags):
        return answer.weighted(pooled, flags, DOUBT)
    unseen = seen.archive if Flag.UNCOVERED in flags else None
    return answer.replicated(replicas, (*flags, Flag.FELL_BACK), unseen)


def _crudely(answer: Answer, seen: Exploration, flags: tuple[Flag, ...] = ()) -> Estimate:
    """Nominal draws up to the target or the budget.

    Those that showed failure to be common do not count: they were taken for being many (with
    p 0.085 and a target of 0.3 these estimates were 30 % high).
    """
    meter, first = answer.meter, seen.nominal
    wanted = draws_for(first.probability, 0.95 * answer.target)
    before = None if seen.common else first
    more = wanted - first.n if before else max(wanted, first.n)
    n = int(min(more, meter.left - (RESERVE if first.failures else 0)))
    return answer.tallied(tally(meter, max(n, 0), answer.rng, before), flags)

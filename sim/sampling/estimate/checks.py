"""Signs that importance sampling has failed without saying so."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.sampling.estimate.archive import effective
from sim.sampling.estimate.explore import SEEN_WHOLE, WIDE_UP_TO, Exploration
from sim.sampling.estimate.flags import Flag
from sim.sampling.estimate.gaussians import Floats
from sim.sampling.estimate.replicas import Replicas
from sim.sampling.estimate.rounds import ENOUGH, FEW_DIMENSIONS, Round

HUGE, UNCOVERED = 100.0, 0.02
"""Weights over the probability that a sound proposal hardly gives, and the share of the
chains' points that may have them."""

SPEAKS = 30.0
"""Effective draws below which a round's own error says too little to compare it."""

HEAVY = 0.1
"""Share of the heaviest weight beyond which no estimate in spite of skewed ones is given."""

SURE = 0.15
"""Relative error of all independent draws with which they overrule halves that found more."""

SKEWED, FINER = 20.0, 0.5
"""Effective draws, and relative error over that of the fallback, with which skewed weights are
the better answer."""

APART = 3.5
"""Standard errors between two answers to one question that pass for chance."""


def findings(exploration: Exploration, rounds: list[Round], pooled: Round) -> tuple[Flag, ...]:
    """What speaks against the pooled rounds; empty where nothing does."""
    told = [_log_estimate(r) for r in rounds if effective(r.log_weight) >= SPEAKS]
    pairs = [(a, b) for i, a in enumerate(told) for b in told[:i]]
    flags = {
        Flag.SKEWED_WEIGHTS: pooled.skewed,
        Flag.ROUNDS_DISAGREE: any(_apart(a, b) for a, b in pairs),
        Flag.METHODS_DISAGREE: bool(_gap(exploration, pooled)),
        Flag.UNCOVERED: _chains_missed(exploration, pooled) or _draws_missed(exploration, pooled),
    }
    return tuple(flag for flag, raised in flags.items() if raised)


def believed(exploration: Exploration, pooled: Round, flags: tuple[Flag, ...]) -> bool:
    """Whether the number may be given in spite of what was found.

    Subset simulation that found less than importance sampling has missed a way to fail, which
    it may (Breitung 2019); one that found more shows what importance sampling has missed,
    save in so few dimensions that wide draws see everything.
    """
    if not flags:
        return True
    gap, few = _gap(exploration, pooled), exploration.archive.dim <= FEW_DIMENSIONS
    apart = (gap > 0 and not _seconded(exploration, pooled)) or Flag.ROUNDS_DISAGREE in flags
    if len(pooled.points) < 2 or Flag.UNCOVERED in flags:
        return False
    if apart and exploration.archive.dim > SEEN_WHOLE:
        return False
    if gap < 0 and few and len(pooled.points) >= 30:
        return True
    if Flag.SKEWED_WEIGHTS not in flags:
        return True
    weight = np.exp(pooled.log_weight)
    heavy = weight.max() > HEAVY * weight.sum()
    return few and not heavy and effective(pooled.log_weight) >= ENOUGH


def finer(
    exploration: Exploration, pooled: Round, replicas: Replicas, flags: tuple[Flag, ...]
) -> bool:
    """Whether skewed weights, if nothing else is wrong, still tell much more than the fallback.

    In few dimensions, where neither the fallback nor all independent draws contradict them
    (a quadratic form of 8: 9 % off, against the 48 % of what stood in for them).
    """
    few = exploration.archive.dim <= FEW_DIMENSIONS and effective(pooled.log_weight) >= SKEWED
    if not few or set(flags) - {Flag.SKEWED_WEIGHTS, Flag.UNCOVERED}:
        return False
    _, low, high = replicas.interval
    log_p, error = _log_estimate(pooled)[0], pooled.spread / np.sqrt(pooled.n)
    allowed = low <= np.exp(log_p) <= high and error < FINER * replicas.rrmse
    alike = abs(exploration.archive.log_estimate[0] - log_p) < np.log(1.5)
    return bool(allowed and alike) and not _chains_missed(exploration, pooled)


def _seconded(exploration: Exploration, pooled: Round) -> bool:
    """Whether all independent draws together, wide ones among them, tell what the pooled do."""
    archive = exploration.archive
    if archive.dim > WIDE_UP_TO:
        return False
    log_p, variance = archive.log_estimate
    ours = _log_estimate(pooled)
    return variance < SURE**2 and abs(log_p - ours[0]) < APART * float(np.sqrt(variance + ours[1]))


def _chains_missed(exploration: Exploration, pooled: Round) -> bool:
    """Whether chains failed where the weight of a draw would be out of all proportion.

    Draws alone cannot tell: a way to fail that none of them met leaves no trace in them.
    """
    chained, _ = exploration.chained
    if len(chained) == 0 or len(pooled.points) < 2:
        return False
    return float(_huge(chained, pooled).mean()) > UNCOVERED


def _draws_missed(exploration: Exploration, pooled: Round) -> bool:
    """Whether much of what all independent draws, wide ones among them, tell lies there."""
    if len(pooled.points) < 2:
        return False
    archive = exploration.archive
    mass = np.exp(archive.log_weight)
    return bool(mass[_huge(archive.points, pooled)].sum() > UNCOVERED * mass.sum())


def _huge(u: Floats, pooled: Round) -> NDArray[np.bool_]:
    """(n,) where a draw would have a weight over `HUGE` times the probability."""
    return np.asarray(pooled.blend.log_weight(u) > _log_estimate(pooled)[0] + np.log(HUGE))


def _log_estimate(r: Round) -> tuple[float, float]:
    """Log of a round's probability and its squared relative error."""
    return float(np.log(np.exp(r.log_weight).sum() / r.n)), r.spread**2 / r.n


def _gap(exploration: Exploration, pooled: Round) -> float:
    """Log of subset simulation's answer over importance sampling's; 0 if chance explains it."""
    halves = [half for half in exploration.halves if half.reached]
    if len(halves) < 2 or len(pooled.points) < 2:
        return 0.0
    log_p = float(np.log(np.mean([np.exp(half.log_probability) for half in halves])))
    theirs = float(np.var([half.log_probability for half in halves], ddof=1))
    spread = max(float(np.mean([half.variance for half in halves])), theirs) / len(halves)
    ours = _log_estimate(pooled)
    return log_p - ours[0] if _apart((log_p, spread), ours) else 0.0


def _apart(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) > APART * float(np.sqrt(a[1] + b[1]))

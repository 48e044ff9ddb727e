"""Signs that importance sampling has failed without saying so."""

from __future__ import annotations

import numpy as np

from sim.sampling.estimate.archive import effective
from sim.sampling.estimate.explore import SEEN_WHOLE, Exploration
from sim.sampling.estimate.flags import Flag
from sim.sampling.estimate.rounds import ENOUGH, FEW_DIMENSIONS, MOST_WEIGHT, Round

HUGE, UNCOVERED = 100.0, 0.02
"""Weights over the probability that a sound proposal hardly gives, and the share of the
chains' points that may have them."""

SPEAKS = 30.0
"""Effective draws below which a round's own error says too little to compare it."""

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
        Flag.UNCOVERED: _uncovered(exploration, pooled),
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
    apart = gap > 0 or Flag.ROUNDS_DISAGREE in flags
    if Flag.UNCOVERED in flags or (apart and exploration.archive.dim > SEEN_WHOLE):
        return False
    if gap < 0 and few and len(pooled.points) >= 30:
        return True
    if Flag.SKEWED_WEIGHTS not in flags:
        return True
    weight = np.exp(pooled.log_weight)
    heavy = weight.max() > MOST_WEIGHT * weight.sum()
    return few and not heavy and effective(pooled.log_weight) >= ENOUGH


def _uncovered(exploration: Exploration, pooled: Round) -> bool:
    """Whether chains failed where the weight of a draw would be out of all proportion.

    Draws alone cannot tell: a way to fail that none of them met leaves no trace in them.
    """
    chained, _ = exploration.chained
    if len(chained) == 0 or len(pooled.points) < 2:
        return False
    share = pooled.blend.log_weight(chained) - _log_estimate(pooled)[0]
    return float((share > np.log(HUGE)).mean()) > UNCOVERED


def _log_estimate(r: Round) -> tuple[float, float]:
    """Log of a round's probability and its squared relative error."""
    return float(np.log(np.exp(r.log_weight).sum() / r.n)), r.spread**2 / r.n


def _gap(exploration: Exploration, pooled: Round) -> float:
    """Log of subset simulation's answer over importance sampling's; 0 if chance explains it."""
    halves = [half for half in exploration.halves if half.reached]
    if len(halves) < 2 or len(pooled.points) < 2:
        return 0.0
    log_p = float(np.log(np.mean([np.exp(half.log_probability) for half in halves])))
    spread = float(np.mean([half.variance for half in halves])) / len(halves)
    ours = _log_estimate(pooled)
    return log_p - ours[0] if _apart((log_p, spread), ours) else 0.0


def _apart(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) > APART * float(np.sqrt(a[1] + b[1]))

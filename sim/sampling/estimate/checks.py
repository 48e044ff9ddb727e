"""Signs that importance sampling has failed without saying so."""

from __future__ import annotations

import numpy as np

from sim.sampling.estimate.explore import Exploration
from sim.sampling.estimate.flags import Flag
from sim.sampling.estimate.rounds import Round

LEAST_ESS, MOST_WEIGHT = 0.2, 0.05
"""Effective over failing draws, and share of the heaviest: beyond these, intervals of a
prototype covered .07 to .70 (linear, d 20 and 50)."""

APART = 3.5
"""Standard errors between two answers to one question that pass for chance."""


def distrust(
    exploration: Exploration, early: list[Round], counted: list[Round], pooled: Round
) -> tuple[Flag, ...]:
    """The reasons not to believe the pooled rounds; empty where there are none."""
    if len(pooled.points) < 10:
        return (Flag.SKEWED_WEIGHTS,)
    flags = []
    weight = np.exp(pooled.log_weight)
    ess = weight.sum() ** 2 / (weight**2).sum()
    if ess < LEAST_ESS * len(weight) or weight.max() > MOST_WEIGHT * weight.sum():
        flags.append(Flag.SKEWED_WEIGHTS)
    if _rounds_differ([*early[-1:], *counted]):
        flags.append(Flag.ROUNDS_DISAGREE)
    if _methods_differ(exploration, pooled):
        flags.append(Flag.METHODS_DISAGREE)
    return tuple(flags)


def _log_estimate(r: Round) -> tuple[float, float]:
    """Log of a round's probability and its squared relative error."""
    return float(np.log(np.exp(r.log_weight).sum() / r.n)), r.spread**2 / r.n


def _rounds_differ(rounds: list[Round]) -> bool:
    told = [_log_estimate(r) for r in rounds if len(r.points) >= 10]
    return any(_apart(a, b) for i, a in enumerate(told) for b in told[:i])


def _methods_differ(exploration: Exploration, pooled: Round) -> bool:
    halves = [(h.log_probability, h.variance) for h in exploration.halves if h.reached]
    if len(halves) < 2:
        return False
    log_p = float(np.log(np.mean([np.exp(value) for value, _ in halves])))
    spread = float(np.mean([variance for _, variance in halves])) / len(halves)
    return _apart((log_p, spread), _log_estimate(pooled))


def _apart(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) > APART * float(np.sqrt(a[1] + b[1]))

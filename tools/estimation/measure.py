"""Many estimates of one known probability: how far off, and how often inside the interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.sampling.estimate import Estimate, estimate
from tools.estimation.problems import Problem


@dataclass(frozen=True)
class Score:
    """What many seeds came to.

    Attributes:
        problem: The one that was estimated.
        seeds: How many estimates.
        rrmse: Root mean square relative error against the known answer.
        bias: Mean relative error.
        covered: Share of the intervals that hold the answer.
        calls: Mean calls.
        flagged: Share with a flag.
        fell_back: Share whose number is not from importance sampling.
        unflagged: Share with a wrong interval and no flag.
        modes: Median number of modes.
        ratio: Median width of the interval, high over low.
    """

    problem: Problem
    seeds: int
    rrmse: float
    bias: float
    covered: float
    calls: float
    flagged: float
    fell_back: float
    unflagged: float
    modes: float
    ratio: float

    @property
    def coverage_interval(self) -> tuple[float, float]:
        """Clopper and Pearson's 95 % interval of the coverage."""
        test = stats.binomtest(round(self.covered * self.seeds), self.seeds)
        low, high = test.proportion_ci(method="exact")
        return float(low), float(high)


def measure(
    problem: Problem, seeds: int, *, target: float = 0.05, calls: int = 10_000, first: int = 0
) -> Score:
    """Estimate with seeds first, first + 1, ... and compare."""
    runs = [
        estimate(problem.limit_state, problem.dim, target_rrmse=target, max_calls=calls, seed=seed)
        for seed in range(first, first + seeds)
    ]
    return score(problem, runs)


def score(problem: Problem, runs: list[Estimate]) -> Score:
    """The scores of estimates of one problem."""
    off = np.array([run.probability / problem.probability - 1 for run in runs])
    inside = np.array([run.low <= problem.probability <= run.high for run in runs])
    flagged = np.array([bool(run.flags) for run in runs])
    return Score(
        problem=problem,
        seeds=len(runs),
        rrmse=float(np.sqrt((off**2).mean())),
        bias=float(off.mean()),
        covered=float(inside.mean()),
        calls=float(np.mean([run.calls for run in runs])),
        flagged=float(flagged.mean()),
        fell_back=float(np.mean(["fell_back" in run.flags for run in runs])),
        unflagged=float((~inside & ~flagged).mean()),
        modes=float(np.median([len(run.modes) for run in runs])),
        ratio=float(np.median([run.high / max(run.low, 1e-300) for run in runs])),
    )

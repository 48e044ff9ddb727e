"""Problems whose slope, or whose larger part, leads away from most of the probability."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import ndtr

from tools.estimation.problems import CLOSED, Floats, Problem


def near_and_far(d: int, away: float, centre: float, radius: float) -> Problem:
    """Outside a large sphere, and inside a small ball that lies nearer: most of the probability."""

    def limit_state(u: Floats) -> Floats:
        outside = away - np.sqrt((u**2).sum(axis=1))
        shifted = u + centre * np.eye(d)[1]
        inside = np.sqrt((shifted**2).sum(axis=1)) - radius
        return np.asarray(np.minimum(outside, 1.5 * inside))

    p = float(stats.chi2.sf(away**2, d) + stats.ncx2.cdf(radius**2, d, centre**2))
    return Problem("near and far", d, limit_state, p, "non-central chi-square")


def no_slope(d: int, sloped: float, flat: float) -> Problem:
    """Two half-spaces: a slope leads to the rarer, nothing to the other but failure itself."""

    def limit_state(u: Floats) -> Floats:
        return np.where(u[:, 1] >= flat, -1.0, sloped - u[:, 0])

    p = 1.0 - float(ndtr(sloped) * ndtr(flat))
    return Problem("no slope", d, limit_state, p, CLOSED)


def exponentials(d: int, p: float) -> Problem:
    """A sum of d exponential variables above a bound: failure lies in d corners and between."""
    bound = float(stats.gamma.isf(p, d))

    def limit_state(u: Floats) -> Floats:
        return np.asarray(bound + stats.norm.logsf(u).sum(axis=1))

    return Problem(f"large sum {p:.0e}", d, limit_state, p, "gamma")

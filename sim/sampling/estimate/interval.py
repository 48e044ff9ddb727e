"""95 % intervals, each with the method it belongs to."""

from __future__ import annotations

import numpy as np
from scipy import stats

from sim.sampling.estimate.gaussians import Floats

LEVEL, FEW = 0.95, 10
KNOWN = 3
"""Runs that theory counts for where the variance of subset simulation is told."""

Z = float(stats.norm.ppf(0.5 + LEVEL / 2))


def binomial(failures: int, n: int) -> tuple[float, float]:
    """Wilson's interval (1927); Clopper and Pearson's (1934) where few or all fail.

    With one failure Wilson's lies wholly above the answer far too often.
    """
    if failures in (0, n):
        bound = -float(np.expm1(np.log((1 - LEVEL) / 2) / n))
        return (0.0, bound) if failures == 0 else (1.0 - bound, 1.0)
    if failures < FEW:
        tail = (1 - LEVEL) / 2
        low = float(stats.beta.ppf(tail, failures, n - failures + 1))
        return low, float(stats.beta.ppf(1 - tail, failures + 1, n - failures))
    p, z2 = failures / n, Z**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * float(np.sqrt(p * (1 - p) / n + z2 / (4 * n**2)))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def weighted(weight: Floats, n: int, doubt: float = 1.0) -> tuple[float, float, float]:
    """Mean of n weights, those not given being 0, and its interval on the log scale.

    The sum of right-skewed weights is right-skewed too; log-normal bounds follow that,
    symmetric ones lie too low.

    Args:
        weight: (m,) of the failing draws, m >= 2.
        n: Draws in all.
        doubt: Times the width on the log scale, where the weights are not to be relied on.

    Returns:
        Probability, low, high.
    """
    p = float(weight.sum()) / n
    rrmse = relative_error(weight, n)
    freedom = max(float(weight.sum() ** 2 / (weight**2).sum()) - 1.0, 1.0)
    half = float(stats.t.ppf(0.5 + LEVEL / 2, freedom)) * rrmse * doubt
    return p, p * float(np.exp(-half)), min(p * float(np.exp(half)), 1.0)


def relative_error(weight: Floats, n: int) -> float:
    """Standard error of the mean over the mean."""
    p = float(weight.sum()) / n
    variance = (float((weight**2).sum()) / n - p**2) / (n - 1)
    return float(np.sqrt(max(variance, 0.0))) / p


def upper(log_p: float, variance: float) -> float:
    """Upper end of the interval of a sum of weights with this squared relative error."""
    freedom = max(1.0 / variance - 1.0, 3.0)
    half = float(stats.t.ppf(0.5 + LEVEL / 2, freedom) * np.sqrt(variance))
    return float(np.exp(min(log_p + half, 0.0)))


def run_variance(log_p: Floats, expected: float) -> float:
    """Variance of the log probability of one of k >= 2 runs.

    Two or three runs may agree by chance, so what theory expects of a run counts as much as
    `KNOWN` more.
    """
    k = len(log_p)
    return ((k - 1) * float(np.var(log_p, ddof=1)) + KNOWN * expected) / (k - 1 + KNOWN)


def replicated(log_p: Floats, expected: float) -> tuple[float, float, float]:
    """Mean of independent runs and its interval, Student's t on the log scale.

    The mean is that of the probabilities: that of their logs is low by half their variance.
    What bias a run has by itself stays (linear, d 50, 1e-4: +34 % with 125 points a level,
    +11 % with 400, +1 % with 1,000); the interval is far wider.

    Args:
        log_p: (k,) log probabilities, k >= 2.
        expected: Variance of one.

    Returns:
        Probability, low, high.
    """
    k, variance = len(log_p), run_variance(log_p, expected)
    top = float(log_p.max())
    centre = top + float(np.log(np.exp(log_p - top).mean()))
    error = np.sqrt(variance / k + variance**2 / (2 * (k - 1 + KNOWN)))
    half = float(stats.t.ppf(0.5 + LEVEL / 2, k - 1 + KNOWN) * error)
    low, high = float(np.exp(centre - half)), min(float(np.exp(centre + half)), 1.0)
    return min(float(np.exp(centre)), 1.0), low, high

"""Paired stratified bootstrap over exchangeable units and seeds.

Every arm is judged on the same resamples, so a difference of two arms has the interval of a
paired comparison. Resamples are weights: how often each unit, or each seed, was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri, stdtrit

from sim.base.rng import stream
from sim.learn.exam import Exam
from sim.learn.units import Support

Floats = NDArray[np.float64]

MIN_EVENTS, MIN_UNITS = 5, 4.0
"""With fewer conflicts, or in fewer effective units, no interval is stated."""
POWER = 0.8
"""A detectable difference is found this often."""
_EDGE, _LEAST_PRECISION = 1e-3, 1e-6
"""Shares are kept this far from 0 and 1, where their scales have no slope or no end."""


@dataclass(frozen=True)
class Interval:
    """A number with its interval.

    Attributes:
        value: On the sample as it is.
        low, high: Ends of the interval, NaN where it is not identified.
        detectable: The smallest true value that the sample would have shown four times in
            five, NaN where it is not identified.
        identified: Whether the sample holds enough to state an interval.
        reason: In words, why it is not identified; empty where it is.
    """

    value: float
    low: float
    high: float
    detectable: float
    identified: bool = True
    reason: str = ""


def unit_weights(exam: Exam, samples: int, seed: int, name: str) -> Floats:
    """(samples + 1, U) how often each unit counts; the first line is the sample as it is.

    Of the n units of a stratum n - 1 are drawn with replacement and count n / (n - 1) times:
    with as many draws as units the variance would come out (n - 1) / n too small, which with
    three units is a third (Rao and Wu 1988). Each stratum keeps its size.

    Args:
        exam: Holds the units and their strata.
        samples: Of the bootstrap.
        seed: Of the draw.
        name: Of the exam: different exams are drawn apart, all arms on one alike.
    """
    draw = stream(seed, 0, f"bootstrap.{name}")
    out = np.ones((samples + 1, exam.units))
    for stratum in np.unique(exam.stratum):
        inside = np.flatnonzero(exam.stratum == stratum)
        n = len(inside)
        if n > 1:
            drawn = draw.multinomial(n - 1, np.full(n, 1.0 / n), size=samples)
            out[1:, inside] = drawn * (n / (n - 1))
    return out


def seed_weights(seeds: int, samples: int, seed: int) -> Floats:
    """(samples + 1, seeds) shares of the seeds; the first line weighs them alike."""
    draw = stream(seed, 0, "bootstrap.seeds")
    drawn = draw.multinomial(seeds, np.full(seeds, 1.0 / seeds), size=samples)
    shares: Floats = np.vstack([np.ones(seeds), drawn]) / seeds
    return shares


def average_seeds(values: Floats, shares: Floats) -> Floats:
    """(B,) each resample's mean over its seeds.

    Args:
        values: (S, B) a metric by seed and resample; NaN where it is undefined. One seed
            (a score that is not trained) stands for all.
        shares: (B, S') weights of the seeds.
    """
    if len(values) == 1:
        return np.asarray(values[0])
    known = np.isfinite(values).T
    weight = shares[:, : len(values)] * known
    total = weight.sum(axis=1)
    summed = (weight * np.where(known, values.T, 0.0)).sum(axis=1)
    return np.asarray(np.divide(summed, total, out=np.full(len(total), np.nan), where=total > 0))


def interval(
    samples: Floats,
    *,
    metric: str = "",
    difference: bool = False,
    support: Support | None = None,
    level: float = 0.95,
) -> Interval:
    """The interval of (B,) resampled values, the first of which is the sample as it is.

    Percentiles of resamples hold the truth in as few as 75 of 100 samples of
    5 conflicts (`python -m tools.interval_coverage`). With `support` the interval is that of
    Student's t with one degree of freedom less than there are units; standard errors are
    widened for few events as `docs/statistics.md` tells.

    Args:
        samples: Values of one metric, or differences of two.
        metric: Its name, "average_precision" or "recall...", or any other.
        difference: Whether the samples are differences of two such.
        support: `Exam.support`; None for percentiles, where a number does not rest on events.
        level: Of the interval.
    """
    value = float(samples[0])
    drawn = samples[1:][np.isfinite(samples[1:])]
    if not np.isfinite(value) or len(drawn) < 2:
        return _unidentified(value, "no value")
    spread = float(drawn.std(ddof=1))
    if support is None:
        low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2])
        quantiles = float(ndtri(0.5 + level / 2) + ndtri(POWER))
        return Interval(value, float(low), float(high), quantiles * spread)
    if support.events < MIN_EVENTS:
        return _unidentified(value, f"{support.events} conflicts, at least {MIN_EVENTS} needed")
    if support.units < MIN_UNITS:
        short = f"{support.events} conflicts in {support.units:.1f} effective units"
        return _unidentified(value, f"{short}, at least {MIN_UNITS:g} needed")
    free = support.units - 1.0
    ends = float(stdtrit(free, 0.5 + level / 2))
    error = _standard_error(spread, value, metric, difference, support.events)
    low, high = _ends(value, ends * error, metric, difference)
    if metric.startswith("recall") and not difference:
        least, most = wilson(value, support.events, level)
        low, high = min(low, least), max(high, most)
    detectable = (ends + float(stdtrit(free, POWER))) * error
    return Interval(value, min(low, value), max(high, value), detectable)


def wilson(share: float, count: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson's (1927) interval of a share of so many independent cases.

    >>> [round(end, 3) for end in wilson(1.0, 10)]
    [0.722, 1.0]
    """
    z = float(ndtri(0.5 + level / 2))
    middle = share + z * z / (2 * count)
    half = z * float(np.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2))
    whole = 1 + z * z / count
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def _standard_error(
    spread: float, value: float, metric: str, difference: bool, events: int
) -> float:
    """The resamples' spread, widened for what few events cannot show.

    Ten conflicts that both detectors catch do not prove that they always catch the same: as if
    a part of one more conflict had been caught by one of them (after Agresti and Min 2005). An
    average precision that is small by chance has a small spread too.
    """
    if metric == "average_precision":
        part = 0.15 / (events + 2) if difference else min(0.1 / (events + 2), value)
        return float(np.hypot(spread, part)) * float(np.sqrt(1 + 2 / events))
    if metric.startswith("recall") and difference:
        return float(np.hypot(spread, 0.5 / (events + 2)))
    return spread


def _ends(value: float, half: float, metric: str, difference: bool) -> tuple[float, float]:
    """Ends of the interval: of shares on the scale on which their spread is alike everywhere."""
    share = metric == "average_precision" or metric.startswith("recall")
    if difference:
        most = 1.0 if share else np.inf
        return max(value - half, -most), min(value + half, most)
    if not share:  # rates, times and prevalence are not negative
        return max(value - half, 0.0), value + half
    if metric == "average_precision":
        inner = float(np.clip(value, _LEAST_PRECISION, 1.0 - _EDGE))
        middle, half = float(logit(inner)), half / (inner * (1.0 - inner))
        return float(expit(middle - half)), float(expit(middle + half))
    inner = float(np.clip(value, _EDGE, 1.0 - _EDGE))
    middle, half = float(np.arcsin(np.sqrt(inner))), half / (2 * np.sqrt(inner * (1.0 - inner)))
    ends = np.clip([middle - half, middle + half], 0.0, np.pi / 2)
    low, high = np.square(np.sin(ends))
    return float(low), float(high)


def _unidentified(value: float, reason: str) -> Interval:
    return Interval(value, np.nan, np.nan, np.nan, False, reason)

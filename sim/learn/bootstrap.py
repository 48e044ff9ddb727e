"""Paired stratified bootstrap over exchangeable units and seeds.

Every arm is judged on the same resamples, so a difference of two arms has the interval of a
paired comparison. Resamples are weights: how often each unit, or each seed, was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.base.rng import stream
from sim.learn.exam import Exam

Floats = NDArray[np.float64]

POWER_FACTOR = 2.8
"""A difference of 2.8 standard errors is found four times in five: 1.96 + 0.84."""


Scale = Literal["share", "difference", "free"]
"""What a number can be: within [0, 1], within [-1, 1] as a difference of two such, or anything."""

MIN_UNITS = 4.0
"""With fewer effective units that hold events no interval is stated."""


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
    units_with_events: float | None = None,
    level: float = 0.95,
    scale: Scale = "free",
) -> Interval:
    """The interval of (B,) resampled values, the first of which is the sample as it is.

    Args:
        samples: Values of one metric, or differences of two.
        units_with_events: `Exam.units_with_events`; None if the number does not rest on events.
        level: Of the interval.
        scale: "share" for recall and average precision, "difference" for differences of such.
    """
    value = float(samples[0])
    drawn = samples[1:][np.isfinite(samples[1:])]
    if not np.isfinite(value) or len(drawn) < 2:
        return _unidentified(value, "no value")
    if units_with_events is not None and units_with_events < MIN_UNITS:
        return _unidentified(
            value, f"conflicts in {units_with_events:.1f} effective units, at least {MIN_UNITS:g}"
        )
    low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2])
    return Interval(value, float(low), float(high), POWER_FACTOR * float(drawn.std(ddof=1)))


def _unidentified(value: float, reason: str) -> Interval:
    return Interval(value, np.nan, np.nan, np.nan, False, reason)

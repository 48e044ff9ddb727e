"""From scores to alarms: per unit and threshold, what was false and what was caught."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.learn import curve
from sim.learn.curve import Curve
from sim.learn.exam import Exam
from sim.learn.precision import exact_average_precision

HOLD_S = 0.4
"""A score has to stay over the threshold this long to raise an alarm [s]."""
REFRACTORY_S = 5.0
"""An ego's alarms within this time of the first are one alarm [s]."""
THRESHOLDS = 400
"""At how many thresholds resamples are evaluated."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """All that metrics need of one detector's scores in one exam.

    The sample as it is has an operating curve over all thresholds and all rows' average
    precision; resamples of the U units are evaluated on a grid of T rising thresholds.

    Attributes:
        curve: The operating curve of the sample as it is.
        average_precision: Of all rows at all distinct scores, NaN without a positive.
        thresholds: (T,) a row is over a threshold if its score is greater.
        false_alarms: (U, T) weight of the alarms that are not within 3 s before a conflict.
        lead_s: (E, T) from the first alarm in the window to the start [s], 0 if missed.
        positives, negatives: (U, T + 1) weight of the rows by how many thresholds they exceed.
        carried: Index of the threshold carried over from validation, -1 if there is none.
        event_unit: (E,) index of the unit.
        hours: (U,) ego-hours in use.
    """

    curve: Curve
    average_precision: float
    thresholds: Floats
    false_alarms: Floats
    lead_s: NDArray[np.float32]
    positives: Floats
    negatives: Floats
    carried: int
    event_unit: NDArray[np.int64]
    hours: Floats


def count(exam: Exam, scores: Floats, *, carried: float | None = None) -> Counts:
    """Count alarms, catches and rows at all thresholds at once.

    Args:
        exam: The rows and the conflicts, N rows.
        scores: (N,) one score a row, higher means more danger; NaN counts as the lowest.
        carried: One more threshold to count at, brought from elsewhere.
    """
    scores = np.where(np.isnan(scores), -np.inf, scores)
    order = np.argsort(scores)
    grid = threshold_grid(scores[order])
    index = -1
    if carried is not None and not math.isnan(carried):
        index = int(np.searchsorted(grid, carried))
        grid = np.insert(grid, index, carried)
    held = held_scores(scores, exam.ego, exam.t, hold_rows(exam.stride_s), 1.5 * exam.stride_s)
    level = np.empty(len(scores), dtype=np.int64)
    level[order] = np.searchsorted(grid, scores[order], side="left")
    held_level = np.searchsorted(grid, held, side="left").astype(np.int64)
    T, U = len(grid), exam.units
    return Counts(
        curve=curve.of(exam, held, REFRACTORY_S),
        average_precision=exact_average_precision(
            scores[order], exam.y[order], (exam.weight * ~exam.ignored)[order]
        ),
        thresholds=grid,
        false_alarms=_false(
            held_level, exam.ego, exam.unit, exam.t, exam.near, exam.weight, U, T, REFRACTORY_S
        ),
        lead_s=_lead(held_level, exam.t, exam.event_from, exam.event_to, exam.event_start_s, T),
        positives=histogram(exam, level, exam.y, T),
        negatives=histogram(exam, level, ~(exam.y | exam.ignored), T),
        carried=index,
        event_unit=exam.event_unit,
        hours=exam.hours,
    )


def hold_rows(stride_s: float) -> int:
    """How many rows in a row have to be over the threshold, each standing for the stride.

    >>> [hold_rows(s) for s in (0.1, 0.2, 0.3, 0.4, 1.0)]
    [4, 2, 2, 1, 1]
    """
    return max(1, math.ceil(HOLD_S / stride_s - 1e-9))


def threshold_grid(ascending: Floats) -> Floats:
    """(T,) rising thresholds at quantiles of sorted scores, geometrically denser at the top.

    A budget of 6 false alarms/h concerns the top 0.1 % of the rows: with evenly spaced
    quantiles it would fall into one bin.
    """
    n = len(ascending)
    if n == 0:
        return np.zeros(1)
    tail = np.geomspace(1.0, n, THRESHOLDS - 1)
    rank = np.clip(n - np.round(tail).astype(np.int64), 0, n - 1)
    return np.insert(ascending[rank][::-1], 0, -np.inf)


@njit
def held_scores(
    scores: Floats, ego: NDArray[np.int64], t: Floats, rows: int, gap_s: float
) -> Floats:
    """(N,) the least of the last `rows` scores of an unbroken run, -inf where it is shorter."""
    out = np.full(len(scores), -np.inf)
    run = 0
    for i in range(len(scores)):
        if i > 0 and ego[i] == ego[i - 1] and t[i] - t[i - 1] < gap_s:
            run += 1
        else:
            run = 1
        if run >= rows:
            least = scores[i]
            for k in range(1, rows):
                least = min(least, scores[i - k])
            out[i] = least
    return out


@njit
def _false(
    held: NDArray[np.int64],
    ego: NDArray[np.int64],
    unit: NDArray[np.int64],
    t: Floats,
    near: NDArray[np.bool_],
    weight: Floats,
    U: int,
    T: int,
    refractory_s: float,
) -> Floats:
    """(U, T) false alarms, each in the unit in which it is raised.

    A row costs as much as thresholds it exceeds: 33 of 400 on average.
    """
    out = np.zeros((U, T))
    raised = np.full(T, -np.inf)
    raised_in = np.zeros(T, dtype=np.int64)
    counts_for = np.zeros(T)
    excused = np.ones(T, dtype=np.bool_)
    top = 0
    for i in range(len(held)):
        for j in range(held[i]):
            if t[i] - raised[j] >= refractory_s - 1e-6:
                if not excused[j]:
                    out[raised_in[j], j] += counts_for[j]
                raised[j] = t[i]
                raised_in[j] = unit[i]
                counts_for[j] = weight[i]
                excused[j] = near[i]
            elif near[i]:
                excused[j] = True
        top = max(top, held[i])
        if i + 1 == len(held) or ego[i + 1] != ego[i]:
            for j in range(top):
                if not excused[j]:
                    out[raised_in[j], j] += counts_for[j]
                raised[j] = -np.inf
                excused[j] = True
            top = 0
    return out


@njit
def _lead(
    held: NDArray[np.int64],
    t: Floats,
    first: NDArray[np.int64],
    end: NDArray[np.int64],
    start_s: Floats,
    T: int,
) -> NDArray[np.float32]:
    """(E, T) seconds from the first alarm inside the window to the start, 0 if there is none."""
    out = np.zeros((len(first), T), dtype=np.float32)
    for k in range(len(first)):
        for i in range(first[k], end[k]):
            for j in range(held[i]):
                if out[k, j] == 0.0:
                    out[k, j] = start_s[k] - t[i]
    return out


def histogram(exam: Exam, level: NDArray[np.int64], which: NDArray[np.bool_], T: int) -> Floats:
    """(U, T + 1) weight of the chosen rows by unit and by how many thresholds they exceed."""
    cell = exam.unit[which] * (T + 1) + level[which]
    flat = np.bincount(cell, exam.weight[which], minlength=exam.units * (T + 1))
    return np.asarray(flat.reshape(exam.units, T + 1), dtype=np.float64)

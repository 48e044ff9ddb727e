"""From scores to alarms: per recording and threshold, what was false and what was caught."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.learn.exam import Exam

HOLD_S = 0.4
"""A score has to stay over the threshold this long to raise an alarm [s]."""
REFRACTORY_S = 5.0
"""An ego's alarms within this time of the first are one alarm [s]."""
THRESHOLDS = 400
"""How many thresholds the operating curve is drawn at."""


@dataclass(frozen=True)
class Counts:
    """All that metrics need of one detector's scores in one exam; T thresholds, rising.

    Attributes:
        thresholds: (T,) a row is over a threshold if its score is greater.
        false_alarms: (R, T) weight of the alarms that are not within 3 s before a conflict.
        lead_s: (E, T) from the first alarm in the window to the start [s], 0 if missed.
        positives, negatives: (R, T + 1) weight of the rows by how many thresholds they exceed.
        carried: Index of the threshold carried over from validation, -1 if there is none.
        event_recording: (E,) index of the recording.
        hours: (R,) ego-hours in use.
    """

    thresholds: NDArray[np.float64]
    false_alarms: NDArray[np.float64]
    lead_s: NDArray[np.float32]
    positives: NDArray[np.float64]
    negatives: NDArray[np.float64]
    carried: int
    event_recording: NDArray[np.int64]
    hours: NDArray[np.float64]


def count(exam: Exam, scores: NDArray[np.float64], *, carried: float | None = None) -> Counts:
    """Count alarms, catches and rows at all thresholds at once.

    Args:
        exam: The rows and the conflicts, N rows.
        scores: (N,) one score a row, higher means more danger; NaN counts as the lowest.
        carried: One more threshold to count at, brought from elsewhere.
    """
    scores = np.where(np.isnan(scores), -np.inf, scores)
    grid = threshold_grid(scores)
    index = -1
    if carried is not None and not math.isnan(carried):
        index = int(np.searchsorted(grid, carried))
        grid = np.insert(grid, index, carried)
    level = np.searchsorted(grid, scores, side="left").astype(np.int64)
    held = _held(level, exam.ego, exam.t, hold_rows(exam.stride_s), 1.5 * exam.stride_s)
    T, R = len(grid), exam.recordings
    return Counts(
        thresholds=grid,
        false_alarms=_false(
            held, exam.ego, exam.recording, exam.t, exam.near, exam.weight, R, T, REFRACTORY_S
        ),
        lead_s=_lead(held, exam.t, exam.event_from, exam.event_to, exam.event_start_s, T),
        positives=_histogram(exam, level, exam.y, T),
        negatives=_histogram(exam, level, ~exam.y, T),
        carried=index,
        event_recording=exam.event_recording,
        hours=exam.hours,
    )


def hold_rows(stride_s: float) -> int:
    """How many rows in a row have to be over the threshold, each standing for the stride.

    >>> [hold_rows(s) for s in (0.1, 0.2, 0.3, 0.4, 1.0)]
    [4, 2, 2, 1, 1]
    """
    return max(1, math.ceil(HOLD_S / stride_s - 1e-9))


def threshold_grid(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T,) rising thresholds at quantiles of the scores, geometrically denser towards the top.

    A budget of 6 false alarms/h concerns the top 0.1 % of the rows: with evenly spaced
    quantiles it would fall into one bin.
    """
    if len(scores) == 0:
        return np.zeros(1)
    n = len(scores)
    tail = np.geomspace(1.0, n, THRESHOLDS - 1)
    rank = np.clip(n - np.round(tail).astype(np.int64), 0, n - 1)
    grid = np.sort(scores)[rank][::-1]
    return np.insert(grid, 0, -np.inf)


@njit
def _held(
    level: NDArray[np.int64],
    ego: NDArray[np.int64],
    t: NDArray[np.float64],
    rows: int,
    gap_s: float,
) -> NDArray[np.int64]:
    """The least level of the last `rows` rows of an unbroken run, 0 where it is shorter."""
    out = np.zeros_like(level)
    run = 0
    for i in range(len(level)):
        if i > 0 and ego[i] == ego[i - 1] and t[i] - t[i - 1] < gap_s:
            run += 1
        else:
            run = 1
        if run >= rows:
            least = level[i]
            for k in range(1, rows):
                least = min(least, level[i - k])
            out[i] = least
    return out


@njit
def _false(
    held: NDArray[np.int64],
    ego: NDArray[np.int64],
    recording: NDArray[np.int64],
    t: NDArray[np.float64],
    near: NDArray[np.bool_],
    weight: NDArray[np.float64],
    R: int,
    T: int,
    refractory_s: float,
) -> NDArray[np.float64]:
    """(R, T) false alarms. A row costs as much as thresholds it exceeds: 33 of 400 on average."""
    out = np.zeros((R, T))
    raised = np.full(T, -np.inf)
    counts_for = np.zeros(T)
    excused = np.ones(T, dtype=np.bool_)
    top = 0
    for i in range(len(held)):
        for j in range(held[i]):
            if t[i] - raised[j] >= refractory_s - 1e-6:
                if not excused[j]:
                    out[recording[i], j] += counts_for[j]
                raised[j] = t[i]
                counts_for[j] = weight[i]
                excused[j] = near[i]
            elif near[i]:
                excused[j] = True
        top = max(top, held[i])
        if i + 1 == len(held) or ego[i + 1] != ego[i]:
            for j in range(top):
                if not excused[j]:
                    out[recording[i], j] += counts_for[j]
                raised[j] = -np.inf
                excused[j] = True
            top = 0
    return out


@njit
def _lead(
    held: NDArray[np.int64],
    t: NDArray[np.float64],
    first: NDArray[np.int64],
    end: NDArray[np.int64],
    start_s: NDArray[np.float64],
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


def _histogram(
    exam: Exam, level: NDArray[np.int64], which: NDArray[np.bool_], T: int
) -> NDArray[np.float64]:
    cell = exam.recording[which] * (T + 1) + level[which]
    flat = np.bincount(cell, exam.weight[which], minlength=exam.recordings * (T + 1))
    return np.asarray(flat.reshape(exam.recordings, T + 1), dtype=np.float64)

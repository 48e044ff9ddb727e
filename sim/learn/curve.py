"""The operating curve of a detector over all thresholds, not over a grid of them.

Recall, with or without a least lead, can only grow as the threshold falls; false alarms nearly
so. So the best threshold within a budget of false alarms is the lowest one that keeps it, at
every lead alike, and a sweep from the highest score down finds it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.learn.exam import Exam

Floats = NDArray[np.float64]

SWEPT_PER_H = 120.0
"""The sweep ends where no lower threshold can have as few false alarms per ego-hour."""
BUDGET_ROUND = 1e-9
"""A rate of false alarms is within a budget to this much [1/h]."""


@dataclass(frozen=True)
class Curve:
    """False alarms at K falling thresholds, and the scores that catch E events.

    Attributes:
        levels: (K,) the distinct held scores, falling; an alarm is a held score of at least
            this. A held score is the least over the hold time.
        false_per_h: (K,) false alarms per ego-hour, NaN without hours.
        window_score: (E, W) held scores of the rows in each window, -inf beyond its end.
        window_lead_s: (E, W) from the row to the start of the conflict [s].
    """

    levels: Floats
    false_per_h: Floats
    window_score: Floats
    window_lead_s: Floats

    def level_at(self, budget_per_h: float) -> float:
        """The lowest level with no more false alarms than the budget; inf if none has.

        Raises:
            ValueError: The budget lies beyond what was swept.
        """
        if budget_per_h > SWEPT_PER_H:
            raise ValueError(f"a budget of at most {SWEPT_PER_H:g} false alarms per hour")
        within = np.flatnonzero(self.false_per_h <= budget_per_h + BUDGET_ROUND)
        return float(self.levels[within[-1]]) if len(within) else np.inf

    def level_for(self, recall: float) -> float:
        """The highest level that catches this share of the events; -inf if none does."""
        best = np.sort(self.window_score.max(axis=1, initial=-np.inf))[::-1]
        needed = max(1, int(np.ceil(recall * len(best) - 1e-9)))
        return float(best[needed - 1]) if needed <= len(best) else -np.inf

    def lead_s(self, level: float) -> Floats:
        """(E,) from the first alarm in the window to the start [s], 0 where there is none."""
        caught = (self.window_score >= level) & (self.window_score > -np.inf)
        return np.asarray(np.where(caught, self.window_lead_s, 0.0).max(axis=1, initial=0.0))

    def quiet_from(self, budget_per_h: float) -> float:
        """The lowest threshold that no score may exceed for the budget to be kept from there on.

        An alarm is a held score above it; -inf if the budget is kept everywhere.
        """
        over = np.flatnonzero(~(self.false_per_h <= budget_per_h + BUDGET_ROUND))
        return float(self.levels[over[0]]) if len(over) else -np.inf


def of(exam: Exam, held: Floats, refractory_s: float) -> Curve:
    """The operating curve of one detector in one exam.

    Args:
        exam: N rows, E events.
        held: (N,) least score over the hold time, -inf where a run is shorter.
        refractory_s: An ego's alarms within this time of the first are one alarm [s].
    """
    known = np.flatnonzero(held > -np.inf)
    falling = known[np.argsort(-held[known])]
    hours = float(exam.hours.sum())
    enough = SWEPT_PER_H * hours + _excusable(exam, refractory_s)
    first = np.flatnonzero(np.diff(exam.ego, prepend=-1))
    false = _sweep(falling, exam.ego, first, exam.t, exam.near, exam.weight, refractory_s, enough)
    level = held[falling[: len(false)]]
    last = np.flatnonzero(np.append(level[1:] != level[:-1], True)[: len(level)])
    score, lead = _windows(exam, held)
    rate = false[last] / hours if hours > 0 else np.full(len(last), np.nan)
    return Curve(level[last], rate, score, lead)


def _excusable(exam: Exam, refractory_s: float) -> float:
    """The most weight of alarms that conflicts can excuse.

    A stretch of s seconds before a conflict meets at most s / refractory time + 2 alarms.
    """
    near = np.flatnonzero(exam.near)
    if len(near) == 0:
        return 0.0
    new = (np.diff(near, prepend=-2) > 1) | (np.diff(exam.ego[near], prepend=-1) != 0)
    weight = exam.weight[near]
    return float(2.0 * weight[new].sum() + weight.sum() * exam.stride_s / refractory_s)


@njit
def _sweep(
    falling: NDArray[np.int64],
    ego: NDArray[np.int64],
    first: NDArray[np.int64],
    t: Floats,
    near: NDArray[np.bool_],
    weight: Floats,
    refractory_s: float,
    enough: float,
) -> Floats:
    """(K,) false alarms after each row that is added, highest score first.

    All alarms of an ego are the fewest windows of the refractory time that cover its alarmed
    rows, so they never become fewer as rows are added: beyond `enough` the sweep can end.
    """
    false = np.zeros(len(falling))
    active = np.zeros(len(t), dtype=np.int64)  # each ego's alarmed rows in order, from its first
    size = np.zeros(len(first), dtype=np.int64)
    false_of, total_of = np.zeros(len(first)), np.zeros(len(first))
    false_now, total_now = 0.0, 0.0
    for k in range(len(falling)):
        row = falling[k]
        e = ego[row]
        start = first[e]
        at = start + size[e]
        while at > start and active[at - 1] > row:
            active[at] = active[at - 1]
            at -= 1
        active[at] = row
        size[e] += 1
        false_now -= false_of[e]
        total_now -= total_of[e]
        false_of[e], total_of[e] = _alarms(active, start, size[e], t, near, weight, refractory_s)
        false_now += false_of[e]
        total_now += total_of[e]
        false[k] = false_now
        if total_now > enough:
            return false[: k + 1]
    return false


@njit
def _alarms(
    active: NDArray[np.int64],
    start: int,
    size: int,
    t: Floats,
    near: NDArray[np.bool_],
    weight: Floats,
    refractory_s: float,
) -> tuple[float, float]:
    """Weight of the false alarms and of all alarms of one ego's alarmed rows."""
    false, total = 0.0, 0.0
    raised, counts_for, excused = -np.inf, 0.0, True
    for k in range(start, start + size):
        i = active[k]
        if t[i] - raised >= refractory_s - 1e-6:
            if not excused:
                false += counts_for
            raised, counts_for, excused = t[i], weight[i], near[i]
            total += weight[i]
        elif near[i]:
            excused = True
    if not excused:
        false += counts_for
    return false, total


def _windows(exam: Exam, held: Floats) -> tuple[Floats, Floats]:
    """(E, W) held scores and leads of the rows in each event's window."""
    rows = exam.event_to - exam.event_from
    number = np.arange(int(rows.max(initial=0)))
    at = np.minimum(exam.event_from[:, None] + number, max(len(held) - 1, 0))
    inside = number < rows[:, None]
    score = np.where(inside, held[at], -np.inf)
    lead = np.where(inside, exam.event_start_s[:, None] - exam.t[at], 0.0)
    return score, lead

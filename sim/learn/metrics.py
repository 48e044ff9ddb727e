"""The study's metrics, from per-unit counts and weights of the units.

A weight says how often a unit stands in a bootstrap sample; all ones is the sample as it is.
So a thousand bootstrap samples are one matrix product, and no row is touched again. The sample
as it is is evaluated exactly, at all thresholds; resamples on a grid, shifted to agree with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.learn.alarms import Counts
from sim.learn.precision import average_precision as average_precision
from sim.learn.windows import ROUND_S

Floats = NDArray[np.float64]

LEADS_S = (0.5, 1.0, 1.5)
"""Recall is also given with the alarm at least this long before the conflict [s]."""
LEAD_BUDGET_PER_H = 30.0
"""The median lead time is taken at this many false alarms per ego-hour."""


def evaluate(
    counts: Counts, weights: Floats, budgets_per_h: tuple[float, ...] = (6.0, 30.0)
) -> dict[str, Floats]:
    """All metrics of one detector in one exam, for B weightings of its U units.

    A detector is operated at one threshold: the lowest of all that keeps the budget. Recall
    never falls with the threshold, at any lead, so this is also the highest recall within the
    budget at each lead. `recall_at_<budget>_fah_<lead>` is the share of conflicts whose first
    alarm in the window of 0.5 to 3 s comes at least that lead before the start; `_05s` is
    therefore the recall itself, under the name that goes with `_1s` and `_15s`.

    Args:
        counts: Of U units at T thresholds.
        weights: (B, U). Where the first line is all ones, its values are those of all rows at
            all distinct thresholds.
        budgets_per_h: False alarms per ego-hour at which recall is read off.

    Returns:
        (B,) for each name; NaN where a sample holds no event, no positive or no hour.
    """
    drawn = _Drawn.of(counts, weights)
    out: dict[str, Floats] = {}
    for budget in budgets_per_h:
        lead = drawn.lead_at(budget)
        name = f"recall_at_{budget:g}_fah"
        for least in LEADS_S:
            out[f"{name}_{f'{least:g}'.replace('.', '')}s"] = drawn.share(lead, least)
        out[name] = out[f"{name}_05s"]
    if counts.carried >= 0:
        caught = counts.lead_s[:, counts.carried, None].astype(np.float64)
        out["recall_at_val_threshold"] = drawn.share(_Leads(caught.T, None))
        # a copy: a view of one column kept all of (B, T), 1.6 GB in a study of 14 sites
        out["fah_at_val_threshold"] = drawn.false_per_h[:, counts.carried].copy()
    out |= _of_rows(counts, weights)
    lead = drawn.lead_at(LEAD_BUDGET_PER_H)
    out["lead_time_s"] = drawn.median(lead)
    return out


def lead_at_recall(counts: Counts, weights: Floats, recall: float) -> Floats:
    """(B,) median lead of the caught conflicts, at the highest threshold with this recall [s].

    Compared at equal recall, a detector is not called early for catching only what is easy.
    NaN where no threshold reaches the recall.

    Args:
        counts: Of U units at T thresholds.
        weights: (B, U), as for `evaluate`.
        recall: The share of conflicts to be caught.
    """
    drawn = _Drawn.of(counts, weights)
    return drawn.median(drawn.lead_for(recall))


def operating_point(false: Floats, budget_per_h: float) -> NDArray[np.int64]:
    """(B,) index of the lowest of T rising thresholds with at most the budget of false alarms.

    No interpolation: an operating point that no threshold reaches is not claimed. The highest
    threshold stands for never to alarm, which is always allowed.
    """
    within = false <= budget_per_h + 1e-9 * max(1.0, budget_per_h)
    first = np.argmax(within, axis=1)
    return np.asarray(np.where(within.any(axis=1), first, false.shape[1] - 1), dtype=np.int64)


def threshold_at(counts: Counts, budget_per_h: float) -> float:
    """The lowest threshold from which on there are never more false alarms than the budget.

    It needs no event, so that a threshold can be carried over from quiet recordings.
    """
    return counts.curve.quiet_from(budget_per_h)


@dataclass(frozen=True)
class _Leads:
    """Leads of E events in B samples, and in the sample as it is at its exact threshold.

    Attributes:
        grid: (B, E) or (1, E) lead at the threshold of the grid [s], 0 if missed.
        exact: (E,) the same at the exact threshold; None where the grid's is exact.
    """

    grid: Floats
    exact: Floats | None


@dataclass(frozen=True)
class _Drawn:
    """Counts under B weightings.

    Attributes:
        counts: Of the sample as it is.
        weight: (B, E) of the events.
        false_per_h: (B, T).
        as_is: Whether the first weighting is the sample as it is.
    """

    counts: Counts
    weight: Floats
    false_per_h: Floats
    as_is: bool

    @classmethod
    def of(cls, counts: Counts, weights: Floats) -> _Drawn:
        hours = weights @ counts.hours
        false = _ratio(_product(weights, counts.false_alarms), hours[:, None])
        as_is = bool(np.all(weights[0] == 1.0))
        return cls(counts, weights[:, counts.event_unit], false, as_is)

    def lead_at(self, budget_per_h: float) -> _Leads:
        """At the lowest threshold within a budget of false alarms."""
        at = operating_point(self.false_per_h, budget_per_h)
        level = self.counts.curve.level_at(budget_per_h)
        return self._leads(at, level)

    def lead_for(self, recall: float) -> _Leads:
        """At the highest threshold with this recall, or the lowest of all."""
        caught = _ratio(
            _product(self.weight, self.counts.lead_s > 0.0), self.weight.sum(axis=1)[:, None]
        )
        enough = caught >= recall - 1e-6  # summed in single precision
        at = caught.shape[1] - 1 - np.argmax(enough[:, ::-1], axis=1)
        found = self._leads(at, self.counts.curve.level_for(recall))
        found.grid[~enough.any(axis=1)] = 0.0
        return found

    def _leads(self, at: NDArray[np.int64], level: float) -> _Leads:
        grid = self.counts.lead_s[:, at].T.astype(np.float64)
        return _Leads(grid, self.counts.curve.lead_s(level) if self.as_is else None)

    def share(self, leads: _Leads, least_s: float = 0.0) -> Floats:
        """(B,) share of the events with at least this lead."""
        total = self.weight.sum(axis=1)

        def of(lead: Floats, weight: Floats, total: Floats) -> Floats:
            caught = (lead > 0.0) & (lead >= least_s - ROUND_S)
            return _ratio((weight * caught).sum(axis=1), total)

        found = of(leads.grid, self.weight, total)
        if leads.exact is None:
            return found
        exact = of(leads.exact[None], self.weight[:1], total[:1])[0]
        return np.clip(_shifted(found, exact), 0.0, 1.0)

    def median(self, leads: _Leads) -> Floats:
        """(B,) weighted median lead of the caught [s]."""
        found = _median(leads.grid, self.weight)
        if leads.exact is None:
            return found
        return _shifted(found, _median(leads.exact[None], self.weight[:1])[0])


def _of_rows(counts: Counts, weights: Floats) -> dict[str, Floats]:
    """Average precision and share of positives."""
    positives = _product(weights, counts.positives)
    negatives = _product(weights, counts.negatives)
    precision = average_precision(positives, negatives)
    positive = weights @ counts.positives.sum(axis=1)
    rows = positive + weights @ counts.negatives.sum(axis=1)
    if np.all(weights[0] == 1.0):
        precision = np.clip(_shifted(precision, counts.average_precision), 0.0, 1.0)
    return {"average_precision": precision, "prevalence": _ratio(positive, rows)}


def _shifted(values: Floats, exact: float) -> Floats:
    """(B,) values moved so that the first is exact, the spread of the others about it kept."""
    return np.asarray(values - (values[0] - exact)) if np.isfinite(values[0]) else values


def _product(weights: Floats, counts: NDArray[np.generic]) -> Floats:
    """Weights times counts in single precision: twice as fast, and exact for whole numbers."""
    found = weights.astype(np.float32) @ counts.astype(np.float32)
    return found.astype(np.float64)


def _median(lead: Floats, weights: Floats) -> Floats:
    """(B,) weighted median of the leads above 0, NaN where there is none.

    Args:
        lead: (B, E), 0 where the event is missed.
        weights: (B, E).
    """
    weight = np.where(lead > 0.0, weights, 0.0)
    order = np.argsort(lead, axis=1)
    lead = np.take_along_axis(lead, order, axis=1)
    share = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    out = np.full(len(weights), np.nan)
    if share.shape[1] == 0:
        return out
    some = share[:, -1] > 0
    half = 0.5 * share[some, -1:]
    low = np.argmax(share[some] >= half, axis=1)
    high = np.argmax(share[some] > half, axis=1)
    pick = np.arange(len(low))
    out[some] = 0.5 * (lead[some][pick, low] + lead[some][pick, high])
    return out


def _ratio(over: Floats, under: Floats) -> Floats:
    shape = np.broadcast_shapes(over.shape, under.shape)
    under = np.broadcast_to(under, shape)
    return np.asarray(np.divide(over, under, out=np.full(shape, np.nan), where=under > 0))

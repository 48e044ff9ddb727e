"""The study's metrics, from per-recording counts and weights of the recordings.

A weight says how often a recording stands in a bootstrap sample; all ones is the sample as
it is. So a thousand bootstrap samples are one matrix product, and no row is touched again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.learn.alarms import Counts

Floats = NDArray[np.float64]

LEAD_BUDGET_PER_H = 30.0
"""The median lead time is taken at this many false alarms per ego-hour."""


def evaluate(
    counts: Counts, weights: Floats, budgets_per_h: tuple[float, ...] = (6.0, 30.0)
) -> dict[str, Floats]:
    """All metrics of one detector in one exam, for B weightings of its R recordings.

    Args:
        counts: Of R recordings at T thresholds.
        weights: (B, R).
        budgets_per_h: False alarms per ego-hour at which recall is read off.

    Returns:
        (B,) for each name; NaN where a sample holds no event, no positive or no hour.
    """
    false, caught = _curves(counts, weights)
    out = {
        f"recall_at_{budget:g}_fah": recall_at(false, caught, budget) for budget in budgets_per_h
    }
    if counts.carried >= 0:
        out["recall_at_val_threshold"] = caught[:, counts.carried]
        out["fah_at_val_threshold"] = false[:, counts.carried]
    positives, negatives = weights @ counts.positives, weights @ counts.negatives
    out["average_precision"] = average_precision(positives, negatives)
    total = positives.sum(axis=1)
    out["prevalence"] = _ratio(total, total + negatives.sum(axis=1))
    out["lead_time_s"] = _median_lead(counts, weights, false, caught)
    return out


def recall_at(false: Floats, caught: Floats, budget_per_h: float) -> Floats:
    """(B,) the highest recall of any threshold with at most the budget of false alarms.

    No interpolation: an operating point that no threshold reaches is not claimed. Never to
    alarm is always allowed, so the least is 0.
    """
    reached = np.where(false <= budget_per_h, caught, 0.0).max(axis=1)
    known = np.isfinite(caught[:, 0]) & np.isfinite(false[:, 0])
    return np.where(known, reached, np.nan)


def threshold_at(counts: Counts, budget_per_h: float) -> float:
    """The lowest threshold from which on there are never more false alarms than the budget.

    It needs no event, so that a threshold can be carried over from quiet recordings.
    """
    false, _ = _curves(counts, np.ones((1, len(counts.hours))))
    over = np.flatnonzero(~(false[0] <= budget_per_h))
    if len(over) == 0:
        return float(counts.thresholds[0])
    return float(counts.thresholds[min(over[-1] + 1, len(counts.thresholds) - 1)])


def average_precision(positives: Floats, negatives: Floats) -> Floats:
    """(B,) sum over bins of the gain in recall times the precision down to that bin.

    Args:
        positives, negatives: (B, T + 1) weighted rows by rising score bin. With a bin for
            every distinct score this is scikit-learn's `average_precision_score`.
    """
    hit = np.cumsum(positives[:, ::-1], axis=1)
    shown = hit + np.cumsum(negatives[:, ::-1], axis=1)
    precision = np.divide(hit, shown, out=np.zeros_like(hit), where=shown > 0)
    gained = (positives[:, ::-1] * precision).sum(axis=1)
    return _ratio(gained, hit[:, -1])


def _curves(counts: Counts, weights: Floats) -> tuple[Floats, Floats]:
    """(B, T) false alarms per hour and event recall."""
    hours = weights @ counts.hours
    false = _ratio(weights @ counts.false_alarms, hours[:, None])
    of_event = weights[:, counts.event_recording]
    caught = _ratio(of_event @ (counts.lead_s > 0.0), of_event.sum(axis=1)[:, None])
    return false, caught


def _median_lead(counts: Counts, weights: Floats, false: Floats, caught: Floats) -> Floats:
    """(B,) weighted median of the caught events' lead, at the best threshold in the budget."""
    allowed = np.where(false <= LEAD_BUDGET_PER_H, caught, -1.0)
    # of several thresholds as good, the highest: it raises the fewest false alarms
    best = allowed.shape[1] - 1 - np.argmax(allowed[:, ::-1], axis=1)
    lead = counts.lead_s[:, best].T.astype(np.float64)
    weight = np.where(lead > 0.0, weights[:, counts.event_recording], 0.0)
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

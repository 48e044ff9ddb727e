"""Average precision: of all rows exactly, and of weighted histograms of their scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def exact_average_precision(ascending: Floats, y: NDArray[np.bool_], weight: Floats) -> float:
    """scikit-learn's `average_precision_score` with weights, of rows sorted by score.

    Args:
        ascending: (N,) scores in rising order.
        y: (N,) positive.
        weight: (N,) of the row; 0 leaves it out.

    Returns:
        Sum over the distinct scores of the gain in recall times the precision down to there;
        NaN without a positive.
    """
    hit = np.cumsum((weight * y)[::-1])
    shown = np.cumsum(weight[::-1])
    if len(hit) == 0 or hit[-1] <= 0.0:
        return float("nan")
    falling = ascending[::-1]
    last = np.flatnonzero(np.append(falling[1:] != falling[:-1], True))
    hit, shown = hit[last], shown[last]
    precision = np.divide(hit, shown, out=np.zeros_like(hit), where=shown > 0)
    return float((np.diff(hit, prepend=0.0) * precision).sum() / hit[-1])


def average_precision(positives: Floats, negatives: Floats) -> Floats:
    """(B,) sum over bins of the gain in recall times the precision down to that bin.

    Args:
        positives, negatives: (B, T + 1) weighted rows by rising score bin. With a bin for
            every distinct score this is scikit-learn's `average_precision_score`.
    """
    hit = np.cumsum(positives[:, ::-1], axis=1, dtype=np.float64)
    shown = hit + np.cumsum(negatives[:, ::-1], axis=1, dtype=np.float64)
    precision = np.divide(hit, shown, out=np.zeros_like(hit), where=shown > 0)
    gained = (positives[:, ::-1] * precision).sum(axis=1)
    total = hit[:, -1]
    return np.asarray(np.divide(gained, total, out=np.full(len(total), np.nan), where=total > 0))

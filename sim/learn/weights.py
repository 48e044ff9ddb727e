"""How much each training row counts: the prior-matched weight, and the usual cures of imbalance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]

PRIOR_RANGE = (1e-4, 0.5)
"""The real share of positives is clipped to this before simulated rows are matched to it."""
JITTER = 0.1
"""Noise of a jittered duplicate, as a share of the feature's robust spread."""
NEIGHBOURS = 5
"""Nearest positives that one is interpolated with (Chawla et al., JAIR 16 (2002) 321)."""


def positive_share(y: Labels, w: Floats) -> float:
    """The weighted share of positives; 0 for no rows."""
    total = float(w.sum())
    return float(w[y].sum()) / total if total > 0 else 0.0


def prior_matched(
    y_real: Labels, w_real: Floats, y_sim: Labels, w_sim: Floats, alpha: float
) -> Floats:
    """Weights for simulated rows: the real share of positives, alpha times the real total.

    With b_r and b_s the weighted shares of positives in real (clipped to [1e-4, 0.5]) and
    simulated rows, positives get w b_r / b_s and negatives w (1 - b_r) / (1 - b_s); all are
    then scaled to a total of alpha times the real weight.

    >>> y = np.array([True, False, False, False]); one = np.ones(4)
    >>> w = prior_matched(y, one, np.array([True, True]), np.ones(2), 0.5)
    >>> float(w.sum())
    2.0
    """
    b_r = float(np.clip(positive_share(y_real, w_real), *PRIOR_RANGE))
    b_s = positive_share(y_sim, w_sim)
    up = b_r / b_s if b_s > 0 else 0.0
    down = (1.0 - b_r) / (1.0 - b_s) if b_s < 1 else 0.0
    w = w_sim * np.where(y_sim, up, down)
    total = float(w.sum())
    return w * (alpha * float(w_real.sum()) / total) if total > 0 else w


def class_weighted(y: Labels, w: Floats, share: float = 0.5) -> Floats:
    """The weights with positives at this share of the total."""
    b = positive_share(y, w)
    if b in (0.0, 1.0):
        return w
    return w * np.where(y, share / b, (1.0 - share) / (1.0 - b))


def repeats(y: Labels, share: float, draw: np.random.Generator) -> NDArray[np.int64]:
    """Positive rows to add, drawn with replacement, until they are this share of all rows."""
    positive = np.flatnonzero(y)
    wanted = round(int((~y).sum()) * share / (1.0 - share))
    lacking = max(0, wanted - len(positive))
    if len(positive) == 0:
        return positive
    return positive[draw.integers(len(positive), size=lacking)]


def jittered(
    X: NDArray[np.float32], rows: NDArray[np.int64], draw: np.random.Generator
) -> NDArray[np.float32]:
    """Copies of rows with Gaussian noise of a tenth of each feature's spread (IQR / 1.35)."""
    noise = draw.standard_normal((len(rows), X.shape[1])) * (JITTER * _spread(X))
    copies: NDArray[np.float32] = (X[rows] + noise).astype(np.float32)
    return copies


def interpolated(
    X: NDArray[np.float32], y: Labels, rows: NDArray[np.int64], draw: np.random.Generator
) -> NDArray[np.float32]:
    """Positives between each given one and one of its nearest positives (SMOTE).

    imbalanced-learn's SMOTE refuses missing values, which every row has: here a feature that
    either of the two lacks stays missing, and distance is of the features scaled by their
    spread, at the median where missing.

    Args:
        X: (n, d) features.
        y: (n,) labels.
        rows: (m,) positive rows to start from.
        draw: Chooses neighbour and place between.
    """
    positive = np.flatnonzero(y)
    if len(positive) < 2:
        return X[rows]
    spread = np.where(_spread(X) > 0, _spread(X), 1.0)
    scaled = (X[positive] - np.nanmedian(_known(X), axis=0)) / spread
    scaled = np.clip(np.nan_to_num(scaled), -5.0, 5.0)
    count = min(NEIGHBOURS, len(positive) - 1)
    near = NearestNeighbors(n_neighbors=count).fit(scaled).kneighbors(return_distance=False)
    start = np.searchsorted(positive, rows)
    chosen = near[start, draw.integers(near.shape[1], size=len(rows))]
    at = draw.random((len(rows), 1))
    between: NDArray[np.float32] = ((1.0 - at) * X[rows] + at * X[positive[chosen]]).astype(
        np.float32
    )
    return between


def _spread(X: NDArray[np.float32]) -> Floats:
    low, high = np.nanquantile(_known(X), [0.25, 0.75], axis=0)
    return np.asarray((high - low) / 1.35, dtype=np.float64)


def _known(X: NDArray[np.float32]) -> NDArray[np.float32]:
    """The array with columns that are wholly missing set to 0, whose quantiles exist."""
    return np.where(np.isnan(X).all(axis=0), np.float32(0.0), X)

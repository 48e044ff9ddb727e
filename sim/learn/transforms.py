"""What happens to features before a detector sees them, fitted on its training rows only."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from sim.base.jit import njit

CODES = 64
"""Distinct codes of a feature, a quarter of what HistGradientBoosting can hold: twice as
fast, and no worse where edges are dense in the tails."""
MISSING = 255
"""The code of a missing value where codes are bytes."""
TAIL = 1e-3
"""Outermost edges leave this share of the values beyond them: danger lies in the tails."""
SKETCH_ROWS = 20_000
"""Bin edges and centres are quantiles of at most this many evenly spaced rows."""
CLIP = 5.0
"""Scaled features are cut off this many spreads from the centre."""


class Codes(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Features as codes of quantile bins, NaN kept; a feature that was always missing is 0.

    HistGradientBoosting bins slowly when there are sample weights; on codes it need not, which
    made 20 fits five times faster. Quantiles are evenly spaced in their logit.
    """

    def fit(self, X: NDArray[np.float32], y: object = None) -> Codes:
        """Take the edges from the quantiles of (n, d) features."""
        sketch = _sketch(X)
        levels = expit(np.linspace(logit(TAIL), logit(1.0 - TAIL), CODES - 1))
        edges = np.nanquantile(_without_empty(sketch), levels, axis=0, method="lower")
        self.edges_ = np.ascontiguousarray(edges.T.astype(np.float32))
        self.seen_ = ~np.isnan(X).all(axis=0)
        return self

    def transform(self, X: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, d) codes 0 ... 63 as numbers, NaN where the feature is missing."""
        codes = self.codes(X)
        return np.where(codes == MISSING, np.float32(np.nan), codes.astype(np.float32))

    def codes(self, X: NDArray[np.float32]) -> NDArray[np.uint8]:
        """(n, d) the same as bytes, `MISSING` where the feature is missing."""
        check_is_fitted(self)
        coded: NDArray[np.uint8] = _codes(np.ascontiguousarray(X, np.float32), self.edges_)
        coded[:, ~self.seen_] = 0
        return coded

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


class RobustScale(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Features less their median over their spread, cut off at 5; the median where missing.

    The spread is the interquartile range / 1.35, and the standard deviation where half of the
    values are the same.
    """

    def fit(self, X: NDArray[np.float32], y: object = None) -> RobustScale:
        """Take centre and spread from (n, d) features."""
        sketch = _without_empty(_sketch(X)).astype(np.float64)
        low, self.center_, high = np.nanquantile(sketch, [0.25, 0.5, 0.75], axis=0)
        spread = (high - low) / 1.35
        spread = np.where(spread > 1e-9, spread, np.nanstd(sketch, axis=0))
        self.spread_ = np.where(spread > 1e-9, spread, 1.0)
        return self

    def transform(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """(n, d) scaled features without NaN."""
        check_is_fitted(self)
        scaled: NDArray[np.float64] = (X - self.center_) / self.spread_
        np.clip(scaled, -CLIP, CLIP, out=scaled)
        scaled[np.isnan(scaled)] = 0.0
        return scaled

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _sketch(X: NDArray[np.float32]) -> NDArray[np.float32]:
    return X[:: max(1, -(-len(X) // SKETCH_ROWS))]


def _without_empty(X: NDArray[np.float32]) -> NDArray[np.float32]:
    """The array with wholly missing columns set to 0, whose quantiles exist."""
    return np.where(np.isnan(X).all(axis=0), np.float32(0.0), X)


@njit
def _codes(X: NDArray[np.float32], edges: NDArray[np.float32]) -> NDArray[np.uint8]:
    """How many edges each value exceeds, by bisection; `MISSING` for NaN.

    Steps of 32, 16, ... 1 without a branch that could be mispredicted: three times as fast.
    """
    out = np.empty(X.shape, dtype=np.uint8)
    for i in range(X.shape[0]):
        for j in range(X.shape[1]):
            value = X[i, j]
            below, step = 0, CODES // 2
            while step:
                below += step if edges[j, below + step - 1] < value else 0
                step //= 2
            out[i, j] = MISSING if np.isnan(value) else below
    return out

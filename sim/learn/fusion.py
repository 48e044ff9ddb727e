"""Late fusion: two detectors trained apart, whose log odds are averaged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import Pipeline

CERTAIN = 1e-6
"""Probabilities are kept this far from 0 and 1, as trees that agree give exactly these."""


class Fusion(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The weighted mean of the log odds of two fitted detectors.

    Attributes:
        recorded, simulated: Fitted pipelines.
        share: Weight of the second; the first has the rest.
    """

    def __init__(self, recorded: Pipeline, simulated: Pipeline, share: float) -> None:
        self.recorded = recorded
        self.simulated = simulated
        self.share = share

    @classmethod
    def of(cls, recorded: Pipeline, simulated: Pipeline, share: float) -> Pipeline:
        """The fusion as a fitted pipeline of one step."""
        fusion = cls(recorded, simulated, share)
        fusion.classes_ = np.array([False, True])
        return Pipeline([("model", fusion)])

    def fit(
        self,
        X: NDArray[np.float32],
        y: NDArray[np.bool_],
        sample_weight: NDArray[np.float64] | None = None,
    ) -> Fusion:
        """Fit both on the same rows; `of` joins two that were fitted apart."""
        for pipeline in (self.recorded, self.simulated):
            pipeline.fit(X, y, model__sample_weight=sample_weight)
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """(n, 2) probabilities of no danger and of danger."""
        apart = [p.predict_proba(X)[:, 1] for p in (self.recorded, self.simulated)]
        danger = fused(apart[0], apart[1], self.share)
        return np.column_stack([1.0 - danger, danger])


def fused(
    recorded: NDArray[np.float64], simulated: NDArray[np.float64], share: float
) -> NDArray[np.float64]:
    """Probability at the weighted mean of two log odds.

    >>> round(float(fused(np.array([0.5]), np.array([0.9]), 1.0)[0]), 9)
    0.9
    """
    odds = [logit(np.clip(p, CERTAIN, 1.0 - CERTAIN)) for p in (recorded, simulated)]
    return np.asarray(expit((1.0 - share) * odds[0] + share * odds[1]), dtype=np.float64)

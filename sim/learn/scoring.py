"""The probability of danger that any fitted detector gives, the quick way where there is one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.pipeline import Pipeline

from sim.learn.transforms import Codes
from sim.learn.trees import flatten, forest_danger, is_forest

Matrix = NDArray[np.float32]
Floats = NDArray[np.float64]

PART = 16_384
"""Rows that are scored at once."""


def danger(detector: Pipeline, X: Matrix) -> Floats:
    """(n,) the fitted detector's probability of danger for (n, d) features.

    In parts that stay in the cache: scikit-learn's boosting goes through all rows tree by tree,
    which takes three times as long on 150,000 rows at once.
    """
    model = detector[-1]
    if hasattr(model, "danger"):  # a combination of detectors, which score in parts themselves
        given = detector[:-1].transform(X) if len(detector) > 1 else X
        return np.asarray(model.danger(given), dtype=np.float64)
    parts = [X[i : i + PART] for i in range(0, len(X), PART)]
    if len(detector) == 2 and isinstance(detector[0], Codes) and is_forest(model):
        forest = flatten(model)
        scored = [forest_danger(model, forest, detector[0].codes(part)) for part in parts]
    else:
        scored = [_probability(detector, part) for part in parts]
    return np.concatenate([np.empty(0), *scored])


def _probability(detector: Any, X: Matrix) -> Floats:
    """Of danger; an estimator without probabilities has its decision function squashed."""
    if not hasattr(detector, "predict_proba"):
        return np.asarray(expit(detector.decision_function(X)), dtype=np.float64)
    return np.asarray(detector.predict_proba(X)[:, 1], dtype=np.float64)

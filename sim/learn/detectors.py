"""The detectors: scikit-learn pipelines by name, made from a seed."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from sim.base.registry import Registry
from sim.learn.transforms import Codes, RobustScale

PART = 16_384
"""Rows that are scored at once."""

DETECTORS: Registry[Callable[[int], Pipeline]] = Registry("detector")
"""Each entry makes an unfitted pipeline whose last step takes sample weights."""


@DETECTORS.register("hgb")
def hgb(seed: int) -> Pipeline:
    """Gradient-boosted trees on binned features: the main detector.

    Stopping early is off: its random validation rows would be neighbours of training rows.
    Forty trees are as good here as a hundred at a lower rate, and a split that looks at three
    features in ten as good as one that looks at all; together they halve the time. Leaves are
    shrunk by weight, as a number of rows means nothing where simulated rows weigh little.
    """
    trees = HistGradientBoostingClassifier(
        learning_rate=0.2,
        max_iter=40,
        max_leaf_nodes=8,
        min_samples_leaf=20,
        l2_regularization=3.0,
        max_features=0.3,
        early_stopping=False,
        random_state=seed,
    )
    return Pipeline([("codes", Codes()), ("model", trees)])


@DETECTORS.register("logistic")
def logistic(seed: int) -> Pipeline:
    """Logistic regression on robustly scaled features: what a line can do."""
    line = LogisticRegression(C=0.1, tol=1e-3, max_iter=100, random_state=seed)
    return Pipeline([("scale", RobustScale()), ("model", line)])


@DETECTORS.register("extra_trees")
def extra_trees(seed: int) -> Pipeline:
    """A hundred extremely randomised trees, each on a quarter of the rows (4x faster to fit)."""
    trees = ExtraTreesClassifier(
        n_estimators=100, min_samples_leaf=5, bootstrap=True, max_samples=0.25, random_state=seed
    )
    return Pipeline([("codes", Codes()), ("model", trees)])


def fit(
    detector: Pipeline,
    X: NDArray[np.float32],
    y: NDArray[np.bool_],
    w: NDArray[np.float64],
) -> Pipeline:
    """Fit a detector on (n, d) features with (n,) labels and weights.

    What holds detectors back from their training rows counts in units of weight: give rows that
    matter alike in two fits the same weight in both.
    """
    with warnings.catch_warnings():
        # a line that is not quite settled is as good a detector: 100 steps bound its cost
        warnings.simplefilter("ignore", ConvergenceWarning)
        detector.fit(X, y, model__sample_weight=w)
    return detector


def score(detector: Pipeline, X: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n,) the fitted detector's probability of danger.

    In parts that stay in the cache: boosting goes through all rows tree by tree, which takes
    three times as long on 150,000 rows at once.
    """
    parts = [detector.predict_proba(X[i : i + PART])[:, 1] for i in range(0, len(X), PART)]
    danger: NDArray[np.float64] = np.concatenate([np.empty(0), *parts])
    return danger

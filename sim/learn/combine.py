"""Detectors made of others: the mean of several, and the union of one with a physics score."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from sim.learn.scoring import danger

Matrix = NDArray[np.float32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CLIP = 1e-4
"""Probabilities are kept this far from 0 and 1 before logits are averaged: extremely randomised
trees often agree on 0."""
FINITE = 1e-12
"""The same where only the order counts, so that the logit is finite."""
TAIL = 0.01
"""Scores that fewer of the negatives exceed lie in the tail."""
KNOTS = 64
"""Points between which the exceedance is interpolated."""
BLOCKS = 20
"""Blocks of rows that are scored by a detector fitted on every other one."""


class _Combined(ClassifierMixin, BaseEstimator, ABC):  # type: ignore[misc]
    """What estimators that combine detectors share: both columns, and a tag."""

    @abstractmethod
    def danger(self, X: Matrix) -> Floats:
        """(n,) a score in [0, 1] that rises with the danger."""

    def predict_proba(self, X: Matrix) -> Floats:
        """(n, 2): 1 - danger and danger."""
        positive = self.danger(X)
        return np.stack([1.0 - positive, positive], axis=1)

    def predict(self, X: Matrix) -> NDArray[Any]:
        """(n,) the class that is more likely."""
        chosen: NDArray[Any] = self.classes_[(self.danger(X) > 0.5).astype(np.int64)]
        return chosen

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


class Ensemble(_Combined):
    """The mean of the detectors' standardised scores.

    Each detector's logit is standardised to mean 0 and variance 1 over the weighted training
    rows, so that none counts for more because its probabilities are more extreme. The score is
    the logistic function of their mean: more is more dangerous, but it is no probability.

    Args:
        members: Unfitted detectors, whose last step is called `model`.
    """

    def __init__(self, members: list[Pipeline]) -> None:
        self.members = members

    def fit(self, X: Matrix, y: Bools, sample_weight: Floats | None = None) -> Ensemble:
        """Fit each member on (n, d) features, and the scale of its scores."""
        w = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight)
        self.classes_ = np.unique(y)
        self.members_ = [_fitted(member, X, y, w) for member in self.members]
        logits = np.stack([_logits(member, X, CLIP) for member in self.members_])
        self.centre_ = np.average(logits, axis=1, weights=w)
        variance = np.average((logits - self.centre_[:, None]) ** 2, axis=1, weights=w)
        self.spread_ = np.where(variance > 0.0, np.sqrt(variance), 1.0)
        return self

    def danger(self, X: Matrix) -> Floats:
        """(n,) logistic function of the mean standardised score."""
        check_is_fitted(self)
        total = np.zeros(len(X))
        for member, centre, spread in zip(self.members_, self.centre_, self.spread_):
            total += (_logits(member, X, CLIP) - centre) / spread
        return np.asarray(expit(total / len(self.members_)), dtype=np.float64)


class Union(_Combined):
    """A detector and a physics score, either of which gives the alarm.

    Both are stated as the surprise -log10 of the share of training negatives that score as
    high, and the larger one counts: one threshold on it is one threshold on each of the two, at
    which they give about as many false alarms. The detector's negatives are scored by
    detectors fitted on other rows: 1.2 % of new negatives then exceed what 1 % should, but 2.1 %
    (200 trees of 31 leaves; 6.8 times as many at .1 %) where it scores its own rows.

    Args:
        detector: Unfitted, its last step is called `model`.
        column: Of the physics score in the features; more is more dangerous, missing is 0.
    """

    def __init__(self, detector: Pipeline, column: int) -> None:
        self.detector = detector
        self.column = column

    def fit(self, X: Matrix, y: Bools, sample_weight: Floats | None = None) -> Union:
        """Fit the detector on (n, d) features, and both maps on the negative rows.

        Raises:
            ValueError: The features have no such column.
        """
        if self.column >= X.shape[1]:
            raise ValueError(f"a physics score in column {self.column} of {X.shape[1]} features")
        w = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight)
        negative = ~np.asarray(y, dtype=np.bool_)
        self.classes_ = np.unique(y)
        self.detector_ = _fitted(self.detector, X, y, w)
        learnt = _held_out(self.detector, self.detector_, X, y, w)[negative]
        self.learnt_ = np.stack(exceedance(learnt, w[negative]))
        self.physics_ = np.stack(exceedance(self._physics(X)[negative], w[negative]))
        return self

    def danger(self, X: Matrix) -> Floats:
        """(n,) s / (1 + s) of the larger surprise s."""
        check_is_fitted(self)
        learnt = surprise(_logits(self.detector_, X, FINITE), Exceedance(*self.learnt_))
        s = np.maximum(learnt, surprise(self._physics(X), Exceedance(*self.physics_)))
        return s / (1.0 + s)

    def _physics(self, X: Matrix) -> Floats:
        return np.maximum(np.nan_to_num(X[:, self.column].astype(np.float64)), 0.0)


class Exceedance(NamedTuple):
    """A score's surprise, linear between knots and beyond the last two.

    Attributes:
        score: (K,) rising.
        surprise: (K,) -log10 of the share of weight that scores as high.
    """

    score: Floats
    surprise: Floats


def exceedance(score: Floats, weight: Floats) -> Exceedance:
    """The surprise of (n,) scores with weights.

    Empirical down to a share of `TAIL`; from there on exponential with the mean excess, as of
    peaks over a threshold, so that scores beyond all of training still differ.
    """
    order = np.argsort(-score, kind="stable")
    s, w = score[order], weight[order]
    share = np.minimum(np.cumsum(w) / w.sum(), 1.0)
    levels = np.logspace(0.0, np.log10(TAIL), KNOTS)
    knot = np.unique(s[np.minimum(np.searchsorted(share, levels), len(s) - 1)])
    as_high = share[np.searchsorted(-s, -knot, side="right") - 1]
    over = s > knot[-1]
    excess = np.average(s[over] - knot[-1], weights=w[over]) if w[over].sum() > 0 else 0.0
    told = -np.log10(as_high)
    return Exceedance(
        np.append(knot, knot[-1] + max(float(excess), 1e-9)),
        np.append(told, told[-1] + 1.0 / np.log(10.0)),
    )


def surprise(score: Floats, of: Exceedance) -> Floats:
    """(n,) -log10 of the share of training negatives that score as high; 0 below all of them."""
    inside = np.interp(score, of.score, of.surprise)
    slope = (of.surprise[-1] - of.surprise[-2]) / (of.score[-1] - of.score[-2])
    beyond = np.maximum(score - of.score[-1], 0.0)
    return np.asarray(inside + slope * beyond, dtype=np.float64)


def _fitted(detector: Pipeline, X: Matrix, y: Bools, w: Floats) -> Pipeline:
    return clone(detector).fit(X, y, model__sample_weight=w)


def _logits(detector: Pipeline, X: Matrix, least: float) -> Floats:
    probability = danger(detector, X)
    return np.asarray(logit(np.clip(probability, least, 1.0 - least)), dtype=np.float64)


def _held_out(detector: Pipeline, whole: Pipeline, X: Matrix, y: Bools, w: Floats) -> Floats:
    """(n,) logits of rows by a detector fitted on every other block of rows.

    Blocks, as neighbours in time are alike. Where one half has a class alone, those of `whole`.
    """
    half = (np.arange(len(y)) * BLOCKS // max(len(y), 1)) % 2 == 0
    if any(np.unique(y[side]).size < 2 for side in (half, ~half)):
        return _logits(whole, X, FINITE)
    out = np.empty(len(y))
    for fit, score in ((half, ~half), (~half, half)):
        out[score] = _logits(_fitted(detector, X[fit], y[fit], w[fit]), X[score], FINITE)
    return out

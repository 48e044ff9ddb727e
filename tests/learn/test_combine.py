"""Combined detectors: what they say is what their parts say, in stated proportions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.base import clone

from sim.learn.combine import CLIP, Ensemble, Exceedance, Union, exceedance, surprise
from sim.learn.detectors import hgb, logistic
from sim.learn.scoring import danger

Rows = tuple[np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def rows() -> Rows:
    rng = np.random.default_rng(5)
    X = rng.standard_normal((4000, 3)).astype(np.float32)
    y = X[:, 0] + X[:, 1] + rng.standard_normal(4000) > 2.0
    X[::9, 2] = np.nan
    return X, y, rng.uniform(0.5, 2.0, 4000)


def test_the_ensemble_is_the_mean_of_standardised_logits(rows: Rows) -> None:
    X, y, w = rows
    members = [hgb(1), logistic(2)]
    found = Ensemble(members).fit(X, y, sample_weight=w)
    total = np.zeros(len(X))
    for member in members:
        alone = clone(member).fit(X, y, model__sample_weight=w)
        z = logit(np.clip(alone.predict_proba(X)[:, 1], CLIP, 1 - CLIP))
        mean = (w * z).sum() / w.sum()
        total += (z - mean) / np.sqrt((w * (z - mean) ** 2).sum() / w.sum())
    np.testing.assert_allclose(found.predict_proba(X)[:, 1], expit(total / 2), rtol=1e-9)
    np.testing.assert_array_equal(found.predict(X), found.danger(X) > 0.5)


def test_surprise_of_an_exponential_score_is_a_line() -> None:
    """Share beyond s is exp(-s): the surprise is s / ln 10, also beyond all that was seen."""
    score = -np.log1p(-(np.arange(20_000) + 0.5) / 20_000)
    of = exceedance(score, np.ones(len(score)))
    at = np.array([0.5, 1.0, 3.0, 6.0, 15.0])
    np.testing.assert_allclose(surprise(at, of), at / np.log(10.0), rtol=0.02, atol=0.02)
    assert surprise(np.array([-1.0]), of)[0] == 0.0


def test_surprise_counts_weight_and_ties() -> None:
    score = np.array([0.0] * 50 + [1.0] * 50)
    weight = np.repeat([3.0, 1.0], 50)
    of = exceedance(score, weight)
    np.testing.assert_allclose(
        surprise(np.array([0.0, 1.0]), of), [0.0, -np.log10(0.25)], atol=1e-9
    )
    rising = surprise(np.linspace(-1.0, 3.0, 400), of)
    assert (np.diff(rising) >= 0.0).all()
    assert rising[-1] > rising[-100]


def test_the_union_gives_the_alarm_if_either_does(rows: Rows) -> None:
    X, y, w = rows
    union = Union(hgb(1), 2).fit(X, y, sample_weight=w)
    learnt = surprise(
        logit(np.clip(danger(union.detector_, X), 1e-12, 1 - 1e-12)), Exceedance(*union.learnt_)
    )
    physics = surprise(np.maximum(np.nan_to_num(X[:, 2]), 0.0), Exceedance(*union.physics_))
    for level in (0.5, 1.0, 2.0):
        alarm = union.danger(X) > level / (1.0 + level)
        np.testing.assert_array_equal(alarm, (learnt > level) | (physics > level))
        assert (alarm & ~(learnt > level)).any()


def test_a_threshold_is_exceeded_as_often_as_it_says_by_new_negatives(rows: Rows) -> None:
    """By the detector as by physics, though it was fitted to the rows of the map."""
    X, y, _ = rows
    union = Union(hgb(1, "large"), 2).fit(X[:3000], y[:3000])
    new, quiet = X[3000:], ~y[3000:]
    logits = logit(np.clip(danger(union.detector_, new[quiet]), 1e-12, 1 - 1e-12))
    exceeded = surprise(logits, Exceedance(*union.learnt_)) > 1.0
    assert exceeded.mean() == pytest.approx(0.1, abs=0.035)  # 3 standard errors of 820 rows
    own = logit(np.clip(danger(union.detector_, X[:3000][~y[:3000]]), 1e-12, 1 - 1e-12))
    assert (surprise(own, Exceedance(*union.learnt_)) > 1.0).mean() < 0.8 * exceeded.mean()


def test_a_union_needs_its_column(rows: Rows) -> None:
    X, y, _ = rows
    with pytest.raises(ValueError, match="column 7 of 3"):
        Union(hgb(1), 7).fit(X, y)

"""Weights against their closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.learn.weights import class_weighted, jittered, positive_share, prior_matched, repeats


@given(
    seed=st.integers(0, 10_000),
    alpha=st.sampled_from([0.1, 0.3, 1.0, 3.0]),
    b_r=st.floats(0.0, 0.9),
    b_s=st.floats(0.05, 0.95),
)
def test_prior_matched_weights_have_the_real_share_and_alpha_times_the_total(
    seed: int, alpha: float, b_r: float, b_s: float
) -> None:
    rng = np.random.default_rng(seed)
    y_real, y_sim = rng.random(300) < b_r, np.append(rng.random(300) < b_s, [True, False])
    w_real, w_sim = rng.uniform(0.5, 2.0, 300), rng.uniform(0.5, 2.0, 302)
    w = prior_matched(y_real, w_real, y_sim, w_sim, alpha)
    assert w.sum() == pytest.approx(alpha * w_real.sum())
    wanted = np.clip(positive_share(y_real, w_real), 1e-4, 0.5)
    assert positive_share(y_sim, w) == pytest.approx(wanted)
    ratio = w[y_sim] / w_sim[y_sim]
    np.testing.assert_allclose(ratio, ratio[0])  # within a class the weights keep their ratios


def test_by_hand() -> None:
    y_real = np.array([True, False, False, False])
    y_sim = np.array([True, True, False])
    w = prior_matched(y_real, np.ones(4), y_sim, np.ones(3), 1.0)
    np.testing.assert_allclose(w, [0.5, 0.5, 3.0])


def test_simulation_without_danger_only_adds_negatives() -> None:
    y_real = np.array([True, False])
    w = prior_matched(y_real, np.ones(2), np.zeros(4, bool), np.ones(4), 0.5)
    np.testing.assert_allclose(w, 0.25)


def test_class_weights_balance_and_keep_the_total() -> None:
    y = np.arange(100) < 7
    w = np.random.default_rng(0).random(100)
    balanced = class_weighted(y, w)
    assert positive_share(y, balanced) == pytest.approx(0.5)
    assert balanced.sum() == pytest.approx(w.sum())


def test_repeats_even_the_classes_out() -> None:
    y = np.arange(100) < 7
    for share, count in ((0.5, 86), (0.2, 16), (0.05, 0)):
        added = repeats(y, share, np.random.default_rng(0))
        assert y[added].all()
        assert len(added) == count


def test_jitter_is_a_tenth_of_the_spread_and_keeps_gaps() -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((4000, 3)).astype(np.float32) * [1.0, 100.0, 0.0]
    X[0, 0] = np.nan
    rows = np.repeat(np.arange(100), 20)
    noise = jittered(X, rows, rng) - X[rows]
    assert np.isnan(noise[:20, 0]).all()
    np.testing.assert_allclose(np.nanstd(noise, axis=0), [0.1, 10.0, 0.0], rtol=0.1)

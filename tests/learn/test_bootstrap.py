"""The bootstrap: paired, hierarchical, and as wide as it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from feature_tables import make_table

from sim.learn.bootstrap import average_seeds, interval, seed_weights, unit_weights
from sim.learn.exam import Exam


def exam_of(stratum: np.ndarray) -> Exam:
    """An exam whose every recording is a unit, in the given strata."""
    exam = Exam.of(make_table(site="a", recordings=len(stratum), egos=1), min_recordings=2)
    return replace(exam, stratum=stratum, unit_kind="recording")


def test_strata_keep_their_size_and_the_mean_has_the_textbook_variance() -> None:
    stratum = np.array([0, 0, 0, 1, 1, 2])
    w = unit_weights(exam_of(stratum), 4000, 0, "a")
    np.testing.assert_array_equal(w[0], 1.0)
    for h, size in enumerate((3, 2, 1)):
        np.testing.assert_allclose(w[:, stratum == h].sum(axis=1), size)
    value = np.array([1.0, 2.0, 6.0])
    means = w[1:, :3] @ value / 3
    assert means.var() == pytest.approx(value.var(ddof=1) / 3, rel=0.06)


def test_resamples_depend_on_seed_and_site_only() -> None:
    exam = exam_of(np.zeros(5, dtype=np.int64))
    a = unit_weights(exam, 20, 0, "a")
    np.testing.assert_array_equal(a, unit_weights(exam, 20, 0, "a"))
    assert not np.array_equal(a, unit_weights(exam, 20, 0, "b"))
    assert not np.array_equal(a, unit_weights(exam, 20, 1, "a"))


def test_a_repetition_that_is_missing_is_left_out_of_the_mean() -> None:
    values = np.array([[1.0, 1.0], [3.0, 3.0], [np.nan, np.nan]])
    shares = seed_weights(3, 1, 0)
    assert average_seeds(values, shares)[0] == 2.0


def test_pairing_takes_out_what_both_share() -> None:
    rng = np.random.default_rng(0)
    hard = rng.random(40)
    w = unit_weights(exam_of(np.zeros(40, dtype=np.int64)), 500, 0, "a")
    share = w / w.sum(axis=1, keepdims=True)
    a, b = share @ hard, share @ (hard + 0.05)
    assert interval(b - a).low > 0.0499
    assert interval(a).low < interval(b).value < interval(a).high


def test_a_95_percent_interval_covers_the_truth_about_95_times_in_100() -> None:
    rng = np.random.default_rng(1)
    trials, covered = 300, 0
    exam = exam_of(np.zeros(40, dtype=np.int64))
    for k in range(trials):
        value = rng.normal(0.3, 1.0, 40)
        w = unit_weights(exam, 300, k, "a")
        found = interval(w @ value / w.sum(axis=1))
        covered += found.low <= 0.3 <= found.high
    assert 0.90 <= covered / trials <= 0.985


def test_a_detectable_difference_is_found_four_times_in_five() -> None:
    rng = np.random.default_rng(2)
    found = 0
    exam = exam_of(np.zeros(60, dtype=np.int64))
    for k in range(200):
        w = unit_weights(exam, 200, k, "a")
        mean = 2.8 / np.sqrt(60)  # 2.8 standard errors of a mean of 60
        gain = interval(w @ rng.normal(mean, 1.0, 60) / w.sum(axis=1))
        found += gain.low > 0
    assert 0.7 <= found / 200 <= 0.9

"""The bootstrap: paired, hierarchical, and as wide as it says."""

from __future__ import annotations

import numpy as np

from sim.learn.bootstrap import average_seeds, interval, recording_weights, seed_weights


def test_whole_groups_are_drawn_and_recordings_inside_them() -> None:
    group = np.array([0, 0, 0, 1, 1, 2])
    w = recording_weights(group, 2000, 0, "a")
    np.testing.assert_array_equal(w[0], 1.0)
    sizes = np.bincount(group)
    per_group = np.stack([w[1:, group == g].sum(axis=1) / sizes[g] for g in range(3)], axis=1)
    np.testing.assert_allclose(per_group.sum(axis=1), 3.0)
    np.testing.assert_allclose(per_group, np.round(per_group), atol=1e-12)
    np.testing.assert_allclose(w[1:].mean(axis=0), 1.0, atol=0.1)
    drawn = w[1:][per_group[:, 0] > 0][:, :3]
    assert (drawn.min(axis=1) == 0).any()


def test_resamples_depend_on_seed_and_site_only() -> None:
    group = np.arange(5)
    a = recording_weights(group, 20, 0, "a")
    np.testing.assert_array_equal(a, recording_weights(group, 20, 0, "a"))
    assert not np.array_equal(a, recording_weights(group, 20, 0, "b"))
    assert not np.array_equal(a, recording_weights(group, 20, 1, "a"))


def test_a_repetition_that_is_missing_is_left_out_of_the_mean() -> None:
    values = np.array([[1.0, 1.0], [3.0, 3.0], [np.nan, np.nan]])
    shares = seed_weights(3, 1, 0)
    assert average_seeds(values, shares)[0] == 2.0


def test_pairing_takes_out_what_both_share() -> None:
    rng = np.random.default_rng(0)
    group, hard = np.arange(40), rng.random(40)
    w = recording_weights(group, 500, 0, "a")
    share = w / w.sum(axis=1, keepdims=True)
    a, b = share @ hard, share @ (hard + 0.05)
    assert interval(b - a).low > 0.0499
    assert interval(a).low < interval(b).value < interval(a).high


def test_a_95_percent_interval_covers_the_truth_about_95_times_in_100() -> None:
    rng = np.random.default_rng(1)
    trials, covered = 300, 0
    for k in range(trials):
        value = rng.normal(0.3, 1.0, 40)
        w = recording_weights(np.arange(40), 300, k, "a")
        found = interval(w @ value / w.sum(axis=1))
        covered += found.low <= 0.3 <= found.high
    assert 0.90 <= covered / trials <= 0.985


def test_a_detectable_difference_is_found_four_times_in_five() -> None:
    rng = np.random.default_rng(2)
    found = 0
    for k in range(200):
        w = recording_weights(np.arange(60), 200, k, "a")
        mean = 2.8 / np.sqrt(60)  # 2.8 standard errors of a mean of 60
        gain = interval(w @ rng.normal(mean, 1.0, 60) / w.sum(axis=1))
        found += gain.low > 0
    assert 0.7 <= found / 200 <= 0.9

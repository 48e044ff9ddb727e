"""Metrics against scikit-learn and against operating curves drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest
from feature_tables import make_table
from sklearn.metrics import average_precision_score

from sim.learn import alarms, metrics
from sim.learn.exam import Exam


@pytest.mark.parametrize("signal", [0.0, 1.0, 3.0])
def test_average_precision_is_scikit_learns(signal: float) -> None:
    table = make_table(site="a", recordings=40, signal=signal, seed=3)
    exam = Exam.of(table)
    scores = table.X[exam.row, 0].astype(float)
    counts = alarms.count(exam, scores)
    found = metrics.evaluate(counts, np.ones((1, exam.units)))["average_precision"][0]
    wanted = average_precision_score(exam.y, scores)
    assert found == pytest.approx(wanted, rel=0.03)


def test_average_precision_is_exact_where_scores_fit_the_bins() -> None:
    rng = np.random.default_rng(0)
    y, level = rng.random(500) < 0.2, rng.integers(0, 30, 500)
    bins = np.stack([np.bincount(level[y == k], minlength=31) for k in (True, False)])
    found = metrics.average_precision(bins[:1].astype(float), bins[1:].astype(float))
    assert found[0] == pytest.approx(average_precision_score(y, level))


def test_average_precision_takes_weights_of_recordings() -> None:
    table = make_table(site="a", recordings=5, signal=1.0)
    exam = Exam.of(table, min_recordings=5)
    scores = np.round(table.X[exam.row, 0], 1).astype(float)
    counts = alarms.count(exam, scores)
    drawn = np.array([2.0, 0.0, 1.0, 3.0, 1.0])
    found = metrics.evaluate(counts, drawn[None])["average_precision"][0]
    wanted = average_precision_score(exam.y, scores, sample_weight=drawn[exam.unit])
    assert found == pytest.approx(wanted, rel=0.03)


def test_recall_is_the_best_point_within_the_budget_and_not_between_points() -> None:
    false = np.array([[100.0, 40.0, 29.0, 31.0, 5.0, 0.0]])
    caught = np.array([[1.0, 0.9, 0.5, 0.4, 0.2, 0.0]])
    for budget, recall in ((30.0, 0.5), (6.0, 0.2), (1000.0, 1.0)):
        assert caught[0, metrics.operating_point(false, budget)[0]] == recall


def test_a_perfect_score_catches_all_and_early() -> None:
    table = make_table(site="a", recordings=20, conflict_share=0.8)
    exam = Exam.of(table)
    counts = alarms.count(exam, exam.y.astype(float))
    found = metrics.evaluate(counts, np.ones((1, exam.units)))
    assert found["recall_at_6_fah"][0] == 1.0
    assert found["average_precision"][0] == pytest.approx(1.0)
    assert found["prevalence"][0] == pytest.approx(exam.y.mean())
    assert 2.4 < found["lead_time_s"][0] <= 2.8 + 1e-6  # 3 s less the second row that is needed


def test_the_carried_threshold_keeps_its_budget_where_it_was_set() -> None:
    table = make_table(site="a", recordings=20, seed=4)
    exam = Exam.of(table)
    scores = table.X[exam.row, 0].astype(float)
    threshold = metrics.threshold_at(alarms.count(exam, scores), 30.0)
    again = metrics.evaluate(
        alarms.count(exam, scores, carried=threshold), np.ones((1, exam.units))
    )
    assert again["fah_at_val_threshold"][0] <= 30.0
    assert again["recall_at_val_threshold"][0] <= again["recall_at_30_fah"][0] + 1e-12


def test_without_events_recall_is_unknown_but_a_threshold_can_be_set() -> None:
    table = make_table(site="a", recordings=3, conflict_share=0.0)
    exam = Exam.of(table)
    counts = alarms.count(exam, np.random.default_rng(0).random(len(exam)))
    found = metrics.evaluate(counts, np.ones((1, exam.units)))
    assert np.isnan(found["recall_at_30_fah"][0])
    assert np.isnan(found["average_precision"][0])
    assert np.isnan(found["lead_time_s"][0])
    assert np.isfinite(metrics.threshold_at(counts, 30.0))


def test_metrics_keep_nothing_alive_but_themselves() -> None:
    exam = Exam.of(make_table(site="a", recordings=5))
    counts = alarms.count(exam, np.linspace(0.0, 1.0, len(exam)), carried=0.5)
    found = metrics.evaluate(counts, np.ones((3, exam.units)))
    for name, values in found.items():
        owner = values if values.base is None else values.base
        assert owner.nbytes <= 2 * values.nbytes, name

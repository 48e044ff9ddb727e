"""Training rows: caps keep weights, shuffling keeps counts, thinning keeps rates."""

from __future__ import annotations

import numpy as np
import pytest
from feature_tables import make_table

from sim.features import FeatureTable
from sim.learn import alarms
from sim.learn.exam import Exam
from sim.studies import cases
from sim.studies.thin import thinned


def test_capping_keeps_all_positives_and_the_weight_of_the_negatives() -> None:
    rows = cases.training_cases(make_table(site="a", recordings=10), 0)
    fewer = cases.capped(rows, 500, np.random.default_rng(0))
    assert fewer.y.sum() == rows.y.sum()
    assert (~fewer.y).sum() == 500
    assert fewer.w[~fewer.y].sum() == pytest.approx(rows.w[~rows.y].sum())
    assert fewer.w[fewer.y].sum() == pytest.approx(rows.w[rows.y].sum())


def test_rows_out_of_use_are_not_trained_on() -> None:
    table = make_table(site="a", recordings=10)
    assert (~table.use).any()
    assert len(cases.training_cases(table, 0)) == table.use.sum()


def test_shuffled_labels_keep_their_count_and_tell_nothing() -> None:
    rows = cases.training_cases(make_table(site="a", recordings=40, signal=3.0), 0)
    mixed = cases.shuffled(rows, np.random.default_rng(0))
    assert mixed.y.sum() == rows.y.sum()
    gap = mixed.X[mixed.y, 0].mean() - mixed.X[~mixed.y, 0].mean()
    assert abs(gap) < 0.15 < rows.X[rows.y, 0].mean() - rows.X[~rows.y, 0].mean()


@pytest.mark.parametrize("cure", ["class_weight", "oversample", "jitter"])
def test_cures_balance_the_classes(cure: str) -> None:
    rows = cases.training_cases(make_table(site="a", recordings=5), 0)
    cured = cases.balanced(rows, cure, np.random.default_rng(0))
    assert cured.w[cured.y].sum() == pytest.approx(cured.w[~cured.y].sum())
    assert (len(cured) > len(rows)) is (cure != "class_weight")


def test_thinning_keeps_conflicts_hours_and_the_share_of_positives() -> None:
    table = make_table(site="a", recordings=1, egos=100, seconds=60.0, conflict_share=0.2)
    fewer = thinned(table, 8000, 0)
    assert 7500 < len(fewer) < 8500 < len(table)
    whole, part = Exam.of(table), Exam.of(fewer)
    assert part.events == whole.events
    assert part.y.sum() == whole.y.sum()
    assert part.hours.sum() == pytest.approx(whole.hours.sum(), rel=0.02)
    positives = part.weight[part.y].sum() / part.weight.sum()
    assert positives == pytest.approx(whole.y.mean(), rel=0.02)
    assert thinned(table, len(table), 0) is table


def test_thinning_keeps_the_rate_of_false_alarms() -> None:
    table = make_table(site="a", recordings=1, egos=300, seconds=60.0, conflict_share=0.1)

    def rate(rows: FeatureTable) -> float:
        exam = Exam.of(rows)
        scores = rows.X[exam.row, 0].astype(float)
        counts = alarms.count(exam, scores, carried=1.2)
        return float(counts.false_alarms[0, counts.carried] / counts.hours[0])

    assert rate(thinned(table, 30_000, 0)) == pytest.approx(rate(table), rel=0.1)

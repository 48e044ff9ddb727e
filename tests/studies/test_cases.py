"""Training rows: caps keep weights, shuffling keeps counts, thinning keeps rates."""

from __future__ import annotations

import numpy as np
import pytest
from feature_tables import make_table

from sim.features import FeatureTable
from sim.studies import cases
from sim.studies.cases import Cases
from sim.studies.recipe import Cure


def drawn(table: FeatureTable, positives: int = 10**6, negatives: int = 10**6) -> Cases:
    draw = np.random.default_rng(0)
    return cases.training_cases(table, 0, draw, positives_max=positives, negatives_max=negatives)


def test_drawn_rows_keep_the_weight_of_their_class() -> None:
    table = make_table(site="a", recordings=10)
    rows, fewer = drawn(table), drawn(table, 50, 500)
    assert len(rows) == table.use.sum()
    assert (~table.use).any()
    assert ((~fewer.y).sum(), fewer.y.sum()) == (500, 50)
    for which in (True, False):
        assert fewer.w[fewer.y == which].sum() == pytest.approx(rows.w[rows.y == which].sum())


def test_shuffled_labels_keep_their_count_and_say_nothing() -> None:
    rows = drawn(make_table(site="a", recordings=40, signal=3.0))
    mixed = cases.shuffled(rows, np.random.default_rng(0))
    assert mixed.y.sum() == rows.y.sum()
    gap = mixed.X[mixed.y, 0].mean() - mixed.X[~mixed.y, 0].mean()
    assert abs(gap) < 0.15 < rows.X[rows.y, 0].mean() - rows.X[~rows.y, 0].mean()


@pytest.mark.parametrize("share", [0.2, 0.5])
@pytest.mark.parametrize("cure", ["class_weight", "oversample", "jitter", "smote"])
def test_cures_give_positives_their_share_of_the_weight(cure: Cure, share: float) -> None:
    rows = drawn(make_table(site="a", recordings=5))
    cured = cases.cured(rows, cure, share, np.random.default_rng(0))
    assert cured.w[cured.y].sum() == pytest.approx(share * cured.w.sum())
    assert (len(cured) > len(rows)) is (cure != "class_weight")


def test_interpolated_positives_lie_between_positives() -> None:
    rows = drawn(make_table(site="a", recordings=5, signal=3.0))
    cured = cases.cured(rows, "smote", 0.5, np.random.default_rng(0))
    made = cured.X[len(rows) :]
    low, high = np.nanmin(rows.X[rows.y], axis=0), np.nanmax(rows.X[rows.y], axis=0)
    assert cured.y[len(rows) :].all()
    assert ((made >= low - 1e-5) | np.isnan(made)).all()
    assert ((made <= high + 1e-5) | np.isnan(made)).all()
    assert not any((row == rows.X).all(axis=1).any() for row in made[:20])


@pytest.mark.parametrize("weight", [0.1, 1.0, 30.0])
def test_a_mixture_has_one_total_and_the_stated_ratio(weight: float) -> None:
    real = drawn(make_table(site="a", recordings=5))
    simulated = drawn(make_table(site="edge", recordings=10, conflict_share=0.6))
    mixed = cases.mixture(real, simulated, weight)
    of_real = mixed.w[: len(real)].sum()
    assert mixed.w.sum() == pytest.approx(cases.TOTAL_WEIGHT)
    assert mixed.w[len(real) :].sum() / of_real == pytest.approx(weight)
    alone = cases.mixture(real, None, None)
    assert alone.w.sum() == pytest.approx(cases.TOTAL_WEIGHT)


def test_balance_of_simulated_rows() -> None:
    real = drawn(make_table(site="a", recordings=5, conflict_share=0.1))
    simulated = drawn(make_table(site="edge", recordings=10, conflict_share=0.6))

    def share(rows: Cases) -> float:
        return float(rows.w[rows.y].sum() / rows.w.sum())

    assert share(cases.balanced(simulated, "half", real)) == pytest.approx(0.5)
    assert share(cases.balanced(simulated, "prior_matched", real)) == pytest.approx(share(real))
    assert share(cases.balanced(simulated, "as_is", real)) == pytest.approx(share(simulated))

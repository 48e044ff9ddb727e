"""The tuned weight: folds like the test to come, and 1 where nothing is sure."""

from __future__ import annotations

import numpy as np
from feature_tables import make_table

from sim.features import FeatureTable
from sim.studies.arms import ARMS
from sim.studies.bench import Bench
from sim.studies.material import prepare
from sim.studies.settings import StudySettings
from sim.studies.tuning import best_weight, folds, inside

ARM = ARMS["real_sim_weighted"]


def bench(train: FeatureTable, *, signal: float = 1.5, events_min: int = 16) -> Bench:
    material = prepare(
        train,
        make_table(site="t", recordings=4, seed=5),
        make_table(site="edge", recordings=40, conflict_share=0.6, signal=signal, seed=8),
        make_table(site="ordinary", recordings=4, conflict_share=0.0, seed=9),
        resamples=10,
        seed=0,
    )
    settings = StudySettings(negatives_max=2000, tuning_events_min=events_min)
    return Bench.of(material, settings, 0, 1.0)


def test_new_sites_are_validated_by_holding_out_sites() -> None:
    b = bench(
        FeatureTable.concat(
            [make_table(site="a", recordings=10), make_table(site="b", recordings=10)]
        )
    )
    recordings = np.arange(20)
    cuts = folds(b, recordings, "new_site")
    assert [len(fold.held) for fold in cuts] == [10, 10]
    for fold in cuts:
        assert len({b.material.train.episode_site[k] for k in fold.held}) == 1
        assert sorted([*fold.kept, *fold.held]) == list(range(20))
    assert len(folds(b, recordings, "same_site")) == 1


def test_with_one_site_validation_is_cut_from_the_inside() -> None:
    b = bench(make_table(site="a", recordings=10))
    (fold,) = folds(b, b.ordered, "new_site")
    np.testing.assert_array_equal(fold.held, inside(b, b.ordered).held)


def test_too_few_events_leave_the_weight_at_one() -> None:
    b = bench(make_table(site="a", recordings=10), events_min=1000)
    assert best_weight(b, "logistic", ARM, b.ordered, "same_site") == 1.0


def test_simulation_that_misleads_gets_the_least_weight() -> None:
    train = make_table(site="a", recordings=40, conflict_share=0.6, signal=2.0)
    b = bench(train, signal=-2.0)
    assert best_weight(b, "logistic", ARM, b.ordered, "same_site") == 0.1


def test_the_best_of_four_by_luck_is_not_chosen() -> None:
    train = make_table(site="a", recordings=40, conflict_share=0.6, signal=0.0)
    b = bench(train, signal=0.0)
    assert best_weight(b, "logistic", ARM, b.ordered, "same_site") == 1.0

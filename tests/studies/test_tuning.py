"""Recipes chosen on validation: folds like the test to come, and an honest way back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from feature_tables import make_table

from sim.features import FeatureTable
from sim.studies import tuning
from sim.studies.data import StudyData, prepare
from sim.studies.recipe import (
    UNTUNED_SIMULATED,
    recorded_recipes,
    simulated_recipes,
)
from sim.studies.repetition import RepetitionData
from sim.studies.settings import StudySettings
from sim.studies.tuning import Choice, choices_of, folds, inside, judge_fold, tuning_pieces

SETTINGS = StudySettings(
    fractions=(1.0,),
    detectors=("logistic",),
    spot_detectors=(),
    negatives_max=2000,
    tuning_events_min=16,
).resolved("rear_end")


def data(train: FeatureTable, *, site: str = "t", signal: float = 1.5) -> StudyData:
    return prepare(
        train,
        make_table(site=site, recordings=4, seed=5),
        make_table(site="edge", recordings=40, conflict_share=0.6, signal=signal, seed=8),
        make_table(site="ordinary", recordings=4, conflict_share=0.0, seed=9),
        resamples=10,
        seed=0,
    )


def choice(rows: StudyData, settings: StudySettings = SETTINGS) -> Choice:
    found = [judge_fold(p, rows, settings) for p in tuning_pieces(rows, settings)]
    (chosen,) = choices_of(found, settings).values()
    return chosen


def repetition(train: FeatureTable) -> RepetitionData:
    return RepetitionData.of(data(train), SETTINGS, 0, 1.0)


def test_new_sites_are_validated_by_holding_out_sites() -> None:
    sites = [make_table(site="a", recordings=10), make_table(site="b", recordings=10)]
    r = repetition(FeatureTable.concat(sites))
    recordings = np.arange(20)
    cuts = folds(r, recordings, "new_site")
    assert [len(fold.held) for fold in cuts] == [10, 10]
    for fold in cuts:
        assert len({r.data.train.episode_site[k] for k in fold.held}) == 1
        assert sorted([*fold.kept, *fold.held]) == list(range(20))
    for fold in folds(r, recordings, "same_site"):
        assert {r.data.train.episode_site[k] for k in fold.held} == {"a", "b"}


def test_with_one_site_and_for_the_same_site_each_recording_is_held_out_once() -> None:
    r = repetition(make_table(site="a", recordings=10))
    for regime in ("new_site", "same_site"):
        cuts = folds(r, r.ordered, regime)
        assert len(cuts) == 3
        held = np.concatenate([fold.held for fold in cuts])
        np.testing.assert_array_equal(np.sort(held), np.sort(r.ordered))
        for fold in cuts:
            assert not set(fold.held.tolist()) & set(fold.kept.tolist())


def test_with_conflicts_in_one_recording_alone_one_part_is_cut_from_the_inside() -> None:
    quiet = make_table(site="a", recordings=9, conflict_share=0.0)
    r = repetition(FeatureTable.concat([make_table(site="b", recordings=1), quiet]))
    (fold,) = folds(r, r.ordered, "same_site")
    np.testing.assert_array_equal(fold.held, inside(r, r.ordered).held)


def test_with_too_few_conflicts_nothing_is_tuned() -> None:
    rows = data(make_table(site="a", recordings=10))
    assert not tuning_pieces(
        rows, StudySettings(fractions=(1.0,), tuning_events_min=1000).resolved("rear_end")
    )
    assert Choice().simulated == UNTUNED_SIMULATED


@pytest.mark.parametrize("detector", ["hgb", "logistic", "extra_trees", "ensemble"])
def test_both_families_of_recipes_have_the_same_budget(detector: str) -> None:
    recorded, simulated = recorded_recipes(detector), simulated_recipes(detector)
    assert len({*recorded}) == len(recorded) == len({*simulated}) == len(simulated)
    assert not any(recipe.simulates for recipe in recorded)
    assert all(recipe.simulates for recipe in simulated)


def test_simulation_that_misleads_gains_nothing() -> None:
    train = make_table(site="a", recordings=40, conflict_share=0.6, signal=2.0)
    chosen = choice(data(train, signal=-2.0))
    assert chosen.merit_simulated < 1.01 * chosen.merit_recorded
    assert chosen.fell_back or (chosen.simulated.weight or 0.0) <= 1.0


def test_simulation_that_helps_is_used() -> None:
    """Trees on few recordings need more of them."""
    sites = [
        make_table(site=name, recordings=2, conflict_share=0.6, signal=1.5, seed=k)
        for k, name in enumerate("abcd")
    ]
    settings = replace(SETTINGS, detectors=("hgb",))
    chosen = choice(data(FeatureTable.concat(sites)), settings)
    assert not chosen.fell_back
    assert chosen.simulated.simulates
    assert chosen.merit_simulated > chosen.merit_recorded
    assert (chosen.folds, chosen.candidates) == (3, len(recorded_recipes("hgb")))


def test_in_the_same_site_simulation_has_to_show_that_it_helps() -> None:
    assert tuning.MIN_WIN_SHARE["same_site"] > tuning.MIN_WIN_SHARE["new_site"]
    train = make_table(site="a", recordings=40, conflict_share=0.6, signal=0.0)
    chosen = choice(data(train, site="a2", signal=0.0))
    assert chosen.merit_simulated == pytest.approx(chosen.merit_recorded, rel=0.3)


def test_the_merit_of_an_arm_that_fell_back_is_that_without_simulation() -> None:
    used = Choice(merit_recorded=0.2, merit_simulated=0.3)
    back = replace(used, fell_back=True)
    assert (used.merit("best_recorded"), used.merit("best_simulated")) == (0.2, 0.3)
    assert (back.merit("best_recorded"), back.merit("best_simulated")) == (0.2, 0.2)

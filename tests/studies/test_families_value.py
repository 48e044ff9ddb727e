"""Values of families: axioms of Shapley, and a family that misleads is found."""

from __future__ import annotations

import numpy as np
import pytest
from feature_tables import make_table
from hypothesis import given
from hypothesis import strategies as st

from sim.features import FeatureTable
from sim.studies.data import prepare
from sim.studies.families import groups_of, shapley, value_families
from sim.studies.pool import Pool
from sim.studies.settings import StudySettings


@given(st.integers(0, 2**31), st.integers(1, 5))
def test_values_share_out_the_worth_of_all(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    players = [f"g{k}" for k in range(count)]
    subsets = [frozenset(p for k, p in enumerate(players) if n >> k & 1) for n in range(2**count)]
    worth = {subset: float(rng.normal()) for subset in subsets}
    values = shapley(worth, players)
    assert sum(values.values()) == pytest.approx(worth[frozenset(players)] - worth[frozenset()])
    twice = shapley({k: 2.0 * v for k, v in worth.items()}, players)
    assert twice == pytest.approx({k: 2.0 * v for k, v in values.items()})
    additive = {s: sum(map(players.index, s)) * 1.0 for s in subsets}
    assert shapley(additive, players) == pytest.approx({p: k for k, p in enumerate(players)})


def test_families_are_grouped_only_where_there_are_too_many() -> None:
    kinds = {"a": "x", "b": "x", "c": "y", "d": "z", "e": "w"}
    assert groups_of([*kinds], kinds, 5) == {name: (name,) for name in kinds}
    grouped = groups_of([*kinds], kinds, 3)
    assert len(grouped) == 3
    assert sorted(name for names in grouped.values() for name in names) == [*kinds]
    assert grouped["x"] == ("a", "b")


def test_a_family_that_misleads_has_no_value_and_is_not_chosen() -> None:
    train = [
        make_table(site=name, recordings=3, conflict_share=0.6, signal=1.5, seed=k)
        for k, name in enumerate("abcd")
    ]
    edge = [
        make_table(site="good", recordings=30, conflict_share=0.6, signal=1.5, seed=8),
        make_table(site="wrong", recordings=30, conflict_share=0.6, signal=-3.0, seed=9),
    ]
    rows = prepare(
        FeatureTable.concat(train),
        make_table(site="t", recordings=4, seed=5),
        FeatureTable.concat(edge),
        make_table(site="ordinary", recordings=4, conflict_share=0.0, seed=9),
        resamples=10,
        seed=0,
    )
    settings = StudySettings(
        fractions=(1.0,), detectors=("logistic",), tuning_events_min=16
    ).resolved("rear_end")
    found = value_families(rows, settings, {"good": ("good",), "wrong": ("wrong",)}, Pool(1))
    assert found.shapley["wrong"] < 0.0
    assert found.shapley["good"] > found.shapley["wrong"]
    assert "wrong" not in found.chosen
    assert found.events > 16

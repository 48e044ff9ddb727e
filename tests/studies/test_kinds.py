"""The answer by kind of danger: how training is thinned, and what is made of the curves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from feature_tables import make_table

from sim.features import FeatureTable
from sim.studies.data import StudyData, prepare
from sim.studies.kinds import (
    _verdict,
    families_by_kind,
    kind_pieces,
    kinds_summary,
    run_kinds,
    thinned,
)
from sim.studies.pool import Pool
from sim.studies.settings import StudySettings

SETTINGS = StudySettings(
    fractions=(1.0,),
    seeds=1,
    detectors=("logistic",),
    spot_detectors=(),
    kind_steps=(0, 2),
    variant_seeds=2,
    positives_max=1000,
    negatives_max=1000,
    resamples=50,
    cache=False,
)


def with_kinds(table: FeatureTable, seed: int, rare: float) -> FeatureTable:
    """The same table, a share of whose conflicts are with pedestrians."""
    draw = np.random.default_rng(seed).random(len(table.events))
    kinds = np.where(draw < rare, "pedestrian", "lead")
    return replace(table, events=table.events.assign(category=kinds))


@pytest.fixture(scope="module")
def data() -> StudyData:
    train = make_table(site="a", recordings=12, conflict_share=0.5, seed=1)
    test = make_table(site="b", recordings=30, conflict_share=0.6, seed=2)
    edge = make_table(site="walks", recordings=20, conflict_share=0.6, source="simulated", seed=3)
    ordinary = make_table(
        site="ordinary", recordings=6, conflict_share=0.0, source="simulated", seed=4
    )
    return prepare(
        with_kinds(train, 5, 0.3),
        with_kinds(test, 6, 0.4),
        with_kinds(edge, 7, 1.0),
        ordinary,
        resamples=SETTINGS.resamples,
        seed=0,
    )


def count_of(table: FeatureTable, kind: str) -> int:
    mine = table.events[(table.events["category"] == kind) & table.events["observable"]]
    return len(mine)


def test_exactly_so_many_conflicts_of_the_kind_are_left(data: StudyData) -> None:
    whole = count_of(data.train, "pedestrian")
    for count in (0, 1, 2, whole):
        rest = thinned(data.train, "pedestrian", count, seed=0)
        # an ego with two conflicts of the kind stays or goes with both
        assert count <= count_of(rest, "pedestrian") <= count + 1
        assert rest.y.sum() <= data.train.y.sum()
    assert thinned(data.train, "pedestrian", whole, seed=0) is data.train


def test_smaller_selections_lie_within_larger_ones(data: StudyData) -> None:
    kept = [
        {(int(e), int(i)) for e, i in zip(rest.episode, rest.ego, strict=True)}
        for rest in (thinned(data.train, "pedestrian", n, seed=3) for n in (0, 1, 3))
    ]
    assert kept[0] < kept[1] < kept[2]


def test_driving_without_the_kind_stays_as_it_is(data: StudyData) -> None:
    rest = thinned(data.train, "pedestrian", 0, seed=0)
    events = data.train.events
    number = {name: k for k, name in enumerate(data.train.episode_names)}
    mine = events[events["category"] == "pedestrian"]
    met = {(number[e], i) for e, i in zip(mine["episode_id"], mine["ego_id"], strict=True)}
    pairs = zip(data.train.episode, data.train.ego, strict=True)
    stays = np.array([(e, i) not in met for e, i in pairs])
    np.testing.assert_array_equal(rest.X, data.train.X[stays])
    np.testing.assert_array_equal(rest.y, data.train.y[stays])


def test_families_go_by_the_kind_of_most_of_their_conflicts(data: StudyData) -> None:
    assert families_by_kind(data.edge) == {"pedestrian": ("walks",)}


def test_only_kinds_that_the_test_can_tell_are_tried(data: StudyData) -> None:
    pieces = kind_pieces(data, SETTINGS)
    assert {piece.kind for piece in pieces} == {"lead", "pedestrian"}
    for piece in pieces:
        known = int((data.train_exam.event_category == piece.kind).sum())
        assert piece.counts == (0, 2, known)
    assert kind_pieces(data, replace(SETTINGS, kind_steps=())) == []


def test_simulation_of_a_kind_helps_where_no_conflict_of_it_was_recorded(data: StudyData) -> None:
    comparisons = pd.DataFrame(
        columns=["arm", "baseline", "detector", "site", "regime", "kind", "slice", "fraction"]
    )
    found = [run_kinds(data, SETTINGS, Pool(workers)) for workers in (1, 2)]
    for one, two in zip(*found, strict=True):
        for metric, values in one.values.items():
            np.testing.assert_array_equal(values, two.values[metric])
    summary = kinds_summary(found[0], data, SETTINGS, comparisons, 0)
    rows = {row["kind"]: row for row in summary["kinds"]}
    assert rows["pedestrian"]["families"] == ["walks"]
    assert rows["lead"]["families"] == []
    assert rows["lead"]["pays"] == "not measured"
    curve = [
        row
        for row in summary["kind_curves"]
        if row["kind"] == "pedestrian" and row["metric"] == "average_precision"
    ]
    assert [row["recorded_conflicts"] for row in curve][:2] == [0, 2]
    for row in curve:
        assert row["difference"] == pytest.approx(row["with"] - row["without"], abs=1e-9)
        assert row["low"] <= row["difference"] <= row["high"]


@pytest.mark.parametrize(
    ("lows", "pays", "until"),
    [
        ((-0.1, -0.1, -0.1), "never", None),
        ((0.1, 0.05, -0.1), "up to a point", 2),
        ((0.1, 0.05, 0.01), "throughout", 9),
    ],
)
def test_where_simulation_stops_paying(
    lows: tuple[float, ...], pays: str, until: int | None
) -> None:
    curve = [
        {
            "metric": "recall_at_30_fah",
            "families": "all",
            "recorded_conflicts": n,
            "difference": low + 0.1,
            "low": low,
            "high": low + 0.2,
            "detectable": 0.1,
        }
        for n, low in zip((0, 2, 9), lows, strict=True)
    ]
    found = _verdict(curve)
    assert (found["pays"], found["pays_until"]) == (pays, until)

"""The answer by kind of danger: how training is thinned, and what is made of the curves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from feature_tables import make_table

from sim.features import FeatureTable
from sim.learn.exam import Exam
from sim.studies import kinds
from sim.studies.data import StudyData, prepare
from sim.studies.kind_rows import Row, _verdict, kinds_summary, with_groups
from sim.studies.kinds import families_by_kind, kind_pieces, run_kinds, thinned
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
    return int((Exam.of(table).event_category == kind).sum())


def test_exactly_so_many_conflicts_of_the_kind_are_left(data: StudyData) -> None:
    whole = count_of(data.train, "pedestrian")
    for count in (0, 1, 2, whole):
        rest = thinned(data.train, "pedestrian", count, seed=0)
        assert count_of(rest, "pedestrian") == count
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
    counts = {
        labels: [row["recorded_conflicts"] for row in curve if row["labels"] == labels]
        for labels in ("best", "all", "kind")
    }
    assert counts["best"] == counts["all"]
    assert counts["best"][:2] == [0, 2]
    assert counts["kind"] == counts["all"][1:]  # of one kind there is nothing to learn from none
    recalls = [row for row in summary["kind_curves"] if row["metric"] == "recall_at_30_fah"]
    for best in (row for row in recalls if row["labels"] == "best"):
        same = [row for row in recalls if row["recorded_conflicts"] == best["recorded_conflicts"]]
        for side in ("without", "with"):
            assert best[side] >= max(row[side] for row in same)
    for row in curve:
        assert row["difference"] == pytest.approx(row["with"] - row["without"], abs=1e-9)
        assert row["low"] <= row["difference"] <= row["high"]


def test_detectors_of_all_kinds_keep_the_conflicts_of_others(
    data: StudyData, monkeypatch: pytest.MonkeyPatch
) -> None:
    positives: list[int] = []
    seen: dict[str, int] = {}
    of = kinds.RepetitionData.of

    def repetition(rows: StudyData, *args: Any) -> kinds.RepetitionData:
        positives.append(int((rows.train.y & rows.train.use).sum()))
        return of(rows, *args)

    def judged(run: object, arm: str, *_: object) -> list[object]:
        seen[arm] = positives[-1]
        return []

    monkeypatch.setattr(kinds, "_trained", lambda *_: np.zeros(len(data.test)))
    monkeypatch.setattr(kinds, "_judged", judged)
    monkeypatch.setattr(kinds.RepetitionData, "of", repetition)
    kinds._run(kinds.KindPiece("pedestrian", 0, (0, 2), ("walks",)), data, SETTINGS)

    def trained_on(arm: str, count: int, labels: str) -> int | None:
        return seen.get(kinds.arm_name(arm, "pedestrian", count, labels))

    for count in (0, 2):
        without, with_ = (trained_on(arm, count, "all") for arm in (kinds.WITHOUT, kinds.WITH))
        assert without == with_
        assert without is not None
        assert without > 0
    assert trained_on(kinds.WITHOUT, 0, "kind") is None  # no positive row to learn from
    assert trained_on(kinds.WITH, 0, "kind") == 0
    own = trained_on(kinds.WITHOUT, 2, "kind")
    assert own == trained_on(kinds.WITH, 2, "kind")
    assert own is not None
    assert own > 0


def test_a_kind_of_few_conflicts_keeps_its_row_with_a_reason(data: StudyData) -> None:
    few = replace(SETTINGS, kind_steps=())
    comparisons = pd.DataFrame(
        columns=["arm", "baseline", "detector", "site", "regime", "kind", "slice", "fraction"]
    )
    train = replace(data.train, events=data.train.events.assign(category="object"))
    rare = prepare(train, data.test, data.edge, data.ordinary, resamples=SETTINGS.resamples, seed=0)
    rows = {row["kind"]: row for row in kinds_summary([], rare, few, comparisons, 0)["kinds"]}
    assert [*rows] == ["lead", "pedestrian", "object"]
    assert rows["object"]["tested_conflicts"] == 0
    assert rows["object"]["trained_conflicts"] == Exam.of(train).events
    assert rows["object"]["reason"] == "of the 20 conflicts needed 0 can be caught"
    assert rows["object"]["best"] == {}
    assert rows["object"]["gain"] is None
    assert rows["lead"]["reason"] == "no scenario family has mostly this danger"
    assert rows["pedestrian"]["reason"] is None


def test_the_group_that_alone_adds_most_stands_in_the_row_of_its_kind() -> None:
    def variant(name: str, kind: str | None, gain: float | None, what: str = "alone") -> Row:
        place = {"what": what, "kind": kind, "regime": "new_site", "metric": "recall_at_30_fah"}
        ends = {"difference_low": -0.1, "difference_high": 0.3}
        return {"name": name, **place, "difference": gain, **ends}

    rows = [{"kind": kind, "regime": "new_site"} for kind in ("lead", "cyclist")]
    variants = [
        variant("a", "lead", 0.1),
        variant("b", "lead", 0.2),
        variant("c", "lead", None),
        variant("d", None, 0.9),
        variant("e", "lead", 0.8, what="without"),
    ]
    lead, cyclist = with_groups(rows, variants)
    assert lead["group"]["name"] == "b"
    assert lead["group"]["difference"] == 0.2
    assert cyclist["group"] is None


@pytest.mark.parametrize(
    ("lows", "pays", "until", "saturates"),
    [
        ((-0.1, -0.1, -0.1), "never", None, None),
        ((0.1, -0.05, -0.1), "up to a point", 0, 2),
        ((-0.1, 0.05, -0.1), "up to a point", 2, 9),
        ((0.1, 0.05, 0.01), "throughout", 9, None),
    ],
)
def test_where_simulation_stops_paying(
    lows: tuple[float, ...], pays: str, until: int | None, saturates: int | None
) -> None:
    curve = [
        {
            "metric": "recall_at_30_fah",
            "families": "all",
            "labels": "best",
            "recorded_conflicts": n,
            "difference": low + 0.1,
            "low": low,
            "high": low + 0.2,
            "detectable": 0.1,
        }
        for n, low in zip((0, 2, 9), lows, strict=True)
    ]
    found = _verdict(curve)
    assert (found["pays"], found["pays_until"], found["saturates_at"]) == (pays, until, saturates)
    assert found["tried"] == [0, 2, 9]
    assert found["pays_at"] == [n for n, low in zip((0, 2, 9), lows, strict=True) if low > 0.0]

"""The answer by kind of danger as rows: one a kind and regime, and the curves they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.features.category import CATEGORIES
from sim.studies.arms import BEST_RECORDED, BEST_SIMULATED
from sim.studies.data import MIN_PART_EVENTS, POOLED, StudyData
from sim.studies.jobs import Outcome
from sim.studies.kinds import (
    ALL_KINDS,
    OWN_KIND,
    WITH,
    WITHOUT,
    KindPiece,
    arm_name,
    families_by_kind,
    kind_pieces,
)
from sim.studies.results import CHOSEN, Cell, Samples
from sim.studies.settings import StudySettings

METRICS = ("average_precision", "recall_at_30_fah", "recall_at_30_fah_1s", "lead_time_s")
JUDGED = "recall_at_30_fah"
ALL = "all"
"""Families of a curve where it is not a single one."""
BEST = "best"
"""Labels where each side has the better of its two detectors, by `JUDGED` at the pool."""
RECIPES = {
    "without": "recordings, both classes weigh alike",
    "with": "and the episodes of the families of the kind, which weigh as much",
    "labels": "of conflicts of all kinds, of the kind alone, or on either side the better of both",
}

Row = Mapping[str, Any]
Place = tuple[str, str, str]
"""Arm, regime and metric."""


def kinds_summary(
    outcomes: Sequence[Outcome],
    data: StudyData,
    settings: StudySettings,
    comparisons: pd.DataFrame,
    seed: int,
) -> dict[str, Any]:
    """A row a kind and regime (`kinds`), and the curves over recorded conflicts (`kind_curves`).

    A kind of which training or the test holds any has its row in every regime. Without enough
    conflicts in the test it has a `reason` and no metric.

    Args:
        outcomes: From `run_kinds`; none where no curve was asked for.
        data: Of the study.
        settings: Of the study.
        comparisons: From `comparisons_table`.
        seed: Of the resamples of repetitions.
    """
    curves: list[dict[str, Any]] = []
    if outcomes:
        samples = Samples.of(outcomes, data.sites, settings.variant_seeds, seed, {})
        curves = [*_curves(kind_pieces(data, settings), samples, data)]
    known = _counts(data.train_exam.event_category)
    tested = {s.regime: _counts(s.exam.event_category) for s in data.sites if s.name == POOLED}
    families = families_by_kind(data.edge)
    found = {*known}.union(*tested.values())
    rows = [
        {
            "kind": kind,
            "regime": regime,
            "trained_conflicts": known.get(kind, 0),
            "tested_conflicts": counts.get(kind, 0),
            "reason": _reason(counts.get(kind, 0), families.get(kind, ())),
            "families": [*families.get(kind, ())],
            "best": _chosen_gain(comparisons, kind, regime),
            **_verdict([row for row in curves if (row["kind"], row["regime"]) == (kind, regime)]),
        }
        for regime, counts in sorted(tested.items())
        for kind in sorted(found, key=_order)
    ]
    return {"kinds": rows, "kind_curves": curves, "kind_recipes": RECIPES} if rows else {}


def with_groups(rows: Sequence[Row], variants: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows of kinds with the group of families that alone adds most to `best_recorded` there.

    Args:
        rows: `kinds`.
        variants: Groups of families on their own, with their gain by kind of conflict.
    """
    out = []
    for row in rows:
        mine = [
            v
            for v in variants
            if (v["what"], v["kind"], v["regime"], v["metric"])
            == ("alone", row["kind"], row["regime"], JUDGED)
            and v["difference"] is not None
        ]
        best = max(mine, key=lambda v: v["difference"], default=None)
        ends = ("difference", "difference_low", "difference_high")
        group = None if best is None else {"name": best["name"], **{k: best[k] for k in ends}}
        out.append({**row, "group": group})
    return out


def _order(kind: str) -> tuple[int, str]:
    return (CATEGORIES.index(kind) if kind in CATEGORIES else len(CATEGORIES)), kind


def _counts(categories: NDArray[np.str_]) -> dict[str, int]:
    names, counts = np.unique(categories.astype(str), return_counts=True)
    return {str(name): int(n) for name, n in zip(names, counts)}


def _reason(tested: int, families: Sequence[str]) -> str | None:
    """Why a kind has no gain of its own; None where it has."""
    if tested < MIN_PART_EVENTS:
        return f"of the {MIN_PART_EVENTS} conflicts needed {tested} can be caught"
    return None if families else "no scenario family has mostly this danger"


def _curves(
    pieces: Sequence[KindPiece], samples: Samples, data: StudyData
) -> Iterator[dict[str, Any]]:
    at: dict[Place, Cell] = {
        (cell.arm, cell.regime, cell.metric): cell for cell in samples.values if cell.site == POOLED
    }
    for piece in (p for p in pieces if p.seed == 0 and p.families):
        for count in piece.counts:
            for regime in data.regimes:
                for pair in _pairs(piece, count, regime, samples, at):
                    yield from _rows(pair, piece.kind, count, regime, samples, at)


@dataclass(frozen=True)
class _Pair:
    """Two detectors to compare: labels and families of the pair, and the arms of its sides."""

    labels: str
    families: str
    without: str
    with_: str


def _pairs(
    piece: KindPiece, count: int, regime: str, samples: Samples, at: Mapping[Place, Cell]
) -> Iterator[_Pair]:
    """The better detectors of each side, those of the same labels, and single families."""
    sides = {
        arm: {
            labels: name
            for labels in (ALL_KINDS, OWN_KIND)
            if ((name := arm_name(arm, piece.kind, count, labels)), regime, JUDGED) in at
        }
        for arm in (WITHOUT, WITH)
    }
    if not sides[WITHOUT]:
        return  # too few conflicts of the kind in this regime

    def recall(name: str) -> float:
        return samples.averaged(at[name, regime, JUDGED]).value

    yield _Pair(BEST, ALL, *(max(names.values(), key=recall) for names in sides.values()))
    for labels in sides[WITHOUT]:
        yield _Pair(labels, ALL, sides[WITHOUT][labels], sides[WITH][labels])
        for family in piece.families:
            name = arm_name(WITH, piece.kind, count, labels, family)
            if (name, regime, JUDGED) in at:
                yield _Pair(labels, family, sides[WITHOUT][labels], name)


def _rows(
    pair: _Pair,
    kind: str,
    count: int,
    regime: str,
    samples: Samples,
    at: Mapping[Place, Cell],
) -> Iterator[dict[str, Any]]:
    for metric in METRICS:
        base, cell = (at[name, regime, metric] for name in (pair.without, pair.with_))
        gain = samples.difference(cell, base)
        yield {
            "kind": kind,
            "regime": regime,
            "recorded_conflicts": count,
            "labels": pair.labels,
            "families": pair.families,
            "metric": metric,
            "without": _plain(samples.averaged(base).value),
            "with": _plain(samples.averaged(cell).value),
            "difference": _plain(gain.value),
            "low": _plain(gain.low),
            "high": _plain(gain.high),
            "detectable": _plain(gain.detectable),
        }


def _chosen_gain(table: pd.DataFrame, kind: str, regime: str) -> dict[str, Any]:
    """Gain of the recipe that pooled validation chose, on this kind alone, by metric."""
    mine = table[
        (table["arm"] == BEST_SIMULATED)
        & (table["baseline"] == BEST_RECORDED)
        & (table["detector"] == CHOSEN)
        & (table["site"] == POOLED)
        & (table["regime"] == regime)
        & (table["kind"] == kind)
        & table["slice"].isna()
        & (table["fraction"] == table["fraction"].max())
    ]
    return {
        row.metric: {
            name: _plain(getattr(row, name)) for name in ("difference", "low", "high", "detectable")
        }
        for row in mine.itertuples()
        if row.metric in METRICS
    }


def _verdict(curve: Sequence[Row]) -> dict[str, Any]:
    """Gain with all recorded conflicts, which family carried it, and where simulation stops paying.

    Judged by the recall at 30 false alarms an hour: the average precision of a kind that comes
    once in hours is small whatever the detector. Each side has the better of its two detectors on
    the test; where none of the kind was recorded, there is only one without simulation.
    `pays_at` are the numbers of recorded conflicts, of those that were `tried`, at which the
    interval of the gain lies above zero, `pays_until` is the largest; `saturates_at` the next that
    was tried, None where there is no such end: it never pays, or with all recorded, too.
    """
    mine = [row for row in curve if row["metric"] == JUDGED]
    whole = [row for row in mine if row["labels"] == BEST]
    if not whole:
        nothing = dict.fromkeys(("gain", "pays_until", "saturates_at", "carried_by"))
        return {**nothing, "pays": "not measured", "tried": [], "pays_at": []}
    tried = [row["recorded_conflicts"] for row in whole]
    pays = [row["recorded_conflicts"] for row in whole if (row["low"] or 0.0) > 0.0]
    later = [n for n in tried if pays and n > max(pays)]
    alone = [row for row in mine if row["families"] != ALL]
    best = max(alone, key=lambda row: row["difference"] or 0.0, default=None)
    return {
        "gain": {k: whole[-1][k] for k in ("difference", "low", "high", "detectable")},
        "pays": "never" if not pays else "up to a point" if later else "throughout",
        "tried": tried,
        "pays_at": pays,
        "pays_until": max(pays, default=None),
        "saturates_at": min(later, default=None),
        "carried_by": None if best is None else best["families"],
    }


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

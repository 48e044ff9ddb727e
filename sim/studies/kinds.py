"""The answer by kind of danger: from how many recorded conflicts of a kind on is simulation idle?

For each kind of conflict the training recordings are thinned until exactly n conflicts of that
kind are left, all other driving staying as it is, and the main detector is trained on them alone,
with and without the episodes of the families whose danger is of that kind. Both recipes are fixed
in advance: with a handful of conflicts of a kind nothing can be chosen on validation. Where none
of a kind was recorded, what there is without simulation is a detector of all other kinds.

A detector of one kind finds what one of all kinds overlooks: on field-style logs those of all
kinds recalled .46 of the conflicts with crossing vehicles and .14 of those with people at 30 false
alarms an hour, those of the kind .84 and .62 (trained on 100 h, tested on another 100).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.rng import purpose, stream
from sim.features import FeatureTable
from sim.learn.exam import Exam
from sim.studies.arms import ARMS, BEST_SIMULATED
from sim.studies.data import POOLED, Site, StudyData
from sim.studies.jobs import Job, Outcome, judge, scores_of
from sim.studies.pool import Pool
from sim.studies.recipe import Recipe
from sim.studies.repetition import RepetitionData, Selection
from sim.studies.results import Samples
from sim.studies.settings import StudySettings

WITHOUT, WITH = "kind_without", "kind_with"
WITHOUT_RECIPE = Recipe(cure="class_weight")
WITH_RECIPE = Recipe(cure="class_weight", weight=1.0, balance="half")
"""Both classes weigh alike on either side, and both sides alike."""
METRICS = ("average_precision", "recall_at_30_fah", "recall_at_30_fah_1s", "lead_time_s")
JUDGED = "recall_at_30_fah"
CARRIERS_MAX = 6
"""Families of a kind are tried one by one where there are at most so many."""


@dataclass(frozen=True)
class KindPiece:
    """One kind and repetition.

    Attributes:
        kind: Category of conflict.
        seed: Number of the repetition.
        counts: Conflicts of the kind that training keeps, ascending; the last keeps all.
        families: Whose danger is of this kind.
    """

    kind: str
    seed: int
    counts: tuple[int, ...]
    families: tuple[str, ...]


def families_by_kind(edge: FeatureTable) -> dict[str, tuple[str, ...]]:
    """Scenario families by the category of most of the conflicts in their episodes."""
    family = dict(zip(edge.episode_names, edge.episode_site, strict=True))
    made = edge.events["episode_id"].map(family)
    counts = pd.crosstab(made, edge.events["category"])
    out: dict[str, list[str]] = {}
    for name, kind in counts.idxmax(axis=1).items():
        out.setdefault(str(kind), []).append(str(name))
    return {kind: tuple(names) for kind, names in sorted(out.items())}


def kind_pieces(data: StudyData, settings: StudySettings) -> list[KindPiece]:
    """The kinds that the test can tell something of, with the counts that training can keep."""
    if not settings.kind_steps:
        return []
    tested = {p.kind for site in data.sites if site.name == POOLED for p in site.parts if p.kind}
    families = families_by_kind(data.edge)
    every = data.train_exam.event_category
    pieces = []
    for kind in sorted(tested):
        known = int((every == kind).sum())
        counts = (*(n for n in settings.kind_steps if n < known), known)
        for seed in range(settings.variant_seeds):
            pieces.append(KindPiece(kind, seed, counts, families.get(kind, ())))
    return pieces


def run_kinds(data: StudyData, settings: StudySettings, pool: Pool) -> list[Outcome]:
    """Train and judge every kind at every count, with and without simulation."""
    pieces = kind_pieces(data, settings)
    work = partial(_run, data=data, settings=settings)
    return [o for part in pool.map("kinds", work, pieces, len(pieces)) for o in part]


def thinned(table: FeatureTable, kind: str, count: int, seed: int) -> FeatureTable:
    """A table in which so many conflicts of a kind are left; nested for growing counts.

    Who else met with one is left out with all of its rows in that recording.
    """
    events = table.events
    mine = events[(events["category"] == kind) & events["observable"]]
    number = {name: k for k, name in enumerate(table.episode_names)}
    pairs = list(zip(mine["episode_id"].map(number), mine["ego_id"], strict=True))
    draw = stream(seed, purpose(kind), "study.kinds")
    drawn = [pairs[k] for k in draw.permutation(len(pairs))]
    gone = {*drawn[count:]} - {*drawn[:count]}
    if not gone:
        return table
    keys = pd.MultiIndex.from_arrays([table.episode, table.ego])
    out = keys.isin(list(gone))
    lost = pd.MultiIndex.from_arrays([events["episode_id"].map(number), events["ego_id"]])
    staying = events[~lost.isin(list(gone))].reset_index(drop=True)
    return replace(table.take(~out), events=staying)


def of_kind(table: FeatureTable, kind: str) -> FeatureTable:
    """A table whose positive rows are those of one kind; those of others are out of use."""
    exam = Exam.of(table)
    alone = exam.only(exam.event_category == kind)
    y = np.zeros(len(table), dtype=np.bool_)
    y[alone.row[alone.y]] = True
    use = table.use & ~(table.y & ~y)
    return replace(table, y=y, use=use)


def _run(piece: KindPiece, data: StudyData, settings: StudySettings) -> list[Outcome]:
    sites = [site for site in data.sites if site.name == POOLED]
    out: list[Outcome] = []
    edge = of_kind(data.edge, piece.kind)
    share = settings.fractions[-1]
    run = Job(piece.seed, share, settings.detectors[0])
    for count in piece.counts:
        left = thinned(data.train, piece.kind, count, piece.seed)
        alone = of_kind(left, piece.kind)
        for arm, recipe, part in _arms(piece, count):
            train = alone if count or recipe.simulates else left
            rows = replace(data, train=train, edge=edge)
            repetition = RepetitionData.of(rows, settings, piece.seed, share)
            scores = _trained(repetition, recipe, part, data, settings)
            for site in sites:
                out += _judged(run, arm, site, piece.kind, scores, settings)
    return out


def _arms(piece: KindPiece, count: int) -> Iterator[tuple[str, Recipe, Selection | None]]:
    """Name, recipe and episodes of what is trained at a count."""
    yield _name(WITHOUT, piece.kind, count), WITHOUT_RECIPE, None
    if not piece.families:
        return
    yield _name(WITH, piece.kind, count), WITH_RECIPE, Selection(families=piece.families)
    if count == piece.counts[-1] and 1 < len(piece.families) <= CARRIERS_MAX:
        for family in piece.families:
            name = _name(WITH, piece.kind, count, family)
            yield name, WITH_RECIPE, Selection(families=(family,))


def _name(arm: str, kind: str, count: int, family: str = "") -> str:
    return ":".join((arm, kind, str(count), *([family] if family else [])))


def _trained(
    repetition: RepetitionData,
    recipe: Recipe,
    part: Selection | None,
    data: StudyData,
    settings: StudySettings,
) -> NDArray[np.float64]:
    arm = ARMS[BEST_SIMULATED]
    recordings = repetition.recordings(arm)
    assert recordings is not None
    real = repetition.real(recordings)
    pipeline = repetition.train(settings.detectors[0], arm, recipe, real, part)
    return scores_of(pipeline, data)


def _judged(
    run: Job,
    arm: str,
    site: Site,
    kind: str,
    scores: NDArray[np.float64],
    settings: StudySettings,
) -> list[Outcome]:
    alone = replace(site, parts=tuple(p for p in site.parts if p.kind == kind))
    found = judge(run, arm, alone, scores, np.nan, settings, by_part=True)
    return [outcome for outcome in found if outcome.kind == kind]


def kinds_summary(
    outcomes: Sequence[Outcome],
    data: StudyData,
    settings: StudySettings,
    comparisons: pd.DataFrame,
    seed: int,
) -> dict[str, Any]:
    """A row a kind and regime (`kinds`), and the curves over recorded conflicts (`kind_curves`)."""
    pieces = kind_pieces(data, settings)
    if not outcomes or not pieces:
        return {}
    samples = Samples.of(outcomes, data.sites, settings.variant_seeds, seed, {})
    curves = [*_curves(pieces, samples, data)]
    tested = {
        (s.regime, kind): n
        for s in data.sites
        if s.name == POOLED
        for kind, n in _counts(s.exam.event_category).items()
    }
    known = _counts(data.train_exam.event_category)
    families = families_by_kind(data.edge)
    rows = [
        {
            "kind": kind,
            "regime": regime,
            "trained_conflicts": known.get(kind, 0),
            "tested_conflicts": count,
            "families": [*families.get(kind, ())],
            **_chosen_gain(comparisons, kind, regime),
            **_verdict([row for row in curves if (row["kind"], row["regime"]) == (kind, regime)]),
        }
        for (regime, kind), count in sorted(tested.items())
    ]
    return {"kinds": rows, "kind_curves": curves, "kind_recipes": _recipes()}


def _counts(categories: NDArray[np.str_]) -> dict[str, int]:
    names, counts = np.unique(categories.astype(str), return_counts=True)
    return {str(name): int(n) for name, n in zip(names, counts)}


def _curves(
    pieces: Sequence[KindPiece], samples: Samples, data: StudyData
) -> Iterator[dict[str, Any]]:
    regimes = data.regimes
    for piece in (p for p in pieces if p.seed == 0):
        for count in piece.counts:
            names = {"all": _name(WITH, piece.kind, count)}
            names |= {f: _name(WITH, piece.kind, count, f) for f in piece.families}
            for regime in regimes:
                for families, name in names.items():
                    for metric in METRICS:
                        row = _row(samples, name, piece, count, regime, metric)
                        if row is not None:
                            yield {**row, "families": families}


def _row(
    samples: Samples, name: str, piece: KindPiece, count: int, regime: str, metric: str
) -> dict[str, Any] | None:
    base = next(
        (
            cell
            for cell in samples.values
            if (cell.arm, cell.regime, cell.metric, cell.site)
            == (_name(WITHOUT, piece.kind, count), regime, metric, POOLED)
        ),
        None,
    )
    cell = None if base is None else replace(base, arm=name)
    if base is None or cell is None or cell not in samples.values:
        return None
    gain = samples.difference(cell, base)
    without, with_ = samples.averaged(base), samples.averaged(cell)
    return {
        "kind": piece.kind,
        "regime": regime,
        "recorded_conflicts": count,
        "metric": metric,
        "without": _plain(without.value),
        "with": _plain(with_.value),
        "difference": _plain(gain.value),
        "low": _plain(gain.low),
        "high": _plain(gain.high),
        "detectable": _plain(gain.detectable),
    }


def _chosen_gain(table: pd.DataFrame, kind: str, regime: str) -> dict[str, Any]:
    """Gain of the recipe that pooled validation chose, on this kind alone."""
    mine = table[
        (table["arm"] == BEST_SIMULATED)
        & (table["baseline"] == "best_recorded")
        & (table["detector"] == "chosen")
        & (table["site"] == POOLED)
        & (table["regime"] == regime)
        & (table["kind"] == kind)
        & table["slice"].isna()
        & (table["fraction"] == table["fraction"].max())
    ]
    return {
        "best": {
            row.metric: {
                name: _plain(getattr(row, name))
                for name in ("difference", "low", "high", "detectable")
            }
            for row in mine.itertuples()
            if row.metric in METRICS
        }
    }


def _verdict(curve: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Gain with all recorded conflicts, who carried it, and where simulation stops paying.

    Judged by the recall at 30 false alarms an hour: the average precision of a kind that comes
    once in hours is small whatever the detector. `pays_until` is the largest count at which the
    interval of the gain lies above zero.
    """
    mine = [row for row in curve if row["metric"] == JUDGED]
    whole = [row for row in mine if row["families"] == "all"]
    if not whole:
        return {"gain": None, "pays_until": None, "pays": "not measured", "carried_by": None}
    last = whole[-1]["recorded_conflicts"]
    pays = [row["recorded_conflicts"] for row in whole if (row["low"] or 0.0) > 0.0]
    alone = [row for row in mine if row["families"] != "all"]
    best = max(alone, key=lambda row: row["difference"] or 0.0, default=None)
    word = "never" if not pays else "throughout" if last in pays else "up to a point"
    return {
        "gain": {k: whole[-1][k] for k in ("difference", "low", "high", "detectable")},
        "pays": word,
        "pays_until": max(pays) if pays else None,
        "carried_by": None if best is None else best["families"],
    }


def _recipes() -> dict[str, str]:
    return {
        "without": "recordings, both classes weigh alike",
        "with": "and the episodes of the families of the kind, which weigh as much",
    }


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

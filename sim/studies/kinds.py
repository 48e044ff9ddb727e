"""The answer by kind of danger: from how many recorded conflicts of a kind on is simulation idle?

For each kind of conflict the training recordings are thinned until exactly n conflicts of that
kind are left, all other driving staying as it is, and the main detector is trained on them with and
without the episodes of the families whose danger is of that kind. Recipes are fixed in advance:
with a handful of conflicts of a kind nothing can be chosen on validation.

A detector is one of all kinds, or of that kind alone, whose rows before other conflicts are left
out; each side has both, and the better counts. Neither does for all. At 30 false alarms an hour,
trained on 20 h of an earlier version of the field-style logs, seed 0, those of all kinds recalled
.05 of the conflicts with crossing vehicles where those of the kind recalled .55 (15 recorded); but
.63 of the cut-ins where those of the kind recalled .29 (2 recorded), and .89 of the cyclists where
those of the kind recalled .40 (1 recorded). Against detectors of the kind alone, simulation seemed
to pay where it did worse than a detector of all kinds without it. With none of the kind recorded, a
detector of it learns from simulation and from recorded rows without a positive: it recalled .24 of
the crossing vehicles, but .03 of the cyclists (.37 trained on simulation alone).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

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
from sim.studies.settings import StudySettings

WITHOUT, WITH = "kind_without", "kind_with"
ALL_KINDS, OWN_KIND = "all", "kind"
"""What a detector is to find: conflicts of all kinds or of the one alone."""
WITHOUT_RECIPE = Recipe(cure="class_weight")
WITH_RECIPE = Recipe(cure="class_weight", weight=1.0, balance="half")
"""Both classes weigh alike on either side, and both sides alike."""
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
    """A table in which so many conflicts of a kind can be caught; nested for growing counts.

    Who else met with one is left out with all of its rows in that recording. Who met with a single
    one is kept first, so that the number is exact as long as there are such.
    """
    events = table.events
    number = {name: k for k, name in enumerate(table.episode_names)}
    met = list(zip(events["episode_id"].map(number), events["ego_id"], strict=True))
    exam = Exam.of(table)
    held = Counter(met[k] for k in exam.event[exam.event_category == kind])
    pairs = sorted(held)
    order = stream(seed, purpose(kind), "study.kinds").permutation(len(pairs))
    drawn = sorted((pairs[k] for k in order), key=lambda pair: held[pair])
    before = np.cumsum([0, *(held[pair] for pair in drawn)])[:-1]
    gone = {pair for pair, n in zip(drawn, before, strict=True) if n >= count}
    if not gone:
        return table
    keys = pd.MultiIndex.from_arrays([table.episode, table.ego])
    out = keys.isin(list(gone))
    staying = events[[pair not in gone for pair in met]].reset_index(drop=True)
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
        rows = {
            ALL_KINDS: replace(data, train=left),
            OWN_KIND: replace(data, train=of_kind(left, piece.kind), edge=edge),
        }
        for arm, labels, recipe, part in _arms(piece, count):
            repetition = RepetitionData.of(rows[labels], settings, piece.seed, share)
            scores = _trained(repetition, recipe, part, data, settings)
            for site in sites:
                out += _judged(run, arm, site, piece.kind, scores, settings)
    return out


def _arms(piece: KindPiece, count: int) -> Iterator[tuple[str, str, Recipe, Selection | None]]:
    """Name, labels, recipe and episodes of what is trained at a count."""
    own = Selection(families=piece.families)
    for labels in (ALL_KINDS, OWN_KIND):
        if count or labels == ALL_KINDS:
            yield arm_name(WITHOUT, piece.kind, count, labels), labels, WITHOUT_RECIPE, None
        if piece.families:
            yield arm_name(WITH, piece.kind, count, labels), labels, WITH_RECIPE, own
    if count == piece.counts[-1] > 0 and 1 < len(piece.families) <= CARRIERS_MAX:
        for family in piece.families:
            name = arm_name(WITH, piece.kind, count, OWN_KIND, family)
            yield name, OWN_KIND, WITH_RECIPE, Selection(families=(family,))


def arm_name(arm: str, kind: str, count: int, labels: str, family: str = "") -> str:
    """The name under which outcomes go: arm, kind, recorded conflicts, labels, family if one."""
    return ":".join((arm, kind, str(count), labels, *([family] if family else [])))


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

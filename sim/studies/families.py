"""Which scenario families help: the value of groups of them on validation (Shapley 1953).

A coalition of groups is worth the mean log average precision, over the folds of validation, of
the detector trained on the recordings and the episodes of its families. A group's Shapley value
is what it adds on average, whatever the order in which groups are added; values of all groups
sum to the gain of all of them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from math import factorial

import numpy as np

from sim.learn import detectors
from sim.learn.bootstrap import unit_weights
from sim.learn.exam import Exam
from sim.studies import splits
from sim.studies.arms import ARMS, BEST_SIMULATED
from sim.studies.data import StudyData
from sim.studies.pool import Pool
from sim.studies.recipe import Recipe
from sim.studies.repetition import RepetitionData, Selection
from sim.studies.settings import StudySettings
from sim.studies.tuning import folds, log_precision

Coalition = frozenset[str]

ROWS_MAX = 3_000
"""Rows of each class and side in a coalition's fit: a third of the time, for 2^groups fits."""
VALUED = Recipe(cure="class_weight", weight=1.0, balance="half")
"""The recipe in which families are compared: both sides weigh alike."""


@dataclass(frozen=True)
class FamilyValues:
    """What groups of families are worth on validation.

    Attributes:
        groups: Families by the name of their group.
        shapley: By group, in units of log average precision.
        alone: Gain of each group alone over the recordings alone.
        left_out: What is lost where the group alone is left out.
        events: Conflicts in validation; 0 where there were too few to tell.
    """

    groups: Mapping[str, tuple[str, ...]]
    shapley: Mapping[str, float]
    alone: Mapping[str, float]
    left_out: Mapping[str, float]
    events: int

    @property
    def chosen(self) -> tuple[str, ...]:
        """Families of the groups that add something; all where none does or nothing is known."""
        helping = [name for name, value in self.shapley.items() if value > 0.0]
        return tuple(f for name in helping or self.groups for f in self.groups[name])


def groups_of(
    families: Sequence[str], kinds: Mapping[str, str], most: int
) -> dict[str, tuple[str, ...]]:
    """Families in at most so many groups: each alone, else by kind, the smallest kinds together.

    Args:
        families: Names.
        kinds: Of each family.
        most: Groups.

    >>> groups_of(["a", "b", "c"], {"a": "x", "b": "x", "c": "y"}, 2)
    {'x': ('a', 'b'), 'y': ('c',)}
    """
    if len(families) <= most:
        return {name: (name,) for name in families}
    grouped: dict[str, list[str]] = {}
    for name in families:
        grouped.setdefault(kinds[name], []).append(name)
    largest = sorted(grouped, key=lambda kind: (-len(grouped[kind]), kind))
    if len(largest) > most:
        rest = [name for kind in largest[most - 1 :] for name in grouped.pop(kind)]
        grouped["other"] = sorted(rest)
    return {kind: tuple(names) for kind, names in grouped.items()}


def value_families(
    data: StudyData,
    settings: StudySettings,
    groups: Mapping[str, tuple[str, ...]],
    pool: Pool,
) -> FamilyValues:
    """Shapley values of groups of families on the validation for new sites, or from inside.

    Args:
        data: Of the study.
        settings: Of the study.
        groups: Families by group.
        pool: Of workers.
    """
    share = settings.fractions[-1]
    repetition = RepetitionData.of(data, settings, 0, share)
    cuts = folds(repetition, splits.fraction(repetition.ordered, share), data.regimes[0])
    events = [int(data.clips.events[fold.held].sum()) for fold in cuts]
    nothing = dict.fromkeys(groups, 0.0)
    if sum(events) < settings.tuning_events_min:
        return FamilyValues(groups, nothing, nothing, nothing, 0)
    coalitions = [
        frozenset(names) for n in range(len(groups) + 1) for names in combinations(groups, n)
    ]
    pieces = [(k, part) for k in range(len(cuts)) for part in _parts(coalitions)]
    work = partial(_worth, data=data, settings=settings, groups=groups)
    worth = dict.fromkeys(coalitions, 0.0)
    found = pool.map("valuing families", work, pieces, len(pieces))
    for (k, part), values in zip(pieces, found):
        for coalition, value in zip(part, values, strict=True):
            worth[coalition] += value * events[k] / sum(events)
    everyone, nobody = frozenset(groups), frozenset[str]()
    return FamilyValues(
        groups=groups,
        shapley=shapley(worth, [*groups]),
        alone={g: worth[frozenset({g})] - worth[nobody] for g in groups},
        left_out={g: worth[everyone] - worth[everyone - {g}] for g in groups},
        events=sum(events),
    )


def shapley(worth: Mapping[Coalition, float], players: Sequence[str]) -> dict[str, float]:
    """Shapley value of each player, from the worth of every coalition.

    >>> worth = {frozenset(): 0.0, frozenset("a"): 1.0, frozenset("b"): 0.0, frozenset("ab"): 2.0}
    >>> shapley(worth, ["a", "b"])
    {'a': 1.5, 'b': 0.5}
    """
    n = len(players)
    out = dict.fromkeys(players, 0.0)
    for coalition, value in worth.items():
        s = len(coalition)
        for player in players:
            if player in coalition:
                out[player] += value * factorial(s - 1) * factorial(n - s) / factorial(n)
            else:
                out[player] -= value * factorial(s) * factorial(n - s - 1) / factorial(n)
    return out


def _parts(coalitions: Sequence[Coalition]) -> list[tuple[Coalition, ...]]:
    """The coalitions in two parts of about the same work."""
    return [tuple(coalitions[0::2]), tuple(coalitions[1::2])]


def _worth(
    piece: tuple[int, tuple[Coalition, ...]],
    data: StudyData,
    settings: StudySettings,
    groups: Mapping[str, tuple[str, ...]],
) -> list[float]:
    """Log average precision on one fold of a detector trained with each coalition."""
    number, coalitions = piece
    share, detector = settings.fractions[-1], settings.detectors[0]
    settings = replace(
        settings,
        positives_max=min(settings.positives_max, ROWS_MAX),
        negatives_max=min(settings.negatives_max, ROWS_MAX),
    )
    repetition = RepetitionData.of(data, settings, 0, share)
    recordings = splits.fraction(repetition.ordered, share)
    fold = folds(repetition, recordings, data.regimes[0])[number]
    exam = Exam.of(data.train, fold.held)
    real, held = repetition.real(fold.kept), data.train.X[exam.row]
    whole = unit_weights(exam, 1, 0, "families")[:1]
    out = []
    for coalition in coalitions:
        names = tuple(sorted(f for group in coalition for f in groups[group]))
        recipe = VALUED if _dangerous(data, names) else Recipe(cure="class_weight")
        part = Selection(families=names)
        pipeline = repetition.train(detector, ARMS[BEST_SIMULATED], recipe, real, part)
        out.append(float(log_precision(exam, detectors.score(pipeline, held), whole)[0]))
    return out


def _dangerous(data: StudyData, families: Sequence[str]) -> bool:
    """Whether the families hold a positive row to train on."""
    site = np.asarray(data.edge.episode_site, dtype=str)[data.edge.episode]
    return bool((data.edge.y & data.edge.use & np.isin(site, list(families))).any())

"""What every training run of a study shares: rows, exams and the resamples of the exams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import UserError
from sim.features import FeatureTable
from sim.learn.bootstrap import unit_weights
from sim.learn.exam import Exam
from sim.studies.splits import Clips

MACRO = "macro"
"""The site that stands for the unweighted average over the sites of a regime."""
POOLED = "pooled"
"""The site that stands for all conflicts of a regime: its sites' rows as one exam."""
MIN_SITE_EVENTS = 15
"""Sites with fewer conflicts are listed, and left out of `pooled` and of the average of sites."""
MIN_PART_EVENTS = 20
"""Conflicts of a kind, a speed or a severity below which no metric of them is given."""

SPEEDS_MPS = (5.0, 15.0)
"""Borders of the bands of the ego's speed: creeping, urban, fast [m/s]."""
DRACS_MPS2 = (0.75, 1.5, 3.4)
"""Borders of the bands of the deceleration required [m/s²]: of the label variant, half of and
comfortable braking to a stop (3.4 m/s², AASHTO Green Book 2018, stopping sight distance)."""


@dataclass(frozen=True)
class Part:
    """Some of the conflicts of a site.

    Attributes:
        kind: Category of danger; empty for all.
        slice: Band of speed or of deceleration required; empty for all.
        exam: All rows, with these conflicts alone to be caught.
    """

    kind: str
    slice: str
    exam: Exam


@dataclass(frozen=True)
class Site:
    """One test site, or all of a regime.

    Attributes:
        name: Of the site; `POOLED` for all of the regime that hold enough conflicts.
        regime: "new_site" if no recording of it was trained on, else "same_site".
        exam: Its recordings; rows are those of the test table.
        parts: The same by kind of danger, speed and deceleration required.
        resamples: (B + 1, U) bootstrap weights of its units, the first line all ones.
        averaged: Whether it counts in `pooled` and in the average over sites.
    """

    name: str
    regime: str
    exam: Exam
    parts: tuple[Part, ...]
    resamples: NDArray[np.float64]
    averaged: bool

    @property
    def key(self) -> tuple[str, str]:
        """Regime and name."""
        return self.regime, self.name


@dataclass(frozen=True)
class StudyData:
    """Feature tables of a study and what is derived from them once.

    Attributes:
        train: Real training recordings.
        unexamined: Training recordings that their examination left out; None for none.
        edge: Simulated edge cases, one ego an episode; the site of a row is its family.
        edge_all: The same with all vehicles as egos.
        ordinary: Simulated ordinary traffic.
        test: Recordings kept out of everything else.
        train_exam: The exam on all training recordings.
        clips: The training recordings, in the order of `train`'s episodes.
        sites: The test sites, and `pooled` of each regime.
    """

    train: FeatureTable
    unexamined: FeatureTable | None
    edge: FeatureTable
    edge_all: FeatureTable
    ordinary: FeatureTable
    test: FeatureTable
    train_exam: Exam
    clips: Clips
    sites: tuple[Site, ...]

    @property
    def regimes(self) -> tuple[str, ...]:
        """Regimes that are tested."""
        return tuple(sorted({site.regime for site in self.sites}))


def prepare(
    train: FeatureTable,
    test: FeatureTable,
    edge: FeatureTable,
    ordinary: FeatureTable,
    *,
    edge_all: FeatureTable | None = None,
    unexamined: FeatureTable | None = None,
    resamples: int,
    seed: int,
) -> StudyData:
    """Check that the sides are apart, and derive clips and exams.

    Raises:
        UserError: A recording or a group stands on both sides, or a side has no conflict.
    """
    for kind, a, b in (
        ("recording", train.episode_names, test.episode_names),
        ("group", train.episode_group, test.episode_group),
    ):
        both = sorted({str(name) for name in a} & {str(name) for name in b})
        if both:
            raise UserError(f"logs: {kind} {both[0]!r} is on both sides, train and test")
    for name in (POOLED, MACRO):
        if name in test.episode_site:
            raise UserError(f"logs: a site cannot be called {name!r}, as reports use that name")
    sites = tuple(_sites(test, train, resamples, seed))
    if sum(site.exam.events for site in sites) == 0:
        raise UserError("logs: there is no conflict to be caught in the test recordings")
    if not edge.y[edge.use].any():
        raise UserError(
            "study.families: there is no conflict in the simulated episodes; is their danger of "
            "the form that label.form counts (closecall list)?"
        )
    exam = Exam.of(train)
    return StudyData(
        train=train,
        unexamined=unexamined,
        edge=edge,
        edge_all=edge if edge_all is None else edge_all,
        ordinary=ordinary,
        test=test,
        train_exam=exam,
        clips=clips_of(exam, train.episode_site),
        sites=sites,
    )


def clips_of(exam: Exam, sites: tuple[str, ...]) -> Clips:
    """The recordings of an exam with what splits need to know of them."""
    return Clips(
        site=np.unique(np.asarray(sites, dtype=str), return_inverse=True)[1],
        group=exam.group,
        rows=np.bincount(exam.recording, minlength=exam.recordings),
        positives=np.bincount(exam.recording[exam.y], minlength=exam.recordings),
        events=np.bincount(exam.event_recording, minlength=exam.recordings),
    )


def _sites(test: FeatureTable, train: FeatureTable, resamples: int, seed: int) -> Iterator[Site]:
    """Every site, then the pool of each regime.

    A regime none of whose sites holds enough conflicts is pooled over all of them.
    """
    trained = _names(train.episode_site)
    of_site = np.asarray(test.episode_site, dtype=object)
    regimes: dict[str, dict[str, Exam]] = {}
    for name in _names(test.episode_site):
        exam = Exam.of(test, np.flatnonzero(of_site == name))
        regimes.setdefault("same_site" if name in trained else "new_site", {})[name] = exam
    for regime, exams in sorted(regimes.items()):
        enough = {n: e for n, e in exams.items() if e.events >= MIN_SITE_EVENTS} or exams
        for name, exam in exams.items():
            yield _site(name, regime, exam, name in enough, resamples, seed)
        pool = Exam.joined([*enough.values()])
        yield _site(POOLED, regime, pool, False, resamples, seed)


def _site(name: str, regime: str, exam: Exam, averaged: bool, resamples: int, seed: int) -> Site:
    weights = unit_weights(exam, resamples, seed, f"{regime}.{name}")
    return Site(name, regime, exam, tuple(_parts(exam)), weights, averaged)


def _parts(exam: Exam) -> Iterator[Part]:
    for kind in sorted({*exam.event_category.tolist()}):
        yield from _part(exam, str(kind), "", exam.event_category == kind)
    for of_event, borders, name, unit in (
        (exam.event_speed_mps, SPEEDS_MPS, "speed", "m/s"),
        (exam.event_drac_mps2, DRACS_MPS2, "DRAC", "m/s²"),
    ):
        band = np.searchsorted(borders, of_event, side="right")
        for k, words in enumerate(_bands(borders, name, unit)):
            yield from _part(exam, "", words, (band == k) & np.isfinite(of_event))


def _part(exam: Exam, kind: str, words: str, chosen: NDArray[np.bool_]) -> Iterator[Part]:
    if chosen.sum() >= MIN_PART_EVENTS:
        yield Part(kind, words, exam.only(chosen))


def _bands(borders: Sequence[float], name: str, unit: str) -> list[str]:
    """Names of the bands between borders, upwards.

    >>> _bands((5.0, 15.0), "speed", "m/s")
    ['speed < 5 m/s', 'speed 5-15 m/s', 'speed >= 15 m/s']
    """
    between = [f"{name} {a:g}-{b:g} {unit}" for a, b in pairwise(borders)]
    return [f"{name} < {borders[0]:g} {unit}", *between, f"{name} >= {borders[-1]:g} {unit}"]


def _names(values: object) -> list[str]:
    return sorted({str(value) for value in np.asarray(values, dtype=object)})

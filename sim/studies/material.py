"""What every training run of a study shares: rows, exams and the resamples of the exams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import UserError
from sim.features import FeatureTable
from sim.learn.bootstrap import recording_weights
from sim.learn.exam import Exam
from sim.studies.splits import Clips


@dataclass(frozen=True)
class Site:
    """One test site.

    Attributes:
        name: Of the site.
        regime: "new_site" if no recording of it was trained on, else "same_site".
        exam: Its recordings; rows are those of the test table.
        resamples: (B + 1, R) bootstrap weights of its recordings, the first line all ones.
    """

    name: str
    regime: str
    exam: Exam
    resamples: NDArray[np.float64]


@dataclass(frozen=True)
class Material:
    """Feature tables of a study and what is derived from them once.

    Attributes:
        train: Real training recordings.
        edge: Simulated edge cases.
        ordinary: Simulated ordinary traffic.
        test: Recordings kept out of everything else.
        train_exam: The exam on all training recordings.
        clips: The training recordings, in the order of `train`'s episodes.
        sites: The test sites.
    """

    train: FeatureTable
    edge: FeatureTable
    ordinary: FeatureTable
    test: FeatureTable
    train_exam: Exam
    clips: Clips
    sites: tuple[Site, ...]


def prepare(
    train: FeatureTable,
    test: FeatureTable,
    edge: FeatureTable,
    ordinary: FeatureTable,
    *,
    resamples: int,
    seed: int,
) -> Material:
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
    sites = tuple(_site(test, name, train, resamples, seed) for name in _names(test.episode_site))
    if sum(site.exam.events for site in sites) == 0:
        raise UserError("logs: there is no conflict to be caught in the test recordings")
    if not edge.y[edge.use].any():
        raise UserError(
            "study.families: there is no conflict in the simulated episodes; is their danger of "
            "the form that label.form counts (closecall list)?"
        )
    exam = Exam.of(train)
    clips = clips_of(exam, train.episode_site)
    return Material(train, edge, ordinary, test, exam, clips, sites)


def clips_of(exam: Exam, sites: tuple[str, ...]) -> Clips:
    """The recordings of an exam with what splits need to know of them."""
    return Clips(
        site=np.unique(np.asarray(sites, dtype=str), return_inverse=True)[1],
        group=exam.group,
        rows=np.bincount(exam.recording, minlength=exam.recordings),
        positives=np.bincount(exam.recording[exam.y], minlength=exam.recordings),
        events=np.bincount(exam.event_recording, minlength=exam.recordings),
    )


def _site(test: FeatureTable, name: str, train: FeatureTable, resamples: int, seed: int) -> Site:
    at = np.flatnonzero(np.asarray(test.episode_site, dtype=object) == name)
    exam = Exam.of(test, at)
    regime = "same_site" if name in _names(train.episode_site) else "new_site"
    return Site(name, regime, exam, recording_weights(exam.group, resamples, seed, name))


def _names(values: object) -> list[str]:
    return sorted({str(value) for value in np.asarray(values, dtype=object)})

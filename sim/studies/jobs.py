"""The pieces of work of a study: each trains the arms of one repetition at one size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.features import physics_scores
from sim.learn import alarms, detectors, metrics
from sim.learn.model import Model
from sim.studies.arms import ARMS
from sim.studies.bench import Bench
from sim.studies.material import Material, Site
from sim.studies.pool import Pool
from sim.studies.settings import StudySettings
from sim.studies.trial import Fitted, Trials

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Job:
    """One repetition at one size; `share` NaN is for what sees no real recording.

    Attributes:
        seed: Number of the repetition.
        share: The fraction of the training recordings.
        detector: Name in `DETECTORS`; "none" for physics.
    """

    seed: int
    share: float
    detector: str


@dataclass(frozen=True)
class Outcome:
    """What one trained arm scored at one site.

    Attributes:
        arm, detector, share, seed, site: Which; share is NaN for arms without real recordings.
        values: (B + 1,) for each metric: on the exam as it is, then on each resample of it.
    """

    arm: str
    detector: str
    share: float
    seed: int
    site: str
    values: dict[str, Floats]


@dataclass(frozen=True)
class Done:
    """The result of a job.

    Attributes:
        outcomes: One an arm and site.
        models: Trained arms worth keeping, by arm and detector.
        alphas: Simulated weight chosen, by `<arm>.<regime>`.
    """

    outcomes: list[Outcome]
    models: dict[str, Model]
    alphas: dict[str, float]


KEPT_ARMS = ("real", "real_sim_weighted", "sim_only")
"""Arms whose detector of the first repetition at full size is kept."""


def jobs_of(settings: StudySettings) -> list[Job]:
    """All jobs, the longest first, so that no worker is left with a long one at the end."""
    ends = {settings.fractions[0], settings.fractions[-1]}
    jobs = [
        Job(seed, share, name)
        for share in sorted(settings.fractions, reverse=True)
        for name in dict.fromkeys((*settings.detectors, *settings.spot_detectors))
        for seed in range(settings.seeds)
        if name in settings.detectors or share in ends
    ]
    once = [
        Job(seed, np.nan, name) for name in settings.detectors for seed in range(settings.seeds)
    ]
    return [*jobs, *once, Job(0, np.nan, "none")]


def arms_of(job: Job, settings: StudySettings) -> list[str]:
    """The arms that a job trains."""
    if job.detector == "none":
        return [name for name, arm in ARMS.items() if arm.role == "physics"]
    if np.isnan(job.share):
        return [name for name, arm in ARMS.items() if arm.where == "once" and arm.role != "physics"]
    fits = ["every"] + ["largest"] * (job.share == settings.fractions[-1])
    names = [name for name, arm in ARMS.items() if arm.where in fits]
    if job.detector not in settings.detectors:
        names = [name for name in names if name in settings.spot_arms]
    return sorted(names, key=lambda name: ARMS[name].shuffled)  # after what they control


def run_all(material: Material, settings: StudySettings, pool: Pool) -> list[Done]:
    """Run all jobs, in the order of `jobs_of`.

    Args:
        material: Shared by all jobs; workers map its arrays into memory instead of copying.
        settings: Of the study.
        pool: Of workers.
    """
    jobs = jobs_of(settings)
    # physics is last and quick: done first, it compiles the kernels that count alarms
    first_physics = [jobs[-1], *jobs[:-1]]
    work = partial(run_job, material=material, settings=settings)
    done = [*pool.map("training", work, first_physics, len(jobs))]
    return [*done[1:], done[0]]


def run_job(job: Job, material: Material, settings: StudySettings) -> Done:
    """Train and score the arms of one job, on one thread."""
    if job.detector == "none":
        return Done(_physics(job, material, settings), {}, {})
    outcomes: list[Outcome] = []
    models: dict[str, Model] = {}
    alphas: dict[str, float] = {}
    largest = np.isnan(job.share) or job.share == settings.fractions[-1]
    share = settings.fractions[-1] if np.isnan(job.share) else job.share
    trials = Trials(Bench.of(material, settings, job.seed, share), job.detector)
    for name in arms_of(job, settings):
        fitted = trials.train(ARMS[name])
        outcomes += _scored(job, name, fitted, material, settings)
        alphas |= {f"{name}.{r}": f.alpha for r, f in fitted.items() if f.alpha is not None}
        if job.seed == 0 and largest and name in KEPT_ARMS:
            models[f"{name}.{job.detector}"] = _model(job, name, fitted, material)
    return Done(outcomes, models, alphas)


def _physics(job: Job, material: Material, settings: StudySettings) -> list[Outcome]:
    """The outcomes of the scores that are not trained."""
    exam, budget = material.train_exam, settings.threshold_budget_per_h
    on_train = physics_scores(material.train.columns, material.train.X)
    on_test = physics_scores(material.test.columns, material.test.X)
    out = []
    for name in (name for name in arms_of(job, settings) if name in on_train):
        carried = metrics.threshold_at(alarms.count(exam, on_train[name][exam.row]), budget)
        for site in material.sites:
            scores = on_test[name][site.exam.row]
            out.append(_judged(job, name, site, scores, carried, settings))
    return out


def _scored(
    job: Job,
    arm: str,
    fitted: Mapping[str, Fitted],
    material: Material,
    settings: StudySettings,
) -> list[Outcome]:
    """The outcomes of a trained arm; each site is scored by the detector for its regime."""
    out = []
    for site in material.sites:
        if site.regime in fitted:
            made = fitted[site.regime]
            scores = detectors.score(made.pipeline, material.test.X[site.exam.row])
            out.append(_judged(job, arm, site, scores, made.threshold, settings))
    return out


def _judged(
    job: Job, arm: str, site: Site, scores: Floats, carried: float, settings: StudySettings
) -> Outcome:
    counts = alarms.count(site.exam, scores, carried=carried)
    values = metrics.evaluate(counts, site.resamples, settings.budgets_per_h)
    return Outcome(arm, job.detector, job.share, job.seed, site.name, values)


def _model(job: Job, arm: str, fitted: Mapping[str, Fitted], material: Material) -> Model:
    """The detector for new sites where there are any: whoever loads it has other roads."""
    made = fitted.get("new_site") or next(iter(fitted.values()))
    return Model(made.pipeline, tuple(material.train.columns), job.detector, arm, made.threshold)

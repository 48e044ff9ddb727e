"""The pieces of work of a study: each trains the arms of one repetition at one size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from sim.features import physics_scores
from sim.learn import alarms, detectors, metrics
from sim.learn.exam import Exam
from sim.learn.model import Model
from sim.studies.arms import ARMS, BEST_RECORDED, BEST_SIMULATED
from sim.studies.data import POOLED, Site, StudyData
from sim.studies.pool import Pool
from sim.studies.repetition import RepetitionData
from sim.studies.settings import StudySettings
from sim.studies.trainer import ArmTrainer, Fitted
from sim.studies.tuning import Choice

Floats = NDArray[np.float64]
Choices = Mapping[tuple[float, str, str], Choice]


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
    """What one trained arm scored on some conflicts of one site.

    Attributes:
        arm, detector, share, seed: Which; share is NaN for arms without real recordings.
        regime, site: Where.
        kind, slice: On which conflicts; empty for all.
        values: (B + 1,) for each metric: on the exam as it is, then on each resample of it.
    """

    arm: str
    detector: str
    share: float
    seed: int
    regime: str
    site: str
    kind: str
    slice: str
    values: dict[str, Floats]


@dataclass(frozen=True)
class Scored:
    """The scores of a judged arm for all rows in use of the test table, (n,) float32."""

    arm: str
    detector: str
    seed: int
    regime: str
    score: NDArray[np.float32]


@dataclass(frozen=True)
class Done:
    """The result of a job.

    Attributes:
        outcomes: One an arm, site and part of its conflicts.
        models: Trained arms worth keeping, by arm and detector.
        scores: Of the judged arms at the largest fraction.
    """

    outcomes: list[Outcome]
    models: dict[str, Model] = field(default_factory=dict)
    scores: list[Scored] = field(default_factory=list)


KEPT_ARMS = ("real", "real_sim_weighted", "sim_only", BEST_RECORDED, BEST_SIMULATED)
"""Arms whose detector of the first repetition at full size is kept."""
JUDGED_ARMS = (BEST_RECORDED, BEST_SIMULATED)
"""Arms whose scores are kept, and which are judged by kind of conflict, beside physics."""


def jobs_of(settings: StudySettings) -> list[Job]:
    """All jobs, the longest first, so that no worker is left with a long one at the end."""
    jobs = [
        Job(seed, share, name)
        for share in sorted(settings.fractions, reverse=True)
        for name in settings.detectors_at(share)
        for seed in range(settings.seeds)
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
    wanted = {"every"}
    if job.share in (settings.fractions[0], settings.fractions[-1]):
        wanted.add("ends")
    if job.share == settings.fractions[-1]:
        wanted.add("largest")
    names = [name for name, arm in ARMS.items() if arm.where in wanted]
    if job.detector not in settings.detectors:
        names = [name for name in names if name in settings.spot_arms]
    return names


def run_all(
    data: StudyData,
    settings: StudySettings,
    pool: Pool,
    choices: Choices,
    families: Sequence[str] = (),
) -> list[Done]:
    """Run all jobs, in the order of `jobs_of`.

    Args:
        data: Shared by all jobs; workers map its arrays into memory instead of copying.
        settings: Of the study.
        pool: Of workers.
        choices: Recipes chosen on validation, by share, detector and regime.
        families: Those that helped on validation.
    """
    jobs = jobs_of(settings)
    # physics is last and quick: done first, it compiles the kernels that count alarms
    first_physics = [jobs[-1], *jobs[:-1]]
    work = partial(run_job, data=data, settings=settings, choices=choices, families=families)
    done = [*pool.map("training", work, first_physics, len(jobs))]
    return [*done[1:], done[0]]


def run_job(
    job: Job,
    data: StudyData,
    settings: StudySettings,
    choices: Choices,
    families: Sequence[str] = (),
) -> Done:
    """Train and score the arms of one job, on one thread."""
    if job.detector == "none":
        return _physics(job, data, settings)
    done = Done([])
    largest = np.isnan(job.share) or job.share == settings.fractions[-1]
    share = settings.fractions[-1] if np.isnan(job.share) else job.share
    repetition = RepetitionData.of(data, settings, job.seed, share, families)
    chosen = {r: choices.get((share, job.detector, r), Choice()) for r in data.regimes}
    trainer = ArmTrainer(repetition, job.detector, chosen)
    for name in arms_of(job, settings):
        fitted = trainer.train(ARMS[name])
        _score(job, name, fitted, data, settings, done, largest)
        if job.seed == 0 and largest and name in KEPT_ARMS:
            done.models[f"{name}.{job.detector}"] = _model(job, name, fitted, data)
    return done


def _physics(job: Job, data: StudyData, settings: StudySettings) -> Done:
    """The outcomes of the scores that are not trained."""
    exam, budget = data.train_exam, settings.threshold_budget_per_h
    on_train = physics_scores(data.train.columns, data.train.X)
    on_test = physics_scores(data.test.columns, data.test.X)
    done = Done([])
    for name in (name for name in arms_of(job, settings) if name in on_train):
        carried = metrics.threshold_at(alarms.count(exam, on_train[name][exam.row]), budget)
        for site in data.sites:
            done.outcomes.extend(
                judge(job, name, site, on_test[name], carried, settings, by_part=True)
            )
        used = on_test[name][data.test.use].astype(np.float32)
        done.scores.extend(Scored(name, "none", 0, regime, used) for regime in data.regimes)
    return done


def _score(
    job: Job,
    arm: str,
    fitted: Mapping[str, Fitted],
    data: StudyData,
    settings: StudySettings,
    done: Done,
    largest: bool,
) -> None:
    """Score the test rows; each site is scored by the detector for its regime."""
    judged = largest and arm in JUDGED_ARMS
    known: dict[int, Floats] = {}
    for regime, made in fitted.items():
        if id(made) not in known:
            known[id(made)] = scores_of(made.pipeline, data)
        scores = known[id(made)]
        for site in _judged_at(arm, regime, data):
            done.outcomes.extend(
                judge(job, arm, site, scores, made.threshold, settings, by_part=judged)
            )
        if judged:
            used = scores[data.test.use].astype(np.float32)
            done.scores.append(Scored(arm, job.detector, job.seed, regime, used))


MANY_SITES = 8
"""With more sites than this only the judged arms are scored at each; the others at the pool: a
third of the time of a study, and three quarters of its summary."""


def _judged_at(arm: str, regime: str, data: StudyData) -> list[Site]:
    """The sites of a regime at which an arm is scored."""
    own = [site for site in data.sites if site.regime == regime]
    few = len({site.name for site in data.sites}) <= MANY_SITES
    return own if few or arm in JUDGED_ARMS else [site for site in own if site.name == POOLED]


def scores_of(pipeline: Pipeline, data: StudyData) -> Floats:
    """(n,) scores of the test table, rounded to what `scores.parquet` holds; NaN out of use."""
    used = np.flatnonzero(data.test.use)
    out = np.full(len(data.test), np.nan)
    out[used] = detectors.score(pipeline, data.test.X[used]).astype(np.float32)
    return out


def judge(
    job: Job,
    arm: str,
    site: Site,
    scores: Floats,
    carried: float,
    settings: StudySettings,
    *,
    by_part: bool = False,
) -> list[Outcome]:
    """The metrics of one arm's scores at one site.

    Args:
        job: Detector, share and repetition.
        arm: Name of the arm.
        site: Exam and resamples.
        scores: (n,) of the test table.
        carried: Threshold from validation, NaN if there is none.
        settings: Budgets.
        by_part: Whether kinds, speeds and decelerations are judged apart, too.
    """
    parts: list[tuple[str, str, Exam]] = [("", "", site.exam)]
    if by_part:
        parts += [(part.kind, part.slice, part.exam) for part in site.parts]
    out = []
    for kind, words, exam in parts:
        counts = alarms.count(exam, scores[exam.row], carried=carried)
        values = metrics.evaluate(counts, site.resamples, settings.budgets_per_h)
        place = (site.regime, site.name, kind, words)
        out.append(Outcome(arm, job.detector, job.share, job.seed, *place, values))
    return out


def _model(job: Job, arm: str, fitted: Mapping[str, Fitted], data: StudyData) -> Model:
    """The detector for new sites where there are any: whoever loads it has other roads."""
    made = fitted.get("new_site") or next(iter(fitted.values()))
    return Model(made.pipeline, tuple(data.train.columns), job.detector, arm, made.threshold)

"""The study, from settings to findings."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from sim.base.store import software_version
from sim.features import FeatureTable, LabelSettings, WindowSettings, audit_missing, own
from sim.learn import detectors
from sim.learn.model import Model
from sim.logs.field import FieldSettings
from sim.sampling import Iid, Sampler
from sim.sensing import SensorSettings
from sim.studies.arms import BEST_RECORDED, BEST_SIMULATED
from sim.studies.compare import comparisons_table, fewer_recordings_table
from sim.studies.data import StudyData, prepare
from sim.studies.families import FamilyValues, groups_of, value_families
from sim.studies.jobs import Choices, Scored, run_all
from sim.studies.kind_rows import kinds_summary, with_groups
from sim.studies.kinds import run_kinds
from sim.studies.pool import Pool, Report
from sim.studies.results import Samples, results_table, values_table
from sim.studies.settings import LogsSettings, StudySettings
from sim.studies.simulated import episodes_of, kinds_of, nominal_families, simulated_rows
from sim.studies.sources import real_rows
from sim.studies.summary import baseline_of, recipes, records, summarise, variants_summary
from sim.studies.summary_rows import rounded
from sim.studies.tuning import choices_of, judge_fold, tuning_pieces
from sim.studies.variants import run_variants, variants_of

AUDITED = 12
"""Lines of the audit of missing values that a summary keeps."""


@dataclass(frozen=True)
class StudyResult:
    """What a study found.

    Attributes:
        results: One row an arm, detector, fraction, regime, site, part of the conflicts, metric
            and seed.
        means: The same with mean and interval over seeds and recordings.
        comparisons: Paired differences with interval and smallest detectable effect.
        summary: All that as plain values, as in `summary.json`.
        models: Detectors of the first seed at full size, by `<arm>.<detector>`.
        data: The rows that it rests on.
        scores: Of the judged arms at the largest fraction.
    """

    results: pd.DataFrame
    means: pd.DataFrame
    comparisons: pd.DataFrame
    summary: dict[str, Any]
    models: Mapping[str, Model]
    data: StudyData
    scores: Sequence[Scored] = field(default_factory=tuple)


def study(
    settings: StudySettings | None = None,
    *,
    logs: LogsSettings | None = None,
    field: FieldSettings | None = None,
    sampler: Sampler | None = None,
    sensor: SensorSettings | None = None,
    label: LabelSettings | None = None,
    window: WindowSettings | None = None,
    seed: int = 0,
    workers: int | None = None,
    report: Report | None = None,
) -> StudyResult:
    """Measure what simulated edge cases are worth on recordings that were kept out.

    Args:
        settings: How much is trained, simulated and resampled.
        logs: Recordings of both sides; field-style logs where no folder is given.
        field: Which field-style logs.
        sampler: How the families' quantities are sampled; independently if left out.
        sensor: What sees recorded and simulated traffic; field-style logs have their own.
        label: What a conflict is.
        window: What features look back on, and the user's own.
        seed: Of everything random but the field-style logs.
        workers: Processes; all processors if left out. The result does not depend on it.
        report: Hears of progress.

    Raises:
        UserError: The logs cannot be used as asked, or hold no conflict.
    """
    settings, logs = settings or StudySettings(), logs or LogsSettings()
    sensor, label = sensor or SensorSettings(), label or LabelSettings()
    settings = settings.resolved(label.form)
    episodes = episodes_of(settings, label.form)
    pool = Pool(workers or os.cpu_count() or 1, report)
    window = window or WindowSettings()
    pool.prepare = partial(own.install, own.shipped(window.extra))
    seen: dict[str, Any] = {"sensor": sensor, "label": label, "seed": seed, "pool": pool}
    seen["window"] = window
    real = real_rows(settings, logs, field or FieldSettings(), **seen)
    seen["sampler"] = sampler or Iid()
    edge = simulated_rows(
        episodes,
        settings,
        all_egos=settings.all_egos_episodes,
        **seen,
    )
    ordinary = dict.fromkeys(nominal_families(label.form), settings.ordinary_episodes)
    kind, left_out, findings, shares = real.kind, real.left_out, real.findings, real.shares
    data = prepare(
        real.train,
        real.test,
        edge.first,
        simulated_rows(ordinary, settings, **seen).first,
        edge_all=edge.all_egos,
        unexamined=real.unexamined,
        resamples=settings.resamples,
        seed=seed,
    )
    del real, edge  # their tables live on in `data`, what they were joined from does not
    found = measure(data, settings, kind=kind, seed=seed, pool=pool, label=label)
    found.summary["logs"] |= {
        "left_out": {"group_on_both_sides": left_out, "examined": [*findings]},
        "kept_share_of_quiet_blocks": dict(zip(("train", "test"), shares)),
    }
    return found


def measure(
    data: StudyData,
    settings: StudySettings,
    *,
    kind: str,
    seed: int,
    pool: Pool,
    label: LabelSettings | None = None,
) -> StudyResult:
    """Choose recipes on validation, train and score every arm on given rows, and compare.

    Args:
        data: Tables and exams.
        settings: Of the study.
        kind: Of the logs, "field" or "recorded".
        seed: Of the resamples of seeds.
        pool: Of workers; its account goes into the summary.
        label: What a conflict was in these rows, for the summary to say.
    """
    settings = settings.resolved(label.form if label is not None else "rear_end")
    known = detectors.shipped((*settings.detectors, *settings.spot_detectors))
    pool.prepare = partial(detectors.install, known)
    families = _families(data, settings, pool)
    choices = _choices(data, settings, pool, families)
    done = run_all(data, settings, pool, choices, families.chosen if families else ())
    variants = variants_of(data, settings, families)
    outcomes = [outcome for job in done for outcome in job.outcomes]
    models = {key: model for job in done for key, model in job.models.items()}
    scores = [scored for job in done for scored in job.scores]
    chosen = _detectors(choices, data, settings)
    samples = Samples.of(outcomes, data.sites, settings.seeds, seed, chosen)
    base = baseline_of(outcomes, settings)
    del done, outcomes  # samples hold their values: some 20 MB a site
    means, comparisons = results_table(samples), comparisons_table(samples)
    varied = run_variants(data, settings, choices, variants, pool)
    summary = summarise(data, kind, means, comparisons, pool.cost())
    summary["recipes"] = recipes(data, settings, choices)
    summary["chosen_detectors"] = [
        {"arm": arm, "regime": regime, "fraction": share, "detector": name}
        for (arm, regime, share), name in chosen.items()
    ]
    summary["fewer_recordings"] = records(fewer_recordings_table(samples))
    summary |= variants_summary(base, varied, variants, data, settings, families, seed)
    of_kinds = run_kinds(data, settings, pool)
    summary |= kinds_summary(of_kinds, data, settings, comparisons, seed)
    of_groups = summary.get("families", {}).get("variants", ())
    summary["kinds"] = with_groups(summary.get("kinds", ()), of_groups)
    summary["conflict"] = asdict(label or LabelSettings())
    summary |= {"cost": pool.parts(), "audit": audited(data), "version": software_version()}
    return StudyResult(
        results=values_table(samples),
        means=means,
        comparisons=comparisons,
        summary=rounded(summary),
        models=models,
        data=data,
        scores=scores,
    )


def _families(data: StudyData, settings: StudySettings, pool: Pool) -> FamilyValues | None:
    """The value of groups of families; None where it was not asked for."""
    names = sorted({*data.edge.episode_site})
    if settings.family_groups_max < 2 or len(names) < 2:
        return None
    groups = groups_of(names, kinds_of(names), settings.family_groups_max)
    return value_families(data, settings, groups, pool)


def _choices(
    data: StudyData, settings: StudySettings, pool: Pool, families: FamilyValues | None
) -> Choices:
    pieces = tuning_pieces(data, settings)
    if not pieces:
        return {}
    chosen = families.chosen if families else ()
    judge = partial(judge_fold, data=data, settings=settings, families=chosen)
    return choices_of(pool.map("tuning", judge, pieces, len(pieces)), settings)


def _detectors(
    choices: Choices, data: StudyData, settings: StudySettings
) -> dict[tuple[str, str, float], str]:
    """The detector with the best validation, by arm, regime and share; the first untuned."""
    out = {}
    for share in settings.fractions:
        for regime in data.regimes:
            tuned = {
                name: choices[share, name, regime]
                for name in settings.detectors_at(share)
                if (share, name, regime) in choices
            }
            for arm in (BEST_RECORDED, BEST_SIMULATED):
                merit = {name: choice.merit(arm) for name, choice in tuned.items()}
                first = settings.detectors[0]
                out[arm, regime, share] = max(merit, key=lambda n: merit[n]) if merit else first
    return out


def audited(data: StudyData) -> list[dict[str, Any]]:
    """The absences that say most about danger at some site, with how much they say."""
    real = FeatureTable.concat([data.train, data.test])
    found = audit_missing(real).head(AUDITED).to_dict("records")
    return [{str(name): value for name, value in line.items()} for line in found]

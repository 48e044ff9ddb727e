"""The study, from settings to findings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from sim.base.store import software_version
from sim.features import FeatureTable, LabelSettings, audit_missing
from sim.learn.model import Model
from sim.logs.field import FieldSettings
from sim.sampling import Iid, Sampler
from sim.sensing import SensorSettings
from sim.studies.compare import comparisons_table
from sim.studies.jobs import run_all
from sim.studies.material import Material, prepare
from sim.studies.pool import Pool, Report
from sim.studies.results import Samples, results_table, values_table
from sim.studies.settings import LogsSettings, StudySettings
from sim.studies.simulated import edge_families, nominal_families, simulated_table
from sim.studies.sources import real_sides
from sim.studies.summary import summarise

AUDITED = 12
"""Lines of the audit of missing values that a summary keeps."""


@dataclass(frozen=True)
class StudyResult:
    """What a study found.

    Attributes:
        results: One row an arm, detector, fraction, regime, site, metric and seed.
        means: The same with mean and interval over seeds and recordings.
        comparisons: Paired differences with interval and smallest detectable effect.
        summary: All that as plain values, as in `summary.json`.
        models: Detectors of the first seed at full size, by `<arm>.<detector>`.
    """

    results: pd.DataFrame
    means: pd.DataFrame
    comparisons: pd.DataFrame
    summary: Mapping[str, Any]
    models: Mapping[str, Model]


def study(
    settings: StudySettings | None = None,
    *,
    logs: LogsSettings | None = None,
    field: FieldSettings | None = None,
    sampler: Sampler | None = None,
    sensor: SensorSettings | None = None,
    label: LabelSettings | None = None,
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
        seed: Of everything random but the field-style logs.
        workers: Processes; all processors if left out. The result does not depend on it.
        report: Hears of progress.

    Raises:
        UserError: The logs cannot be used as asked, or hold no conflict.
    """
    settings, logs = settings or StudySettings(), logs or LogsSettings()
    sensor, label = sensor or SensorSettings(), label or LabelSettings()
    names = edge_families(settings.families, label.form)
    pool = Pool(workers or os.cpu_count() or 1, report)
    seen: dict[str, Any] = {"sensor": sensor, "label": label, "seed": seed, "pool": pool}
    sides = real_sides(settings, logs, field or FieldSettings(), **seen)
    seen["sampler"] = sampler or Iid()
    material = prepare(
        sides.train,
        sides.test,
        simulated_table(names, settings.episodes_per_family, settings, **seen),
        simulated_table(nominal_families(label.form), settings.ordinary_episodes, settings, **seen),
        resamples=settings.resamples,
        seed=seed,
    )
    return measure(material, settings, kind=sides.kind, seed=seed, pool=pool, label=label)


def measure(
    material: Material,
    settings: StudySettings,
    *,
    kind: str,
    seed: int,
    pool: Pool,
    label: LabelSettings | None = None,
) -> StudyResult:
    """Train and score every arm on given rows, and compare.

    Args:
        material: Tables and exams.
        settings: Of the study.
        kind: Of the logs, "field" or "recorded".
        seed: Of the resamples of seeds.
        pool: Of workers; its account goes into the summary.
        label: What a conflict was in these rows, for the summary to say.
    """
    done = run_all(material, settings, pool)
    regimes = {site.name: site.regime for site in material.sites}
    outcomes = [outcome for job in done for outcome in job.outcomes]
    samples = Samples.of(outcomes, regimes, settings.seeds, seed)
    means, comparisons = results_table(samples), comparisons_table(samples)
    summary = summarise(material, kind, means, comparisons, pool.cost())
    summary["conflict"] = asdict(label or LabelSettings())
    summary |= {"cost": pool.parts(), "audit": audited(material), "version": software_version()}
    models = {key: model for job in done for key, model in job.models.items()}
    return StudyResult(values_table(samples), means, comparisons, summary, models)


def audited(material: Material) -> list[dict[str, Any]]:
    """The absences that tell most about danger at some site, with how much they tell."""
    real = FeatureTable.concat([material.train, material.test])
    told = audit_missing(real).head(AUDITED).to_dict("records")
    return [{str(name): value for name, value in line.items()} for line in told]

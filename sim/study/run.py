"""The study from tables to findings."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.learn.model import Model
from sim.study.compare import comparisons_table
from sim.study.jobs import Done, run_all
from sim.study.material import Material
from sim.study.results import Samples, results_table, values_table
from sim.study.settings import StudySettings
from sim.study.summary import summarise


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


Report = Callable[[str, int, int], None]
"""Told what is being done, how many pieces are done and how many there are."""


def measure(
    material: Material,
    settings: StudySettings,
    *,
    kind: str,
    seed: int = 0,
    workers: int | None = None,
    report: Report | None = None,
    spent: Spent | None = None,
) -> StudyResult:
    """Train and score every arm, and compare.

    Args:
        material: Tables and exams.
        settings: Of the study.
        kind: Of the logs, "field" or "recorded".
        seed: Of the bootstrap.
        workers: Processes; all processors if left out. The result does not depend on it.
        report: Hears of progress.
        spent: What was used before, to be counted in.
    """
    spent = spent or Spent.begin()
    done = run_all(
        material,
        settings,
        workers=workers or os.cpu_count() or 1,
        report=None if report is None else lambda k, n: report("training", k, n),
    )
    regimes = {site.name: site.regime for site in material.sites}
    outcomes = [outcome for job in done for outcome in job.outcomes]
    samples = Samples.of(outcomes, regimes, settings.seeds, seed)
    means, comparisons = results_table(samples), comparisons_table(samples)
    summary = summarise(material, kind, means, comparisons, spent.total(done))
    models = {key: model for job in done for key, model in job.models.items()}
    return StudyResult(values_table(samples), means, comparisons, summary, models)


@dataclass(frozen=True)
class Spent:
    """Time and memory from a start on, workers included.

    Attributes:
        wall_s, cpu_s: Clocks of this process at the start [s].
        workers_cpu_s: Used by workers already [s].
        workers_mb: Highest memory of each worker by process id [MB].
    """

    wall_s: float
    cpu_s: float
    workers_cpu_s: float
    workers_mb: Mapping[int, float]

    @classmethod
    def begin(cls) -> Spent:
        """Start the clocks."""
        return cls(time.perf_counter(), time.process_time(), 0.0, {})

    def total(self, done: list[Done]) -> dict[str, float]:
        """Seconds, CPU-seconds and the sum of the processes' peaks [MB]."""
        here = os.getpid()
        peaks = dict(self.workers_mb)
        for job in done:
            peaks[job.process] = max(peaks.get(job.process, 0.0), job.peak_mb)
        peaks[here] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
        elsewhere = sum(job.cpu_seconds for job in done if job.process != here)
        return {
            "seconds": time.perf_counter() - self.wall_s,
            "cpu_seconds": time.process_time() - self.cpu_s + self.workers_cpu_s + elsewhere,
            "peak_mb": sum(peaks.values()),
        }

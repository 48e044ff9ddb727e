"""Measure what simulated edge cases are worth to a detector of danger on logs it has never met.

Without a folder of recordings the logs are field-style drives, made here. Writes `report.html`,
`summary.json`, `results.parquet`, `means.parquet`, `comparisons.parquet`, the trained detectors in
`models/`, and the scores of the judged arms and the conflicts they are held against in
`scores.parquet` and `events.parquet`.
Ends with the answer in three lines, on standard error, and the path of the report.

Examples:
  closecall study
  closecall study study=smoke
  closecall study logs.root=DIR 'logs.train_sites=[us101,lankershim]' 'logs.test_sites=[openacc]'
  closecall study logs.train_root=DIR logs.test_root=DIR study=full
  closecall study label.form=crossing logs.root=DIR 'logs.test_sites=[dut]'
  closecall study field.gap=strong out=runs/strong
  closecall study detector=my_module:make 'window.extra=[my_module:speed_change]'
"""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sim.base.errors import UserError, expected
from sim.base.store import write_json_rows, write_parquet
from sim.cli.labels import AUTO, LabelOfRun
from sim.cli.out import result_folder, save_config
from sim.cli.progress import Progress
from sim.config.build import build_sampler
from sim.features import Form, LabelSettings, WindowSettings
from sim.logs.field import FieldSettings
from sim.report.findings import Findings
from sim.report.page import write as write_report
from sim.report.three_lines import three_lines
from sim.sensing import SensorSettings
from sim.studies import LogsSettings, StudyResult, StudySettings, study
from sim.studies.scores_file import conflict_table, write_scores
from sim.studies.simulated import episodes_of

PATHS = ("out", "logs.root", "logs.train_root", "logs.test_root")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall study`.

    Attributes:
        seed: Of everything random but the field-style logs, which have `field.seed`.
        workers: Processes; null takes all processors. No result depends on it.
        out: New folder; null makes one below `runs/`.
        logs: Which logs are trained on and which are kept out.
        field: Field-style logs, where no folder is given.
        sampler: How the families' quantities are sampled.
        sensor: What sees recorded and simulated traffic; field-style logs have their own.
        label: What a conflict is; its form is `either` for field-style logs and `rear_end` for
            recordings, unless told.
        window: What features look back on, and the user's own (`window.extra`).
        study: How much is trained, simulated and resampled.
    """

    seed: int = 0
    workers: int | None = None
    out: Path | None = None
    logs: LogsSettings = dataclasses.field(default_factory=LogsSettings)
    field: FieldSettings = dataclasses.field(default_factory=FieldSettings)
    sampler: dict[str, Any]
    sensor: SensorSettings = dataclasses.field(default_factory=SensorSettings)
    label: LabelOfRun = dataclasses.field(default_factory=LabelOfRun)
    window: WindowSettings = dataclasses.field(default_factory=WindowSettings)
    study: StudySettings = dataclasses.field(default_factory=StudySettings)

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise expected("seed", "a whole number, at least 0", self.seed)
        if self.workers is not None and self.workers < 1:
            raise expected("workers", "a whole number, at least 1", self.workers)


def run(settings: Settings, config: str) -> Path:
    """Run the study; returns its report."""
    label = label_of(settings)
    episodes_of(settings.study, label.form)  # refused before there is a folder
    out = result_folder(settings.out, "study")
    save_config(out, config)
    with Progress() as progress:
        result = study(
            settings.study,
            logs=settings.logs,
            field=settings.field,
            sampler=build_sampler(settings.sampler),
            sensor=settings.sensor,
            label=label,
            window=settings.window,
            seed=settings.seed,
            workers=settings.workers,
            report=progress,
        )
    return _write(result, out, config)


def label_of(settings: Settings) -> LabelSettings:
    """The label with its form: recordings of one kind of traffic hold one kind of danger."""
    given: str = settings.label.form
    if given != AUTO:
        return settings.label.of(cast("Form", given))
    return settings.label.of("rear_end" if settings.logs.folders else "either")


def _write(result: StudyResult, out: Path, config: str) -> Path:
    write_parquet(result.results, out / "results.parquet")
    write_parquet(result.means, out / "means.parquet")
    write_parquet(result.comparisons, out / "comparisons.parquet")
    write_scores(result.scores, result.data, out / "scores.parquet")
    write_parquet(conflict_table(result.data), out / "events.parquet")
    for name, model in result.models.items():
        try:
            model.save(out / "models" / f"{name.replace(':', '.')}.skops")
        except UserError as error:  # a user's own detector; the findings stand without its file
            print(f"closecall: {error}", file=sys.stderr)
    write_json_rows(result.summary, out / "summary.json")
    path = write_report({**result.summary, "settings": config}, out=out / "report.html")
    # on standard error: standard output holds the path of the report alone
    print(*three_lines(Findings.of(result.summary)), sep="\n", file=sys.stderr)
    return path

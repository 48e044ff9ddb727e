"""Make field-style logs: a town and motorways whose drives stand for recordings.

They are simulated, by the same engine as the scenarios but with other drivers, roads and sensors,
and nothing in them is scripted. Writes two folders of logs, `train` and `test`, for any verb that
reads logs. The default makes some 20 and 240 ego-hours, about 1.3 GB.

Examples:
  closecall field out=logs field.train_hours=5 field.test_hours=20
  closecall study logs.train_root=logs/train logs.test_root=logs/test
  closecall field out=logs field=strong 'field.sites=[street_a,street_b]' field.hazard=1
"""

from __future__ import annotations

import dataclasses
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from sim.base.errors import expected
from sim.cli.out import result_folder, save_config
from sim.cli.progress import Progress
from sim.logs.field import FieldSettings
from sim.logs.field.write import shards, write_drive, write_manifests
from sim.studies.pool import Pool

PATHS = ("out",)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall field`.

    Attributes:
        out: New folder; null makes one below `runs/`.
        workers: Processes; null takes all processors. No drive depends on it.
        field: Which sites, how many hours, how far from the scenario families.
    """

    out: Path | None = None
    workers: int | None = None
    field: FieldSettings = dataclasses.field(default_factory=FieldSettings)

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise expected("workers", "a whole number, at least 1", self.workers)


def run(settings: Settings, config: str) -> Path:
    """Make the logs; returns the folder."""
    out = result_folder(settings.out, "field")
    save_config(out, config)
    planned = shards(settings.field, out)
    with Progress() as progress:
        pool = Pool(settings.workers or os.cpu_count() or 1, progress)
        written = [*pool.map("driving", write_drive, planned, len(planned))]
    write_manifests(written, settings.field)
    rows = sum(int(str(each.entry["rows"])) for each in written)
    hours = rows * 0.1 / 3600.0
    print(f"{len(written)} drives, {hours:.0f} road-user hours", file=sys.stderr)
    return out

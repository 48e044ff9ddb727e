"""Turn any log into what an ego senses, the conflicts that happen, and labelled features.

Writes `detections.parquet`, `events.parquet` and `features.parquet`.

Examples:
  closecall featurize runs/cut_in out=runs/features
  closecall featurize recordings/us101 sensor=rain label.ttc_s=2 out=runs/rain
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq

from sim.base.errors import expected
from sim.base.store import (
    MANIFEST,
    describe_file,
    software_version,
    write_atomically,
    write_json,
    write_parquet,
)
from sim.cli.labels import AUTO, LabelOfRun
from sim.cli.out import result_folder, save_config, tell
from sim.family import load_families
from sim.features import (
    FeatureTable,
    Form,
    LabelSettings,
    WindowSettings,
    detections,
    featurize,
)
from sim.features.parts import Egos
from sim.logs import each_log
from sim.sensing import SensorSettings
from sim.world.log import Log

POSITIONAL = "path"
PATHS = ("path", "out")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall featurize`.

    Attributes:
        path: A recording, a folder of them, or one that `generate` or `import` wrote.
        out: New folder; null makes one below `runs/`.
        seed: Of the sensors' noise.
        stride_s: Interval of an ego's rows [s].
        egos: `all` makes every vehicle an ego in turn, `first` only the one with the lowest
            id, which a scenario is about.
        sensor: The egos' outfit.
        label: What a conflict is, and how early it is to be seen.
        window: How far back features look.
    """

    path: Path
    out: Path | None = None
    seed: int = 0
    stride_s: float = 0.2
    egos: Egos = "all"
    sensor: SensorSettings = field(default_factory=SensorSettings)
    label: LabelOfRun = field(default_factory=LabelOfRun)
    window: WindowSettings = field(default_factory=WindowSettings)

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise expected("seed", "a whole number, at least 0", self.seed)
        if not 0.1 <= self.stride_s <= 10.0:
            raise expected("stride_s", "0.1 to 10 s", self.stride_s)


def run(settings: Settings, config: str) -> Path:
    """Featurize; returns the folder."""
    logs = each_log(settings.path)
    first = next(logs)  # a folder that cannot be read must not leave an empty result behind
    label = label_of(settings.label, first)
    out = result_folder(settings.out, "featurize")
    save_config(out, config)
    tables: list[FeatureTable] = []
    counts = {"detections": 0}

    def write_detections(path: Path) -> None:
        writer: pq.ParquetWriter | None = None
        for log in itertools.chain([first], logs):
            tables.append(_features(log, settings, label))
            for part in _detections(log, settings):
                writer = writer or pq.ParquetWriter(path, part.schema, compression="zstd")
                writer.write_table(part)
                counts["detections"] += part.num_rows
        if writer is not None:
            writer.close()

    write_atomically(out / "detections.parquet", write_detections)
    table = FeatureTable.concat(tables)
    counts |= {"events": len(table.events), "features": len(table)}
    write_parquet(table.events, out / "events.parquet")
    write_parquet(table.to_frame(), out / "features.parquet")
    listed = [describe_file(out / f"{name}.parquet", out, n) for name, n in counts.items()]
    write_json({"schema": 1, "version": software_version(), "files": listed}, out / MANIFEST)
    return out


def label_of(label: LabelOfRun, log: Log) -> LabelSettings:
    """The label with its form; that of the log's families where none was given, and says so."""
    given: str = label.form
    if given != AUTO:
        return label.of(cast("Form", given))
    names = {str(name) for name in log.episodes["family"].unique()} - {""}
    known = load_families() if names else {}
    events = {known[name].event for name in names if name in known}
    if events == {"crossing"}:
        tell(
            f"label.form=crossing, the event of {', '.join(sorted(names))}; give another to change"
        )
        return label.of("crossing")
    if len(events) > 1:
        tell("label.form=rear_end: the families have events of both forms; give another to change")
    return label.of("rear_end")


def _features(log: Log, settings: Settings, label: LabelSettings) -> FeatureTable:
    return featurize(
        log,
        sensor=settings.sensor,
        label=label,
        window=settings.window,
        seed=settings.seed,
        stride_s=settings.stride_s,
        egos=settings.egos,
    )


def _detections(log: Log, settings: Settings) -> Iterator[pa.Table]:
    parts = detections(
        log,
        sensor=settings.sensor,
        seed=settings.seed,
        stride_s=settings.stride_s,
        egos=settings.egos,
    )
    for part in parts:
        # one file holds many logs: plain strings keep the types of the parts the same
        plain = part.astype({"episode_id": str})
        yield pa.Table.from_pandas(plain, preserve_index=False)

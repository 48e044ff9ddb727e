"""From settings to feature tables: real rows of both sides, and simulated ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sim.base.errors import UserError
from sim.features import FeatureTable, LabelSettings, clipped, featurize
from sim.logs.field import Drive, FieldSettings, drives, record
from sim.sensing import SENSORS, SensorSettings
from sim.studies.pool import Pool
from sim.studies.recorded import recorded_sides
from sim.studies.settings import LogsSettings, StudySettings
from sim.studies.thin import thinned
from sim.world.log import Log


@dataclass(frozen=True)
class Sides:
    """Real rows.

    Attributes:
        kind: "recorded" or "field".
        train, test: Rows of each side.
        left_out: Training recordings that share a group with the test side.
    """

    kind: str
    train: FeatureTable
    test: FeatureTable
    left_out: int


@dataclass(frozen=True)
class Piece:
    """One recording to be sensed.

    Attributes:
        source: Its Log, or how to make it.
        train: Whether it is for training.
        sensor: What sees it.
        label: What a conflict is.
        seed: Of the sensors' noise.
        stride_s: Interval of rows [s].
        rows_max: Most rows to keep.
        clip_s: Length of the clips it is cut into if it is for training [s].
    """

    source: Log | tuple[Drive, FieldSettings]
    train: bool
    sensor: SensorSettings
    label: LabelSettings
    seed: int
    stride_s: float
    rows_max: int
    clip_s: float


def real_sides(
    settings: StudySettings,
    logs: LogsSettings,
    field: FieldSettings,
    *,
    sensor: SensorSettings,
    label: LabelSettings,
    seed: int,
    pool: Pool,
) -> Sides:
    """Rows of recordings where a folder is given, else of field-style logs.

    Raises:
        UserError: The folder cannot be used as asked.
    """
    if logs.folders:
        sides = recorded_sides(logs, seed)
        counts, left_out = (len(sides.train), len(sides.test)), sides.left_out
        sources: Iterable[tuple[Log | tuple[Drive, FieldSettings], bool]] = sides.logs()
    else:
        planned, left_out = drives(field), 0
        counts = (
            sum(drive.role == "train" for drive in planned),
            sum(drive.role != "train" for drive in planned),
        )
        sources = (((drive, field), drive.role == "train") for drive in planned)
        sensor = SENSORS[field.sensor]

    def pieces() -> Iterator[Piece]:
        for source, train in sources:
            rows = settings.rows_max // counts[0 if train else 1]
            yield Piece(
                source, train, sensor, label, seed, settings.stride_s, rows, settings.clip_s
            )

    sensed = [*pool.map("sensing", _sensed, pieces(), sum(counts))]
    kind = "recorded" if logs.folders else "field"
    return Sides(kind, _joined(sensed, True), _joined(sensed, False), left_out)


def _sensed(piece: Piece) -> tuple[bool, FeatureTable]:
    log = piece.source if isinstance(piece.source, Log) else record(*piece.source)
    table = featurize(
        log, sensor=piece.sensor, label=piece.label, seed=piece.seed, stride_s=piece.stride_s
    )
    table = thinned(table, piece.rows_max, piece.seed)
    return piece.train, clipped(table, piece.clip_s) if piece.train else table


def _joined(sensed: Iterable[tuple[bool, FeatureTable]], train: bool) -> FeatureTable:
    tables = [table for of_train, table in sensed if of_train == train]
    if not tables:
        raise UserError(f"logs: no recording is left to {'train' if train else 'test'} on")
    return FeatureTable.concat(tables)

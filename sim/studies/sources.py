"""From settings to feature tables: real rows of both sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.base.errors import UserError
from sim.features import FeatureTable, LabelSettings, WindowSettings, clipped, featurize
from sim.logs.field import Drive, FieldSettings, drives, record
from sim.sensing import SENSORS, SensorSettings
from sim.studies.block_sample import BlockSample
from sim.studies.pool import Pool
from sim.studies.recorded import Source, recorded_sides
from sim.studies.settings import LogsSettings, StudySettings
from sim.world.log import Log


@dataclass(frozen=True)
class RealRows:
    """Real rows.

    Attributes:
        kind: "recorded" or "field".
        train, test: Rows of each side.
        unexamined: Training recordings that their examination left out; None for none.
        left_out: Training recordings that share a group with the test side.
        findings: What the examination of the recordings found, a record each.
        shares: Share of the quiet blocks of each side that was kept.
    """

    kind: str
    train: FeatureTable
    test: FeatureTable
    unexamined: FeatureTable | None
    left_out: int
    findings: Sequence[dict[str, Any]] = ()
    shares: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True)
class Piece:
    """One recording to be sensed.

    Attributes:
        source: Its Log, or how to make it.
        side: What it is for.
        sensor: What sees it.
        label: What a conflict is.
        window: What features look back on.
        seed: Of the sensors' noise.
        stride_s: Interval of rows [s].
    """

    source: Log | tuple[Drive, FieldSettings]
    side: str
    sensor: SensorSettings
    label: LabelSettings
    window: WindowSettings
    seed: int
    stride_s: float


def real_rows(
    settings: StudySettings,
    logs: LogsSettings,
    field: FieldSettings,
    *,
    sensor: SensorSettings,
    label: LabelSettings,
    window: WindowSettings,
    seed: int,
    pool: Pool,
) -> RealRows:
    """Rows of recordings where a folder is given, else of field-style logs.

    Raises:
        UserError: The folder cannot be used as asked.
    """
    findings: list[dict[str, Any]] = []
    if logs.folders:
        sides = recorded_sides(logs, seed)
        count, left_out = len(sides), sides.left_out
        sources: Iterable[Source] = sides.logs(findings)
    else:
        planned, left_out = drives(field), 0
        count = len(planned)
        sources = (
            ((drive, field), "train" if drive.role == "train" else "test") for drive in planned
        )
        sensor = SENSORS[field.sensor]

    def pieces() -> Iterator[Piece]:
        for source, side in sources:
            yield Piece(source, side, sensor, label, window, seed, settings.stride_s)

    samples = {side: BlockSample(settings.rows_max, seed) for side in ("train", "test")}
    unexamined: list[FeatureTable] = []
    for side, table in pool.map("sensing", _sensed, pieces(), count):
        if side == "unexamined":
            unexamined.append(clipped(table, settings.clip_s))
        else:
            samples[side].add(table)
    kind = "recorded" if logs.folders else "field"
    shares = (samples["train"].share, samples["test"].share)
    # each side's recordings are let go once they are joined: one side at a time is there twice
    train = [clipped(table, settings.clip_s) for table in samples.pop("train").tables()]
    joined = _joined(train, "train")
    train.clear()
    return RealRows(
        kind=kind,
        train=joined,
        test=_joined(samples.pop("test").tables(), "test"),
        unexamined=FeatureTable.concat(unexamined) if unexamined else None,
        left_out=left_out,
        findings=findings,
        shares=shares,
    )


def _sensed(piece: Piece) -> tuple[str, FeatureTable]:
    log = piece.source if isinstance(piece.source, Log) else record(*piece.source)
    table = featurize(
        log,
        sensor=piece.sensor,
        label=piece.label,
        window=piece.window,
        seed=piece.seed,
        stride_s=piece.stride_s,
    )
    return piece.side, table


def _joined(tables: Sequence[FeatureTable], side: str) -> FeatureTable:
    if not tables:
        raise UserError(f"logs: no recording is left to {side} on")
    return FeatureTable.concat(tables)

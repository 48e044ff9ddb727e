"""From settings to feature tables: real rows of both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.base.errors import UserError
from sim.features import FeatureTable, LabelSettings, WindowSettings, clipped, featurize
from sim.logs.field import Drive, FieldSettings, conditions_of, drives, record
from sim.sensing import SENSORS, SensorSettings
from sim.studies.block_sample import WEIGHT_MAX, BlockSample
from sim.studies.cache import cached
from sim.studies.pool import Pool
from sim.studies.recorded import recorded_sides
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
        quiet_share: Of the blocks without a conflict, that are sensed.
    """

    source: Log | tuple[Drive, FieldSettings]
    side: str
    sensor: SensorSettings
    label: LabelSettings
    window: WindowSettings
    seed: int
    stride_s: float
    quiet_share: float = 1.0


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
    seen = Seen(label, window, seed, settings.stride_s)
    if logs.folders:
        return _recorded_rows(settings, logs, sensor, seen, pool)
    return _field_rows(settings, field, seen, pool)


@dataclass(frozen=True)
class Seen:
    """How all recordings are looked at; attributes as of `Piece`."""

    label: LabelSettings
    window: WindowSettings
    seed: int
    stride_s: float


def _recorded_rows(
    settings: StudySettings, logs: LogsSettings, sensor: SensorSettings, seen: Seen, pool: Pool
) -> RealRows:
    findings: list[dict[str, Any]] = []
    sides = recorded_sides(logs, seen.seed)
    samples = {side: BlockSample(settings.rows_max, seen.seed) for side in SIDES}
    unexamined: list[FeatureTable] = []
    pieces = (_piece(source, side, sensor, seen) for source, side in sides.logs(findings))
    for side, table in pool.map("sensing", _sensed, pieces, len(sides)):
        if side == "unexamined":
            unexamined.append(clipped(table, settings.clip_s))
        else:
            samples[side].add(table)
    shares = (samples["train"].share, samples["test"].share)
    # each side's recordings are let go once they are joined: one side at a time is there twice
    train = [clipped(table, settings.clip_s) for table in samples.pop("train").tables()]
    joined = _joined(train, "train")
    train.clear()
    return RealRows(
        kind="recorded",
        train=joined,
        test=_joined(samples.pop("test").tables(), "test"),
        unexamined=FeatureTable.concat(unexamined) if unexamined else None,
        left_out=sides.left_out,
        findings=findings,
        shares=shares,
    )


def _field_rows(settings: StudySettings, field: FieldSettings, seen: Seen, pool: Pool) -> RealRows:
    key = {"field": field, "seen": seen, "rows_max": settings.rows_max, "clip_s": settings.clip_s}
    shares = {
        side: quiet_share(settings.rows_max, hours, seen.stride_s)
        for side, hours in (("train", field.train_hours), ("test", field.test_hours))
    }

    def made() -> dict[str, FeatureTable]:
        samples = {side: BlockSample(settings.rows_max, seen.seed, shares[side]) for side in SIDES}
        planned = drives(field)
        pieces = (_drive_piece(drive, field, seen, shares) for drive in planned)
        for side, table in pool.map("sensing", _sensed, pieces, len(planned)):
            samples[side].add(table)
        train = [clipped(table, settings.clip_s) for table in samples.pop("train").tables()]
        joined = _joined(train, "train")
        train.clear()
        return {"train": joined, "test": _joined(samples.pop("test").tables(), "test")}

    keep = settings.cache and not seen.window.extra  # code of users' features is not known here
    tables = cached(key, made, use=keep)
    return RealRows(
        kind="field",
        train=tables["train"],
        test=tables["test"],
        unexamined=None,
        left_out=0,
        shares=(shares["train"], shares["test"]),
    )


SIDES = ("train", "test")


def quiet_share(rows_max: int, hours: float, stride_s: float) -> float:
    """Share of the blocks without a conflict that fits, halved from 1; at least that of a weight.

    Sensing costs ten times what driving does, so what would be thrown away is not sensed.

    >>> quiet_share(400_000, 300.0, 0.2)
    0.0625
    """
    share = 1.0
    while share * hours * 3600.0 / stride_s > rows_max and share > 1.0 / WEIGHT_MAX:
        share /= 2.0
    return share


def _piece(source: Log, side: str, sensor: SensorSettings, seen: Seen) -> Piece:
    return Piece(source, side, sensor, seen.label, seen.window, seen.seed, seen.stride_s)


def _drive_piece(drive: Drive, field: FieldSettings, seen: Seen, shares: dict[str, float]) -> Piece:
    side = "train" if drive.role == "train" else "test"
    return Piece(
        (drive, field),
        side,
        sensor_of(drive, field),
        seen.label,
        seen.window,
        seen.seed,
        seen.stride_s,
        shares[side],
    )


WET_LOSS = 0.3
"""Probability that rain hides an object at the sensor's full range (engineering)."""


def sensor_of(drive: Drive, field: FieldSettings) -> SensorSettings:
    """What sees a drive; in the wet it sees less far and more that is not there."""
    sensor = SENSORS[field.sensor]
    if field.gap == "none" or not conditions_of(drive, field).wet:
        return sensor
    clutter = 2.0 * sensor.clutter_per_scan
    return replace(sensor, weather_loss=WET_LOSS, clutter_per_scan=clutter, lidar_dropout=0.1)


def _sensed(piece: Piece) -> tuple[str, FeatureTable]:
    log = piece.source if isinstance(piece.source, Log) else record(*piece.source)
    table = featurize(
        log,
        sensor=piece.sensor,
        label=piece.label,
        window=piece.window,
        seed=piece.seed,
        stride_s=piece.stride_s,
        quiet_share=piece.quiet_share,
    )
    return piece.side, table


def _joined(tables: Sequence[FeatureTable], side: str) -> FeatureTable:
    if not tables:
        raise UserError(f"logs: no recording is left to {side} on")
    return FeatureTable.concat(tables)

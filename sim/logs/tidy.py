"""Tidy tables, one row a road user and moment, from Parquet or CSV."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sim.base.errors import UserError, expected, unknown
from sim.base.store import read_parquet
from sim.logs.cells import lanes, numbers, sizes, track_ids
from sim.logs.dropped import Dropped
from sim.logs.motion import heading_of
from sim.logs.openacc import CHAIN_SPACING_M
from sim.logs.schema import Raw
from sim.world.kinds import KIND_NAMES
from sim.world.log import LOG_STEP_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ALIASES: dict[str, tuple[str, ...]] = {
    "track_id": ("track_id",),
    "t": ("t", "t_s"),
    "frame": ("frame",),
    "x": ("x", "x_m"),
    "y": ("y", "y_m"),
    "vx": ("vx", "vx_mps"),
    "vy": ("vy", "vy_mps"),
    "speed": ("speed", "speed_mps"),
    "heading": ("heading", "heading_rad", "yaw", "yaw_rad"),
    "length": ("length", "length_m"),
    "width": ("width", "width_m"),
    "kind": ("kind",),
    "lane": ("lane",),
}
"""What a column is called without a column map. Seconds, metres, radians; frames 0.1 s apart."""

REQUIRED = ("track_id", "x", "y", "length", "width")
_KINDS = {name: name for name in KIND_NAMES} | {
    "van": "car",
    "cart": "car",
    "bus": "truck",
    "trailer": "truck",
    "motorbike": "motorcycle",
    "cyclist": "bicycle",
    "person": "pedestrian",
    "skater": "pedestrian",
}


def columns_of(names: list[str], given: Mapping[str, str], where: str = "") -> dict[str, str]:
    """Which column of a file holds what.

    Args:
        names: The file's columns.
        given: The user's map from our names (`ALIASES`) to the file's.
        where: The file, for messages.

    Raises:
        UserError: The map names something that does not exist, on either side.
    """
    found = {}
    for ours, aliases in ALIASES.items():
        here = [alias for alias in aliases if alias in names]
        if here:
            found[ours] = here[0]
    for ours, theirs in given.items():
        if ours not in ALIASES:
            raise unknown("columns", ours, ALIASES)
        if theirs not in names:
            raise unknown(f"columns.{ours}", theirs, names, where=where)
        found[ours] = theirs
    return found


def looks_tidy(names: list[str], given: Mapping[str, str]) -> bool:
    """Whether a header is one of a tidy table, if perhaps an incomplete one."""
    return len(columns_of(names, {k: v for k, v in given.items() if v in names})) >= 4


def read_tidy(path: Path, columns: Mapping[str, str]) -> Raw:
    """Read one recording.

    Needs a track, a place, a time or frame, a size, and a velocity: `vx` and `vy`, or `speed`
    with a heading. Rows flagged `dup_track` or `gap_bad` are left out; a column
    `gap_recorded` says that `lane` is a chain of cars with a line of its own.

    Raises:
        UserError: A column is missing, is no number or not finite; two recordings in a file.
    """
    table = _table(path)
    names = columns_of([str(name) for name in table], columns, str(path))
    _check(names, path)
    if len(table) == 0:
        raise expected("rows", "at least one row of one road user", 0, where=str(path))
    if "recording_id" in table and table["recording_id"].nunique() > 1:
        several = f"{table['recording_id'].nunique()} recordings"
        raise expected("recording_id", "one recording a file", several, where=str(path))
    table, dropped = _without_flagged(table)
    out = _places(table, names, path)
    out["kind"] = _kinds(table, names, path)
    out, sized = sizes(out, (names["length"], names["width"]), path)
    out["lane"] = lanes(table[names["lane"]], path) if "lane" in names else -1
    if "gap_recorded" in table:
        out["y_m"] += CHAIN_SPACING_M * pd.factorize(out["lane"], sort=True)[0]
    return Raw(out, dropped + Dropped(sized=sized))


def _table(path: Path) -> pd.DataFrame:
    try:
        if path.suffix.lower() == ".parquet":
            return read_parquet(path)
        table = pd.read_csv(path, low_memory=False, skipinitialspace=True, encoding="utf-8-sig")
    except (ValueError, OSError, pd.errors.ParserError, pa.ArrowException) as error:
        told = " ".join(str(error).split())[:160]
        raise UserError(f"{path}: expected a tidy table, {told}") from error
    with path.open(encoding="utf-8-sig") as file:
        header = [name.strip() for name in file.readline().rstrip("\r\n").split(",")]
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise expected("header", "each column once", f"{twice[0]} twice", where=str(path))
    return table.rename(columns=str.strip)


def _check(names: dict[str, str], path: Path) -> None:
    missing = [name for name in REQUIRED if name not in names]
    if "t" not in names and "frame" not in names:
        missing.append("t or frame")
    if not ({"vx", "vy"} <= names.keys() or {"speed", "heading"} <= names.keys()):
        missing.append("vx and vy (or speed and heading)")
    if missing:
        got = ", ".join(sorted(names.values()))
        raise expected("columns", f"also {', '.join(missing)}", got, where=str(path))


def _without_flagged(table: pd.DataFrame) -> tuple[pd.DataFrame, Dropped]:
    empty = np.zeros(len(table), dtype=bool)
    flags = [
        table[name].to_numpy(dtype=bool) if name in table else empty
        for name in ("dup_track", "gap_bad")
    ]
    kept = table[~(flags[0] | flags[1])].reset_index(drop=True)
    return kept, Dropped(duplicates=int(flags[0].sum()), gaps=int((flags[1] & ~flags[0]).sum()))


def _places(table: pd.DataFrame, names: dict[str, str], path: Path) -> pd.DataFrame:
    def column(name: str) -> Floats:
        values = numbers(table[names[name]], where=path, row0=2)
        if not np.isfinite(values).all():
            bad = int((~np.isfinite(values)).sum())
            raise expected(
                names[name], "finite numbers", f"{bad} of {len(values)} missing", where=str(path)
            )
        return values

    out = pd.DataFrame({"track_id": track_ids(table[names["track_id"]], path)})
    frame = column("frame") if "frame" in names else None
    t = column("t") if "t" in names else column("frame") * LOG_STEP_S
    _check_order(out["track_id"].to_numpy(), t, frame, path)
    out["t_s"] = t
    out["x_m"], out["y_m"] = column("x"), column("y")
    for ours, name in (("length_m", "length"), ("width_m", "width")):
        out[ours] = numbers(table[names[name]], where=path, row0=2)
    heading = column("heading") if "heading" in names else None
    if "speed" in names and heading is not None:
        return out.assign(yaw_rad=heading, speed_mps=column("speed"))
    vx, vy = column("vx"), column("vy")
    if heading is None:
        order = np.lexsort((t, out["track_id"].to_numpy()))
        heading = np.empty(len(t))
        heading[order] = heading_of(out["track_id"].to_numpy()[order], vx[order], vy[order])
    along = vx * np.cos(heading) + vy * np.sin(heading)
    speed = np.hypot(vx, vy) * np.where(along < 0.0, -1.0, 1.0)
    return out.assign(yaw_rad=heading, speed_mps=speed)


def _check_order(track: Ints, t: Floats, frame: Floats | None, path: Path) -> None:
    if frame is None:
        return
    order = np.lexsort((frame, track))
    same = track[order][1:] == track[order][:-1]
    back = same & (np.diff(frame[order]) > 0) & (np.diff(t[order]) <= 0.0)
    if back.any():
        which = track[order][1:][back][0]
        raise expected(
            "t", "time that grows with frame", f"not so in track {which}", where=str(path)
        )


def _kinds(table: pd.DataFrame, names: dict[str, str], path: Path) -> pd.Series | str:
    if "kind" not in names:
        return "car"
    column = table[names["kind"]].astype(str).str.strip().str.lower()
    for name in column.unique():
        if name not in _KINDS:
            raise unknown("kind", name, _KINDS, where=str(path))
    return column.map(_KINDS)

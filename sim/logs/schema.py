"""From what a reader found in a file to a Log: the steps that all formats share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import UserError, expected
from sim.logs.contact import contacts
from sim.logs.dropped import Dropped
from sim.logs.motion import DAY_S, acceleration, onto_frames, wrap
from sim.logs.units import check_units
from sim.world.log import LOG_STEP_S, Log

RAW_COLUMNS = (
    "track_id",
    "t_s",
    "x_m",
    "y_m",
    "yaw_rad",
    "speed_mps",
    "length_m",
    "width_m",
    "kind",
    "lane",
)
"""What a reader hands over, any rate, any order; `kind` is a name of `KIND_NAMES`."""

SHORTEST_S = 0.8
"""Tracks seen for less are left out: too short for a label and, at their edge of the view,
the noisiest rows of NGSIM."""


@dataclass(frozen=True)
class Raw:
    """A file as read.

    Attributes:
        table: Columns `RAW_COLUMNS`.
        dropped: What the reader left out already.
        landmarks: Of each lanelet of its map, by id, (4, 2) ends of its bounds [m].
    """

    table: pd.DataFrame
    dropped: Dropped
    landmarks: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)


def finish(raw: Raw, *, path: Path, episode_id: str, site: str, group: str) -> tuple[Log, Dropped]:
    """The Log of one recording, and all that was left out.

    Raises:
        UserError: The file holds no rows, sizes, times or units are impossible, or nothing is
            left.
    """
    table = _sorted(raw.table, path)
    table, twice = _without_repeats(table, "t_s")
    check_units(table, str(path))
    table, resampled = onto_frames(table)
    table, again = _without_repeats(table, "frame")
    table, touching = _without_faults(table)
    table, short = _without_short(table)
    if table.empty:
        raise expected("tracks", f"a road user seen for {SHORTEST_S} s", "none", where=str(path))
    changed = Dropped(duplicates=twice + again, short=short, resampled=resampled)
    dropped = raw.dropped + touching + changed
    tracks = table.assign(
        episode_id=episode_id,
        t_s=table["frame"] * LOG_STEP_S,
        yaw_rad=wrap(table["yaw_rad"].to_numpy(dtype=float)),
        accel_mps2=acceleration(
            table["track_id"].to_numpy(),
            table["frame"].to_numpy(),
            table["speed_mps"].to_numpy(dtype=float),
        ),
    )
    episode = {"episode_id": episode_id, "source": "recorded", "site": site, "group": group}
    return Log.of(pd.DataFrame([episode]), tracks), dropped


def without_rows(log: Log, gone: NDArray[np.bool_]) -> Log:
    """A Log less the rows marked in `gone` (R,)."""
    return replace(log, tracks=log.tracks[~gone].reset_index(drop=True))


def _sorted(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    if table.empty:
        raise expected("rows", "at least one row of one road user", 0, where=str(path))
    t = table["t_s"].to_numpy(dtype=float)
    if t.max() - t.min() > DAY_S:
        raise expected(
            "time", "at most 24 h in a recording [s]", f"{np.ptp(t):g} s", where=str(path)
        )
    for name in ("length_m", "width_m"):
        smallest = float(table[name].min())
        if not smallest > 0.0:
            raise expected(name, "sizes above 0 m", smallest, where=str(path))
    if np.abs(table[["x_m", "y_m"]].to_numpy(dtype=float)).max() > 1e8:
        raise UserError(f"{path}: positions: expected metres within 1e8 of the origin, got more")
    return table.sort_values(["track_id", "t_s"], kind="stable", ignore_index=True)


def _without_repeats(table: pd.DataFrame, when: str) -> tuple[pd.DataFrame, int]:
    twice = table.duplicated(["track_id", when]).to_numpy()
    return table[~twice].reset_index(drop=True), int(twice.sum())


def _without_faults(table: pd.DataFrame) -> tuple[pd.DataFrame, Dropped]:
    found = contacts(table)
    kept = table[~found.faulty].reset_index(drop=True)
    counts = Dropped(overlaps=int(found.faulty.sum()), contacts=int(found.crashed.sum()))
    return kept, counts


def _without_short(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    rows = table.groupby("track_id")["frame"].transform("size").to_numpy()
    short = rows * LOG_STEP_S < SHORTEST_S - 1e-9
    return table[~short].reset_index(drop=True), int(short.sum())

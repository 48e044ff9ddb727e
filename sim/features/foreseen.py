"""The `events` table: each conflict, and how early a detector had rows to see it coming."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.features.settings import LabelSettings
from sim.features.table import EVENT_COLUMNS, FeatureTable
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Ints = NDArray[np.int64]


def of_egos(events: pd.DataFrame, rows: Rows, order: Ints) -> NDArray[np.bool_]:
    """Which conflicts have their ego among the rows `order`."""
    egos = pd.MultiIndex.from_arrays([rows.episode[order], rows.track[order]]).unique()
    mine = pd.MultiIndex.from_frame(events[["episode", "ego_id"]]).isin(egos)
    return np.asarray(mine, dtype=np.bool_)


def event_table(events: pd.DataFrame, table: FeatureTable, label: LabelSettings) -> pd.DataFrame:
    """Conflicts (`find_conflicts`) with columns `EVENT_COLUMNS`, beside the rows of a table."""
    out = events.reset_index(drop=True)
    out["episode_id"] = np.array(table.episode_names, dtype=object)[out["episode"]]
    out["start_s"] = out["start_frame"] * LOG_STEP_S
    out["end_s"] = out["end_frame"] * LOG_STEP_S
    first = _first_used(
        out["episode"].to_numpy(np.int64),
        out["ego_id"].to_numpy(np.int64),
        out["start_frame"].to_numpy(np.int64),
        table.episode[table.use],
        table.ego[table.use],
        table.frame[table.use],
        round(label.from_s / LOG_STEP_S),
        round(label.until_s / LOG_STEP_S),
    )
    out["lead_time_s"] = np.where(first < 0, np.nan, first * LOG_STEP_S)
    out["observable"] = first >= 0
    return out[list(EVENT_COLUMNS)]


@njit
def _first_used(
    episode: Ints,
    ego: Ints,
    start: Ints,
    row_episode: Ints,
    row_ego: Ints,
    row_frame: Ints,
    first: int,
    last: int,
) -> Ints:
    """Frames between the first used row of each event's window and its start, -1 if none."""
    out = np.full(len(start), -1, np.int64)
    low = 0
    for i in range(len(start)):  # both sides are sorted by episode and ego
        while low < len(row_ego) and (
            row_episode[low] < episode[i]
            or (row_episode[low] == episode[i] and row_ego[low] < ego[i])
        ):
            low += 1
        k = low
        while k < len(row_ego) and row_episode[k] == episode[i] and row_ego[k] == ego[i]:
            if first <= start[i] - row_frame[k] <= last:
                out[i] = start[i] - row_frame[k]
                break
            k += 1
    return out

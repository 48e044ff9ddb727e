"""Scores and alarms of a detector, put to the rows of an episode."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import UserError
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SCORE_COLUMNS = ("episode_id", "ego_id", "t_s", "score", "alarm")
HOLD_STEPS = 4
"""A score stands for this many steps of 0.1 s, as scores come every 0.2 to 0.4 s."""


def alarms(rows: Rows, name: str, scores: pd.DataFrame | None) -> tuple[Floats, Bools]:
    """The score of each row, NaN where there is none, and whether it raised the alarm, (R,) each.

    Args:
        rows: Of one episode.
        name: Its id.
        scores: Columns `SCORE_COLUMNS`, of any episodes.

    Raises:
        UserError: A column is missing.
    """
    score = np.full(len(rows), np.nan)
    alarm = np.zeros(len(rows), dtype=bool)
    if scores is None:
        return score, alarm
    missing = [column for column in SCORE_COLUMNS if column not in scores]
    if missing:
        raise UserError(f"scores: missing column {', '.join(missing)}")
    mine = scores[scores["episode_id"].astype(str) == name]
    frame = np.rint(mine["t_s"].to_numpy(dtype=np.float64) / LOG_STEP_S).astype(np.int64)
    place = pd.MultiIndex.from_arrays([rows.frame, rows.track])
    at = place.get_indexer(pd.MultiIndex.from_arrays([frame, mine["ego_id"]]))
    score[at[at >= 0]] = mine["score"].to_numpy(dtype=np.float64)[at >= 0]
    alarm[at[at >= 0]] = mine["alarm"].to_numpy(dtype=bool)[at >= 0]
    return _held(rows, score, alarm)


def _held(rows: Rows, score: Floats, alarm: Bools) -> tuple[Floats, Bools]:
    for _ in range(HOLD_STEPS - 1):
        gap = np.isnan(score) & (rows.before >= 0)
        score[gap], alarm[gap] = score[rows.before[gap]], alarm[rows.before[gap]]
    return score, alarm

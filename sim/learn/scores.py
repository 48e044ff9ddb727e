"""What a saved detector says of a log: a score and an alarm for each row, and the alarms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import UserError, expected
from sim.base.store import read_parquet
from sim.features import FeatureTable
from sim.learn.alarms import REFRACTORY_S, hold_rows
from sim.learn.model import Model

SCORES_FILE = "scores.parquet"
SCORE_COLUMNS = ("episode_id", "ego_id", "t_s", "score", "alarm")


def score_table(model: Model, table: FeatureTable, threshold: float) -> pd.DataFrame:
    """One row a feature row, columns `SCORE_COLUMNS`.

    `alarm` is true while the score has been over the threshold for 0.4 s, as in the study.
    """
    score = model.score(table)
    return pd.DataFrame(
        {
            "episode_id": np.array(table.episode_names, dtype=object)[table.episode],
            "ego_id": table.ego,
            "t_s": table.t,
            "score": score,
            "alarm": _held(score > threshold, table),
        }
    )


def alarm_table(scores: pd.DataFrame) -> pd.DataFrame:
    """One row an alarm of an ego; what follows within 5 s of an alarm's start belongs to it.

    Returns:
        Columns `episode_id`, `ego_id`, `start_s`, `end_s`, `score` (the highest).
    """
    found = []
    on = scores[scores["alarm"]]
    for (episode, ego), rows in on.groupby(["episode_id", "ego_id"], sort=False, observed=True):
        start = -np.inf
        for t, score in zip(rows["t_s"], rows["score"]):
            if t - start >= REFRACTORY_S:
                start = t
                found.append([episode, ego, t, t, score])
            found[-1][3:] = [t, max(score, found[-1][4])]
    return pd.DataFrame(found, columns=["episode_id", "ego_id", "start_s", "end_s", "score"])


def load_scores(path: Path) -> pd.DataFrame:
    """Read what `score_table` gave, from the file or the folder it was written to.

    Raises:
        UserError: There is no such file, or it is another table.
    """
    file = path / SCORES_FILE if path.is_dir() else path
    if not file.is_file():
        raise expected("scores", f"a folder with {SCORES_FILE}, or that file", str(path))
    table = read_parquet(file)
    lacking = [name for name in SCORE_COLUMNS if name not in table]
    if lacking:
        raise UserError(f"scores: {file} lacks the column {lacking[0]}")
    return table


def _held(over: NDArray[np.bool_], table: FeatureTable) -> NDArray[np.bool_]:
    """Whether the last rows of an unbroken run, standing for 0.4 s, were all over."""
    out = over.copy()
    for back in range(1, hold_rows(table.stride_s)):
        same = np.zeros(len(over), dtype=bool)
        same[back:] = (table.episode[back:] == table.episode[:-back]) & (
            table.ego[back:] == table.ego[:-back]
        )
        close = np.zeros(len(over), dtype=bool)
        close[back:] = table.t[back:] - table.t[:-back] < (back + 0.5) * table.stride_s
        earlier = np.zeros(len(over), dtype=bool)
        earlier[back:] = over[:-back]
        out &= same & close & earlier
    return out

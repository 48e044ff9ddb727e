"""Fewer rows that stand for all: whole egos, every one that meets a conflict."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.base.rng import stream
from sim.features import FeatureTable


def thinned(table: FeatureTable, rows_max: int, seed: int) -> FeatureTable:
    """A sample of whole egos of one episode, of about so many rows.

    Egos with a conflict all stay. Of the others some are drawn, and count for those that were
    not: hours, false alarms and shares of positives stay true on average.

    Args:
        table: Rows of one episode.
        rows_max: Aim for no more rows than this.
        seed: Of the choice.
    """
    if len(table) <= rows_max:
        return table
    egos, of_row = np.unique(table.ego, return_inverse=True)
    involved = np.isin(egos, table.events["ego_id"].to_numpy(dtype=np.int64))
    involved |= np.bincount(of_row, table.y, minlength=len(egos)) > 0
    others = np.flatnonzero(~involved)
    if len(others) == 0:
        return table
    room = rows_max - int(involved[of_row].sum())
    share = max(room, 0) / max(int((~involved)[of_row].sum()), 1)
    count = max(1, round(share * len(others)))
    draw = stream(seed, 0, f"study.thin.{table.episode_names[0]}")
    weight = np.zeros(len(egos))
    weight[involved] = 1.0
    weight[draw.choice(others, count, replace=False)] = len(others) / count
    counted = replace(table, weight=table.weight * weight[of_row])
    return counted.take(weight[of_row] > 0)

"""Fewer rows that stand for all: stretches of an ego's drive, every one that meets a conflict."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.base.rng import stream
from sim.features import FeatureTable

STRETCH_S = 20.0
"""Length of a stretch [s]: some refractory times of an alarm, and a fraction of a drive, so that
a conflict does not keep minutes of quiet driving with it."""


def thinned(table: FeatureTable, rows_max: int, seed: int) -> FeatureTable:
    """A sample of stretches of the egos of one episode, of about so many rows.

    Stretches with a conflict or the time before one all stay. Of the others some are drawn, and
    count for those that were not: hours, false alarms and shares of positives stay true on
    average.

    Args:
        table: Rows of one episode.
        rows_max: Aim for no more rows than this.
        seed: Of the choice.
    """
    if len(table) <= rows_max:
        return table
    part = np.floor(table.t / STRETCH_S + 1e-9).astype(np.int64)
    of_row = np.unique(np.stack([table.ego, part]), axis=1, return_inverse=True)[1].reshape(-1)
    rows = np.bincount(of_row)
    telling = np.bincount(of_row, table.y | ~table.use) > 0
    others = np.flatnonzero(~telling)
    if len(others) == 0:
        return table
    room = max(0, rows_max - int(rows[telling].sum()))
    count = int(np.clip(round(room / rows[others].mean()), 1, len(others)))
    draw = stream(seed, 0, f"study.thin.{table.episode_names[0]}")
    kept = draw.choice(others, count, replace=False)
    weight = telling.astype(np.float64)
    weight[kept] = rows[others].sum() / rows[kept].sum()
    counted = replace(table, weight=table.weight * weight[of_row])
    return counted.take(weight[of_row] > 0)

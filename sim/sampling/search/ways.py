"""Ways to fail: whom the ego touched, where, how fast and when; and how ordinary it was."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from sim.family import Family
from sim.sampling.cells.bins import Bools, Floats, Ints
from sim.sampling.sample import egos
from sim.world.kinds import KIND_NAMES
from sim.world.log import SIDE_NAMES, Log

IMPACT_MPS, TIMES = (0.0, 2.0, 5.0, 10.0, 15.0, 25.0, np.inf), 3
"""Relative speeds at contact that tell ways to fail apart, and thirds of the episode."""

DIMS: tuple[int, ...] = (len(KIND_NAMES), len(SIDE_NAMES), len(IMPACT_MPS) - 1, TIMES)
"""Kinds of road user, sides, bands of speed and thirds of the episode: the cells of an archive."""


def log_likelihood(family: Family, points: Floats) -> Floats:
    """(n,) log of the nominal density in standard-normal space over that of its mode.

    A choice counts with the probability of its value over that of the likeliest.
    """
    out = np.zeros(len(points))
    for k, axis in enumerate(family.space.axes):
        if axis.discrete:
            edges = axis.cells(1)
            chance = np.diff(edges)
            value = np.searchsorted(edges[1:-1], points[:, k], side="left")
            out += np.log(chance[value] / chance.max())
        elif not axis.fixed:
            out -= 0.5 * ndtri(points[:, k]) ** 2
    return out


def ways(log: Log, seconds: float) -> tuple[Ints, Bools]:
    """For each ego the cell (n, 4) of its way to fail, and whether it failed (n,)."""
    ego = egos(log)
    crashed = ego["collided"].to_numpy(bool)
    kinds = log.outcomes.set_index(["episode_id", "track_id"])["kind"].cat.codes
    struck = pd.MultiIndex.from_arrays([ego["episode_id"], ego["other_id"]])
    who = kinds.reindex(struck).fillna(0).to_numpy(np.int64)
    side = np.maximum(ego["contact_side"].cat.codes.to_numpy(np.int64), 0)
    speed = np.nan_to_num(ego["impact_speed_mps"].to_numpy(np.float64))
    impact = np.searchsorted(IMPACT_MPS[1:-1], speed, side="right")
    part = np.nan_to_num(ego["contact_s"].to_numpy(np.float64)) / seconds * TIMES
    time = np.clip(part.astype(np.int64), 0, TIMES - 1)
    return np.stack([who, side, impact, time], axis=1), crashed


def way_table(family: Family, held: Mapping[str, Any], cell: Ints, points: Floats) -> pd.DataFrame:
    """One row a way to fail: which way, how ordinary, which episode, and what was drawn."""
    bands = [f"{a:g}-{b:g} m/s" for a, b in pairwise(IMPACT_MPS)]
    bands[-1] = f"over {IMPACT_MPS[-2]:g} m/s"
    third = family.seconds / TIMES
    thirds = [f"{k * third:.3g}-{(k + 1) * third:.3g} s" for k in range(TIMES)]
    columns = {
        "who": np.array(KIND_NAMES, dtype=object)[cell[:, 0]],
        "side": np.array(SIDE_NAMES, dtype=object)[cell[:, 1]],
        "impact": np.array(bands, dtype=object)[cell[:, 2]],
        "time": np.array(thirds, dtype=object)[cell[:, 3]],
        "log_likelihood": held["objective"],
        "episode": held["episode"],
        "impact_speed_mps": held["speed"],
    }
    drawn = family.columns(family.draw(points)) if len(points) else {}
    return pd.DataFrame(columns | {f"q.{name}": values for name, values in drawn.items()})

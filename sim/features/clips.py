"""Long recordings cut into clips, so that a study can train on a small share of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.features.table import PER_ROW, FeatureTable

Ints = NDArray[np.int64]


def clipped(table: FeatureTable, seconds: float) -> FeatureTable:
    """The table with every episode cut into clips of so many seconds, named `<episode>#<k>`.

    Rows are those of before, and keep their group and site. A conflict belongs to the clip in
    which it starts. Clips without a row are left out; an episode of one clip keeps its name.

    Args:
        table: Rows and events of whole episodes.
        seconds: Length of a clip [s].
    """
    clip = np.floor(table.t / seconds + 1e-9).astype(np.int64)
    keys, of_row = np.unique(np.stack([table.episode, clip]), axis=1, return_inverse=True)
    of_row = of_row.reshape(-1)
    parent = keys[0]
    single = np.bincount(parent, minlength=len(table.episode_names)) < 2
    names = tuple(
        table.episode_names[e] if single[e] else f"{table.episode_names[e]}#{k}" for e, k in keys.T
    )
    order = np.lexsort((table.t, table.ego, of_row))
    rows = {name: getattr(table, name)[order] for name in PER_ROW}
    rows["episode"] = of_row[order]
    return replace(
        table,
        **rows,
        episode_names=names,
        episode_group=tuple(table.episode_group[e] for e in parent),
        episode_site=tuple(table.episode_site[e] for e in parent),
        episode_source=tuple(table.episode_source[e] for e in parent),
        episode_weight=table.episode_weight[parent],
        events=_renamed(table, keys, names, seconds),
    )


def _renamed(
    table: FeatureTable, keys: Ints, names: tuple[str, ...], seconds: float
) -> pd.DataFrame:
    """The events under the names of their clips; those in a clip without rows fall away."""
    name_of = {
        (table.episode_names[e], int(k)): name for (e, k), name in zip(keys.T, names, strict=True)
    }
    events = table.events
    clip = np.floor(events["start_s"].to_numpy(dtype=np.float64) / seconds + 1e-9)
    renamed = [name_of.get((str(e), int(k))) for e, k in zip(events["episode_id"], clip)]
    kept = np.array([name is not None for name in renamed], dtype=bool)
    out = events[kept].reset_index(drop=True)
    return out.assign(episode_id=[name for name in renamed if name is not None])

"""Which crashes of a run could have been avoided, with whom they were, and on which side."""

from __future__ import annotations

import numpy as np
import pandas as pd

PREVENTABLE = ("all", "some", "none")
"""By how many of the reference drivers: every label of a crash."""


def crash_shares(episodes: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """The egos' crashes by who would have avoided them, kind of the other, and side of the ego.

    Args:
        episodes: That table of a run's Log, labelled as `generate` does.
        outcomes: That table of the same run.

    Returns:
        One row a combination that occurs, the most frequent first. Columns: `preventable`
        ("all", "some", "none", or "" where nobody labelled), `other` (kind), `side` (of the
        ego), `crashes` (how many), `share` (of all crashes, weighted by the episodes' weights).

    >>> from sim.world.road import straight
    >>> from sim.world.rollout import simulate
    >>> from sim.world.scene import Scene
    >>> scene = Scene(1, straight(lanes=1))
    >>> ego = scene.car(lane=0, s=50.0, speed=20.0, law="free")
    >>> wall = scene.obstacle(lane=0, ahead_of=ego, gap=30.0)
    >>> log = simulate(scene.episode(), seconds=2.0)
    >>> crash_shares(log.episodes, log.outcomes).to_numpy().tolist()
    [['', 'object', 'front', 1, 1.0]]
    """
    crashes = _crashes(episodes, outcomes)
    groups = crashes.groupby(["preventable", "other", "side"], observed=True)
    table = groups["weight"].agg(crashes="size", share="sum").reset_index()
    table["share"] /= max(float(table["share"].sum()), np.finfo(float).tiny)
    ordered = table.sort_values(["crashes", "preventable", "other", "side"], ascending=False)
    return ordered.reset_index(drop=True)


def _crashes(episodes: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """One row a crash of an ego: label, kind of the other, side and weight."""
    rows = outcomes.astype({"episode_id": str, "kind": str, "contact_side": str})
    met = rows.loc[(rows["track_id"] == 0) & rows["collided"]]
    others = rows[["episode_id", "track_id", "kind"]]
    others = others.rename(columns={"track_id": "other_id", "kind": "other"})
    met = met.merge(others, on=["episode_id", "other_id"], how="left")
    labels = episodes[["episode_id", "preventable", "log_weight"]].astype({"episode_id": str})
    out = met.merge(labels, on="episode_id", how="left").rename(columns={"contact_side": "side"})
    return out.assign(weight=np.exp(out["log_weight"].to_numpy(dtype=np.float64)))

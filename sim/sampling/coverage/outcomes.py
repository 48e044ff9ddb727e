"""What became of a run's episodes: how severe, with whom, and doing what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import UserError, expected, safe
from sim.family import EVENTS, Family
from sim.sampling.opened import Opened
from sim.world.log import typed_outcomes
from sim.world.touched import pair_delta_v

SEVERITIES: tuple[str, ...] = ("ordinary", "near", "light", "moderate", "severe")
"""From nothing to the worst: the family's event without contact, then contact by delta-v."""

BANDS_MPS = (4.2, 8.3)
"""Delta-v, of whoever's is the larger, at which a crash is moderate, and severe: 15 and 30 km/h
(engineering)."""

MANOEUVRES: tuple[str, ...] = ("goes on", "brakes", "changes lane", "turns")

BRAKES_MPS2, TURNS_RAD = 3.0, 0.5
"""Harder than comfort (Treiber and Kesting 2013: 2 m/s²); a lane change stays below 0.2 rad."""

MOVE = ["episode_id", "t_s", "yaw_rad", "accel_mps2", "lane"]
"""What is read of the tracks."""

ALL_SORTS = "several"
"""The other road user where none was touched and those around differ."""


def outcomes(run: Opened) -> pd.DataFrame:
    """One row an episode of a run: `severity`, `who`, `manoeuvre`, `side`, `weight`.

    `who` is the kind of road user that was touched, or else that came as close as the ego did,
    or else the kind of all others. `manoeuvre` is what the ego did, until it touched anybody;
    `side` where it was touched, "" if it was not. `weight` is the importance weight, NaN
    where the sampler's points are no probability sample. `preventable` is there if the run
    was labelled.

    Raises:
        UserError: The run measured no outcomes, or its files are not as they were written.
    """
    parts = [_part(run.family, *tables) for tables in _tables(run)]
    return pd.concat(parts, ignore_index=True)


def _tables(run: Opened) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]]:
    for name in run.parts():
        for table in ("outcomes", "tracks"):
            if not (run.folder / table / name).is_file():
                raise expected("path", f"{name} in outcomes and tracks", str(run.folder))
        episodes = run.part("episodes", name)
        ends = _ends(run.folder / "outcomes" / name, episodes, run.part("outcomes", name))
        tracks = run.part("tracks", name, columns=MOVE, filters=[("track_id", "==", 0)])
        yield episodes, ends, tracks


def _ends(path: Path, episodes: pd.DataFrame, ends: pd.DataFrame) -> pd.DataFrame:
    """The outcomes, in which each of the episodes has one ego."""
    names = episodes["episode_id"].astype(str)
    try:
        ends = typed_outcomes(ends, episodes.assign(episode_id=names))
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    egos = ends.loc[ends["track_id"] == 0, "episode_id"].astype(str)
    if sorted(egos) != sorted(names):
        raise expected("track_id", "a 0, the ego, once in each episode", len(egos), where=str(path))
    return ends


def _part(
    family: Family, episodes: pd.DataFrame, ends: pd.DataFrame, tracks: pd.DataFrame
) -> pd.DataFrame:
    names = episodes["episode_id"].astype(str)
    ends = ends.assign(episode_id=ends["episode_id"].astype(str))
    ego = ends[ends["track_id"] == 0].assign(harder_mps=pair_delta_v(ends))
    ego = ego.set_index("episode_id").loc[list(names)]
    tracks = tracks.assign(episode_id=tracks["episode_id"].astype(str))
    placed = episodes["proposal"] < 0 if "proposal" in episodes else np.zeros(len(names), bool)
    out = {
        "severity": severity(family, ego),
        "who": _who(ego, ends[ends["track_id"] != 0]),
        "manoeuvre": _manoeuvre(ego, tracks),
        "side": ego["contact_side"].astype(object).fillna("").to_numpy(),
        "weight": np.where(placed, np.nan, np.exp(episodes["log_weight"])),
    }
    if "preventable" in episodes:
        out["preventable"] = episodes["preventable"].to_numpy()
    return pd.DataFrame(out)


def severity(family: Family, egos: pd.DataFrame) -> NDArray[np.object_]:
    """One of `SEVERITIES` (n,) for each ego.

    Args:
        family: Whose they are.
        egos: Their rows of a Log's `outcomes`, and `harder_mps`, the larger delta-v of the two
            who touched, as from `pair_delta_v`.
    """
    near = (EVENTS[family.event].margin(egos) <= 0.0).astype(np.int64)
    band = 2 + np.searchsorted(BANDS_MPS, np.nan_to_num(egos["harder_mps"]), side="right")
    return np.array(SEVERITIES, dtype=object)[np.where(egos["collided"], band, near)]


def _who(ego: pd.DataFrame, others: pd.DataFrame) -> NDArray[np.object_]:
    """The kind of the other road user: struck, else nearest in time to collision, else in PET."""
    kind = others["kind"].astype(str)
    by_episode = kind.groupby(others["episode_id"])
    alone = by_episode.first().where(by_episode.nunique() == 1, ALL_SORTS)
    found = alone.reindex(ego.index, fill_value="nobody").astype(object)
    met = ego["other_id"].copy()
    for column in ("min_ttc_with", "min_pet_with"):
        met = met.where(met >= 0, ego[column])
    known = kind.set_axis(pd.MultiIndex.from_frame(others[["episode_id", "track_id"]]))
    own = known.reindex(pd.MultiIndex.from_arrays([ego.index, met])).to_numpy()
    return np.where(pd.isna(own), found, own)


def _manoeuvre(ego: pd.DataFrame, tracks: pd.DataFrame) -> NDArray[np.object_]:
    """What each ego did, the most telling of what applies."""
    until = ego["contact_s"].fillna(np.inf).reindex(tracks["episode_id"]).to_numpy()
    tracks = tracks[tracks["t_s"].to_numpy() <= until]
    groups = tracks.groupby("episode_id", sort=False)
    yaw = groups["yaw_rad"].agg(lambda a: np.ptp(np.unwrap(a)))
    done = pd.DataFrame(
        {
            "turns": yaw > TURNS_RAD,
            "changes lane": groups["lane"].nunique() > 1,
            "brakes": groups["accel_mps2"].min() < -BRAKES_MPS2,
        }
    ).reindex(ego.index, fill_value=False)
    chosen = [done[name].to_numpy(bool) for name in ("turns", "changes lane", "brakes")]
    return np.select(chosen, ["turns", "changes lane", "brakes"], "goes on").astype(object)


def outcome_table(met: pd.DataFrame) -> pd.DataFrame:
    """Episodes by who and manoeuvre (rows) and severity (columns), also those that are 0.

    Args:
        met: As from `outcomes`.
    """
    table = pd.crosstab([met["who"], met["manoeuvre"]], met["severity"])
    kinds = sorted(met["who"].unique())
    done = [name for name in MANOEUVRES if (met["manoeuvre"] == name).any()]
    rows = pd.MultiIndex.from_product([kinds, done], names=["who", "manoeuvre"])
    return table.reindex(index=rows, columns=list(SEVERITIES), fill_value=0)


def preventability(met: pd.DataFrame) -> dict[str, float]:
    """Share of the labelled crashes by whom they could be avoided; empty if none is labelled."""
    if "preventable" not in met:
        return {}
    labels = met.loc[met["side"] != "", "preventable"].astype(str)
    shares = labels[labels != ""].value_counts(normalize=True).sort_index()
    return {safe(str(name)): float(share) for name, share in shares.items()}

"""One row for each two road users that came near each other: how critical it got."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.base.errors import expected
from sim.criticality.arrays import positive
from sim.criticality.pairs import BATCH, iter_pairs, pairs
from sim.criticality.swept import encroachments
from sim.world.log import LOG_STEP_S, Log
from sim.world.rows import Rows

KEY = ["episode_id", "ego_id", "other_id"]
HOW = {
    "frames": "sum",
    "min_distance_m": "min",
    "min_ttc_s": "min",
    "min_ttc_2d_s": "min",
    "max_drac_mps2": "max",
    "tet_s": "sum",
    "tit_s2": "sum",
    "least_t_s": "first",
    "margin": "min",
}
METRICS = ("distance", "ttc", "ttc_2d", "drac")


def summary(
    log: Log,
    *,
    range_m: float = 50.0,
    threshold_s: float = 1.5,
    pet_limit_s: float = 5.0,
    batch: int = BATCH,
) -> pd.DataFrame:
    """The worst of `pairs` for each ego and other, and their post-encroachment time.

    Memory does not grow with the length of the Log, only with the number of its pairs.

    Args:
        log: Any Log.
        range_m: Largest distance of the centres [m].
        threshold_s: TTC below which a pair is exposed [s].
        pet_limit_s: Longest post-encroachment time looked for [s].
        batch: Pairs looked at together.

    Returns:
        Sorted by `episode_id`, `ego_id`, `other_id`, with `frames` within range, and

        - `min_distance_m` of the boxes, `min_ttc_2d_s`;
        - `min_ttc_s`, `max_drac_mps2`: NaN where the other was never in the ego's way;
        - `tet_s`, `tit_s2`: of the lesser of the two times to collision, 0 without exposure;
        - `pet_s`, `pet_first_id`: NaN and -1 where neither reached a place within the limit
          after the other had been there (`sim.criticality.swept` says how exactly);
        - `least_t_s`: when the lesser time to collision was least, or the distance where they
          never approached.

    Raises:
        UserError: A setting is not a positive number.
    """
    for name, value in (("threshold_s", threshold_s), ("pet_limit_s", pet_limit_s)):
        positive(name, value, "s")
        if not np.isfinite(value):
            raise expected(name, "a finite number of seconds", value)
    parts = [
        _worst(table, threshold_s)
        for table in iter_pairs(log, range_m=range_m, metrics=METRICS, batch=batch)
    ]
    out = _merged(pd.concat(parts)) if parts else _worst(_nothing(log), threshold_s)
    return _with_encroachments(out, Rows.of(log), pet_limit_s)


def _nothing(log: Log) -> pd.DataFrame:
    return pairs(log.select(np.empty(0, dtype=np.int64)), metrics=METRICS)


def _worst(table: pd.DataFrame, tau: float) -> pd.DataFrame:
    margin = np.fmin(table["ttc_s"].to_numpy(), table["ttc_2d_s"].to_numpy())
    single = pd.DataFrame(
        {
            **{name: table[name] for name in KEY},
            "frames": 1,
            "min_distance_m": table["distance_m"],
            "min_ttc_s": table["ttc_s"],
            "min_ttc_2d_s": table["ttc_2d_s"],
            "max_drac_mps2": table["drac_mps2"],
            "tet_s": np.where(margin <= tau, LOG_STEP_S, 0.0),
            "tit_s2": np.maximum(tau - margin, 0.0) * LOG_STEP_S,
            "least_t_s": table["t_s"],
            "margin": margin,
        }
    )
    return _merged(single)


def _merged(parts: pd.DataFrame) -> pd.DataFrame:
    """One row a pair; `least_t_s` is of the row with the least margin, then distance."""
    parts = parts.sort_values([*KEY, "margin", "min_distance_m"], kind="stable")
    return parts.groupby(KEY, observed=True, sort=False, as_index=False).agg(HOW)


def _with_encroachments(out: pd.DataFrame, rows: Rows, limit_s: float) -> pd.DataFrame:
    tracks = pd.MultiIndex.from_arrays([rows.episode, rows.track])
    at = np.flatnonzero(~tracks.duplicated())
    known = tracks[at]
    episode = out["episode_id"].cat.codes.to_numpy(dtype=np.int64)
    ego, other = (
        at[known.get_indexer(pd.MultiIndex.from_arrays([episode, out[name]]))]
        for name in ("ego_id", "other_id")
    )
    out["pet_s"], out["pet_first_id"] = encroachments(rows, ego, other, limit_s)
    return out.drop(columns="margin")

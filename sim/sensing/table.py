"""Object lists as the table that is written to disk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.sensing.observe import Observation
from sim.sensing.reasons import REASON_NAMES
from sim.world.kinds import KIND_NAMES
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows


def detection_table(seen: Observation, rows: Rows, names: Sequence[str]) -> pd.DataFrame:
    """One row a detection or miss: who looked when, and at what.

    Args:
        seen: What was sensed.
        rows: The rows of the Log that was sensed.
        names: Its episode ids.

    Returns:
        Columns `episode_id`, `ego_id`, `frame`, `t_s`, `sensor`, `track_id` (-1 clutter),
        `range_m`, `range_rate_mps`, `bearing_rad`, `lateral_m`, `kind`, `missed_reason`
        (empty for what was detected; misses carry true values).
    """
    ego = np.repeat(seen.row, np.diff(seen.start))
    return pd.DataFrame(
        {
            "episode_id": pd.Categorical.from_codes(rows.episode[ego], pd.Index(list(names))),
            "ego_id": rows.track[ego],
            "frame": rows.frame[ego].astype(np.int32),
            "t_s": rows.frame[ego] * LOG_STEP_S,
            "sensor": pd.Categorical.from_codes(np.zeros(len(ego), np.int64), pd.Index(["radar"])),
            "track_id": seen.track,
            "range_m": seen.range.astype(np.float32),
            "range_rate_mps": seen.range_rate.astype(np.float32),
            "bearing_rad": seen.bearing.astype(np.float32),
            "lateral_m": seen.lateral.astype(np.float32),
            "kind": pd.Categorical.from_codes(seen.kind, pd.Index(list(KIND_NAMES))),
            "missed_reason": pd.Categorical.from_codes(seen.reason, pd.Index(list(REASON_NAMES))),
        }
    )

"""Object lists as the table that is written to disk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.sensing.lists import Detections
from sim.sensing.observe import Observation
from sim.sensing.reasons import REASON_NAMES
from sim.world.kinds import KIND_NAMES
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

SENSOR_NAMES = ("radar", "camera", "lidar")


def detection_table(seen: Observation, rows: Rows, names: Sequence[str]) -> pd.DataFrame:
    """One row a detection or miss: who looked when, with what, and at what.

    Args:
        seen: What was sensed.
        rows: The rows of the Log that was sensed.
        names: Its episode ids.

    Returns:
        Columns `episode_id`, `ego_id`, `frame`, `t_s`, `sensor` (radar, camera or lidar, in this
        order for each ego and frame), `track_id` (-1 clutter), `range_m`, `range_rate_mps` (NaN
        where a sensor does not measure it), `bearing_rad`, `lateral_m`, `kind`,
        `missed_reason` (empty for what was detected; misses carry true values).
    """
    lists = [seen, seen.camera, seen.cloud]
    parts = [_of_sensor(seen.row, one, code) for code, one in enumerate(lists) if one is not None]
    at = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    if len(parts) > 1:
        order = np.argsort(at["place"], kind="stable")
        at = {key: values[order] for key, values in at.items()}
    ego = at["ego"]
    return pd.DataFrame(
        {
            "episode_id": pd.Categorical.from_codes(rows.episode[ego], pd.Index(list(names))),
            "ego_id": rows.track[ego],
            "frame": rows.frame[ego].astype(np.int32),
            "t_s": rows.frame[ego] * LOG_STEP_S,
            "sensor": pd.Categorical.from_codes(at["sensor"], pd.Index(list(SENSOR_NAMES))),
            "track_id": at["track"],
            "range_m": at["range"].astype(np.float32),
            "range_rate_mps": at["range_rate"].astype(np.float32),
            "bearing_rad": at["bearing"].astype(np.float32),
            "lateral_m": at["lateral"].astype(np.float32),
            "kind": pd.Categorical.from_codes(at["kind"], pd.Index(list(KIND_NAMES))),
            "missed_reason": pd.Categorical.from_codes(at["reason"], pd.Index(list(REASON_NAMES))),
        }
    )


def _of_sensor(
    ego_row: np.ndarray, lists: Observation | Detections, code: int
) -> dict[str, np.ndarray]:
    place = np.repeat(np.arange(len(ego_row)), np.diff(lists.start))
    columns = ("track", "kind", "reason", "range", "range_rate", "bearing", "lateral")
    return {
        "place": place,
        "ego": ego_row[place],
        "sensor": np.full(len(place), code),
        **{name: getattr(lists, name) for name in columns},
    }

"""The `detections` of a Log in the parts in which they are written."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.features.parts import PART, Egos, ego_rows, stride_frames
from sim.sensing import Sensors, SensorSettings, detection_table
from sim.world.log import Log
from sim.world.rows import Rows


def detections(
    log: Log,
    *,
    sensor: SensorSettings | None = None,
    seed: int,
    stride_s: float = 0.2,
    egos: Egos = "all",
) -> Iterator[pd.DataFrame]:
    """What each ego detected or missed of a Log, a part of the egos at a time.

    The same scans that `featurize` looks at for the same sensor and seed.

    Args:
        log: Any Log.
        sensor: The egos' outfit.
        seed: Of the sensors' noise.
        stride_s: Interval of the scans that are listed [s].
        egos: As in `featurize`.

    Yields:
        Tables as of `sim.sensing.detection_table`, sorted by episode, ego and time.
    """
    rows = Rows.of(log)
    names = log.episodes["episode_id"].tolist()
    sensors = Sensors.of(rows, sensor or SensorSettings(), seed=seed, names=names)
    order = ego_rows(rows, egos)
    order = order[rows.frame[order] % stride_frames(stride_s) == 0]
    for start in range(0, len(order), PART):
        part = np.ascontiguousarray(order[start : start + PART])
        yield detection_table(sensors.observe(part, keep_missed=True), rows, names)

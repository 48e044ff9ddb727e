"""Ordinary changes of speed, up and down."""

from __future__ import annotations

import numpy as np

from sim.calibrate.measure.pulls import pulls
from sim.calibrate.measurements import Found, measures
from sim.calibrate.view import View
from sim.world.log import LOG_STEP_S

PULLING_MPS2 = 0.3
"""Below it a driver holds the speed (engineering)."""
MOVING_MPS = 3.0
LASTS = 10


@measures(
    "a vehicle at 3 m/s or more, before and after, that accelerates or brakes at more than "
    "0.3 m/s² for 1 s or more, begin and end seen",
    change_accel=("mps2", "mean acceleration or deceleration, without its sign", PULLING_MPS2),
    change_log_ratio=("share", "log of the speed after over the speed before"),
    change_time=("s", "from the begin to the end", LASTS * LOG_STEP_S),
)
def speed_changes(view: View) -> Found:
    """Whole changes of speed."""
    both = [pulls(view, sign=sign, above=PULLING_MPS2, least=LASTS) for sign in (1, -1)]
    row, frames, before, after = (
        np.concatenate([getattr(part, name) for part in both])
        for name in ("row", "frames", "speed_from", "speed_to")
    )
    at = np.flatnonzero((before >= MOVING_MPS) & (after >= MOVING_MPS))
    time = frames[at] * LOG_STEP_S
    return row[at], {
        "change_accel": np.abs(after[at] - before[at]) / time,
        "change_log_ratio": np.log(after[at] / before[at]),
        "change_time": time,
    }

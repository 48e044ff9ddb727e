"""Leads that brake, with somebody behind."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.measure.pulls import pulls
from sim.calibrate.measurements import Found, measures
from sim.calibrate.view import View
from sim.world.log import LOG_STEP_S

BRAKING_MPS2 = 0.5
"""Engine braking alone reaches it (engineering)."""
HARDEST_LEAST_MPS2 = 1.0
DROP_LEAST_MPS = 1.0
"""A braking of less is an adjustment of speed, or noise (engineering)."""
MOVING_MPS = 3.0
BEHIND_S = 6.0
LASTS = 10


@measures(
    "a lead, followed within 6 s, that brakes at more than 0.5 m/s² from 3 m/s or more, with a "
    "peak of at least 1 m/s², loses at least 1 m/s and lasts 1 s; begin and end seen",
    braking_peak=("mps2", "largest deceleration, of speeds over 1.1 s", HARDEST_LEAST_MPS2),
    braking_mean=("mps2", "mean deceleration"),
    braking_drop=("mps", "speed lost", DROP_LEAST_MPS),
    braking_kept=("share", "speed after over speed before"),
    braking_lost=("share", "speed lost over speed before"),
    braking_time=("s", "from the begin to the end"),
)
def lead_braking(view: View) -> Found:
    """Whole brakings of leads."""
    found = pulls(view, sign=-1, above=BRAKING_MPS2, least=LASTS)
    hard = (found.peak >= HARDEST_LEAST_MPS2) & (found.speed_from >= MOVING_MPS)
    drop = found.speed_from - np.maximum(found.speed_to, 0.0)
    at = np.flatnonzero(hard & (drop >= DROP_LEAST_MPS) & _followed(view)[found.row])
    before, after = found.speed_from[at], found.speed_from[at] - drop[at]
    time = found.frames[at] * LOG_STEP_S
    return found.row[at], {
        "braking_peak": found.peak[at],
        "braking_mean": (before - after) / time,
        "braking_drop": before - after,
        "braking_kept": after / before,
        "braking_lost": 1.0 - after / before,
        "braking_time": time,
    }


def _followed(view: View) -> NDArray[np.bool_]:
    """(R,) rows that are the lead of somebody near."""
    out = np.zeros(len(view.rows), np.bool_)
    entry = view.lead[view.lead >= 0]
    speed = view.speed[view.ahead.ego[entry]]
    out[view.ahead.other[entry[view.gap(entry) <= BEHIND_S * speed]]] = True
    return out

"""Free driving: nobody near ahead, and seen to be nobody."""

from __future__ import annotations

import numpy as np

from sim.calibrate.measurements import Found, measures
from sim.calibrate.stretches import longest, slices, stretches
from sim.calibrate.view import View

FREE_S = 5.0
"""A lead farther ahead than this does not matter (Highway Capacity Manual: 3 to 5 s)."""
MOVING_MPS = 3.0
LASTS = 20


@measures(
    "a vehicle whose lead is seen, within 100 m but more than 5 s ahead, for 2 s or more: where "
    "no lead is seen at all the view may end; one value a vehicle",
    free_speed=("mps", "median speed in the longest such stretch", MOVING_MPS),
)
def free_driving(view: View) -> Found:
    """Vehicles that nobody holds up."""
    order = view.order
    entry = view.lead[order]
    speed = view.speed[order]
    gap = np.where(entry >= 0, view.gap(np.maximum(entry, 0)), -1.0) if len(view.ahead) else -speed
    joined = np.zeros(len(order), np.bool_)
    joined[1:] = view.rows.before[order[1:]] == order[:-1]
    begin, end = stretches((gap > FREE_S * speed) & (speed >= MOVING_MPS), joined, LASTS)
    best = longest(begin, end, view.paths.path_of[order[begin]])
    begin, end = begin[best], end[best]
    values = np.array([np.median(speed[part]) for part in slices(begin, end)])
    return order[begin], {"free_speed": values}

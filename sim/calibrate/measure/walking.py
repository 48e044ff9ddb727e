"""People on foot who walk."""

from __future__ import annotations

import numpy as np

from sim.calibrate.measurements import Found, measures
from sim.calibrate.stretches import longest, slices, stretches
from sim.calibrate.view import View
from sim.world.kinds import Kind

WALKING_MPS = 0.5
"""Slower people stand or turn about (engineering)."""
LASTS = 20


@measures(
    "a pedestrian who goes at 0.5 m/s or more for 2 s or more; one value a pedestrian",
    walking_speed=("mps", "median speed in the longest such stretch", WALKING_MPS),
)
def walkers(view: View) -> Found:
    """Pedestrians under way."""
    order = view.order[view.rows.kind[view.order] == Kind.PEDESTRIAN]
    speed = view.speed[order]
    joined = np.zeros(len(order), np.bool_)
    joined[1:] = view.rows.before[order[1:]] == order[:-1]
    begin, end = stretches(speed >= WALKING_MPS, joined, LASTS)
    best = longest(begin, end, view.paths.path_of[order[begin]])
    begin, end = begin[best], end[best]
    values = np.array([np.median(speed[part]) for part in slices(begin, end)])
    return order[begin], {"walking_speed": values}

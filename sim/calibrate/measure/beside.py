"""How fast the lanes beside go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.measurements import Found, measures
from sim.calibrate.view import View

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLOWEST_MPS = 3.0
BESIDE_M = (2.2, 5.0)
"""A lane's width, give or take, from path to centre [m]."""
LEVEL_M = 25.0
"""Farther ahead than this a vehicle says little of what passes [m]."""
LASTS = 10


@measures(
    "a vehicle at 3 m/s or more with others in the lane beside, level to 25 m ahead, for 1 s or "
    "more in all; one value a vehicle and side, the median over frames",
    left_pace=("share", "speed of those on the left over its own"),
    right_pace=("share", "speed of those on the right over its own"),
)
def beside(view: View) -> Found:
    """Vehicles with company in the lanes beside."""
    ahead = view.ahead
    near = (ahead.along < LEVEL_M) & (view.speed[ahead.ego] >= SLOWEST_MPS)
    aside = np.abs(ahead.left)
    entry = np.flatnonzero(near & (aside > BESIDE_M[0]) & (aside < BESIDE_M[1]))
    sides = [_paces(view, entry[(ahead.left[entry] > 0.0) == (side > 0)]) for side in (1, -1)]
    row = np.concatenate([at for at, _ in sides])
    left = np.concatenate([sides[0][1], np.full(len(sides[1][1]), np.nan)])
    right = np.concatenate([np.full(len(sides[0][1]), np.nan), sides[1][1]])
    return row, {"left_pace": left, "right_pace": right}


def _paces(view: View, entry: Ints) -> tuple[Ints, Floats]:
    """A row and the median ratio of speeds for each vehicle with such entries, (V,) each."""
    ego = view.ahead.ego[entry]
    ratio = view.speed[view.ahead.other[entry]] / view.speed[ego]
    path = view.paths.path_of[ego]
    order = np.argsort(path, kind="stable")
    bounds = np.flatnonzero(np.diff(path[order])) + 1
    groups = [part for part in np.split(order, bounds) if len(part) >= LASTS]
    rows = np.array([ego[part[0]] for part in groups], dtype=np.int64)
    return rows, np.array([np.median(ratio[part]) for part in groups])

"""Who changes lanes, told from one's own track alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.view import View
from sim.world.log import LOG_STEP_S

SHORTEST, WINDOW = 8, 25
"""Frames of track to either side that are needed, and used at most: 0.8 and 2.5 s."""
MID = 3
"""Frames to either side in which the direction of the moment is taken."""


def own_drift(view: View, row: int) -> float:
    """Speed sideways [m/s] against the mean of where one came from and where one goes to.

    A lane change turns out and back, so in its middle the direction differs from the mean of
    those before and after. A bend turns on steadily, and there it does not. NaN, which is
    larger than nothing, where the track is seen for less than 0.8 s before or after.
    """
    chain = _chain(view, row)
    at = chain.index(row)
    half = min(at, len(chain) - 1 - at, WINDOW)
    if half < SHORTEST:
        return float("nan")
    edge = half // 2
    before = _direction(view, chain[at - half], chain[at - edge])
    after = _direction(view, chain[at + edge], chain[at + half])
    mid = _direction(view, chain[at - MID], chain[at + MID])
    way = np.hypot(
        view.x[chain[at + MID]] - view.x[chain[at - MID]],
        view.y[chain[at + MID]] - view.y[chain[at - MID]],
    )
    mean = np.angle(np.exp(1j * before) + np.exp(1j * after))
    return float(abs(np.sin(mid - mean)) * way / (2 * MID * LOG_STEP_S))


def _chain(view: View, row: int) -> list[int]:
    """Rows of the unbroken track about a row, at most a window to either side."""
    back, on = (_linked(link, row) for link in (view.rows.before, view.rows.after))
    return [*back[::-1], int(row), *on]


def _linked(link: NDArray[np.int64], row: int) -> list[int]:
    found: list[int] = []
    k = int(link[row])
    while k >= 0 and len(found) < WINDOW:
        found.append(k)
        k = int(link[k])
    return found


def _direction(view: View, a: int, b: int) -> float:
    return float(np.arctan2(view.y[b] - view.y[a], view.x[b] - view.x[a]))

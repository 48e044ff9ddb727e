"""The true lead of every row, for labels only: features have to find theirs themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.features.settings import LabelSettings
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def leads(rows: Rows, label: LabelSettings) -> tuple[Ints, Floats]:
    """The nearest road user ahead of each row that is about in line with it.

    Returns:
        Row of the lead, -1 where there is none, and the gap [m] from bumper to bumper along
        the ego's heading, NaN where there is none; (R,) each.
    """
    return _leads(
        rows.x,
        rows.y,
        rows.yaw,
        rows.length,
        rows.slice_of,
        rows.start,
        label.lead_lateral_m,
        label.lead_heading_rad,
        label.lead_range_m,
    )


@njit
def _leads(
    x: Floats,
    y: Floats,
    yaw: Floats,
    length: Floats,
    slice_of: Ints,
    start: Ints,
    lateral: float,
    heading: float,
    reach: float,
) -> tuple[Ints, Floats]:
    lead = np.full(len(x), -1, np.int64)
    gap = np.full(len(x), np.nan)
    for i in range(len(x)):
        c, s = np.cos(yaw[i]), np.sin(yaw[i])
        nearest = reach
        for j in range(start[slice_of[i]], start[slice_of[i] + 1]):
            dx, dy = x[j] - x[i], y[j] - y[i]
            ahead = dx * c + dy * s
            if not 0.0 < ahead < nearest or abs(dy * c - dx * s) >= lateral:
                continue
            turn = np.remainder(yaw[j] - yaw[i] + np.pi, 2.0 * np.pi) - np.pi
            if abs(turn) < heading:
                nearest, lead[i] = ahead, j
        if lead[i] >= 0:
            gap[i] = nearest - 0.5 * (length[i] + length[lead[i]])
    return lead, gap

"""Conflicts by contact: what the ego ran into, or ran into its front or side."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.criticality.contacts import contacts
from sim.features.settings import LabelSettings
from sim.laws.impact import Side
from sim.laws.ttc_2d import ttc_2d
from sim.world.kinds import Kind
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

REAR = int(Side.REAR)


def contact_conflicts(rows: Rows, label: LabelSettings) -> pd.DataFrame:
    """Conflicts of egos that come into contact (`sim.criticality.contacts`), in every form.

    A contact is the conflict of each vehicle that is touched at its front or side. Who is hit
    from behind is not to foresee it: that is the conflict of the one behind. One that reverses
    has its front at the rear.

    It starts when the contact becomes imminent: with the first of the frames that lead to it
    without a pause over `bridge_s` in which the time to collision of the boxes, at constant
    velocity, is below `ttc_2d_s`, the threshold of conflicts in the plane. A detector should
    warn some 0.5 to 3 s before it is too late to brake or swerve: were the contact itself the
    start, the window for warnings would end within the last half second, in which nothing helps.
    The velocities are those of the frame and not smoothed, which would mix in what the contact
    does to them.

    Returns:
        Columns `episode`, `ego_id`, `other_id`, `start_frame`, `end_frame` (the last in which
        they touch), `kind` "crossing", `min_ttc_s` 0, `min_pet_s` NaN, `severity` "crash" and
        `contact_frame`, the last that is not after the contact; unsorted.
    """
    found = contacts(rows, moving_mps=label.min_speed_mps)
    start = _imminent(
        found.first,
        found.second,
        rows.before,
        rows.frame,
        rows.x,
        rows.y,
        rows.yaw,
        rows.speed,
        rows.length,
        rows.width,
        label.ttc_2d_s,
        round(label.bridge_s / LOG_STEP_S),
    )
    sides = (found.first_side, found.second_side)
    views = ((found.first, found.second, sides[0]), (found.second, found.first, sides[1]))
    parts = [_of(rows, *view, start, found.last) for view in views]
    return pd.concat(parts, ignore_index=True)


def _of(rows: Rows, ego: Ints, other: Ints, side: Ints, start: Ints, last: Ints) -> pd.DataFrame:
    kind = rows.kind[ego]
    mine = (kind != Kind.PEDESTRIAN) & (kind != Kind.OBJECT)
    mine &= (side != REAR) | (rows.speed[ego] < 0.0)
    return pd.DataFrame(
        {
            "episode": rows.episode[ego[mine]],
            "ego_id": rows.track[ego[mine]],
            "other_id": rows.track[other[mine]],
            "start_frame": start[mine],
            "end_frame": last[mine],
            "min_ttc_s": 0.0,
            "min_pet_s": np.nan,
            "kind": "crossing",
            "severity": "crash",
            "contact_frame": rows.frame[ego[mine]],
        }
    )


@njit
def _imminent(
    first: Ints,
    second: Ints,
    before: Ints,
    frame: Ints,
    x: Floats,
    y: Floats,
    yaw: Floats,
    speed: Floats,
    length: Floats,
    width: Floats,
    limit: float,
    bridge: int,
) -> Ints:
    """Frame from which on each contact was imminent, (K,)."""
    start = np.empty(len(first), np.int64)
    for k in range(len(first)):
        i, j = first[k], second[k]
        start[k] = frame[i]
        pause = 0
        while i >= 0 and j >= 0 and pause <= bridge:
            wx = speed[j] * math.cos(yaw[j]) - speed[i] * math.cos(yaw[i])
            wy = speed[j] * math.sin(yaw[j]) - speed[i] * math.sin(yaw[i])
            time = ttc_2d(
                x[j] - x[i],
                y[j] - y[i],
                wx,
                wy,
                yaw[i],
                length[i],
                width[i],
                yaw[j],
                length[j],
                width[j],
            )
            pause = pause + 1 if time >= limit else 0
            if pause == 0:
                start[k] = frame[i]
            i, j = before[i], before[j]
    return start

"""How road users move and turn, smoothed and from the truth: for labels only."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.features.settings import LabelSettings
from sim.features.smooth import smooth_along_tracks
from sim.world.approach import Approach, approach_of
from sim.world.kinds import Kind
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

TIGHTEST_M = 5.0
"""No vehicle turns on a smaller radius: headings of slow ones that wander are no turning."""


class Motion(NamedTuple):
    """Of R rows.

    Attributes:
        is_ego: (R,) one that may be an ego and moves.
        on_foot: (R,) a pedestrian.
        moves: (R,) faster than the least speed of a conflict.
        speed: (R,) smoothed, of whatever sign it was [m/s].
        course: (R,) heading, turned round for those who reverse [rad].
        vx, vy: (R,) smoothed speed along the heading [m/s].
        moved_x, moved_y: (R,) velocity of the centre from half a window before to half a window
            after; the former where the track does not reach as far [m/s].
        turn: (R,) yaw rate over the half window before; 0 for who does not drive [rad/s].
        approach: From where it came; the same `moves` and `course`.
    """

    is_ego: Bools
    on_foot: Bools
    moves: Bools
    speed: Floats
    course: Floats
    vx: Floats
    vy: Floats
    moved_x: Floats
    moved_y: Floats
    turn: Floats
    approach: Approach


def motion_of(rows: Rows, label: LabelSettings) -> Motion:
    """The motion of every row, smoothed as `label` says."""
    half = round(label.smooth_s / LOG_STEP_S)
    speed = smooth_along_tracks(rows.speed, rows.before, rows.after, half)
    on_foot = rows.kind == Kind.PEDESTRIAN
    drives = ~on_foot & (rows.kind != Kind.OBJECT)
    approach = approach_of(rows.kind, rows.yaw, speed, rows.before, label.min_speed_mps)
    size, moves, course = approach.speed, approach.moves, approach.course
    vx, vy = speed * np.cos(rows.yaw), speed * np.sin(rows.yaw)
    moved_x = _moved(rows.x, vx, rows.before, rows.after, half)
    moved_y = _moved(rows.y, vy, rows.before, rows.after, half)
    turn = _turning(rows.yaw, rows.before, half)
    most = np.where(drives, size / TIGHTEST_M, 0.0)
    return Motion(
        is_ego=drives & moves,
        on_foot=on_foot,
        moves=moves,
        speed=size,
        course=course,
        vx=vx,
        vy=vy,
        moved_x=moved_x,
        moved_y=moved_y,
        turn=np.clip(turn, -most, most),
        approach=approach,
    )


@njit
def _moved(place: Floats, otherwise: Floats, before: Ints, after: Ints, half: int) -> Floats:
    """Change of place over 2 half frames [m/s], where an unbroken track has them."""
    out = otherwise.copy()
    for i in range(len(place)):
        p, q, n = i, i, 0
        while n < half and before[p] >= 0 and after[q] >= 0:
            p, q, n = before[p], after[q], n + 1
        if 0 < n == half:
            out[i] = (place[q] - place[p]) / (2 * half * LOG_STEP_S)
    return out


@njit
def _turning(yaw: Floats, before: Ints, most: int) -> Floats:
    """Mean yaw rate over up to so many frames before each row; 0 without any."""
    out = np.zeros(len(yaw))
    for i in range(len(yaw)):
        p, n = i, 0
        while n < most and before[p] >= 0:
            p, n = before[p], n + 1
        if n > 0:
            change = np.remainder(yaw[i] - yaw[p] + np.pi, 2.0 * np.pi) - np.pi
            out[i] = change / (n * LOG_STEP_S)
    return out

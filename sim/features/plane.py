"""Who is about to touch whom in the plane, found in the truth of a Log."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.criticality.neighbours import neighbours
from sim.features.motion import Motion
from sim.features.settings import LabelSettings
from sim.laws.ttc_2d import ttc_2d
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BATCH = 500_000
"""Pairs that are looked at together: some 12 MB."""


class Box(NamedTuple):
    """One road user of a pair: heading, size, velocity and yaw rate."""

    yaw: float
    length: float
    width: float
    vx: float
    vy: float
    turn: float


def plane_frames(rows: Rows, motion: Motion, label: LabelSettings) -> pd.DataFrame:
    """Frames in which an ego and another are in conflict by time to collision in the plane.

    The boxes of the two touch within `ttc_2d_s` if both keep their velocity (the speed, smoothed
    as for the lead, along the heading), and the faces that touch first close in at
    `plane_closing_mps` at least: neighbours that sway, or a flank that is grazed, make no
    conflict. With `confirm` they also touch within that time from where both get to if they go
    on as they moved, from `smooth_s` before to `smooth_s` after, and as they turned, over the
    last `smooth_s`. A car that turns in front of a waiting one, and those who meet in a bend, do
    not. The larger of the two times counts. Turning is taken from the past alone: whoever
    swerves in the last moment was in conflict before.

    Both are egos where they can be and move. But who is in front does not see, and is not to
    foresee, who comes up behind it in its own direction: as for the lead, that is the conflict of
    the one behind.

    Returns:
        Columns `episode`, `ego_id`, `other_id`, `frame`, `ttc` [s]; unsorted. Boxes that overlap
        are in none of them: contact is found by `sim.features.crashes`, what overlaps without is
        a fault of the recording.
    """
    parts: list[tuple[Ints, Ints, Floats]] = []
    for first, second in neighbours(rows, label.plane_range_m, BATCH):
        time = _times(
            first,
            second,
            rows.x,
            rows.y,
            rows.yaw,
            rows.length,
            rows.width,
            rows.kind,
            motion,
            label.confirm,
            label.ttc_2d_s,
            label.plane_closing_mps,
            label.min_speed_mps,
        )
        near = np.flatnonzero(time < label.ttc_2d_s)
        for ego, other in ((first[near], second[near]), (second[near], first[near])):
            mine = motion.is_ego[ego] & ~_from_behind(rows, motion, ego, other, label.crossing_rad)
            parts.append((ego[mine], other[mine], time[near][mine]))
    none = np.empty(0, dtype=np.int64)
    parts.append((none, none, np.empty(0)))
    ego, other = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
    return pd.DataFrame(
        {
            "episode": rows.episode[ego],
            "ego_id": rows.track[ego],
            "other_id": rows.track[other],
            "frame": rows.frame[ego],
            "ttc": np.concatenate([part[2] for part in parts]),
        }
    )


def _from_behind(rows: Rows, motion: Motion, ego: Ints, other: Ints, same_way: float) -> Bools:
    """Whether the other's centre is behind the ego's and it goes the same way."""
    dx, dy = rows.x[other] - rows.x[ego], rows.y[other] - rows.y[ego]
    course = motion.course[ego]
    turn = np.remainder(motion.course[other] - course + np.pi, 2.0 * np.pi) - np.pi
    behind = dx * np.cos(course) + dy * np.sin(course) < 0.0
    return np.asarray(behind & (np.abs(turn) < same_way), dtype=np.bool_)


@njit
def _times(
    first: Ints,
    second: Ints,
    x: Floats,
    y: Floats,
    yaw: Floats,
    length: Floats,
    width: Floats,
    kind: Ints,
    motion: Motion,
    confirm: bool,
    limit: float,
    closing: float,
    least_speed: float,
) -> Floats:
    """Time to collision of each pair that counts for a conflict, (P,); inf where there is none."""
    out = np.full(len(first), np.inf)
    for p in range(len(first)):
        i, j = first[p], second[p]
        if not motion.is_ego[i] and not motion.is_ego[j]:
            continue
        dx, dy = x[j] - x[i], y[j] - y[i]
        wx, wy = motion.vx[j] - motion.vx[i], motion.vy[j] - motion.vy[i]
        round_both = 0.5 * (math.hypot(length[i], width[i]) + math.hypot(length[j], width[j]))
        if math.hypot(dx, dy) - round_both > math.hypot(wx, wy) * limit:
            continue  # nineteen pairs of twenty end here
        a = Box(yaw[i], length[i], width[i], motion.moved_x[i], motion.moved_y[i], motion.turn[i])
        b = Box(yaw[j], length[j], width[j], motion.moved_x[j], motion.moved_y[j], motion.turn[j])
        time = ttc_2d(dx, dy, wx, wy, a.yaw, a.length, a.width, b.yaw, b.length, b.width)
        if time >= limit or time <= 0.0:
            continue
        if face_speed(dx + time * wx, dy + time * wy, wx, wy, a, b) < closing:
            continue
        if confirm:
            time = max(time, time_as_moved(dx, dy, a, b, limit))
        out[p] = time
    return out


@njit
def face_speed(dx: float, dy: float, wx: float, wy: float, a: Box, b: Box) -> float:
    """How fast two boxes that just touch close in, across the faces that touch [m/s].

    Of the four axes of two boxes the one with the largest gap is that across these faces; the
    others overlap already.
    """
    cos, sin = abs(math.cos(b.yaw - a.yaw)), abs(math.sin(b.yaw - a.yaw))
    widest, speed = -math.inf, 0.0
    for axis in range(4):
        own, far = (a, b) if axis < 2 else (b, a)
        angle = own.yaw + 0.5 * math.pi * (axis % 2)
        reach = own.length + far.length * cos + far.width * sin
        if axis % 2 == 1:
            reach = own.width + far.length * sin + far.width * cos
        c, s = math.cos(angle), math.sin(angle)
        gap = abs(dx * c + dy * s) - 0.5 * reach
        if gap > widest:
            widest, speed = gap, abs(wx * c + wy * s)
    return speed


@njit
def time_as_moved(dx: float, dy: float, a: Box, b: Box, limit: float) -> float:
    """Time until the boxes touch if both go on on their arcs [s]; inf beyond about the limit.

    Straight within each 0.1 s, at the heading of its middle: 2 mm off an arc of 5 m/s and 1 rad/s.
    """
    for k in range(math.ceil(limit / LOG_STEP_S)):
        t = (k + 0.5) * LOG_STEP_S
        c1, s1, c2, s2 = (
            math.cos(a.turn * t),
            math.sin(a.turn * t),
            math.cos(b.turn * t),
            math.sin(b.turn * t),
        )
        wx = b.vx * c2 - b.vy * s2 - a.vx * c1 + a.vy * s1
        wy = b.vx * s2 + b.vy * c2 - a.vx * s1 - a.vy * c1
        yaw1, yaw2 = a.yaw + a.turn * t, b.yaw + b.turn * t
        time = ttc_2d(dx, dy, wx, wy, yaw1, a.length, a.width, yaw2, b.length, b.width)
        if time <= LOG_STEP_S:
            return k * LOG_STEP_S + time
        dx, dy = dx + wx * LOG_STEP_S, dy + wy * LOG_STEP_S
    return math.inf

"""Who stands where another from elsewhere has just been, found in the truth of a Log."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.criticality.neighbours import frame_order, sweep_axis
from sim.criticality.swept import slice_times
from sim.features.motion import Motion
from sim.features.settings import LabelSettings
from sim.world.approach import crosses
from sim.world.lag import CORNERS, least_lag
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Rule(NamedTuple):
    """What makes an encroachment a conflict.

    Attributes:
        frames: Longest time between the two.
        speed: Least speed of the faster of them [m/s].
        crossing: Least angle between their ways [rad].
    """

    frames: float
    speed: float
    crossing: float


def encroachment_frames(rows: Rows, motion: Motion, label: LabelSettings) -> pd.DataFrame:
    """Frames in which one of a pair is on ground that the other left less than `pet_s` before.

    The first of these frames, when the second enters the shared ground, is where a conflict by
    post-encroachment time starts, for both: before it nothing has happened that cannot still be
    avoided by waiting, and in the seconds before it both can be warned. At a right angle the
    time is that of the definition, entry of the second minus exit of the first
    (`sim.criticality.swept`).

    Both move, at the time when each is there, one of them at `pet_speed_mps` at least, and they
    come from different directions: their courses 2 s before differ by `crossing_rad` or more. So
    those who follow each other do not count, however close and on whatever bend, nor does one who
    passes a turning car that it followed; one who turned in front of another does, until both
    have gone the same way for 2 s. Who walks can step aside at any time: with somebody on foot
    the courses on the shared ground count as well. The angle is about that below which SSAM calls
    a conflict one of following, 30°.

    Returns:
        Columns `episode`, `ego_id`, `other_id`, `frame`, `pet` [s]; one or more rows a frame and
        pair, unsorted; both of a pair are egos where they can be.

    Source: Allen, Shin and Cooper, Transp. Res. Record 667 (1978) 67; the angle: Gettman et al.,
    Surrogate safety assessment model and validation, FHWA-HRT-08-051, 2008.
    """
    if len(rows) == 0:
        nothing = np.empty(0, dtype=np.int64)
        return _of(rows, motion, nothing, nothing, nothing, np.empty(0))
    axis = sweep_axis(rows)
    rule = Rule(label.pet_s / LOG_STEP_S, label.pet_speed_mps, label.crossing_rad)
    found = _lags(
        axis,
        frame_order(axis, rows),
        rows.start,
        slice_times(rows, math.ceil(rule.frames) + 1),
        rule,
        motion,
        rows.track,
        rows.after,
        rows.x,
        rows.y,
        rows.yaw,
        rows.length,
        rows.width,
    )
    first, second = found[:, 0].astype(np.int64), found[:, 1].astype(np.int64)
    # what touches between two frames is there at the second of them
    frame, pet = rows.frame[second] + 1, found[:, 2] * LOG_STEP_S
    return pd.concat(
        [
            _of(rows, motion, first, second, frame, pet),
            _of(rows, motion, second, first, frame, pet),
        ],
        ignore_index=True,
    )


def _of(
    rows: Rows, motion: Motion, ego: Ints, other: Ints, frame: Ints, pet: Floats
) -> pd.DataFrame:
    mine = motion.is_ego[ego]
    return pd.DataFrame(
        {
            "episode": rows.episode[ego[mine]],
            "ego_id": rows.track[ego[mine]],
            "other_id": rows.track[other[mine]],
            "frame": frame[mine],
            "pet": pet[mine],
        }
    )


@njit
def _lags(
    axis: Floats,
    order: Ints,
    start: Ints,
    when: Ints,
    rule: Rule,
    motion: Motion,
    track: Ints,
    after: Ints,
    x: Floats,
    y: Floats,
    yaw: Floats,
    length: Floats,
    width: Floats,
) -> Floats:
    """(H, 3) row of who was there, row of who comes, and how many frames later."""
    found, n = np.empty((64, 3)), 0
    half = np.empty(len(x))  # radius of a circle round the box and its way in one frame
    for i in range(len(x)):
        q = after[i] if after[i] >= 0 else i
        half[i] = 0.5 * np.hypot(length[i], width[i]) + np.hypot(x[q] - x[i], y[q] - y[i])
    window = 2.0 * half.max()
    work = np.empty((2, CORNERS, 2))
    for k in range(math.ceil(rule.frames) + 1):
        s2 = 0
        for s in range(len(start) - 1):
            while s2 < len(when) and when[s2] < when[s] + k:
                s2 += 1
            if s2 == len(when) or when[s2] > when[s] + k:
                continue
            low = start[s2]
            for a in range(start[s], start[s + 1]):
                i = order[a]
                while low < start[s2 + 1] and axis[order[low]] < axis[i] - window:
                    low += 1
                for b in range(low, start[s2 + 1]):
                    j = order[b]
                    if axis[j] > axis[i] + window:
                        break
                    reach, dx, dy = half[i] + half[j], x[j] - x[i], y[j] - y[i]
                    if dx * dx + dy * dy > reach * reach or track[i] == track[j]:
                        continue
                    if not _counts(i, j, 0.5 * (length[i] + length[j]), rule, motion):
                        continue
                    later = k + least_lag(i, j, k, after, x, y, yaw, length, width, work)
                    if later < rule.frames:  # false for NaN: they do not touch
                        found = _with_room(found, n)
                        found[n, 0], found[n, 1], found[n, 2] = i, j, max(later, 0.0)
                        n += 1
    return found[:n].copy()


@njit
def _counts(i: int, j: int, apart: float, rule: Rule, motion: Motion) -> bool:
    """Whether both move, one fast enough and one as an ego, and they come from elsewhere."""
    if not (motion.is_ego[i] or motion.is_ego[j]):
        return False
    if max(motion.speed[i], motion.speed[j]) < rule.speed:
        return False
    return crosses(i, j, apart, rule.crossing, motion.approach)


@njit
def _with_room(found: Floats, n: int) -> Floats:
    """The same rows, twice as many where n fill them."""
    if n < len(found):
        return found
    out = np.empty((2 * n, found.shape[1]))
    out[:n] = found
    return out

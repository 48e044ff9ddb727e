"""Post-encroachment times of a run, from what it logged: those of `sim.criticality.swept`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit, njit_unlocked
from sim.world.approach import (
    BACK,
    CROSSING_RAD,
    MOVING_MPS,
    Approach,
    crosses,
    frames_moving,
    turn_of,
)
from sim.world.kinds import Kind
from sim.world.lag import CORNERS, least_lag
from sim.world.log import LOG_STEP_S
from sim.world.tables import Piece

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LIMIT_S = 10.0
"""Longest post-encroachment time that a run looks for [s]."""
MOST = round(LIMIT_S / LOG_STEP_S)
CHUNK = 10
"""Frames of a track whose bounding boxes are compared before any frame is."""
WALKS = int(Kind.PEDESTRIAN)


class Tracks(NamedTuple):
    """The R rows of one scenario, track after track.

    Attributes:
        start: (N + 1,) rows of user u are start[u]:start[u + 1].
        frame: (R,)
        after: (R,) row one frame later, -1 where none.
        x, y, yaw, length, width: (R,) boxes.
    """

    start: Ints
    frame: Ints
    after: Ints
    x: Floats
    y: Floats
    yaw: Floats
    length: Floats
    width: Floats


def keep_pets(users: NDArray[Any], piece: Piece, first: int, last: int) -> None:
    """Set `min_pet` of the users of scenarios `first` to `last`: the least time to anybody [s].

    The least time after which one's box is where that of another was that crossed its way, as
    `sim.criticality.swept` has it of the Log, up to `LIMIT_S`; NaN where there was none.

    Args:
        users: (B, N) `USER` records, changed in place.
        piece: All that was logged of these B scenarios, numbered from 0.
        first: First scenario.
        last: Scenario after the last.
    """
    begin = np.searchsorted(piece.episode, np.arange(first, last + 1)).astype(np.int64)
    part = users[first:last]
    found = np.full(part.shape, np.inf)
    sizes = [np.ascontiguousarray(part[name]) for name in ("length", "width", "kind")]
    _pets(begin, piece.frame, piece.slot, piece.values, *sizes, found)
    part["min_pet"] = np.where(found <= MOST, found * LOG_STEP_S, np.nan)


@njit_unlocked
def _pets(
    begin: Ints,
    frame: NDArray[np.int32],
    slot: NDArray[np.int32],
    values: NDArray[np.float32],
    length: Floats,
    width: Floats,
    kind: Ints,
    found: Floats,
) -> None:
    """Least frames from one's leaving a place to a crossing one's reaching it, into (B, N)."""
    n = found.shape[1]
    work = np.empty((2, CORNERS, 2))
    for b in range(len(begin) - 1):
        rows = slice(begin[b], begin[b + 1])
        tracks, approach = _tracks(
            frame[rows], slot[rows], values[rows], length[b], width[b], kind[b]
        )
        chunks, boxes = _chunks(tracks, approach)
        for u in range(n):
            for v in range(u + 1, n):
                lag = np.inf
                for p in range(chunks[u], chunks[u + 1]):
                    for q in range(chunks[v], chunks[v + 1]):
                        if _may_meet(boxes[p], boxes[q]):
                            one = _rows_of(p, u, chunks, tracks)
                            two = _rows_of(q, v, chunks, tracks)
                            lag = _least(one, two, lag, tracks, approach, work)
                found[b, u] = min(found[b, u], lag)
                found[b, v] = min(found[b, v], lag)


@njit
def _tracks(
    frame: NDArray[np.int32],
    slot: NDArray[np.int32],
    values: NDArray[np.float32],
    length: Floats,
    width: Floats,
    kind: Ints,
) -> tuple[Tracks, Approach]:
    """Rows sorted by frame and slot, as tracks."""
    size = len(frame)
    start = np.zeros(len(length) + 1, np.int64)
    for a in range(size):
        start[slot[a] + 1] += 1
    start = np.cumsum(start)
    at = start.copy()
    time, before = np.empty(size, np.int64), np.full(size, -1, np.int64)
    after = before.copy()
    x, y, yaw, speed = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    long, wide, on_foot = np.empty(size), np.empty(size), np.empty(size, np.bool_)
    for a in range(size):
        u = slot[a]
        i = at[u]
        at[u] += 1
        time[i] = frame[a]
        x[i], y[i], yaw[i], speed[i] = values[a, 0], values[a, 1], values[a, 2], values[a, 3]
        long[i], wide[i], on_foot[i] = length[u], width[u], kind[u] == WALKS
        if i > start[u] and time[i - 1] == time[i] - 1:
            before[i], after[i - 1] = i - 1, i
    moves = np.abs(speed) >= MOVING_MPS
    course = np.where(speed < 0.0, yaw + np.pi, yaw)
    known = frames_moving(moves, before)
    approach = Approach(on_foot, moves, np.abs(speed), course, before, known)
    return Tracks(start, time, after, x, y, yaw, long, wide), approach


@njit
def _chunks(tracks: Tracks, approach: Approach) -> tuple[Ints, Floats]:
    """Numbers of each user's chunks (N + 1,), and of each chunk (C, 8) what bounds it.

    First and last frame; least and largest x and y of its boxes until the frame after it; middle
    and half of the range of courses on which it came.
    """
    n = len(tracks.start) - 1
    chunks = np.zeros(n + 1, np.int64)
    for u in range(n):
        rows = tracks.start[u + 1] - tracks.start[u]
        chunks[u + 1] = chunks[u] + (rows + CHUNK - 1) // CHUNK
    boxes = np.empty((chunks[n], 8))
    for u in range(n):
        for c in range(chunks[u], chunks[u + 1]):
            low = tracks.start[u] + (c - chunks[u]) * CHUNK
            high = min(low + CHUNK, tracks.start[u + 1])
            boxes[c, 0], boxes[c, 1] = tracks.frame[low], tracks.frame[high - 1]
            far = 0.5 * np.hypot(tracks.length[low], tracks.width[low])
            later = min(high + 1, tracks.start[u + 1])
            boxes[c, 2] = tracks.x[low:later].min() - far
            boxes[c, 3] = tracks.x[low:later].max() + far
            boxes[c, 4] = tracks.y[low:later].min() - far
            boxes[c, 5] = tracks.y[low:later].max() + far
            least, largest = 0.0, 0.0
            for i in range(max(low - BACK, tracks.start[u]), high):
                turn = approach.course[i] - approach.course[low]
                turn = np.remainder(turn + np.pi, 2.0 * np.pi) - np.pi
                least, largest = min(least, turn), max(largest, turn)
            boxes[c, 6] = approach.course[low] + 0.5 * (least + largest)
            boxes[c, 7] = 0.5 * (largest - least)
    return chunks, boxes


@njit
def _may_meet(one: Floats, two: Floats) -> bool:
    """Whether two chunks lie near each other in time and place, and come from different sides."""
    if one[0] > two[1] + MOST + 1 or two[0] > one[1] + MOST + 1:
        return False
    if one[2] > two[3] or two[2] > one[3] or one[4] > two[5] or two[4] > one[5]:
        return False
    return bool(turn_of(one[6] - two[6]) + one[7] + two[7] >= CROSSING_RAD)


@njit
def _rows_of(chunk: int, user: int, chunks: Ints, tracks: Tracks) -> tuple[int, int]:
    low = tracks.start[user] + (chunk - chunks[user]) * CHUNK
    return low, min(low + CHUNK, tracks.start[user + 1])


@njit
def _least(
    one: tuple[int, int],
    two: tuple[int, int],
    best: float,
    tracks: Tracks,
    approach: Approach,
    work: Floats,
) -> float:
    """The least lag between any two rows of two chunks, either way, if less than the best."""
    for a in range(one[0], one[1]):
        for b in range(two[0], two[1]):
            i, j = (a, b) if tracks.frame[a] <= tracks.frame[b] else (b, a)
            k = tracks.frame[j] - tracks.frame[i]
            if k > MOST + 1 or best <= k - 1 or not _near(i, j, tracks):
                continue
            apart = 0.5 * (tracks.length[i] + tracks.length[j])
            if crosses(i, j, apart, CROSSING_RAD, approach):
                best = min(best, max(k + _lag(i, j, k, tracks, work), 0.0))
            if k == 0 and crosses(j, i, apart, CROSSING_RAD, approach):
                best = min(best, max(_lag(j, i, k, tracks, work), 0.0))
    return best


@njit
def _near(i: int, j: int, tracks: Tracks) -> bool:
    """Whether circles round the boxes and their ways in one frame overlap."""
    reach = _radius(i, tracks) + _radius(j, tracks)
    dx, dy = tracks.x[j] - tracks.x[i], tracks.y[j] - tracks.y[i]
    return bool(dx * dx + dy * dy <= reach * reach)


@njit
def _radius(i: int, tracks: Tracks) -> float:
    q = tracks.after[i] if tracks.after[i] >= 0 else i
    step = np.hypot(tracks.x[q] - tracks.x[i], tracks.y[q] - tracks.y[i])
    return float(0.5 * np.hypot(tracks.length[i], tracks.width[i]) + step)


@njit
def _lag(i: int, j: int, k: int, tracks: Tracks, work: Floats) -> float:
    """As `least_lag`, infinite where they do not touch."""
    lag = least_lag(
        i,
        j,
        k,
        tracks.after,
        tracks.x,
        tracks.y,
        tracks.yaw,
        tracks.length,
        tracks.width,
        work,
    )
    return np.inf if np.isnan(lag) else float(lag)

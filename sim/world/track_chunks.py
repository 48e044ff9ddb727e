"""Tracks of one scenario in chunks of a second, and boxes that bound them in time and place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit, njit_borrowing, njit_inlined
from sim.world.approach import (
    BACK,
    CROSSING_RAD,
    MOVING_MPS,
    Approach,
    frames_moving,
    turn_of,
)
from sim.world.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CHUNK = 10
"""Frames of a track whose bounding boxes are compared before any frame is: of the pairs of
chunks in `pedestrian_crossing` 1 in 67 remains."""
WALKS = int(Kind.PEDESTRIAN)


class Tracks(NamedTuple):
    """The R rows of one scenario, track after track.

    Attributes:
        start: (N + 1,) rows of user u are start[u]:start[u + 1].
        frame: (R,)
        after: (R,) row one frame later, -1 where none.
        x, y, yaw, length, width: (R,) boxes.
        reach_x, reach_y: (R,) no point of it is further from the centre along x and y until the
            next frame.
        step: (R,) no corner of it moves further until the next frame.
    """

    start: Ints
    frame: Ints
    after: Ints
    x: Floats
    y: Floats
    yaw: Floats
    length: Floats
    width: Floats
    reach_x: Floats
    reach_y: Floats
    step: Floats


@njit
def tracks_of(
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
    approach = Approach(on_foot, moves, np.abs(speed), course, before, known, True)
    reach_x, reach_y, step = np.empty(size), np.empty(size), np.empty(size)
    for i in range(size):
        q = after[i] if after[i] >= 0 else i
        dx, dy = abs(x[q] - x[i]), abs(y[q] - y[i])
        turned = 0.5 * np.hypot(long[i], wide[i]) * turn_of(yaw[q] - yaw[i])
        cos, sin = 0.5 * abs(np.cos(yaw[i])), 0.5 * abs(np.sin(yaw[i]))
        reach_x[i] = cos * long[i] + sin * wide[i] + dx + turned
        reach_y[i] = sin * long[i] + cos * wide[i] + dy + turned
        step[i] = dx + dy + turned
    return Tracks(start, time, after, x, y, yaw, long, wide, reach_x, reach_y, step), approach


FIRST, LAST, WEST, EAST, SOUTH, NORTH, COURSE, SPREAD = range(8)


@njit
def chunks_of(tracks: Tracks, approach: Approach) -> tuple[Ints, Floats]:
    """Numbers of each user's chunks (N + 1,), and of each chunk (C, 8) what bounds it.

    First and last frame; least and largest x and y of its boxes until the frame after it; middle
    and half of the range of courses on which it came. A chunk in which it stands is nowhere.
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
            _bound(c, low, tracks.start[u + 1], tracks, boxes)
            _came(c, low, tracks.start[u], tracks.start[u + 1], approach, boxes)
    return chunks, boxes


@njit_borrowing
def _bound(c: int, low: int, end: int, tracks: Tracks, boxes: Floats) -> None:
    high = min(low + CHUNK, end)
    boxes[c, FIRST], boxes[c, LAST] = tracks.frame[low], tracks.frame[high - 1]
    boxes[c, WEST], boxes[c, EAST] = np.inf, -np.inf
    boxes[c, SOUTH], boxes[c, NORTH] = np.inf, -np.inf
    for i in range(low, high):
        x, y, far_x, far_y = tracks.x[i], tracks.y[i], tracks.reach_x[i], tracks.reach_y[i]
        boxes[c, WEST] = min(boxes[c, WEST], x - far_x)
        boxes[c, EAST] = max(boxes[c, EAST], x + far_x)
        boxes[c, SOUTH] = min(boxes[c, SOUTH], y - far_y)
        boxes[c, NORTH] = max(boxes[c, NORTH], y + far_y)


@njit_borrowing
def _came(c: int, low: int, start: int, end: int, approach: Approach, boxes: Floats) -> None:
    high = min(low + CHUNK, end)
    moves = False
    for i in range(low, high):
        moves |= approach.moves[i]
    if not moves:
        boxes[c, WEST], boxes[c, EAST] = np.inf, -np.inf
    least, largest, course = 0.0, 0.0, approach.course[low]
    for i in range(max(low - BACK, start), high):
        turn = approach.course[i] - course
        if abs(turn) > np.pi:
            turn = np.remainder(turn + np.pi, 2.0 * np.pi) - np.pi
        least, largest = min(least, turn), max(largest, turn)
    boxes[c, COURSE], boxes[c, SPREAD] = course + 0.5 * (least + largest), 0.5 * (largest - least)


@njit
def bounds_of_tracks(chunks: Ints, boxes: Floats) -> Floats:
    """What bounds each user's track, (N, 8), by its chunks."""
    n = len(chunks) - 1
    out = np.empty((n, 8))
    for u in range(n):
        out[u] = np.inf
        out[u, LAST] = out[u, EAST] = out[u, NORTH] = -np.inf
        low, high, course = 0.0, 0.0, boxes[chunks[u], COURSE] if chunks[u + 1] > chunks[u] else 0.0
        for c in range(chunks[u], chunks[u + 1]):
            for k in (FIRST, WEST, SOUTH):
                out[u, k] = min(out[u, k], boxes[c, k])
            for k in (LAST, EAST, NORTH):
                out[u, k] = max(out[u, k], boxes[c, k])
            turn = np.remainder(boxes[c, COURSE] - course + np.pi, 2.0 * np.pi) - np.pi
            low = min(low, turn - boxes[c, SPREAD])
            high = max(high, turn + boxes[c, SPREAD])
        out[u, COURSE], out[u, SPREAD] = course + 0.5 * (low + high), 0.5 * (high - low)
    return out


@njit_inlined
def may_meet(boxes: Floats, p: int, q: int, within: int) -> bool:
    """Whether two lie within so many frames, near each other, and come from different sides."""
    if boxes[p, WEST] > boxes[q, EAST] or boxes[q, WEST] > boxes[p, EAST]:
        return False
    if boxes[p, SOUTH] > boxes[q, NORTH] or boxes[q, SOUTH] > boxes[p, NORTH]:
        return False
    if (
        boxes[p, FIRST] > boxes[q, LAST] + within + 1
        or boxes[q, FIRST] > boxes[p, LAST] + within + 1
    ):
        return False
    turn = turn_of(boxes[p, COURSE] - boxes[q, COURSE])
    return bool(turn + boxes[p, SPREAD] + boxes[q, SPREAD] >= CROSSING_RAD)

"""Post-encroachment times of a run, from what it logged: those of `sim.criticality.swept`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit_borrowing, njit_inlined, njit_unlocked
from sim.laws.overlap import separation
from sim.world.approach import CROSSING_RAD, Approach, crosses
from sim.world.lag import CORNERS, least_lag
from sim.world.log import LOG_STEP_S
from sim.world.tables import Piece
from sim.world.track_chunks import (
    CHUNK,
    FIRST,
    Tracks,
    bounds_of_tracks,
    chunks_of,
    may_meet,
    tracks_of,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LIMIT_S = 5.0
"""Longest post-encroachment time that a run looks for [s]."""
MOST = round(LIMIT_S / LOG_STEP_S)


def keep_pets(users: NDArray[Any], piece: Piece, first: int, last: int) -> None:
    """Set the least time of the users of scenarios `first` to `last` to anybody, when and to whom.

    The least time after which one's box is where that of another was that crossed its way, as
    `sim.criticality.swept` has it of the Log, up to `LIMIT_S`; NaN where there was none. When is
    the frame in which the later one was about to come there.

    Args:
        users: (B, N) `USER` records, changed in place.
        piece: All that was logged of these B scenarios, numbered from 0.
        first: First scenario.
        last: Scenario after the last.
    """
    begin = np.searchsorted(piece.episode, np.arange(first, last + 1)).astype(np.int64)
    part = users[first:last]
    found = np.full(part.shape, np.inf)
    at, whom = np.full(part.shape, -1, np.int64), np.full(part.shape, -1, np.int64)
    length, width, kind = (np.ascontiguousarray(part[n]) for n in ("length", "width", "kind"))
    _pets(begin, piece.frame, piece.slot, piece.values, length, width, kind, found, at, whom)
    there = found <= MOST
    part["min_pet"] = np.where(there, found * LOG_STEP_S, np.nan)
    part["min_pet_at"] = np.where(there, at * LOG_STEP_S, np.nan)
    part["min_pet_with"] = np.where(there, whom, -1)


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
    at: Ints,
    whom: Ints,
) -> None:
    """Least frames from one's leaving a place to a crossing one's reaching it, into (B, N).

    Beside it the frame before the later one's reaching it, and the other's slot.
    """
    n = found.shape[1]
    work = np.empty((2, CORNERS, 2))
    for b in range(len(begin) - 1):
        rows = slice(begin[b], begin[b + 1])
        tracks, approach = tracks_of(
            frame[rows], slot[rows], values[rows], length[b], width[b], kind[b]
        )
        chunks, boxes = chunks_of(tracks, approach)
        whole = bounds_of_tracks(chunks, boxes)
        for u in range(n):
            for v in range(u + 1, n):
                if not may_meet(whole, u, v, MOST):
                    continue
                lag, when = _narrowest(u, v, chunks, boxes, tracks, approach, work)
                for one, other in ((u, v), (v, u)):
                    if lag < found[b, one]:
                        found[b, one], at[b, one], whom[b, one] = lag, when, other


@njit_borrowing
def _narrowest(
    u: int,
    v: int,
    chunks: Ints,
    boxes: Floats,
    tracks: Tracks,
    approach: Approach,
    work: Floats,
) -> tuple[float, int]:
    """The least lag between two users and its later frame, infinite where they do not cross."""
    best, when = np.inf, -1
    # nearest in time first: what is found there spares the rest
    shift = int(boxes[chunks[u], FIRST] - boxes[chunks[v], FIRST]) // CHUNK
    for far in range(MOST // CHUNK + 3):
        if best <= (far - 2) * CHUNK:
            break
        for p in range(chunks[u], chunks[u + 1]):
            same = p - chunks[u] + shift + chunks[v]
            for side in range(1 if far == 0 else 2):
                q = same + far if side == 0 else same - far
                if chunks[v] <= q < chunks[v + 1] and may_meet(boxes, p, q, MOST):
                    low = tracks.start[u] + (p - chunks[u]) * CHUNK
                    other = tracks.start[v] + (q - chunks[v]) * CHUNK
                    for a in range(low, min(low + CHUNK, tracks.start[u + 1])):
                        for b in range(other, min(other + CHUNK, tracks.start[v + 1])):
                            if _could(a, b, best, tracks, approach):
                                lag = _lag(a, b, tracks, approach, work)
                                if lag < best:
                                    best, when = lag, max(tracks.frame[a], tracks.frame[b])
    return best, when


@njit_inlined
def _could(a: int, b: int, best: float, tracks: Tracks, approach: Approach) -> bool:
    """Whether two rows move, come near enough and so little apart in time that it matters.

    Inlined: called, the whole search took a quarter longer (0.73 for 0.57 s).
    """
    dx, dy = tracks.x[b] - tracks.x[a], tracks.y[b] - tracks.y[a]
    if abs(dx) > tracks.reach_x[a] + tracks.reach_x[b]:
        return False
    if abs(dy) > tracks.reach_y[a] + tracks.reach_y[b]:
        return False
    if not (approach.moves[a] and approach.moves[b]):
        return False
    k = abs(tracks.frame[b] - tracks.frame[a])
    return bool(k <= MOST + 1 and best > k - 1)


@njit_inlined
def _lag(a: int, b: int, tracks: Tracks, approach: Approach, work: Floats) -> float:
    """Frames from one's leaving to the other's coming, whoever is earlier."""
    i, j = (a, b) if tracks.frame[a] <= tracks.frame[b] else (b, a)
    k = tracks.frame[j] - tracks.frame[i]
    lag = _crossing_lag(i, j, k, tracks, approach, work)
    return min(lag, _crossing_lag(j, i, k, tracks, approach, work)) if k == 0 else lag


@njit_inlined
def _crossing_lag(
    i: int, j: int, k: int, tracks: Tracks, approach: Approach, work: Floats
) -> float:
    if not crosses(i, j, 0.5 * (tracks.length[i] + tracks.length[j]), CROSSING_RAD, approach):
        return np.inf
    apart = separation(
        tracks.x[j] - tracks.x[i],
        tracks.y[j] - tracks.y[i],
        tracks.yaw[i],
        tracks.length[i],
        tracks.width[i],
        tracks.yaw[j],
        tracks.length[j],
        tracks.width[j],
    )
    if apart > tracks.step[i] + tracks.step[j]:
        return np.inf
    boxes = (tracks.x, tracks.y, tracks.yaw, tracks.length, tracks.width)
    lag = k + least_lag(i, j, k, tracks.after, *boxes, work)
    return np.inf if np.isnan(lag) else max(lag, 0.0)

"""The frame, and the other road user, that a time the simulator noted belongs to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.laws.overlap import separation
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LATERALS_M = (1.2, 2.8, 4.0)
"""How far aside a leader's centre may be: in the lane first, then on its way into it."""
FOLLOWS_RAD = 0.5
"""Whose headings differ by less follow each other, and do not cross."""
SAME_S = 0.12
"""A time from the frames of a log is the noted one within this [s]: one frame of closing in."""
MORE_S = 3.0
"""Boxes leave and enter shared ground up to so much later than the whole lanes' crossing [s]."""


@dataclass(frozen=True)
class Pairs:
    """One road user beside everybody else in each of its frames, (P,) each.

    Attributes:
        mine, other: Their rows.
        ahead, aside: Of the other's centre from mine, along and across my heading [m].
        gap: From bumper to bumper along my heading, 0 at least [m].
        turn: The other's heading less mine [rad].
    """

    mine: Ints
    other: Ints
    ahead: Floats
    aside: Floats
    gap: Floats
    turn: Floats

    @classmethod
    def of(cls, rows: Rows, track: int) -> Pairs:
        """The pairs of a track."""
        own = np.flatnonzero(rows.track == track)
        start, stop = rows.start[rows.slice_of[own]], rows.start[rows.slice_of[own] + 1]
        mine = np.repeat(own, stop - start)
        first = np.repeat(np.cumsum(stop - start) - (stop - start), stop - start)
        other = np.arange(len(mine)) - first + np.repeat(start, stop - start)
        apart = mine != other
        mine, other = mine[apart], other[apart]
        dx, dy = rows.x[other] - rows.x[mine], rows.y[other] - rows.y[mine]
        c, s = np.cos(rows.yaw[mine]), np.sin(rows.yaw[mine])
        ahead = dx * c + dy * s
        gap = np.abs(ahead) - 0.5 * (rows.length[mine] + rows.length[other])
        turn = np.remainder(rows.yaw[other] - rows.yaw[mine] + np.pi, 2.0 * np.pi) - np.pi
        return cls(mine, other, ahead, dy * c - dx * s, np.maximum(gap, 0.0), turn)


def to_leader(rows: Rows, track: int, noted_s: float) -> tuple[Ints, Ints, Floats] | None:
    """When the time to collision to a leader was the noted one.

    Who cuts in is its follower's leader long before its centre is in the lane, so it is looked
    for ever further aside.

    Returns:
        Rows of the track at which the one whose time it was is ahead, the first of them where
        it is the noted one; rows of that one; times [s]. None if there is no such frame.
    """
    pairs = Pairs.of(rows, track)
    closing = rows.speed[pairs.mine] - rows.speed[pairs.other]
    with np.errstate(divide="ignore", invalid="ignore"):
        time = np.where(closing > 0.0, pairs.gap / closing, np.inf)
    follows = (pairs.ahead > 0.0) & (np.abs(pairs.turn) < FOLLOWS_RAD)
    for lateral in LATERALS_M:
        there = follows & (np.abs(pairs.aside) < lateral)
        off = np.where(there, np.abs(time - noted_s), np.inf)
        if off.min(initial=np.inf) < SAME_S:
            best = int(off.argmin())
            same = there & (rows.track[pairs.other] == rows.track[pairs.other[best]])
            at = np.append(best, np.flatnonzero(same))
            return pairs.mine[at], pairs.other[at], time[at]
    return None


def of_encroachment(rows: Rows, track: int, noted_s: float) -> tuple[int, int] | None:
    """When a post-encroachment time was the noted one: rows of the track and of the other.

    That is when the second of two came on ground that the first had left that long before; None
    if there is no such frame.
    """
    most = int(np.ceil((noted_s + MORE_S) / LOG_STEP_S))
    columns = (rows.x, rows.y, rows.yaw, rows.length, rows.width)
    frame = rows.frame[rows.start[:-1]]
    who, left, _ = _least_lag(*columns, rows.track, frame, rows.start, track, most)
    if who < 0:
        return None
    until = left + noted_s / LOG_STEP_S + 0.5
    mine, theirs = (np.flatnonzero((rows.track == t) & (rows.frame <= until)) for t in (track, who))
    _, at, other = np.intersect1d(rows.frame[mine], rows.frame[theirs], return_indices=True)
    return (int(mine[at[-1]]), int(theirs[other[-1]])) if len(at) else None


@njit
def _least_lag(
    x: Floats,
    y: Floats,
    yaw: Floats,
    length: Floats,
    width: Floats,
    track: Ints,
    frame: Ints,
    start: Ints,
    mine: int,
    most: int,
) -> tuple[int, int, int]:
    """Who is where a track just was, or the other way round, after the shortest time.

    Returns:
        The other's track, the frame in which the first of both was there, and the frames
        between; a track of -1 if they share no ground within `most` frames.
    """
    found = (-1, -1, most + 1)
    for a in range(len(start) - 1):
        for b in range(a + 1, len(start) - 1):
            lag = frame[b] - frame[a]
            if lag >= found[2]:
                break
            for i in range(start[a], start[a + 1]):
                for j in range(start[b], start[b + 1]):
                    if track[i] == track[j] or (track[i] != mine and track[j] != mine):
                        continue
                    dx, dy = x[j] - x[i], y[j] - y[i]
                    if np.hypot(dx, dy) > 0.5 * (length[i] + length[j] + width[i] + width[j]):
                        continue
                    turn = np.remainder(yaw[j] - yaw[i] + np.pi, 2.0 * np.pi) - np.pi
                    if abs(turn) < FOLLOWS_RAD or lag >= found[2]:
                        continue
                    size = (yaw[i], length[i], width[i], yaw[j], length[j], width[j])
                    if separation(dx, dy, *size) <= 0.0:
                        found = (track[i] + track[j] - mine, frame[a], lag)
    return found

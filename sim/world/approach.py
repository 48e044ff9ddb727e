"""From where road users came to a place: whether they cross, or one follows the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit, njit_inlined
from sim.world.kinds import Kind
from sim.world.log import LOG_STEP_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

APPROACH_S = 2.0
"""How long before it was in a place a road user's heading says where it came from [s]."""
APPROACH = round(APPROACH_S / LOG_STEP_S)
BACK = 2 * APPROACH
"""Frames before a row that `frames_back` may ask for."""
CROSSING_RAD = 0.5
"""Courses that differ by less follow each other: about the 30° below which SSAM calls a conflict
one of following (Gettman et al., FHWA-HRT-08-051, 2008)."""
MOVING_MPS = 0.5
"""Slower ones stand: their headings wander (engineering)."""


class Approach(NamedTuple):
    """Of R rows, those of one track after another or as in `Rows`.

    Attributes:
        on_foot: (R,) a pedestrian.
        moves: (R,) faster than what counts as standing.
        speed: (R,) of whatever sign it was [m/s].
        course: (R,) heading, turned round for those who reverse [rad].
        before: (R,) row of the same track one frame earlier, -1 where none.
        known: (R,) frames before, up to `BACK`, in which it moved without a gap.
        in_line: Whether the row before each is that with one number less, as of tracks that lie
            one after another: then up to 40 links need not be followed.
    """

    on_foot: Bools
    moves: Bools
    speed: Floats
    course: Floats
    before: Ints
    known: Ints
    in_line: bool


def approach_of(kind: Ints, yaw: Floats, speed: Floats, before: Ints, moving: float) -> Approach:
    """The approach of every row; those faster than `moving` [m/s] move."""
    size = np.abs(speed)
    moves = size >= moving
    return Approach(
        on_foot=kind == Kind.PEDESTRIAN,
        moves=moves,
        speed=size,
        course=np.where(speed < 0.0, yaw + np.pi, yaw),
        before=before,
        known=frames_moving(moves, before),
        in_line=False,
    )


@njit
def frames_moving(moves: Bools, before: Ints) -> Ints:
    """For how many frames, up to `BACK`, each row's unbroken track has moved before it."""
    out = np.zeros(len(moves), np.int64)
    for i in range(len(moves)):  # a track's rows are in the order of time: `before` is done
        p = before[i]
        if p >= 0 and moves[p]:
            out[i] = min(out[p] + 1, BACK)
    return out


@njit_inlined
def crosses(i: int, j: int, apart: float, least: float, approach: Approach) -> bool:
    """Whether two that were in one place crossed there, rather than one followed the other.

    Both move when each is there, and they come from different directions. Who walks can step
    aside at any time: with somebody on foot the courses on the shared ground count as well.

    Args:
        i: Row of the one that was there.
        j: Row of the one that comes.
        apart: As for `frames_back` [m].
        least: Least angle between their ways [rad].
        approach: Of all rows.
    """
    if not (approach.moves[i] and approach.moves[j]):
        return False
    back, back_j = frames_back(i, j, apart, approach)
    p, q = i, j
    if approach.in_line:
        p, q = i - back, j - back_j
    else:
        for _ in range(back):
            p = approach.before[p]
        for _ in range(back_j):
            q = approach.before[q]
    if turn_of(approach.course[q] - approach.course[p]) >= least:
        return True
    walks = approach.on_foot[i] or approach.on_foot[j]
    return bool(walks and turn_of(approach.course[j] - approach.course[i]) >= least)


@njit_inlined
def frames_back(i: int, j: int, apart: float, approach: Approach) -> tuple[int, int]:
    """How many frames before they were in one place the ways of two are compared.

    Those of their courses `APPROACH_S` earlier each, or as early as both had been moving:
    headings of standing ones wander, and at a recording's begin one may be known for longer than
    the other.

    Args:
        i: Row of the one that was there.
        j: Row of the one that comes.
        apart: Between their centres when the rear of the one and the front of the other are in
            one place [m]: on a bend of 8 m that is half a radian.
        approach: Of all rows.

    Returns:
        Frames before row i and before row j.
    """
    lead = min(int(apart / approach.speed[i] / LOG_STEP_S + 0.5), approach.known[i])
    same = min(approach.known[i] - lead, approach.known[j], APPROACH)
    return lead + same, same


@njit
def turn_of(angle: float) -> float:
    """Size of an angle [rad], up to pi."""
    return float(abs(np.remainder(angle + np.pi, 2.0 * np.pi) - np.pi))

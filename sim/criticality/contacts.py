"""Contacts in a Log: two boxes that were apart come to overlap."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.criticality.neighbours import neighbours
from sim.laws.contact import first_contact
from sim.laws.impact import contact_side
from sim.laws.overlap import separation
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BATCH = 500_000
TOUCH_M = 1e-3
"""Boxes nearer than this touch [m]: a Log's single precision is 6e-5 m at 1 km, and the simulator
leaves two that collided side by side, 0 m apart."""
MOVING_MPS = 0.5
"""At least one of two in contact is faster [m/s]; below, positions wander (engineering)."""
APART = round(0.5 / LOG_STEP_S)
"""Frames before a contact in which the two had been apart: boxes of neighbours that flicker in
and out of each other are a fault of the recording."""
CLOSING_MPS = 1.0
"""Those who closed in more slowly over these frames stay in touch for as many [m/s]: flanks of
neighbours that a recording lets overlap for 0.1 to 0.4 s, 8 of 16 contacts in 11.7 h of US-101,
Lankershim, DUT and OpenACC, are faults; wrecks stay together."""


@dataclass(frozen=True)
class Contacts:
    """K contacts, each of a pair of rows, by frame.

    Attributes:
        first, second: (K,) rows of the last frame that is not after the contact.
        last: (K,) the last frame of those, from then on, in which the two touch.
        first_side, second_side: (K,) code of `sim.laws.impact.Side` at which each was touched.
    """

    first: Ints
    second: Ints
    last: Ints
    first_side: Ints
    second_side: Ints

    def __len__(self) -> int:
        return len(self.first)


def contacts(rows: Rows, *, moving_mps: float = MOVING_MPS) -> Contacts:
    """Where two road users come into contact, found in their tracks alone.

    The boxes are apart in one frame and overlap in the next or in between, both moving and
    turning evenly from frame to frame: the test that the simulator makes in each step
    (`sim.laws.contact`). One of the two is faster than `moving_mps` and they close in, from
    apart, where their common tracks go back as far for 0.5 s; slower than at 1 m/s only if they
    then stay in touch for as long or until a track ends. So boxes that stand in each other, that
    overlap from the first frame on, that graze or that flicker make no contact: they are faults
    of a recording.

    Args:
        rows: A Log, recorded or simulated.
        moving_mps: [m/s].

    Returns:
        Sorted by first, then second row; a pair that parts and meets again has several.
    """
    parts = []
    for first, second in neighbours(rows, _reach(rows), BATCH):
        parts.append(_begun(first, second, rows.speed, moving_mps, *_boxes(rows)))
    found = np.concatenate(parts) if parts else np.empty((0, 5), dtype=np.int64)
    found = found[np.lexsort((found[:, 1], found[:, 0]))]
    first, second, side1, side2, fast = (np.ascontiguousarray(found[:, k]) for k in range(5))
    last, ends = _last(first, second, rows.frame, *_boxes(rows))
    real = (fast == 1) | ends | (last - rows.frame[first] >= APART)
    return Contacts(first[real], second[real], last[real], side1[real], side2[real])


def _boxes(rows: Rows) -> tuple[Ints, Ints, Floats, Floats, Floats, Floats, Floats]:
    """Links along time, and the boxes."""
    return rows.before, rows.after, rows.x, rows.y, rows.yaw, rows.length, rows.width


def _reach(rows: Rows) -> float:
    """Centres further apart than this do not touch before the next frame [m]."""
    if len(rows) == 0:
        return 0.0
    later = np.where(rows.after >= 0, rows.after, np.arange(len(rows)))
    step = np.hypot(rows.x[later] - rows.x, rows.y[later] - rows.y)
    return float((np.hypot(rows.length, rows.width) + 2.0 * step).max())


@njit
def _begun(
    first: Ints,
    second: Ints,
    speed: Floats,
    moving: float,
    before: Ints,
    after: Ints,
    x: Floats,
    y: Floats,
    yaw: Floats,
    length: Floats,
    width: Floats,
) -> Ints:
    """(K, 5) both rows before each contact, the sides touched, and whether they closed in fast."""
    found = np.empty((len(first), 5), np.int64)
    n = 0
    for p in range(len(first)):
        i, j = first[p], second[p]
        i2, j2 = after[i], after[j]
        if i2 < 0 or j2 < 0 or max(abs(speed[i]), abs(speed[j])) < moving:
            continue
        dx, dy = x[j] - x[i], y[j] - y[i]
        move_x, move_y = x[j2] - x[j] - x[i2] + x[i], y[j2] - y[j] - y[i2] + y[i]
        round_both = 0.5 * (math.hypot(length[i], width[i]) + math.hypot(length[j], width[j]))
        if math.hypot(dx, dy) - round_both > math.hypot(move_x, move_y) + TOUCH_M:
            continue
        if _gap(i, j, x, y, yaw, length, width) <= TOUCH_M:
            continue
        turn1, turn2 = _turn(yaw[i], yaw[i2]), _turn(yaw[j], yaw[j2])
        share = first_contact(
            dx,
            dy,
            move_x,
            move_y,
            yaw[i],
            turn1,
            length[i],
            width[i],
            yaw[j],
            turn2,
            length[j],
            width[j],
        )
        if math.isnan(share):
            if _gap(i2, j2, x, y, yaw, length, width) > TOUCH_M:
                continue
            share = 1.0
        closing = _closing(i, j, before, x, y, yaw, length, width)
        if closing <= 0.0:
            continue
        dx, dy = dx + share * move_x, dy + share * move_y
        one = (yaw[i] + share * turn1, length[i], width[i])
        two = (yaw[j] + share * turn2, length[j], width[j])
        sides = contact_side(dx, dy, *one, *two), contact_side(-dx, -dy, *two, *one)
        found[n] = i, j, sides[0], sides[1], int(closing >= CLOSING_MPS)
        n += 1
    return found[:n].copy()


@njit
def _closing(
    i: int,
    j: int,
    before: Ints,
    x: Floats,
    y: Floats,
    yaw: Floats,
    length: Floats,
    width: Floats,
) -> float:
    """How fast two that are apart closed in over `APART` frames or since both are known [m/s].

    0 if they touched in these frames, infinite if they are known for this one only.
    """
    now = _gap(i, j, x, y, yaw, length, width)
    then, frames = math.inf, 1
    for _ in range(APART - 1):
        i, j = before[i], before[j]
        if i < 0 or j < 0:
            break
        then = _gap(i, j, x, y, yaw, length, width)
        if then <= TOUCH_M:
            return 0.0
        frames += 1
    return (then - now) / (max(frames - 1, 1) * LOG_STEP_S)


@njit
def _last(
    first: Ints,
    second: Ints,
    frame: Ints,
    before: Ints,
    after: Ints,
    x: Floats,
    y: Floats,
    yaw: Floats,
    length: Floats,
    width: Floats,
) -> tuple[Ints, Bools]:
    """The last frame in which each pair still touches, without a pause, and if a track ends."""
    out, ends = np.empty(len(first), np.int64), np.zeros(len(first), np.bool_)
    for k in range(len(first)):
        i, j = first[k], second[k]
        out[k] = frame[i]
        i, j = after[i], after[j]
        while i >= 0 and j >= 0 and _gap(i, j, x, y, yaw, length, width) <= TOUCH_M:
            out[k] = frame[i]
            i, j = after[i], after[j]
        ends[k] = i < 0 or j < 0
    return out, ends


@njit
def _gap(i: int, j: int, x: Floats, y: Floats, yaw: Floats, length: Floats, width: Floats) -> float:
    return float(
        separation(
            x[j] - x[i], y[j] - y[i], yaw[i], length[i], width[i], yaw[j], length[j], width[j]
        )
    )


@njit
def _turn(yaw: float, later: float) -> float:
    return float(np.remainder(later - yaw + np.pi, 2.0 * np.pi) - np.pi)

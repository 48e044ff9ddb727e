"""How close it came in each frame: to the lead, in the plane, in contact; and the worst moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.features.events import conflict_time
from sim.features.lead import leads
from sim.features.settings import LabelSettings
from sim.laws.overlap import separation
from sim.laws.ttc_2d import ttc_2d
from sim.world.log import Log
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOUCH_M = 0.05
"""Boxes nearer than this are drawn as touching [m]: less than half a pixel."""

_LABEL = LabelSettings()


def lead_ttc(rows: Rows) -> tuple[Ints, Floats, Floats]:
    """The lead of every row and the time to collision to it.

    Returns:
        Row of the lead (-1: none), gap [m] and TTC [s], (R,) each. TTC is inf where the gap
        is not closing, 0 in contact, NaN without a lead.
    """
    lead, gap = leads(rows, _LABEL)
    closing = rows.speed - rows.speed[lead]
    with np.errstate(divide="ignore", invalid="ignore"):
        ttc = np.where(closing > 0.0, gap / closing, np.inf)
    ttc = np.where(gap <= 0.0, 0.0, ttc)
    return lead, gap, np.where(lead >= 0, ttc, np.nan)


def margin(rows: Rows, lead: Ints, gap: Floats, ttc: Floats, *, noisy: bool) -> Floats:
    """How close a row is to contact, (R,): its TTC [s], inf where none is defined.

    Args:
        rows: Of a Log.
        lead, gap, ttc: Of `lead_ttc`.
        noisy: Positions were measured, so a TTC that smoothed speeds and the gap's own rate
            do not confirm counts as 3 s at least.
    """
    plain = np.where(lead >= 0, ttc, np.inf)
    if not noisy:
        return plain
    confirmed = conflict_time(rows, lead, gap, _LABEL)
    return np.maximum(plain, np.minimum(confirmed, _LABEL.ttc_s))


CROSSING_RAD = 0.35
"""Two whose headings differ by more than this meet in the plane, not along a lane."""

MOVING_MPS, ONCOMING_RAD = 0.3, 2.8
FAR_S, PASSING_M = 5.0, 40.0
"""Where no margin is below the one, the moment is that of the nearest pass within the other."""


def in_plane(rows: Rows, among: NDArray[np.bool_], range_m: float) -> tuple[Ints, Floats, Floats]:
    """Whom each row will touch, whichever way it comes, and when: the other form of a conflict.

    Args:
        rows: Of a Log.
        among: (R,) the rows that are asked for.
        range_m: Within which anybody counts; 0 for nobody.

    Returns:
        Row of the other (-1: nobody), two-dimensional TTC [s] at constant velocity, inf where
        nobody is met, and distance to the nearest who moves across [m], (R,) each. The other is
        that one where nobody is met.
    """
    columns = (rows.x, rows.y, rows.yaw, rows.speed, rows.length, rows.width)
    return _in_plane(*columns, rows.slice_of, rows.start, among, range_m)


@njit
def _in_plane(
    x: Floats,
    y: Floats,
    yaw: Floats,
    speed: Floats,
    length: Floats,
    width: Floats,
    slice_of: Ints,
    start: Ints,
    among: NDArray[np.bool_],
    range_m: float,
) -> tuple[Ints, Floats, Floats]:
    other = np.full(len(x), -1, np.int64)
    apart = np.full(len(x), np.inf)
    ttc = np.full(len(x), np.inf)
    vx, vy = speed * np.cos(yaw), speed * np.sin(yaw)
    for i in range(len(x)):
        if not among[i]:
            continue
        for j in range(start[slice_of[i]], start[slice_of[i] + 1]):
            if j == i:
                continue
            place = (x[j] - x[i], y[j] - y[i], vx[j] - vx[i], vy[j] - vy[i])
            far = np.hypot(place[0], place[1])
            if far <= range_m:
                t = ttc_2d(*place, yaw[i], length[i], width[i], yaw[j], length[j], width[j])
                if t < ttc[i]:
                    other[i], ttc[i] = j, t
            turn = abs(np.remainder(yaw[j] - yaw[i] + np.pi, 2.0 * np.pi) - np.pi)
            crosses = CROSSING_RAD <= turn < ONCOMING_RAD and speed[j] > MOVING_MPS
            if crosses and far < apart[i]:
                apart[i] = far
                if ttc[i] == np.inf:
                    other[i] = j
    return other, ttc, apart


def least(rows: Rows, close: Floats, apart: Floats, among: NDArray[np.bool_]) -> int:
    """The first row of least margin among some.

    Where all margins are far, the one nearest to who crosses its way; where nobody does and
    there is no margin at all, the one nearest to anybody.
    """
    shown = np.where(among, close, np.inf)
    passes = np.where(among, apart, np.inf)
    if shown.min() > FAR_S and passes.min() < PASSING_M:
        return int(passes.argmin())
    if np.isfinite(shown).any():
        return int(shown.argmin())
    near = np.where(among, nearest(rows)[1], np.inf)
    return int(near.argmin()) if np.isfinite(near).any() else int(among.argmax())


def contact(rows: Rows, track: int, other: int = -1) -> tuple[int, int]:
    """Where a road user first touches another: its row and the other's, -1 if it is alone.

    The rows of least separation where no frame shows them touching, as contact may begin and
    end between two frames.

    Args:
        rows: Of a Log.
        track: Of the road user.
        other: Track of whom it touched; anybody if negative.
    """
    best, found = np.inf, (int((rows.track == track).argmax()), -1)
    for i in np.flatnonzero(rows.track == track).tolist():
        here = rows.slice_of[i]
        for j in range(int(rows.start[here]), int(rows.start[here + 1])):
            if j == i or (other >= 0 and rows.track[j] != other):
                continue
            apart = separation(
                rows.x[j] - rows.x[i],
                rows.y[j] - rows.y[i],
                rows.yaw[i],
                rows.length[i],
                rows.width[i],
                rows.yaw[j],
                rows.length[j],
                rows.width[j],
            )
            if apart < best:
                best, found = apart, (i, j)
        if best < TOUCH_M:
            break
    return found


def nearest(rows: Rows) -> tuple[Ints, Floats]:
    """The nearest other one to each row in its frame, (R,) each.

    Returns:
        Its row, -1 where a row is alone, and the distance of the centres [m], inf there.
    """
    who, far = np.full(len(rows), -1), np.full(len(rows), np.inf)
    for a, b in zip(rows.start[:-1], rows.start[1:]):
        if b - a < 2:
            continue
        x, y = rows.x[a:b], rows.y[a:b]
        apart = np.hypot(x[:, None] - x, y[:, None] - y)
        np.fill_diagonal(apart, np.inf)
        who[a:b], far[a:b] = a + apart.argmin(axis=1), apart.min(axis=1)
    return who, far


def measured(log: Log) -> Floats:
    """Least TTC of anybody to its leader in each recording, (E,) [s]; inf where nobody closed in.

    A TTC that positions do not confirm counts as 3 s at least.
    """
    rows = Rows.of(log)
    close = margin(rows, *lead_ttc(rows), noisy=True)
    found = np.full(len(log), np.inf)
    np.minimum.at(found, rows.episode, close)
    return found

"""Whom the ego of an episode came close to in each frame, and the moment it was closest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.criticality import RoadUser, ttc_2d
from sim.family import Event
from sim.view import moment
from sim.view.noted import by_pet
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Closest:
    """How close each of R rows is to contact, by the form of the family's event.

    Attributes:
        close: (R,), TTC [s] to the leader, or to anybody in the plane; inf where none closes in.
        meets: (R,), row of whom that is, -1 where nobody is.
        worst: Row of the closest moment.
        other: Row of the other one then, -1 where nobody else is there.
    """

    close: Floats
    meets: Ints
    worst: int
    other: int


def closest(
    rows: Rows, among: Bools, event: Event, note: Mapping[str, Any] | None, *, simulated: bool
) -> Closest:
    """Find it.

    Args:
        rows: Of one episode.
        among: (R,) the rows of whom it is told of.
        event: The family's.
        note: What the simulator noted of its ego, which `among` holds then; None of others.
        simulated: Whether positions are exact.
    """
    lead, gap, ttc = moment.lead_ttc(rows)
    close, meets = moment.margin(rows, lead, gap, ttc, noisy=not simulated), lead
    if not simulated:
        worst = moment.least(rows, close, np.full(len(rows), np.inf), among)
        return Closest(close, meets, worst, int(meets[worst]))
    who, across, apart = moment.in_plane(rows, among, event.range_m)
    if event.range_m:
        close, meets = np.where(among, across, close), np.where(among, who, lead)
    else:
        passes = np.isinf(close) & (apart < moment.PASSING_M)
        meets = np.where(passes, who, lead)
    if note is None:
        return _settled(rows, close, meets, moment.least(rows, close, apart, among))
    return _as_noted(rows, Closest(close, meets, -1, -1), apart, among, event, note)


def _as_noted(
    rows: Rows, by: Closest, apart: Floats, among: Bools, event: Event, note: Mapping[str, Any]
) -> Closest:
    """The moment of what was noted: contact, encroachment, or the least time to collision."""
    track = int(rows.track[among][0])
    close, meets = by.close, by.meets
    if note["collided"]:
        worst, other = moment.contact(rows, track, int(note["other_id"]))
        close, meets = _with_struck(rows, track, int(note["other_id"]), worst, close, meets)
        return Closest(close, meets, worst, other)
    if by_pet(note, event):
        found = _noted(rows, track, note, "min_pet") if note["min_pet_s"] < moment.FAR_S else None
    else:
        if not event.range_m and note["min_ttc_with"] >= 0:
            close, meets = _with_leader(rows, track, int(note["min_ttc_with"]), close, meets)
        far = event.range_m and not note["min_ttc_s"] < moment.FAR_S
        found = None if far else _noted(rows, track, note, "min_ttc")
    if found is not None:
        return Closest(close, meets, *found)
    return _settled(rows, close, meets, moment.least(rows, close, apart, among))


def _with_struck(
    rows: Rows, track: int, other: int, worst: int, close: Floats, meets: Ints
) -> tuple[Floats, Ints]:
    """Times until the boxes touch, of two who do, where that is sooner than any leader's.

    Who swerves in and is hit is nobody's leader up to the contact.
    """
    mine, others = _together(rows, track, other)
    before = rows.frame[mine] <= rows.frame[worst]
    mine, others = mine[before], others[before]
    columns = (rows.x, rows.y, rows.yaw, rows.speed, rows.length, rows.width)
    time = ttc_2d(*(RoadUser(*(column[at] for column in columns)) for at in (mine, others)))
    nearer = time < close[mine]
    close, meets = close.copy(), meets.copy()
    close[mine[nearer]], meets[mine[nearer]] = time[nearer], others[nearer]
    return close, meets


def _noted(rows: Rows, track: int, note: Mapping[str, Any], measure: str) -> tuple[int, int] | None:
    """Rows of a track and of the one that a least time was to, when it was; None if there is none.

    The last frame up to then in which both are there: who was first at a place may have left.
    """
    mine, others = _together(rows, track, int(note[f"{measure}_with"]))
    if not len(mine):
        return None
    before = rows.frame[mine] <= note[f"{measure}_at_s"] / LOG_STEP_S + 0.5
    k = max(int(before.sum()) - 1, 0)
    return int(mine[k]), int(others[k])


def _together(rows: Rows, track: int, other: int) -> tuple[Ints, Ints]:
    """Rows of two road users in the frames in which both are there."""
    a, b = (np.flatnonzero(rows.track == t) for t in (track, other))
    _, mine, others = np.intersect1d(rows.frame[a], rows.frame[b], return_indices=True)
    return a[mine], b[others]


def _with_leader(
    rows: Rows, track: int, other: int, close: Floats, meets: Ints
) -> tuple[Floats, Ints]:
    """Times to collision where this one ahead is nearer than whom the positions show as leader.

    Who cuts in is its follower's leader long before its centre is in the lane.
    """
    mine, others = _together(rows, track, other)
    dx, dy = rows.x[others] - rows.x[mine], rows.y[others] - rows.y[mine]
    ahead = dx * np.cos(rows.yaw[mine]) + dy * np.sin(rows.yaw[mine])
    gap = np.maximum(ahead - 0.5 * (rows.length[mine] + rows.length[others]), 0.0)
    closing = rows.speed[mine] - rows.speed[others]
    with np.errstate(divide="ignore", invalid="ignore"):
        time = np.where((closing > 0.0) & (ahead > 0.0), gap / closing, np.inf)
    nearer = time < close[mine]
    close, meets = close.copy(), meets.copy()
    close[mine[nearer]], meets[mine[nearer]] = time[nearer], others[nearer]
    return close, meets


def _settled(rows: Rows, close: Floats, meets: Ints, worst: int) -> Closest:
    """With the nearest one as the other where nobody is met."""
    other = int(meets[worst])
    return Closest(
        close, meets, worst, other if other >= 0 else int(moment.nearest(rows)[0][worst])
    )

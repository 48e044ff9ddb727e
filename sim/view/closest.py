"""Whom the ego of an episode came close to in each frame, and the moment it was closest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.family import Event
from sim.view import conflict, moment
from sim.view.noted import by_pet
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
        return Closest(close, meets, *moment.contact(rows, track, int(note["other_id"])))
    if by_pet(note, event):
        if note["min_pet_s"] < moment.FAR_S:
            found = conflict.of_encroachment(rows, track, float(note["min_pet_s"]))
            if found is not None:
                return Closest(close, meets, *found)
    elif not event.range_m and np.isfinite(note["min_ttc_s"]):
        led = conflict.to_leader(rows, track, float(note["min_ttc_s"]))
        if led is not None:
            mine, others, time = led
            nearer = time < close[mine]
            close, meets = close.copy(), meets.copy()
            close[mine[nearer]], meets[mine[nearer]] = time[nearer], others[nearer]
            return Closest(close, meets, int(mine[0]), int(others[0]))
    return _settled(rows, close, meets, moment.least(rows, close, apart, among))


def _settled(rows: Rows, close: Floats, meets: Ints, worst: int) -> Closest:
    """With the nearest one as the other where nobody is met."""
    other = int(meets[worst])
    return Closest(
        close, meets, worst, other if other >= 0 else int(moment.nearest(rows)[0][worst])
    )

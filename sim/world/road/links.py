"""Links: the stretches on which two courses run together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.geometry import wrap_angle
from sim.world.road.chain import Path, place
from sim.world.road.core import Links, no_links
from sim.world.road.foot import foot

Floats = NDArray[np.float64]
TOLERANCE_M = 0.05
TOLERANCE_RAD = 0.02
LOOKS = 64
BISECTIONS = 16


@dataclass(frozen=True)
class Meeting:
    """A place that two courses of n roads have in common, (n,) each.

    Attributes:
        first: (n, P) path of one course.
        second: Of the other.
        courses: Their numbers.
        lanes: A lane of either that lies upon the other there.
        y: Its d on either course [m].
        at: The place along the first [m]; NaN where they have none in common.
        there: Along the second [m].
        apart: They are held to run together while these lanes' centre lines are nearer [m].
    """

    first: Path
    second: Path
    courses: tuple[int, int]
    lanes: tuple[int, int]
    y: tuple[Floats, Floats]
    at: Floats
    there: Floats
    apart: Floats


def common_place(first: Path, second: Path, y: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """A place at which two courses run together, along either [m]; NaN where there is none.

    Looked for where pieces of either begin or end, so a shared stretch without a piece's end
    in it is not found.

    Args:
        first: (n, P).
        second: (n, Q).
        y: (n,) d on either of the lanes that are compared [m].
    """
    n = len(first.length)
    at, there = np.full(n, np.nan), np.full(n, np.nan)
    for swap in (False, True):
        one, two = (second, first) if swap else (first, second)
        d_one, d_two = (y[1], y[0]) if swap else (y[0], y[1])
        s = np.concatenate([one.s, one.length[:, None]], axis=1)
        x, y_, heading = place(one, s, d_one[:, None])
        which = np.repeat(np.arange(n), s.shape[1])
        onto, d = (v.reshape(s.shape) for v in foot(two, which, x.ravel(), y_.ravel()))
        turned = np.abs(wrap_angle(place(two, onto)[2] - heading))
        near = (np.abs(d - d_two[:, None]) < TOLERANCE_M) & (turned < TOLERANCE_RAD)
        pick = np.argmax(near, axis=1)
        found = near.any(axis=1) & np.isnan(at)
        rows = np.arange(n)
        at[found] = (onto if swap else s)[rows, pick][found]
        there[found] = (s if swap else onto)[rows, pick][found]
    return at, there


def together(m: Meeting) -> tuple[Floats, Floats]:
    """How far two courses run together around a place: from s, to s along the first, (n,) [m]."""
    shift = m.there - m.at
    low = np.maximum(0.0, -shift)
    high = np.minimum(m.first.length, m.second.length - shift)
    return _reach(m, shift, low), _reach(m, shift, high)


def _reach(m: Meeting, shift: Floats, limit: Floats) -> Floats:
    """The last s towards `limit` before the lanes are `apart`."""
    share = np.linspace(0.0, 1.0, LOOKS)
    off = _distance(m, shift, m.at[:, None] + (limit - m.at)[:, None] * share) > m.apart[:, None]
    ever, first = off.any(axis=1), np.argmax(off, axis=1)
    near = np.where(ever, share[np.maximum(first - 1, 0)], 1.0)
    far = np.where(ever, share[first], 1.0)
    for _ in range(BISECTIONS):
        middle = 0.5 * (near + far)
        s = (m.at + (limit - m.at) * middle)[:, None]
        beyond = _distance(m, shift, s)[:, 0] > m.apart
        near, far = np.where(beyond, near, middle), np.where(beyond, middle, far)
    return m.at + (limit - m.at) * near


def _distance(m: Meeting, shift: Floats, s: Floats) -> Floats:
    s = np.nan_to_num(s)
    x, y, _ = place(m.first, s, m.y[0][:, None])
    x2, y2, _ = place(m.second, s + np.nan_to_num(shift)[:, None], m.y[1][:, None])
    return np.hypot(x2 - x, y2 - y)


def find_links(meetings: Sequence[Meeting], roads: int) -> Links:
    """Two records a meeting, one a direction; -1 for courses that do not meet.

    Args:
        meetings: Places in common; a make's are the same for all its roads.
        roads: R.
    """
    if not meetings:
        return no_links(roads)
    records = []
    for m in meetings:
        low, high = together(m)
        by = m.there - m.at
        lanes = m.lanes[1] - m.lanes[0]
        records.append((*m.courses, low, high, by, lanes))
        records.append((m.courses[1], m.courses[0], low + by, high + by, -by, -lanes))
    met = np.stack([np.isfinite(m.at) for m in meetings for _ in range(2)], axis=1)

    def whole(field: int, unused: int) -> NDArray[np.int64]:
        return np.where(met, np.array([r[field] for r in records], dtype=np.int64), unused)

    def real(field: int) -> Floats:
        return np.where(met, np.stack([r[field] for r in records], axis=1), 0.0)

    return Links(whole(0, -1), whole(1, -1), real(2), real(3), real(4), whole(5, 0))

"""Conflict areas: where lanes of two courses cover the same ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from sim.world.road.core import Areas, Rule, no_areas
from sim.world.road.foot import foot
from sim.world.road.strips import Strip, polygons

Floats = NDArray[np.float64]
Ground = tuple[Floats, Floats, Floats, Floats]
LEAST_M2 = 0.01
"""Strips that share less only touch."""


@dataclass(frozen=True)
class Conflict:
    """Two lanes of n roads that may be in each other's way.

    Attributes:
        first: A lane between the places that are looked at.
        second: A lane of another course.
        rules: Who of them goes first.
        holds: (n,) the lines at which their fronts wait [m], where the area allows it.
        short: At least so far before the area they wait [m].
        ground: What `overlap` tells of the two, where that is known already.
    """

    first: Strip
    second: Strip
    rules: tuple[Rule, Rule]
    holds: tuple[Floats, Floats]
    short: tuple[float, float] = (0.0, 0.0)
    ground: Ground | None = None


def overlap(first: Strip, second: Strip) -> Ground:
    """Where two strips cover the same ground, along each of their courses, (n,) each.

    Starts and ends of the shared ground on the first course, then on the second [m]; NaN where
    there is none. Exact to 5 cm where strips are shorter than 60 m and wider than 2 m.
    """
    n = len(first.start)
    shared = shapely.intersection(polygons(first), polygons(second))
    some = shapely.area(shared) > LEAST_M2
    points, which = shapely.get_coordinates(shared[some], return_index=True)
    which = np.flatnonzero(some)[which]
    bounds = []
    for strip in (first, second):
        s, _ = foot(strip.path, which, points[:, 0], points[:, 1], strip.start, strip.end)
        low, high = np.full(n, np.inf), np.full(n, -np.inf)
        np.minimum.at(low, which, s)
        np.maximum.at(high, which, s)
        bounds += [np.where(some, low, np.nan), np.where(some, high, np.nan)]
    return bounds[0], bounds[1], bounds[2], bounds[3]


def find_areas(conflicts: Sequence[Conflict], roads: int) -> Areas:
    """Two records a conflict, one a side; -1 for the course where the lanes do not meet.

    Args:
        conflicts: The pairs of lanes looked at; a make's are the same for all its roads.
        roads: R.
    """
    if not conflicts:
        return no_areas(roads)
    records: list[tuple[Strip, Strip, Ground, Rule]] = []
    hold = []
    for c in conflicts:
        a = overlap(c.first, c.second) if c.ground is None else c.ground
        records.append((c.first, c.second, a, c.rules[0]))
        records.append((c.second, c.first, (a[2], a[3], a[0], a[1]), c.rules[1]))
        hold += [np.minimum(c.holds[0], a[0] - c.short[0])]
        hold += [np.minimum(c.holds[1], a[2] - c.short[1])]
    meets = np.stack([np.isfinite(a[0]) for _, _, a, _ in records], axis=1)

    def whole(values: list[int]) -> NDArray[np.int64]:
        return np.where(meets, np.array(values, dtype=np.int64), -1)

    def real(values: list[Floats]) -> Floats:
        return np.where(meets, np.stack(values, axis=1), 0.0)

    return Areas(
        course=whole([own.course for own, *_ in records]),
        lane=whole([own.lane for own, *_ in records]),
        start=real([a[0] for _, _, a, _ in records]),
        end=real([a[1] for _, _, a, _ in records]),
        hold=real(hold),
        rule=np.where(meets, np.array([int(r) for *_, r in records]), 0),
        rival=whole([other.course for _, other, *_ in records]),
        rival_lane=whole([other.lane for _, other, *_ in records]),
        rival_start=real([a[2] for _, _, a, _ in records]),
        rival_end=real([a[3] for _, _, a, _ in records]),
    )

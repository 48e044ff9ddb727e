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
APART_M = 8.0
"""Between two places where the same lanes meet, so that a car fits in between (engineering)."""
BETWEEN_M = 1.0
"""From where one waits to an area that has no line of its own [m] (engineering)."""


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
        far: A line farther than this before the area is none of its own: they wait close to it.
    """

    first: Strip
    second: Strip
    rules: tuple[Rule, Rule]
    holds: tuple[Floats, Floats]
    short: tuple[float, float] = (0.0, 0.0)
    ground: Ground | None = None
    far: float = np.inf


def overlap(first: Strip, second: Strip) -> Ground:
    """Where two strips cover the same ground, along each of their courses, (n,) each.

    Starts and ends of the shared ground on the first course, then on the second [m]; NaN where
    there is none. Exact to 5 cm where strips are shorter than 60 m and wider than 2 m.
    """
    return _hull(first, second, shapely.intersection(polygons(first), polygons(second)))


def overlaps(first: Strip, second: Strip) -> list[Ground]:
    """The same, one by one where strips meet at places more than `APART_M` from each other.

    In the order along the first course; NaN where a road has fewer than the others.
    """
    shared = shapely.intersection(polygons(first), polygons(second))
    whole = _hull(first, second, shared)
    several = np.flatnonzero(shapely.get_num_geometries(shared) > 1)
    if not len(several):
        return [whole]
    found = {int(r): _places(first, second, int(r), shared[r]) for r in several}
    grounds = [tuple(column.copy() for column in whole)]
    while len(grounds) < max(len(places) for places in found.values()):
        grounds.append(tuple(np.full(len(first.start), np.nan) for _ in whole))
    for r, places in found.items():
        for ground, place in zip(grounds, places):
            for column, value in zip(ground, place):
                column[r] = value
    return [(a, b, c, d) for a, b, c, d in grounds]


def _hull(first: Strip, second: Strip, shared: NDArray[np.object_]) -> Ground:
    n = len(first.start)
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


def _places(first: Strip, second: Strip, r: int, shared: shapely.Geometry) -> list[list[float]]:
    """Of one road; parts that are near each other along either course are one place."""
    places: list[list[float]] = []
    for part in shapely.get_parts(shared):
        if shapely.area(part) <= LEAST_M2:
            continue
        x, y = shapely.get_coordinates(part).T
        which = np.full(len(x), r)
        new: list[float] = []
        for strip in (first, second):
            s, _ = foot(strip.path, which, x, y, strip.start, strip.end)
            new += [float(s.min()), float(s.max())]
        for old in [p for p in places if _near(p, new)]:
            places.remove(old)
            new = [f(a, b) for f, a, b in zip((min, max, min, max), old, new)]
        places.append(new)
    return sorted(places)


def _near(one: list[float], two: list[float]) -> bool:
    gaps = [max(one[k], two[k]) - min(one[k + 1], two[k + 1]) for k in (0, 2)]
    return min(gaps) < APART_M


def find_areas(conflicts: Sequence[Conflict], roads: int) -> Areas:
    """Two records a place where lanes meet, one a side; -1 for the course where they do not.

    Args:
        conflicts: The pairs of lanes looked at; a make's are the same for all its roads.
        roads: R.
    """
    if not conflicts:
        return no_areas(roads)
    records: list[tuple[Strip, Strip, Ground, Rule]] = []
    hold: list[Floats] = []
    for c in conflicts:
        grounds = overlaps(c.first, c.second) if c.ground is None else [c.ground]
        for k, a in enumerate(grounds):
            records.append((c.first, c.second, a, c.rules[0]))
            records.append((c.second, c.first, (a[2], a[3], a[0], a[1]), c.rules[1]))
            others = grounds[:k] + grounds[k + 1 :]
            for side in (0, 1):
                ends = [ground[2 * side + 1] for ground in others]
                hold.append(_line(c, side, a[2 * side], ends))
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


def _line(c: Conflict, side: int, start: Floats, ends: Sequence[Floats]) -> Floats:
    """Where fronts wait for an area: not before another one's end, nor farther than `far`."""
    line: Floats = np.minimum(c.holds[side], start - c.short[side])
    near = start - max(c.short[side], BETWEEN_M)
    line = np.where(start - line > c.far, near, line)
    for end in ends:
        line = np.where((line < end) & (end < start), near, line)
    return line

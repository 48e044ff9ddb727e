"""Courses of a map: ways along its lanes, with the lanes that run parallel to them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.maps.cells import Cell, Cells, chains, rows
from sim.maps.fit import fit, joined
from sim.world.road.chain import Path, place
from sim.world.road.foot import foot

Floats = NDArray[np.float64]
Chain = tuple[str, ...]
MARGIN_M = 5.0
"""Cells side by side need not begin and end on one line across; so much is looked further."""
Rows = dict[str, tuple[tuple[str, ...], int]]


@dataclass(frozen=True)
class Stretch:
    """A cell as part of a course's lane, from s to s [m]."""

    name: str
    start: float
    end: float


@dataclass(frozen=True)
class Laid:
    """A course of a map.

    Attributes:
        path: Of one road.
        lanes: From the right: (d, width, start, end) [m].
        cells: Of each lane, in their order.
        main: Number of the lane that the path is the centre line of.
        deviation: Largest distance between the file's centre lines and the lanes' [m].
    """

    path: Path
    lanes: list[tuple[float, float, float, float]]
    cells: list[list[Stretch]]
    main: int
    deviation: float


@dataclass(frozen=True)
class _Lane:
    y: float
    off: float
    stretches: list[Stretch]

    @property
    def length(self) -> float:
        return self.stretches[-1].end - self.stretches[0].start


def lay_courses(
    cells: Cells, tolerance: float, parallel: float, where: str
) -> tuple[list[Laid], list[str]]:
    """The courses of a map, and what had to be left out of them, in words.

    Ways that run side by side are lanes of one course, unless the distance between them varies
    by more than twice `parallel`: then each has a course of its own. Lanes beside a course on
    a part of it begin and end there; a way that is all of such a lane needs no course.

    Args:
        cells: The map by name.
        tolerance: Of the arcs to centre lines given as points [m].
        parallel: Of a lane to one parallel to its course [m].
        where: The file, for errors.

    Raises:
        UserError: There are more ways than a road can have.
    """
    beside = rows(cells)
    groups: dict[tuple[tuple[str, ...], ...], list[Chain]] = defaultdict(list)
    for way in chains(cells, where):
        groups[tuple(beside[name][0] for name in way)].append(way)
    laid: list[Laid] = []
    notes: list[str] = []
    inside: set[Chain] = set()
    for group in sorted(groups.values(), key=lambda ways: -len(ways[0])):
        left = sorted(group, key=lambda way: [beside[name][1] for name in way])
        while left := [way for way in left if way not in inside]:
            way = left[len(left) // 2]
            course, told = _course(way, cells, beside, tolerance, parallel)
            laid.append(course)
            notes += told
            inside |= {way, *(tuple(s.name for s in lane) for lane in course.cells)}
    return laid, notes


def _course(
    way: Chain, cells: Cells, beside: Rows, tolerance: float, parallel: float
) -> tuple[Laid, list[str]]:
    path, off = _centre(way, cells, tolerance)
    notes = [f"{way[0]} to {way[-1]}: {off:.2f} m off its centre line"] if off > tolerance else []
    ends = np.cumsum([0.0, *(cells[name].length for name in way)]) * (
        path.length[0] / sum(cells[name].length for name in way)
    )
    own = [Stretch(name, a, b) for name, a, b in zip(way, ends, ends[1:])]
    found = {0: _Lane(0.0, off, own)}
    for sign in (1, -1):
        offset = sign
        while any(0 <= beside[n][1] + offset < len(beside[n][0]) for n in way):
            lane = _beside(way, offset, own, cells, beside, path, parallel)
            if lane is None:
                notes.append(f"{way[0]} to {way[-1]}: lane {offset:+d} is not parallel")
                break  # nor is what lies beyond it next to this course
            found[offset] = lane
            offset += sign
    order = sorted(found)
    lanes = [_record(found[k], cells, path) for k in order]
    stretches = [found[k].stretches for k in order]
    worst = max(lane.off for lane in found.values())
    return Laid(path, lanes, stretches, order.index(0), worst), notes


def _centre(way: Chain, cells: Cells, tolerance: float) -> tuple[Path, float]:
    paths = [cells[name].path for name in way]
    known = [path for path in paths if path is not None]
    if len(known) == len(paths):
        return joined(known), max((_gap(a, b) for a, b in pairwise(known)), default=0.0)
    points = np.concatenate([cells[name].points for name in way])
    apart = np.hypot(*np.diff(points, axis=0, prepend=points[:1] - 1.0).T)
    return fit(points[apart > 0.01], tolerance)


def _gap(one: Path, two: Path) -> float:
    x, y, _ = place(one, one.length[:, None])
    return float(np.hypot(two.x[0, 0] - x[0, 0], two.y[0, 0] - y[0, 0]))


def _beside(
    way: Chain,
    offset: int,
    own: list[Stretch],
    cells: Cells,
    beside: Rows,
    path: Path,
    parallel: float,
) -> _Lane | None:
    """The longest part of the way with a parallel lane so many lanes to its left."""
    best: _Lane | None = None
    for run in _runs(way, offset, cells, beside):
        d = [_side(cells[name], path, own[k]) for k, name in run]
        low, high = 0, len(run)
        while high > low:
            every = np.concatenate(d[low:high])
            off = 0.5 * float(np.ptp(every))
            if off <= parallel:
                break
            middle = np.median(every)
            ends = [np.abs(d[k] - middle).max() for k in (low, high - 1)]
            low, high = (low + 1, high) if ends[0] > ends[1] else (low, high - 1)
        if high > low:
            parts = [_stretch(cells[name].points, path, own[k], name) for k, name in run[low:high]]
            if run[low][0] == 0:
                parts[0] = replace(parts[0], start=0.0)
            if run[high - 1][0] == len(way) - 1:
                parts[-1] = replace(parts[-1], end=float(path.length[0]))
            lane = _Lane(0.5 * float(every.min() + every.max()), off, parts)
            if best is None or lane.length > best.length:
                best = lane
    return best


def _runs(way: Chain, offset: int, cells: Cells, beside: Rows) -> list[list[tuple[int, str]]]:
    """Cells so many to the left of the way's that follow each other."""
    found: list[list[tuple[int, str]]] = []
    last = None
    for k, name in enumerate(way):
        row, place = beside[name]
        here = row[place + offset] if 0 <= place + offset < len(row) else None
        if here is not None:
            if last is None or here not in cells[last].after:
                found.append([])
            found[-1].append((k, here))
        last = here
    return found


def _stretch(points: Floats, path: Path, near: Stretch, name: str) -> Stretch:
    """Where a cell beside a course begins and ends along it."""
    ends, low, high = points[[0, -1]], near.start - MARGIN_M, near.end + MARGIN_M
    s, _ = foot(path, np.zeros(2, dtype=np.int64), ends[:, 0], ends[:, 1], low, high)
    return Stretch(name, float(s[0]), max(float(s[1]), float(s[0])))


def _side(cell: Cell, path: Path, near: Stretch) -> Floats:
    """How far left of the path a cell is, every two metres of it that have a foot there."""
    even = np.linspace(0.0, cell.length, int(cell.length / 2.0) + 3)
    if cell.path is not None:
        x, y = (v[0] for v in place(cell.path, even[None])[:2])
    else:
        at = np.cumsum(np.hypot(*np.diff(cell.points, axis=0, prepend=cell.points[:1]).T))
        x, y = (np.interp(even, at, cell.points[:, k]) for k in (0, 1))
    low, high = near.start - MARGIN_M, near.end + MARGIN_M
    s, d = foot(path, np.zeros(len(x), dtype=np.int64), x, y, low, high)
    inner = (s > max(low, 0.0)) & (s < min(high, float(path.length[0])))
    return d[inner] if inner.any() else d


def _record(lane: _Lane, cells: Cells, path: Path) -> tuple[float, float, float, float]:
    width = float(np.median([cells[s.name].width for s in lane.stretches]))
    start, end = lane.stretches[0].start, lane.stretches[-1].end
    return (
        lane.y,
        width,
        -np.inf if start <= 0.0 else start,
        np.inf if end >= path.length[0] - 1e-6 else end,
    )

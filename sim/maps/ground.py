"""What courses of a map share: links where lanes are the same, areas where they overlap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import shapely
from numpy.typing import NDArray

from sim.base.geometry import wrap_angle
from sim.maps.cells import Cell, Cells, rows
from sim.maps.courses import Laid, Stretch
from sim.world.road.areas import Conflict
from sim.world.road.assemble import Track
from sim.world.road.core import Rule
from sim.world.road.links import Meeting
from sim.world.road.strips import Strip

Floats = NDArray[np.float64]
SLACK_M = 0.3
"""Strip of a lane's edge that nobody needs [m] (engineering)."""
LEAST_M2 = 1.0
FAR_M = 30.0
"""A lane that begins farther before a crossing has its stop line elsewhere (engineering)."""
TURN_RAD = 0.35


def meetings(laid: Sequence[Laid]) -> list[Meeting]:
    """Stretches that are the same cells in two courses, one for each shift between them."""
    at: dict[str, list[tuple[int, int, Stretch]]] = defaultdict(list)
    for c, course in enumerate(laid):
        for lane, stretches in enumerate(course.cells):
            for stretch in stretches:
                at[stretch.name].append((c, lane, stretch))
    shared: dict[tuple[int, int, int, int], list[tuple[int, Stretch, Stretch]]] = defaultdict(list)
    for places in at.values():
        for (a, i, one), (b, j, two) in combinations(places, 2):
            if a != b:
                run = round((two.start - one.start) / 20.0)  # a loop may come by twice
                shared[a, b, j - i, run].append((i, one, two))
    found = []
    for (a, b, by, _), pairs in shared.items():
        lane, one, two = max(pairs, key=lambda p: p[1].end - p[1].start)
        y = (np.array([laid[a].lanes[lane][0]]), np.array([laid[b].lanes[lane + by][0]]))
        middle = [np.array([0.5 * (s.start + s.end)]) for s in (one, two)]
        apart = np.array([0.5 * laid[a].lanes[lane][1]])
        paths = (laid[a].path, laid[b].path)
        found.append(Meeting(*paths, (a, b), (lane, lane + by), y, middle[0], middle[1], apart))
    return found


def conflicts(cells: Cells, laid: Sequence[Laid], tracks: Sequence[Track]) -> list[Conflict]:
    """Lanes of two courses that overlap without being the same.

    Who goes first is not read from maps; here it is who turns less, else who comes from the
    right (engineering).

    Args:
        cells: The map.
        laid: Its courses.
        tracks: The same, as they become a road.
    """
    at: dict[str, list[tuple[int, int, Stretch]]] = defaultdict(list)
    for c, course in enumerate(laid):
        for lane, stretches in enumerate(course.cells):
            if np.isinf(course.lanes[lane][3]):
                for stretch in stretches:
                    at[stretch.name].append((c, lane, stretch))
    merged: dict[tuple[int, int, int, int], list[tuple[str, str, Stretch, Stretch]]]
    merged = defaultdict(list)
    for x, y in _overlapping(cells):
        for a, i, one in at[x]:
            for b, j, two in at[y]:
                if a != b:
                    merged[a, i, b, j].append((x, y, one, two))
    found = []
    for (a, i, b, j), pairs in merged.items():
        if a > b and (b, j, a, i) in merged:
            continue
        first = _strip(tracks[a], a, i, [p[2] for p in pairs])
        second = _strip(tracks[b], b, j, [p[3] for p in pairs])
        rule = _rules(cells[pairs[0][0]], cells[pairs[0][1]])
        found.append(Conflict(first, second, rule, (first.start, second.start), far=FAR_M))
    return found


def _strip(track: Track, course: int, lane: int, parts: list[Stretch]) -> Strip:
    start, end = min(p.start for p in parts), max(p.end for p in parts)
    return track.strip(course, lane, start, end, SLACK_M)


def _overlapping(cells: Cells) -> list[tuple[str, str]]:
    """Cells that share ground, but neither neighbours nor one after the other."""
    names = list(cells)
    beside = rows(cells)
    ground = []
    for name in names:
        half = max(0.5 * cells[name].width - SLACK_M, 0.2)
        ground.append(shapely.LineString(cells[name].points).buffer(half, cap_style="flat"))
    tree = shapely.STRtree(ground)
    before: dict[str, set[str]] = defaultdict(set)
    for name, cell in cells.items():
        for after in cell.after:
            before[after].add(name)
    found = []
    for i, j in zip(*tree.query(ground, predicate="intersects")):
        x, y = names[int(i)], names[int(j)]
        apart = y not in beside[x][0] and y not in cells[x].after and x not in cells[y].after
        if i < j and apart and not before[x] & before[y]:
            shared = shapely.intersection(ground[int(i)], ground[int(j)])
            if shapely.area(shared) > LEAST_M2:
                found.append((x, y))
    return found


def _rules(one: Cell, two: Cell) -> tuple[Rule, Rule]:
    turns = [_turn(cell.points) for cell in (one, two)]
    if abs(abs(turns[0]) - abs(turns[1])) > TURN_RAD:
        first = abs(turns[0]) < abs(turns[1])
    else:
        (a, b) = (_way(cell.points) for cell in (one, two))
        first = float(wrap_angle(a - b)) > 0.0  # the second comes from the left
    return (Rule.PRIORITY, Rule.YIELD) if first else (Rule.YIELD, Rule.PRIORITY)


def _way(points: Floats) -> float:
    step = points[1] - points[0]
    return float(np.arctan2(step[1], step[0]))


def _turn(points: Floats) -> float:
    last = points[-1] - points[-2]
    return float(wrap_angle(np.arctan2(last[1], last[0]) - _way(points)))

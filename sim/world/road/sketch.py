"""A road as shapes in the plane, to be drawn and to be tested."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from sim.base.geometry import corners
from sim.world.road.chain import Path, place
from sim.world.road.core import Road
from sim.world.road.course import course_at
from sim.world.road.strips import Strip, polygons

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Outline:
    """One road in the plane [m].

    Attributes:
        lanes: By course and lane, the ground it covers.
        centres: By course and lane, its centre line in the direction of travel.
        stop_lines: Where fronts wait: at signals and at areas that their course yields in.
        areas: By number, what the record's course covers of its area; empty if not used.
        blocks: What hides.
    """

    lanes: dict[tuple[int, int], shapely.Polygon]
    centres: dict[tuple[int, int], shapely.LineString]
    stop_lines: list[shapely.LineString]
    areas: list[shapely.Polygon]
    blocks: list[shapely.Polygon]


def path_of(road: Road, course: int) -> Path:
    """(R, P) the paths of a course, without pieces that none of the roads uses."""
    used = np.isfinite(road.pieces.s[:, course]).any(axis=0)
    columns = {name: v[:, course, used] for name, v in road.pieces.columns().items()}
    return Path(**columns, length=road.courses.length[:, course])


def outline(road: Road, r: int = 0) -> Outline:
    """The shapes of one road.

    Args:
        road: Of any make.
        r: Number of the road.

    >>> from sim.world.road.straight import straight
    >>> outline(straight(lanes=2, length=100.0)).lanes[0, 1].bounds
    (0.0, 1.8, 100.0, 5.4)
    """
    lanes, centres = {}, {}
    for course in range(road.course_count):
        for lane in np.flatnonzero(road.lanes.width[r, course] > 0.0):
            strip = _strip(road, r, course, int(lane), -np.inf, np.inf)
            if strip.end[0] > strip.start[0]:
                lanes[course, int(lane)] = _polygon(strip)
                centres[course, int(lane)] = _centre(strip)
    return Outline(lanes, centres, _stop_lines(road, r), _areas(road, r), _blocks(road, r))


def _strip(road: Road, r: int, course: int, lane: int, start: float, end: float) -> Strip:
    one = np.array([r])
    path = path_of(road, course).take(one)
    at = (r, course, lane)
    low = np.maximum(max(start, road.lanes.start[at]), 0.0)
    high = np.minimum(min(end, road.lanes.end[at]), path.length)
    y, width = road.lanes.y[at], road.lanes.width[at]
    return Strip(path, course, lane, np.array([y]), np.array([width]), np.array([low]), high)


def _polygon(strip: Strip) -> shapely.Polygon:
    """The ground of a strip of any length, in stretches short enough to be exact."""
    cuts = np.linspace(strip.start[0], strip.end[0], 2 + int((strip.end - strip.start)[0] // 50.0))
    parts = [polygons(strip.between(np.array([a]), np.array([b])))[0] for a, b in pairwise(cuts)]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _centre(strip: Strip) -> shapely.LineString:
    s = np.linspace(strip.start[0], strip.end[0], 2 + int((strip.end - strip.start)[0]))
    x, y, _ = place(strip.path, s, strip.y[:, None])
    return shapely.LineString(np.stack([x[0], y[0]], axis=-1))


def _stop_lines(road: Road, r: int) -> list[shapely.LineString]:
    places = set()
    for course in range(road.course_count):
        for s in road.signals.s[r, course]:
            lanes = np.flatnonzero(road.lanes.width[r, course] > 0.0)
            places |= {(course, int(lane), float(s)) for lane in lanes if np.isfinite(s)}
    a = road.areas
    for k in np.flatnonzero((a.course[r] >= 0) & (a.rule[r] > 0)):
        places.add((int(a.course[r, k]), max(int(a.lane[r, k]), 0), float(a.hold[r, k])))
    return [_across(road, r, *place) for place in sorted(places)]


def _across(road: Road, r: int, course: int, lane: int, s: float) -> shapely.LineString:
    y, half = road.lanes.y[r, course, lane], 0.5 * road.lanes.width[r, course, lane]
    px, py, _ = course_at(road.pieces, r, course, s, [y - half, y + half])
    return shapely.LineString(np.stack([px, py], axis=-1))


def _areas(road: Road, r: int) -> list[shapely.Polygon]:
    a = road.areas
    found = []
    for k in range(a.course.shape[1]):
        if a.course[r, k] < 0:
            found.append(shapely.Polygon())
            continue
        where = (int(a.course[r, k]), max(int(a.lane[r, k]), 0))
        found.append(_polygon(_strip(road, r, *where, a.start[r, k], a.end[r, k])))
    return found


def _blocks(road: Road, r: int) -> list[shapely.Polygon]:
    b = road.blocks
    used = b.length[r] > 0.0
    boxes = corners(*(v[r][used] for v in (b.x, b.y, b.yaw, b.length, b.width)))
    return list(shapely.polygons(boxes))

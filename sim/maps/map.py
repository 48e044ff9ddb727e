"""A map as a road, and what its courses are in the file."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike

from sim.base.errors import expected
from sim.maps.cells import Cells
from sim.maps.courses import Laid, lay_courses
from sim.maps.ground import conflicts, meetings
from sim.world.road import Road
from sim.world.road.assemble import Many, Track, assemble


@dataclass(frozen=True)
class Map:
    """One road that comes from a file.

    Attributes:
        road: With R = 1.
        names: Of each course and lane, the file's lanes that it goes along.
        deviation: Largest distance between the file's centre lines and the road's [m].
        notes: What of the file the road does not tell, a line each.
    """

    road: Road
    names: tuple[tuple[tuple[str, ...], ...], ...]
    deviation: float
    notes: tuple[str, ...]


def to_map(
    cells: Cells,
    tolerance: float,
    parallel: float,
    speed_limit: ArrayLike,
    notes: list[str],
    where: str,
) -> Map:
    """The map that cells make up.

    Args:
        cells: By name.
        tolerance: Of arcs to centre lines given as points [m].
        parallel: Of lanes beside a course to parallel ones [m].
        speed_limit: Where the file has none [m/s].
        notes: What was left out so far.
        where: The file, for errors.

    Raises:
        UserError: There are no lanes, or too many ways along them.
    """
    if not cells:
        raise expected("lanes", "at least one lane", "none", where=where)
    for name, size in (("tolerance", tolerance), ("parallel", parallel)):
        if not size > 0.0:
            raise expected(name, "metres above 0", size, where=where)
    laid, told = lay_courses(cells, tolerance, parallel, where)
    tracks = [
        Track(c.path, c.lanes, speed_limit, zones=_zones(c, cells), signals=_lights(c, cells))
        for c in laid
    ]
    road = assemble(tracks, meetings(laid), conflicts(cells, laid, tracks))
    names = tuple(tuple(tuple(s.name for s in lane) for lane in c.cells) for c in laid)
    return Map(road, names, max(c.deviation for c in laid), tuple(notes + told))


def _zones(course: Laid, cells: Cells) -> list[Many]:
    own = course.cells[course.main]
    zones: list[Many] = []
    for limit, run in groupby(own, key=lambda stretch: cells[stretch.name].limit):
        part = list(run)
        if np.isfinite(limit):
            zones.append((part[0].start, part[-1].end, limit))
    return zones


def _lights(course: Laid, cells: Cells) -> list[Many]:
    lights: list[Many] = []
    for stretch in course.cells[course.main]:
        light = cells[stretch.name].light
        if light is not None:
            lights.append((stretch.end, *light))
    return lights

"""Reference lines of OpenDRIVE roads: lines, arcs and spirals as circular arcs."""

from __future__ import annotations

import math
from itertools import pairwise
from xml.etree.ElementTree import Element

import numpy as np

from sim.base.errors import UserError, expected
from sim.base.geometry import wrap_angle
from sim.maps.cells import check_length, check_place
from sim.maps.fit import joined
from sim.maps.xml import number
from sim.world.road.chain import Arcs, Path, arc, chain, lengths, line, place, spiral

SPIRAL_M = 1e-3
MOST_ARCS = 400
ARC_RAD = 1.5
GAP_M, GAP_RAD = 0.05, 0.01
"""Largest steps between the end of a geometry and the next one's beginning."""


def read_plan(road: Element, where: str) -> Path:
    """The reference line of a road; its clothoids met within a millimetre.

    Args:
        road: The road element.
        where: File and road, for errors.

    Raises:
        UserError: A geometry is no line, arc or spiral, has no length, or does not begin where
            the last ended; or there is none.
    """
    paths = [_geometry(element, where) for element in road.findall("planView/geometry")]
    if not paths:
        raise expected("planView", "at least one geometry", "none", where=where)
    for one, two in pairwise(paths):
        x, y, heading = (float(v[0, 0]) for v in place(one, one.length[:, None]))
        apart = math.hypot(two.x[0, 0] - x, two.y[0, 0] - y)
        turned = abs(float(wrap_angle(two.heading[0, 0] - heading)))
        if apart > GAP_M or turned > GAP_RAD:
            told = f"a step of {apart:.3f} m and {turned:.3f} rad"
            raise expected("geometry", "a beginning at the last one's end", told, where=where)
    return joined(paths)


def _geometry(element: Element, where: str) -> Path:
    place_ = f"{where}: geometry at s={element.get('s')}"
    length = number(element, "length", place_)
    check_length(length, place_)
    x, y, heading = (number(element, name, place_) for name in ("x", "y", "hdg"))
    check_place(x, y, place_)
    return chain(_arcs(element, length, place_), x=x, y=y, heading=heading)


def _arcs(element: Element, length: float, where: str) -> Arcs:
    kinds = [child for child in element if child.tag not in ("userData", "include", "dataQuality")]
    if len(kinds) != 1:
        raise expected("geometry", "one of line, arc, spiral", len(kinds), where=where)
    kind = kinds[0]
    if kind.tag == "line":
        return line(length)
    if kind.tag == "arc":
        k = number(kind, "curvature", where)
        return arc(length, k, parts=_count(abs(k) * length / ARC_RAD, where))
    if kind.tag == "spiral":
        start, end = (number(kind, name, where) for name in ("curvStart", "curvEnd"))
        if start == end:
            return arc(length, start, parts=_count(abs(start) * length / ARC_RAD, where))
        h = (SPIRAL_M * length / (0.0088 * abs(end - start))) ** (1.0 / 3.0)
        return spiral(length, start, end, max(_count(length / max(h, 1e-9) + 0.6, where), 2))
    raise UserError(f"{where}: {kind.tag}: not read; of geometries only line, arc and spiral are")


def _count(share: float, where: str) -> int:
    if share > MOST_ARCS:
        raise expected("geometry", f"one that {MOST_ARCS} arcs can follow", share, where=where)
    return max(1, math.ceil(share))


def part(path: Path, start: float, end: float) -> Path:
    """A stretch of a path of one road, from s to s [m]."""
    ends = path.s[0] + lengths(path)[0]
    inside = (ends > start) & (path.s[0] < end)
    s = np.maximum(path.s[0, inside], start)
    x, y, heading = place(path, s[None])
    return Path(
        s=(s - start)[None],
        x=x,
        y=y,
        heading=heading,
        curvature=path.curvature[:, inside],
        length=np.array([min(end, float(path.length[0])) - start]),
    )

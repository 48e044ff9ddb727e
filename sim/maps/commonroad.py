"""CommonRoad scenarios, versions 2018b and 2020a, as roads.

Format: M. Althoff et al., "CommonRoad: Composable benchmarks for motion planning on roads",
IV 2017, and its XML documentation at commonroad.in.tum.de.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.maps.cells import Cell, check_length, check_place
from sim.maps.map import Map, to_map
from sim.maps.xml import read_xml

Floats = NDArray[np.float64]
Light = tuple[float, float, float, float]
TOLERANCE_M = 0.2
PARALLEL_M = 0.5


def read_commonroad(
    path: Path,
    tolerance: float = TOLERANCE_M,
    parallel: float = PARALLEL_M,
    speed_limit: float = np.inf,
) -> Map:
    """The road of a CommonRoad file: lanelets become lanes of courses.

    A course is a way from lanelet to following lanelet, from where none leads to, to where none
    follows; its centre line is met by arcs. Read are bounds, neighbours of the same direction,
    successors, speed signs and lights that go from green over yellow to red; who goes first is
    not (see `sim.maps.ground`).

    Args:
        path: The XML file.
        tolerance: Of the arcs to the centre lines [m].
        parallel: Lanes whose distance to the course varies by less than twice that are its
            lanes [m].
        speed_limit: Where no sign tells it [m/s].

    Raises:
        UserError: The file is not well-formed, holds entities, is not CommonRoad, or a lanelet
            lacks what a lane needs.
    """
    where = str(path)
    root = read_xml(path, "commonRoad")
    notes: list[str] = []
    limits, lights = _signs(root, where), _lights(root, where, notes)
    cells = {}
    for element in root.findall("lanelet"):
        cell = _cell(element, limits, lights, where)
        cells[cell.name] = cell
    if any(e.tag in ("stopLine", "crossing") for e in root.iter()):
        notes.append("stop lines and crossings are not read")
    return to_map(cells, tolerance, parallel, speed_limit, notes, where)


def _cell(element: Element, limits: dict[str, float], lights: dict[str, Light], where: str) -> Cell:
    name = element.get("id") or ""
    place = f"{where}: lanelet {name}"
    left, right = (_bound(element, side, place) for side in ("leftBound", "rightBound"))
    if len(left) != len(right):
        told = f"{len(left)} and {len(right)}"
        raise expected("bounds", "as many points on the left as on the right", told, where=place)
    points = 0.5 * (left + right)
    points = points[np.hypot(*np.diff(points, axis=0, prepend=points[:1] - 1.0).T) > 1e-6]
    width = float(np.median(np.hypot(*(left - right).T)))
    if len(points) < 2 or not width > 0.0:
        raise expected("bounds", "a lane with a length and a width", width, where=place)
    signs = [limits[r] for r in _refs(element, "trafficSignRef") if r in limits]
    shown = [lights[r] for r in _refs(element, "trafficLightRef") if r in lights]
    cell = Cell(
        name=name,
        points=points,
        width=width,
        left=_neighbour(element, "adjacentLeft"),
        right=_neighbour(element, "adjacentRight"),
        after=tuple(_refs(element, "successor")),
        limit=min(signs, default=np.inf),
        light=shown[0] if shown else None,
    )
    check_length(cell.length, place)
    return cell


def _bound(lanelet: Element, side: str, place: str) -> Floats:
    pairs = [
        [_number(p.findtext(axis), f"{side} {axis}", place) for axis in ("x", "y")]
        for p in lanelet.findall(f"{side}/point")
    ]
    if len(pairs) < 2:
        raise expected(side, "at least 2 points", len(pairs), where=place)
    for x, y in pairs:
        check_place(x, y, place)
    return np.array(pairs)


def _number(text: str | None, name: str, place: str) -> float:
    try:
        value = float(text or "nan")
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise expected(name, "a finite number", text, where=place)
    return value


def _refs(element: Element, tag: str) -> list[str]:
    return [e.get("ref") or "" for e in element.findall(tag)]


def _neighbour(lanelet: Element, tag: str) -> str | None:
    beside = lanelet.find(tag)
    if beside is None or beside.get("drivingDir") != "same":
        return None
    return beside.get("ref")


def _signs(root: Element, where: str) -> dict[str, float]:
    """Speed limits by the sign's id [m/s]: 274 in Germany, R2-1 in the United States."""
    found = {}
    for sign in root.findall("trafficSign"):
        for element in sign.findall("trafficSignElement"):
            if element.findtext("trafficSignID") in ("274", "R2-1"):
                place = f"{where}: trafficSign {sign.get('id')}"
                value = _number(element.findtext("additionalValue"), "additionalValue", place)
                if not value > 0.0:
                    raise expected("additionalValue", "a speed above 0", value, where=place)
                found[sign.get("id") or ""] = value
    return found


def _lights(root: Element, where: str, notes: list[str]) -> dict[str, Light]:
    found = {}
    step = _number(root.get("timeStepSize"), "timeStepSize", where)
    for light in root.findall("trafficLight"):
        name = light.get("id") or ""
        place = f"{where}: trafficLight {name}"
        phases = [
            (p.findtext("color") or "", step * _number(p.findtext("duration"), "duration", place))
            for p in light.findall("cycle/cycleElement")
        ]
        colours = [colour for colour, _ in phases]
        if colours not in (["green", "yellow", "red"], ["green", "red"]):
            notes.append(f"trafficLight {name}: phases {' '.join(colours) or 'none'} not read")
            continue
        time = dict(phases)
        offset = step * _number(light.findtext("cycle/timeOffset") or "0", "timeOffset", place)
        cycle = sum(time.values())
        if not (cycle > 0.0 and min(time.values()) >= 0.0):
            raise expected("cycle", "durations of at least 0", cycle, where=place)
        found[name] = (cycle, time["green"], time.get("yellow", 0.0), offset)
    return found

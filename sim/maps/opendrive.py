"""OpenDRIVE networks of a stated subset as roads.

Read are roads whose reference line is made of lines, arcs and spirals, with lane sections of
driving lanes of constant width, the links between lanes, roads and junctions, and speed limits;
traffic keeps to the right. Elevation, signals, objects and priorities are left out, which
`Map.notes` tell. Everything else that would change where lanes are is an error.

Format: ASAM OpenDRIVE 1.4 to 1.8, asam.net.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from sim.base.errors import UserError, expected
from sim.maps.cells import Cell, check_length
from sim.maps.fit import backwards
from sim.maps.lanesections import Section, read_sections
from sim.maps.map import Map, to_map
from sim.maps.planview import part, read_plan
from sim.maps.xml import number, read_xml
from sim.world.road.chain import Path as Line
from sim.world.road.chain import beside, place

PARALLEL_M = 0.2
LENGTH_M = 0.1
NOT_READ = ("signals/signal", "objects/object", "signals/signalReference")


@dataclass(frozen=True)
class _Road:
    element: Element
    line: Line
    sections: list[Section]
    where: str


def read_opendrive(path: Path, parallel: float = PARALLEL_M, speed_limit: float = np.inf) -> Map:
    """The road of an OpenDRIVE file.

    Courses are named after the lanes they go along, road/section/lane as `12/0/-1`. Left lanes
    run against the reference line.

    Args:
        path: The XML file.
        parallel: Lanes whose distance to the course varies by less than twice that are its
            lanes [m].
        speed_limit: Where the file has none [m/s].

    Raises:
        UserError: The file is not well-formed, holds entities, is not OpenDRIVE, or something
            in it is outside the subset; file, road and element are named.
    """
    root = read_xml(path, "OpenDRIVE")
    roads = {}
    for element in root.findall("road"):
        name = element.get("id") or ""
        roads[name] = _road(element, f"{path}: road {name}")
    junctions = _connections(root, roads, str(path))
    cells = {}
    for name, road in roads.items():
        for cell in _cells(name, road, roads, junctions):
            cells[cell.name] = cell
    return to_map(cells, 0.01, parallel, speed_limit, _notes(root), str(path))


def _road(element: Element, where: str) -> _Road:
    if element.get("rule", "RHT") != "RHT":
        raise UserError(f"{where}: rule: not read; only right-hand traffic (RHT) is")
    line = read_plan(element, where)
    length, sum_ = number(element, "length", where), float(line.length[0])
    if abs(length - sum_) > LENGTH_M:
        raise expected("length", f"that of the geometries, {sum_:.3f} m", length, where=where)
    check_length(sum_, where)
    return _Road(element, line, read_sections(element, sum_, where), where)


def _notes(root: Element) -> list[str]:
    notes = []
    raised = [
        e
        for e in root.iterfind("road/elevationProfile/elevation")
        if any(number(e, name, "elevation", "0") != 0.0 for name in "abcd")
    ]
    if raised:
        notes.append("elevation is ignored")
    for tag in NOT_READ:
        if root.find(f"road/{tag}") is not None:
            notes.append(f"{tag} is not read")
    if root.find("junction/priority") is not None:
        notes.append("junction/priority is not read")
    return notes


Connections = dict[tuple[str, str, int], list[str]]


def _connections(root: Element, roads: dict[str, _Road], where: str) -> Connections:
    """By junction, incoming road and lane: the cells that follow within the junction."""
    found: Connections = {}
    for junction in root.findall("junction"):
        name = junction.get("id") or ""
        place_ = f"{where}: junction {name}"
        for c in junction.findall("connection"):
            to, contact = c.get("connectingRoad") or "", c.get("contactPoint") or "start"
            incoming = c.get("incomingRoad") or ""
            for known in (to, incoming):
                if known not in roads:
                    raise expected("connection", "roads of the file", known, where=place_)
            for link in c.findall("laneLink"):
                lane = int(number(link, "from", place_))
                into = _entry(roads, to, contact, int(number(link, "to", place_)), place_)
                if into is not None:
                    found.setdefault((name, incoming, lane), []).append(into)
    return found


def _entry(roads: dict[str, _Road], name: str, contact: str, lane: int, where: str) -> str | None:
    """The cell by which a lane of a road is entered at one of its ends, if it can be driven."""
    if name not in roads:
        raise expected("link", "a road of the file", name, where=where)
    if contact not in ("start", "end"):
        raise expected("contactPoint", "start or end", contact, where=where)
    sections = roads[name].sections
    k = 0 if contact == "start" else len(sections) - 1
    if lane not in sections[k].lanes or (lane < 0) != (contact == "start"):
        return None  # not for driving, or running towards us
    return f"{name}/{k}/{lane}"


def _cells(name: str, road: _Road, roads: dict[str, _Road], junctions: Connections) -> list[Cell]:
    made = []
    for k, section in enumerate(road.sections):
        line = part(road.line, section.start, section.end)
        for number_, lane in section.lanes.items():
            path = _lane_path(line, lane.d, f"{road.where}: lane {number_}")
            if number_ > 0:
                path = backwards(path)
            s = np.linspace(0.0, path.length[0], max(int(path.length[0]), 4) + 1)
            x, y, _ = place(path, s[None])
            out = 1 if number_ > 0 else -1
            inner, outer = number_ - out, number_ + out
            made.append(
                Cell(
                    name=f"{name}/{k}/{number_}",
                    points=np.stack([x[0], y[0]], axis=1),
                    width=lane.width,
                    left=f"{name}/{k}/{inner}" if inner in section.lanes else None,
                    right=f"{name}/{k}/{outer}" if outer in section.lanes else None,
                    after=_after(name, road, k, number_, roads, junctions),
                    limit=lane.limit,
                    path=path,
                )
            )
    return made


def _lane_path(line: Line, d: float, where: str) -> Line:
    try:
        return beside(line, d)
    except UserError as error:
        raise UserError(f"{where}: {error}") from error


def _after(
    name: str, road: _Road, k: int, lane: int, roads: dict[str, _Road], junctions: Connections
) -> tuple[str, ...]:
    """Cells that follow a lane in its direction of travel."""
    along = lane < 0
    own = road.sections[k].lanes[lane]
    following = own.after if along else own.before
    step = k + (1 if along else -1)
    if 0 <= step < len(road.sections):
        there = following is not None and following in road.sections[step].lanes
        return (f"{name}/{step}/{following}",) if there else ()
    link = road.element.find("link/successor" if along else "link/predecessor")
    if link is None:
        return ()
    to = link.get("elementId") or ""
    if link.get("elementType") == "junction":
        return tuple(junctions.get((to, name, lane), ()))
    if following is None:
        return ()
    into = _entry(roads, to, link.get("contactPoint") or "", following, road.where)
    return () if into is None else (into,)

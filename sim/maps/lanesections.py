"""Lane sections of OpenDRIVE roads: lanes of constant width beside the reference line."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import numpy as np

from sim.base.errors import UserError, expected
from sim.maps.xml import number

DRIVEN = frozenset(
    {"driving", "entry", "exit", "onRamp", "offRamp", "connectingRamp", "mwyEntry", "mwyExit"}
)
WIDEST_M = 100.0
UNITS = {"m/s": 1.0, "km/h": 1.0 / 3.6, "mph": 0.44704}


@dataclass(frozen=True)
class Lane:
    """A lane of a section.

    Attributes:
        number: Its id; those of left lanes are positive, they run against s.
        d: Its centre to the left of the reference line [m].
        width: [m].
        before: Lane of what comes before along s, if told.
        after: Lane of what comes after.
        limit: [m/s].
    """

    number: int
    d: float
    width: float
    before: int | None
    after: int | None
    limit: float


@dataclass(frozen=True)
class Section:
    """A stretch of a road with the same lanes, those that are driven on by their ids."""

    start: float
    end: float
    lanes: dict[int, Lane] = field(default_factory=dict)


def read_sections(road: Element, length: float, where: str) -> list[Section]:
    """The sections of a road.

    Args:
        road: The road element.
        length: Of its reference line [m].
        where: File and road, for errors.

    Raises:
        UserError: The lanes are shifted, banked or of varying width, or something is missing.
    """
    _flat(road, where)
    elements = road.findall("lanes/laneSection")
    if not elements:
        raise expected("lanes", "at least one laneSection", "none", where=where)
    starts = [number(e, "s", where) for e in elements]
    ends = [*starts[1:], length]
    if starts[0] != 0.0 or not all(a < b for a, b in zip(starts, ends)):
        raise expected("laneSection s", f"ascending from 0 to {length:g}", starts, where=where)
    limit = _limit(road.find("type/speed"), where)
    return [
        Section(a, b, _lanes(element, limit, f"{where}: laneSection {k}"))
        for k, (element, a, b) in enumerate(zip(elements, starts, ends))
    ]


def _flat(road: Element, where: str) -> None:
    for path, names in (
        ("lanes/laneOffset", "abcd"),
        ("lateralProfile/superelevation", "abcd"),
        ("lateralProfile/shape", "abcd"),
    ):
        for element in road.findall(path):
            if any(number(element, name, where, "0") != 0.0 for name in names):
                raise UserError(f"{where}: {element.tag}: not read unless it is 0")


def _lanes(section: Element, limit: float, where: str) -> dict[int, Lane]:
    found: dict[int, Lane] = {}
    for side, sign in (("left", 1), ("right", -1)):
        lanes = {int(number(e, "id", where)): e for e in section.findall(f"{side}/lane")}
        if sorted(sign * k for k in lanes) != list(range(1, len(lanes) + 1)):
            wanted = f"lanes {sign}, {2 * sign}, ..."
            raise expected(side, wanted, sorted(lanes), where=where)
        driven = [abs(k) for k, e in lanes.items() if e.get("type") in DRIVEN]
        edge = 0.0
        for k in range(1, max(driven, default=0) + 1):  # what lies further out is not looked at
            element = lanes[sign * k]
            place = f"{where}: lane {sign * k}"
            width = _width(element, place)
            if k in driven:
                if not width > 0.0:
                    raise expected("width", "metres above 0", width, where=place)
                own = _limit(element.find("speed"), place)
                found[sign * k] = Lane(
                    number=sign * k,
                    d=sign * (edge + 0.5 * width),
                    width=width,
                    before=_link(element, "predecessor", place),
                    after=_link(element, "successor", place),
                    limit=own if np.isfinite(own) else limit,
                )
            edge += width
    return found


def _width(lane: Element, where: str) -> float:
    if lane.find("border") is not None:
        raise UserError(f"{where}: border: not read; lanes need a constant width")
    widths = lane.findall("width")
    if not widths:
        raise expected("width", "one constant width", "none", where=where)
    if any(number(w, name, where, "0") != 0.0 for w in widths for name in "bcd"):
        raise UserError(f"{where}: width: not read where it varies (b, c or d not 0)")
    values = [number(w, "a", where) for w in widths]
    if max(values) != min(values):
        raise UserError(f"{where}: width: not read where it varies, got {values}")
    if not 0.0 <= values[0] <= WIDEST_M:
        raise expected("width", f"metres from 0 to {WIDEST_M:g}", values[0], where=where)
    return values[0]


def _link(lane: Element, tag: str, where: str) -> int | None:
    link = lane.find(f"link/{tag}")
    return None if link is None else int(number(link, "id", where))


def _limit(speed: Element | None, where: str) -> float:
    if speed is None or speed.get("max") in ("no limit", "undefined"):
        return np.inf
    unit = speed.get("unit", "m/s")
    if unit not in UNITS:
        raise expected("speed unit", " or ".join(UNITS), unit, where=where)
    value = number(speed, "max", where) * UNITS[unit]
    return value if value > 0.0 else np.inf

"""Streets that people cross at several places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected
from sim.world.road.assemble import Many, Track, assemble, plain_lanes
from sim.world.road.chain import Path, chain, line
from sim.world.road.core import Road
from sim.world.road.crosswalk import KERB_M, STOP_M, across, footways, rules
from sim.world.road.sizes import batch, row, sized

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Crossing:
    """A place where people cross.

    Attributes:
        at: Its middle along the street [m].
        width: [m].
        rule: `zebra`: cars yield; `unmarked`: people yield.
        lights: (cycle, green, amber, offset) [s] of the cars' signal before it; people then
            have green while cars have red. None: no signals.
    """

    at: float
    width: float = 4.0
    rule: str = "zebra"
    lights: tuple[float, float, float, float] | None = None


CLEARANCE_S = 4.0
"""From the cars' amber to the people's green, and from the people's red to the cars' green [s]."""


def street(
    crossings: Sequence[Crossing],
    lanes: int = 1,
    opposite: int = 1,
    lane_width: ArrayLike = 3.5,
    length: ArrayLike = 300.0,
    pavement: float = 6.0,
    speed_limit: ArrayLike = np.inf,
    blocks: Sequence[Many] = (),
    friction: ArrayLike = 1.0,
) -> Road:
    """Streets along x, as many as the longest argument's entries.

    Course 0 goes along x, its rightmost lane at y = 0; course 1 comes the other way, if
    `opposite`; the k-th crossing's people are on two courses more, first from the right to the
    left of course 0, then back.

    Args:
        crossings: Ascending along the street.
        lanes: Along x.
        opposite: Lanes of the other direction; 0 for a one-way street.
        lane_width: [m].
        length: [m].
        pavement: People's way before and after the street [m], at least 1 m.
        speed_limit: Of the cars [m/s].
        blocks: (x, y [m], yaw [rad], length, width [m]) of buildings and hedges.
        friction: As in `Road`.

    Raises:
        UserError: No lanes, a crossing beyond the street, or a size that is impossible.

    >>> street([Crossing(80.0), Crossing(200.0, rule="unmarked")]).course_count
    6
    """
    where = "street"
    if lanes < 1 or opposite < 0:
        raise expected("lanes", "at least 1, and 0 or more", (lanes, opposite), where=where)
    n = batch(lane_width, length, speed_limit, friction, where=where)
    w, length = sized(n, where, lane_width=lane_width, length=length)
    for crossing in crossings:
        room = 0.5 * crossing.width + STOP_M
        if not (room < crossing.at < (length - room).min()):
            raise expected("at", "a place on the street", crossing.at, where=where)
    wide = (lanes + opposite) * w
    cars = [_cars(crossings, chain(line(length)), lanes, w, speed_limit, length, forward=True)]
    if opposite:
        back = chain(line(length), x=length, y=wide - w, heading=np.pi)
        cars.append(_cars(crossings, back, opposite, w, speed_limit, length, forward=False))
    walks: list[Track] = []
    conflicts = []
    for crossing in crossings:
        first = len(cars) + len(walks)
        at, size = row(crossing.at, n), row(crossing.width, n)
        square, kerb = row(0.5 * np.pi, n), row(pavement, n)
        ways = footways(at, 0.5 * (wide - w), square, wide, kerb)
        pair = [
            Track(way, [(0.0, size, -np.inf, np.inf)], signals=_walk(crossing, pavement))
            for way in ways
        ]
        walks += pair
        for c, track in enumerate(cars):
            middle = at if c == 0 else length - at
            rule = rules(crossing.rule, where)
            conflicts += across(track, c, pair, first, middle, wide, kerb, rule)
    return assemble([*cars, *walks], conflicts=conflicts, blocks=blocks, friction=friction)


def _cars(
    crossings: Sequence[Crossing],
    path: Path,
    lanes: int,
    width: Floats,
    limit: ArrayLike,
    length: Floats,
    *,
    forward: bool,
) -> Track:
    """A direction's course, with the signals that it comes to in turn."""
    lights: list[Many] = []
    for crossing in crossings if forward else reversed(crossings):
        if crossing.lights is not None:
            at = crossing.at if forward else length - crossing.at
            lights.append((at - 0.5 * crossing.width - STOP_M, *crossing.lights))
    return Track(path, plain_lanes(lanes, width), limit, signals=lights)


def _walk(crossing: Crossing, pavement: float) -> list[Many]:
    """The people's signal: green while the cars have red, less the clearance on either side."""
    if crossing.lights is None:
        return []
    cycle, green, amber, offset = crossing.lights
    lasts = cycle - green - amber - 2.0 * CLEARANCE_S
    if lasts <= 0.0:
        raise expected("lights", "some of the cycle left for the people", green, where="street")
    return [(pavement - KERB_M, cycle, lasts, 0.0, offset + green + amber + CLEARANCE_S)]

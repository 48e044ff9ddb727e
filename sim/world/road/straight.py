"""Straight roads along x."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected
from sim.world.road.core import (
    Courses,
    Lanes,
    Pieces,
    Road,
    Signals,
    Zones,
    no_areas,
    no_blocks,
    no_links,
)
from sim.world.road.sizes import batch

Floats = NDArray[np.float64]
AMBER_S = 3.0
"""Usual amber at 50 km/h [s] (German RiLSA)."""


def straight(
    lanes: int = 3,
    lane_width: ArrayLike = 3.6,
    length: ArrayLike = 2000.0,
    speed_limit: ArrayLike = np.inf,
    drops: Sequence[tuple[int, ArrayLike]] = (),
    zones: Sequence[tuple[ArrayLike, ArrayLike, ArrayLike]] = (),
    stops: Sequence[tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]] = (),
    amber: ArrayLike = 0.0,
    friction: ArrayLike = 1.0,
) -> Road:
    """Straight roads, as many as the longest argument has entries; x = s and y = d.

    Args:
        lanes: Number of lanes.
        lane_width: [m], a number or one a road.
        length: [m], likewise.
        speed_limit: [m/s], likewise.
        drops: Lanes that end: (lane, s where it ends [m]).
        zones: Other limits: (from s [m], to s [m], limit [m/s]).
        stops: Signals: (s of the line [m], cycle [s], green from the cycle's beginning [s],
            beginning of the first green [s]).
        amber: How long the signals are amber after the green [s].
        friction: As in `Road`.

    Raises:
        UserError: A lane that ends does not exist, or a size is not positive.

    >>> road = straight(lanes=2, drops=[(1, 800.0)], zones=[(500.0, 900.0, 22.0)])
    >>> len(road), road.lanes.y.tolist(), road.lanes.end.tolist()
    (1, [[[0.0, 3.6]]], [[[inf, 800.0]]])
    """
    if lanes < 1:
        raise expected("lanes", "at least 1 lane", lanes, where="straight")
    parts = [lane_width, length, speed_limit, amber, friction]
    parts += [v for part in (*zones, *stops) for v in part] + [end for _, end in drops]
    n = batch(*parts, where="straight")

    def row(value: ArrayLike) -> Floats:
        return np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), (n,)))

    def columns(places: Sequence[ArrayLike]) -> Floats:
        """(n, 1, number of places)."""
        if not places:
            return np.empty((n, 1, 0))
        return np.stack([row(v) for v in places], axis=1)[:, None, :]

    if not (row(lane_width) > 0.0).all():
        raise expected("lane_width", "a positive number", row(lane_width).min(), where="straight")
    width = columns([lane_width] * lanes)
    end = np.full((n, 1, lanes), np.inf)
    for lane, at in drops:
        if not 0 <= lane < lanes:
            raise expected("drops", f"a lane from 0 to {lanes - 1}", lane, where="straight")
        end[:, 0, lane] = row(at)
    along = np.argsort(columns([k[0] for k in stops]), axis=2, kind="stable")

    def signal(part: int) -> Floats:
        return np.take_along_axis(columns([k[part] for k in stops]), along, axis=2)

    nought = np.zeros((n, 1, 1))
    return Road(
        courses=Courses(length=row(length)[:, None], speed_limit=row(speed_limit)[:, None]),
        pieces=Pieces(s=nought, x=nought, y=nought, heading=nought, curvature=nought),
        lanes=Lanes(
            y=width * np.arange(lanes),
            width=width,
            start=np.full((n, 1, lanes), -np.inf),
            end=end,
        ),
        zones=Zones(
            start=columns([z[0] for z in zones]),
            end=columns([z[1] for z in zones]),
            limit=columns([z[2] for z in zones]),
        ),
        signals=Signals(
            s=signal(0),
            cycle=signal(1),
            green=signal(2),
            amber=np.broadcast_to(row(amber)[:, None, None], (n, 1, len(stops))),
            offset=signal(3),
        ),
        links=no_links(n),
        areas=no_areas(n),
        blocks=no_blocks(n),
        friction=row(friction),
    )

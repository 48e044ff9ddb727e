"""Straight roads with one bend."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.base.errors import expected
from sim.world.road.assemble import Track, assemble, plain_lanes
from sim.world.road.chain import arc, beside, chain, line, spiral
from sim.world.road.core import Road
from sim.world.road.sizes import batch, finite, sized


def curved(
    lanes: int = 2,
    lane_width: ArrayLike = 3.5,
    curvature: ArrayLike = 0.004,
    angle: ArrayLike = 0.8,
    approach: ArrayLike = 200.0,
    departure: ArrayLike = 200.0,
    clothoid: ArrayLike = 50.0,
    speed_limit: ArrayLike = np.inf,
    friction: ArrayLike = 1.0,
) -> Road:
    """Line, clothoid, arc, clothoid, line, as many as the longest argument has entries.

    The road begins at the origin along x; its reference line is the rightmost lane's centre.

    Args:
        lanes: Number of lanes, all in one direction.
        lane_width: [m], a number or one a road, like all that follow.
        curvature: Of the arc [1/m], left positive, 0 for no bend.
        angle: By which the road turns in all [rad], above 0, with the bend's own sign.
        approach: The line before the bend [m].
        departure: The line after it [m].
        clothoid: Length of each [m], at most what the angle has room for: angle / |curvature|.
        speed_limit: [m/s].
        friction: As in `Road`.

    Raises:
        UserError: A size is not finite or not positive, the bend is tighter than the road is
            wide, or the clothoids turn further than `angle`.

    >>> road = curved(lanes=2, curvature=[0.01, -0.01], angle=1.0, clothoid=40.0)
    >>> road.courses.length.round(6).tolist()
    [[540.0], [540.0]]
    """
    where = "curved"
    if lanes < 1:
        raise expected("lanes", "at least 1 lane", lanes, where=where)
    sizes = (lane_width, curvature, angle, approach, departure, clothoid, speed_limit, friction)
    n = batch(*sizes, where=where)
    lane_width, angle = sized(n, where, lane_width=lane_width, angle=angle)
    approach, departure, clothoid = sized(
        n, where, zero=True, approach=approach, departure=departure, clothoid=clothoid
    )
    (k,) = finite(n, where, curvature=curvature)
    bent = np.abs(k)
    if (bent * clothoid > angle * (1.0 + 1e-12)).any():
        road = int(np.argmax(bent * clothoid - angle))
        wanted = f"at most angle / |curvature| = {angle[road] / bent[road]:.6g} m"
        raise expected("clothoid", wanted, float(clothoid[road]), where=where)
    straight = bent == 0.0
    round_ = np.where(straight, 0.0, angle / np.where(straight, 1.0, bent) - clothoid)
    path = chain(
        line(approach),
        spiral(clothoid, 0.0, k),
        arc(np.maximum(round_, 0.0), k, parts=4),
        spiral(clothoid, k, 0.0),
        line(departure),
    )
    for edge in (-0.5, lanes - 0.5):
        beside(path, edge * lane_width)
    return assemble([Track(path, plain_lanes(lanes, lane_width), speed_limit)], friction=friction)

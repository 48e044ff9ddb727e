"""Motorways where lanes begin and end: on-ramps and lane drops."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.base.errors import expected
from sim.world.road.assemble import Track, assemble, plain_lanes
from sim.world.road.chain import arc, beside, chain, line, moved, spiral
from sim.world.road.core import Road
from sim.world.road.links import Meeting, common_place
from sim.world.road.sizes import batch, row, sized

MAIN, RAMP = 0, 1
"""Numbers of the courses of `on_ramp`."""


def on_ramp(
    lanes: int = 2,
    lane_width: ArrayLike = 3.6,
    merge: ArrayLike = 500.0,
    acceleration: ArrayLike = 250.0,
    departure: ArrayLike = 500.0,
    ramp: ArrayLike = 100.0,
    radius: ArrayLike = 150.0,
    angle: ArrayLike = 0.5,
    clothoid: ArrayLike = 60.0,
    speed_limit: ArrayLike = np.inf,
    ramp_limit: ArrayLike = np.inf,
    friction: ArrayLike = 1.0,
) -> Road:
    """Motorways along x that a ramp joins from the right by an acceleration lane.

        main  ====================================== lane 2 (lanes = 2)
              ====================================== lane 1
                           ________________          lane 0, the acceleration lane
        ramp  ____ ... ___/ merge          end

    Course `MAIN` is the motorway, `RAMP` the ramp and from there on. Both have the same lanes,
    0 the acceleration lane along the reference line, so the link between them has no lane shift;
    on the ramp the motorway's lanes begin where it joins.

    Args:
        lanes: Of the motorway, without the acceleration lane.
        lane_width: [m], a number or one a road, like all that follow.
        merge: Where the acceleration lane begins along the motorway [m].
        acceleration: Its length [m].
        departure: The motorway after it [m].
        ramp: The line at the ramp's beginning [m].
        radius: Of the ramp's arc, to the right [m].
        angle: Between ramp and motorway [rad].
        clothoid: Length of each of the ramp's two [m], at most angle x radius.
        speed_limit: On the motorway [m/s].
        ramp_limit: On the ramp up to the merge [m/s].
        friction: As in `Road`.

    Raises:
        UserError: A size is not finite or not positive, the ramp is too tight or its clothoids
            too long.
    """
    where = "on_ramp"
    if lanes < 1:
        raise expected("lanes", "at least 1 lane", lanes, where=where)
    n = batch(
        lane_width, merge, acceleration, departure, ramp, radius, angle, clothoid, speed_limit,
        ramp_limit, friction, where=where,
    )  # fmt: skip
    lane_width, merge, acceleration, departure, radius, angle = sized(
        n, where, lane_width=lane_width, merge=merge, acceleration=acceleration,
        departure=departure, radius=radius, angle=angle,
    )  # fmt: skip
    ramp, clothoid = sized(n, where, zero=True, ramp=ramp, clothoid=clothoid)
    if (clothoid > angle * radius * (1.0 + 1e-12)).any():
        road = int(np.argmax(clothoid - angle * radius))
        wanted = f"at most angle x radius = {angle[road] * radius[road]:.6g} m"
        raise expected("clothoid", wanted, float(clothoid[road]), where=where)
    after = acceleration + departure
    bend = np.maximum(angle * radius - clothoid, 0.0)
    path = chain(
        line(ramp),
        spiral(clothoid, 0.0, -1.0 / radius),
        arc(bend, -1.0 / radius),
        spiral(clothoid, -1.0 / radius, 0.0),
        line(after),
    )
    joins = path.length - after
    path = moved(path, merge, 0.0, 0.0, joins)
    beside(path, -0.5 * lane_width)
    main = chain(line(merge + after))
    own, *others = plain_lanes(lanes + 1, lane_width)
    tracks = [
        Track(main, [(*own[:2], merge, merge + acceleration), *others], speed_limit),
        Track(
            path,
            [(*own[:3], joins + acceleration), *((*lane[:2], joins, np.inf) for lane in others)],
            speed_limit,
            zones=[(0.0, joins, ramp_limit)],
        ),
    ]
    level = np.zeros(n)
    at = common_place(main, path, (level, level))
    meeting = Meeting(main, path, (MAIN, RAMP), (0, 0), (level, level), *at, 0.5 * lane_width)
    return assemble(tracks, [meeting], friction=friction)


def lane_drop(
    lanes: int = 3,
    lane_width: ArrayLike = 3.6,
    approach: ArrayLike = 800.0,
    departure: ArrayLike = 600.0,
    left: bool = False,
    speed_limit: ArrayLike = np.inf,
    zone: ArrayLike = np.inf,
    zone_length: ArrayLike = 400.0,
    friction: ArrayLike = 1.0,
) -> Road:
    """Straight roads along x on which the rightmost or leftmost lane ends.

    Args:
        lanes: Before the drop, at least 2.
        lane_width: [m], a number or one a road, like all that follow but `left`.
        approach: From the beginning to the lane's end [m].
        departure: The road after it [m].
        left: Whether the leftmost lane ends, not the rightmost.
        speed_limit: [m/s].
        zone: Limit before the drop and up to the road's end [m/s]; infinite for none.
        zone_length: How long before the drop it begins [m].
        friction: As in `Road`.

    Raises:
        UserError: Fewer than 2 lanes, or a size is not finite or not positive.
    """
    where = "lane_drop"
    if lanes < 2:
        raise expected("lanes", "at least 2 lanes", lanes, where=where)
    sizes = (lane_width, approach, departure, speed_limit, zone, zone_length, friction)
    n = batch(*sizes, where=where)
    lane_width, approach, departure = sized(
        n, where, lane_width=lane_width, approach=approach, departure=departure
    )
    (zone_length,) = sized(n, where, zero=True, zone_length=zone_length)
    placed = plain_lanes(lanes, lane_width)
    dropped = lanes - 1 if left else 0
    placed[dropped] = (*placed[dropped][:3], approach)
    length = approach + departure
    zones = [(np.maximum(approach - zone_length, 0.0), length, row(zone, n))]
    return assemble(
        [Track(chain(line(length)), placed, speed_limit, zones=zones)], friction=friction
    )

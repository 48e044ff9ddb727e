"""Roundabouts of one lane with three or four arms."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected, unknown
from sim.world.road.areas import Conflict, Ground, overlap
from sim.world.road.assemble import Many, Track, assemble
from sim.world.road.chain import Path, arc, chain, line
from sim.world.road.core import Road, Rule
from sim.world.road.links import Meeting
from sim.world.road.sizes import batch, sized

Floats = NDArray[np.float64]
Ride = tuple[int, int]
YIELD_M = 1.0
"""From where who enters waits to the ring's traffic [m] (engineering)."""


def roundabout_course(arm: int, leave: int, arms: int = 4) -> int:
    """Number of the course from one arm to another.

    Args:
        arm: Where they come from; 0 in the west, the others counter-clockwise.
        leave: Where they leave.
        arms: Of the roundabout, 3 or 4.

    Raises:
        UserError: There is no such course.

    >>> roundabout_course(0, 1), roundabout_course(3, 2)
    (0, 11)
    """
    known = _rides(arms)
    if (arm, leave) not in known:
        raise unknown("course", f"{arm} {leave}", [f"{a} {b}" for a, b in known])
    return known.index((arm, leave))


def roundabout(
    arms: int = 4,
    radius: ArrayLike = 16.0,
    entry_radius: ArrayLike = 14.0,
    exit_radius: ArrayLike = 18.0,
    lane_width: ArrayLike = 4.0,
    splitter: ArrayLike = 2.0,
    approach: ArrayLike = 120.0,
    departure: ArrayLike = 100.0,
    speed_limit: ArrayLike = np.inf,
    turn_accel: ArrayLike = 3.0,
    blocks: Sequence[Many] = (),
    friction: ArrayLike = 1.0,
) -> Road:
    """Roundabouts around the origin, driven counter-clockwise, arms evenly spaced.

    From each arm a course leads to each other one: a line, an arc to the right that touches
    the ring, the ring, an arc to the right out of it, a line. Who enters yields.

    Args:
        arms: 3 or 4.
        radius: Of the ring's centre line [m], a number or one a road, like all that follow.
        entry_radius: Of the arc into it [m].
        exit_radius: Of the arc out of it [m].
        lane_width: [m].
        splitter: Width of the island between an arm's lanes [m].
        approach: From a course's beginning to the arc into the ring [m].
        departure: From the arc out of it to the course's end [m].
        speed_limit: On the lines [m/s].
        turn_accel: Sideways, that the limit on arcs and ring allows [m/s²].
        blocks: (x, y [m], yaw [rad], length, width [m]) of buildings and hedges.
        friction: As in `Road`.

    Raises:
        UserError: A size is not finite or not positive, or an entry would only touch the ring
            beyond the next exit.
    """
    where = "roundabout"
    rides = _rides(arms)
    sizes = (radius, entry_radius, exit_radius, lane_width, splitter, approach, departure)
    flat = [v for block in blocks for v in block]
    n = batch(*sizes, speed_limit, turn_accel, friction, *flat, where=where)
    ring, entry, leave, w, approach, departure, accel = sized(
        n, where, radius=radius, entry_radius=entry_radius, exit_radius=exit_radius,
        lane_width=lane_width, approach=approach, departure=departure, turn_accel=turn_accel,
    )  # fmt: skip
    (island,) = sized(n, where, zero=True, splitter=splitter)
    for name, size in (("radius", ring), ("entry_radius", entry), ("exit_radius", leave)):
        if (size <= 0.5 * w).any():
            bad = float(size[size <= 0.5 * w][0])
            raise expected(name, "more than half the lane's width", bad, where=where)
    side = 0.5 * (w + island)
    into, out = _angle(ring, entry, side), _angle(ring, leave, side)
    short = 2.0 * np.pi / arms - into - out
    if not (short > 0.0).all():
        bad = float(ring[np.argmin(np.nan_to_num(short, nan=-9.0))])
        raise expected("radius", "a ring large enough for its entries and exits", bad, where=where)
    paths, joins = [], []
    for a, b in rides:
        heading = np.pi + 2.0 * np.pi * a / arms
        back = approach + np.sqrt((ring + entry) ** 2 - (side + entry) ** 2)
        along = ring * (2.0 * np.pi * ((b - a) % arms) / arms - into - out)
        paths.append(
            chain(
                line(approach),
                arc(entry * (0.5 * np.pi - into), -1.0 / entry),
                arc(along, 1.0 / ring, parts=3),
                arc(leave * (0.5 * np.pi - out), -1.0 / leave),
                line(departure),
                x=back * np.cos(heading) + side * -np.sin(heading),
                y=back * np.sin(heading) + side * np.cos(heading),
                heading=heading + np.pi,
            )
        )
        joins.append((approach + entry * (0.5 * np.pi - into), along))
    slow = np.sqrt(accel * np.minimum(np.minimum(ring, entry), leave))
    tracks = [
        Track(p, [(0.0, w, -np.inf, np.inf)], speed_limit, [(approach, p.length - departure, slow)])
        for p in paths
    ]
    whole = ring * 2.0 * np.pi / arms
    return assemble(
        tracks,
        _meetings(rides, arms, paths, joins, whole, w),
        _conflicts(rides, arms, tracks, joins, whole, approach),
        blocks,
        friction,
    )


def _rides(arms: int) -> list[Ride]:
    if arms not in (3, 4):
        raise expected("arms", "3 or 4", arms, where="roundabout")
    return list(permutations(range(arms), 2))


def _angle(ring: Floats, touching: Floats, side: Floats) -> Floats:
    """Seen from the middle, between an arm and where an arc from its lane touches the ring."""
    with np.errstate(invalid="ignore"):
        angle: Floats = np.arcsin((side + touching) / (ring + touching))
    return angle


def _passes(ride: Ride, arm: int, arms: int) -> bool:
    """Whether a course goes by an arm without using it."""
    return 0 < (arm - ride[0]) % arms < (ride[1] - ride[0]) % arms


def _meetings(
    rides: list[Ride],
    arms: int,
    paths: list[Path],
    joins: list[tuple[Floats, Floats]],
    whole: Floats,
    w: Floats,
) -> list[Meeting]:
    """Courses share an approach, and the ring from where one of them enters before the other."""
    n = len(w)
    found = []
    level = np.zeros(n)
    for i, a in enumerate(rides):
        for j, b in enumerate(rides):
            if a[0] == b[0] and i < j:
                at, there = level, level
            elif _passes(a, b[0], arms):
                at = joins[i][0] + whole * ((b[0] - a[0]) % arms)
                there = joins[j][0]
            else:
                continue
            found.append(
                Meeting(paths[i], paths[j], (i, j), (0, 0), (level, level), at, there, 0.5 * w)
            )
    return found


def _conflicts(
    rides: list[Ride],
    arms: int,
    tracks: list[Track],
    joins: list[tuple[Floats, Floats]],
    whole: Floats,
    approach: Floats,
) -> list[Conflict]:
    """Who enters, against all who come by."""
    found: list[Conflict] = []
    far = np.full(len(approach), np.inf)
    known: Ground | None = None
    for i, a in enumerate(rides):
        for j, b in enumerate(rides):
            if not _passes(a, b[0], arms):
                continue
            at = joins[i][0] + whole * ((b[0] - a[0]) % arms)
            ring = tracks[i].strip(i, 0, at - 0.7 * whole, at)
            enters = tracks[j].strip(j, 0, approach, joins[j][0])
            if known is None:  # all entries are alike, so shapely is asked about one only
                start, end, *other = overlap(ring, enters)
                known = (start - at, end - at, other[0], other[1])
            ground = (known[0] + at, known[1] + at, known[2], known[3])
            rules = (Rule.PRIORITY, Rule.YIELD)
            found.append(Conflict(ring, enters, rules, (far, far), (YIELD_M, YIELD_M), ground))
    return found

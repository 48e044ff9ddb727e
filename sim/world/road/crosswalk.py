"""Straight roads that people cross on foot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected
from sim.world.road.areas import Conflict
from sim.world.road.assemble import Many, Track, assemble, plain_lanes
from sim.world.road.chain import Path, chain, line
from sim.world.road.core import Road, Rule
from sim.world.road.sizes import batch, row, sized

Floats = NDArray[np.float64]
STOP_M = 1.0
"""From where cars wait to the crosswalk [m] (engineering)."""
KERB_M = 0.3
"""From where people wait to the nearest lane's edge [m] (engineering)."""
FAR_M = 6.0
"""Length of lane on either side of a crosswalk that is looked at for its area [m]."""


def crosswalk(
    lanes: int = 1,
    opposite: int = 1,
    lane_width: ArrayLike = 3.5,
    at: ArrayLike = 150.0,
    departure: ArrayLike = 100.0,
    width: ArrayLike = 4.0,
    angle: ArrayLike = 0.5 * np.pi,
    pavement: ArrayLike = 6.0,
    rule: str = "zebra",
    speed_limit: ArrayLike = np.inf,
    blocks: Sequence[Many] = (),
    friction: ArrayLike = 1.0,
) -> Road:
    """Roads along x with people crossing at x = `at`, as many as the longest argument's entries.

    Course 0 goes along x, its rightmost lane at y = 0; course 1 comes the other way, if
    `opposite`; the last two are the people's, from the right to the left of course 0 and back.

    Args:
        lanes: Along x.
        opposite: Lanes of the other direction; 0 for a one-way road.
        lane_width: [m], a number or one a road, like all sizes that follow.
        at: Where the middle of the crosswalk crosses the middle of the road [m].
        departure: The road beyond [m].
        width: Of the crosswalk [m].
        angle: Of the people's way to course 0 [rad], above 0, below pi; pi/2 straight across.
        pavement: Their way before and after the road [m], at least 1 m.
        rule: `zebra`: cars yield; `unmarked`: people yield.
        speed_limit: Of the cars [m/s].
        blocks: (x, y [m], yaw [rad], length, width [m]) of buildings and hedges.
        friction: As in `Road`.

    Raises:
        UserError: An unknown rule, no lanes, or a size or angle that is impossible.
    """
    where = "crosswalk"
    if lanes < 1 or opposite < 0:
        raise expected("lanes", "at least 1, and 0 or more", (lanes, opposite), where=where)
    cars, people = rules(rule, where)
    sizes = (lane_width, at, departure, width, angle, pavement, speed_limit, friction)
    n = batch(*sizes, *(v for block in blocks for v in block), where=where)
    w, at, departure, width, angle, pavement = sized(
        n, where, lane_width=lane_width, at=at, departure=departure, width=width, angle=angle,
        pavement=pavement,
    )  # fmt: skip
    if (angle >= np.pi).any() or (np.abs(np.sin(angle)) < 0.25).any():
        raise expected(
            "angle", "0.26 to 2.88 rad", float(angle[np.sin(angle).argmin()]), where=where
        )
    if (pavement < 1.0).any():
        raise expected("pavement", "at least 1 m", float(pavement.min()), where=where)
    wide = (lanes + opposite) * w
    reach = wide + np.abs(np.cos(angle)) * width
    if (0.5 * reach / np.sin(angle) + STOP_M > np.minimum(at, departure)).any():
        raise expected("at", "room for the crosswalk", float(at.min()), where=where)
    length = at + departure
    tracks = [Track(chain(line(length)), plain_lanes(lanes, w), speed_limit)]
    if opposite:
        back = chain(line(length), x=length, y=wide - w, heading=np.pi)
        tracks.append(Track(back, plain_lanes(opposite, w), speed_limit))
    ways = footways(at, 0.5 * (wide - w), angle, wide / np.sin(angle), pavement)
    walks = [Track(way, [(0.0, width, -np.inf, np.inf)]) for way in ways]
    conflicts = []
    for c, track in enumerate(tracks):
        middle = at if c == 0 else departure
        conflicts += across(track, c, walks, len(tracks), middle, reach, pavement, (cars, people))
    return assemble([*tracks, *walks], conflicts=conflicts, blocks=blocks, friction=friction)


def rules(rule: str, where: str) -> tuple[Rule, Rule]:
    """Those of cars and of people.

    Raises:
        UserError: The rule is unknown.
    """
    known = {
        "zebra": (Rule.YIELD, Rule.PRIORITY),
        "unmarked": (Rule.PRIORITY, Rule.YIELD),
    }
    if rule not in known:
        raise expected("rule", " or ".join(known), rule, where=where)
    return known[rule]


def footways(
    x: Floats, y: Floats, heading: Floats, across: Floats, pavement: Floats
) -> tuple[Path, Path]:
    """The ways across a road and back through the same middle.

    Args:
        x: The middle [m].
        y: The same [m].
        heading: Of the first way [rad].
        across: Its length on the road [m].
        pavement: And before and after [m].
    """
    half = 0.5 * across + pavement
    dx, dy = np.cos(heading) * half, np.sin(heading) * half
    there = chain(line(2.0 * half), x=x - dx, y=y - dy, heading=heading)
    return there, chain(line(2.0 * half), x=x + dx, y=y + dy, heading=heading + np.pi)


def across(
    track: Track,
    course: int,
    walks: Sequence[Track],
    first_walk: int,
    middle: Floats,
    reach: Floats,
    pavement: Floats,
    rule: tuple[Rule, Rule],
) -> list[Conflict]:
    """People against each lane of a straight course.

    Args:
        track: The cars' course.
        course: Its number.
        walks: The people's courses.
        first_walk: Number of the first of these.
        middle: (n,) where the cars' course is crossed [m].
        reach: (n,) how far the crossing extends, at most, along either [m].
        pavement: (n,) the people's way before the road [m].
        rule: Of cars and people.
    """
    n = len(middle)
    made = []
    for k, walk in enumerate(walks):
        way = walk.strip(first_walk + k, 0, 0.0, walk.path.length)
        kerb = pavement - KERB_M - 0.5 * np.abs(way.width / np.tan(_angle(track, walk)))
        for lane in range(len(track.lanes)):
            half = 0.5 * reach * 4.0 + FAR_M
            strip = track.strip(course, lane, middle - half, middle + half)
            holds = (row(np.inf, n), np.maximum(kerb, 0.1))
            made.append(Conflict(strip, way, rule, holds, (STOP_M, 0.0)))
    return made


def _angle(track: Track, walk: Track) -> Floats:
    between: Floats = walk.path.heading[:, 0] - track.path.heading[:, 0]
    return between

"""What a road is made of, as arrays.

A *course* is a way through the scene from where a road user may enter to where it leaves: a
chain of circular arcs (a line has curvature 0) with parallel lanes. Along it runs s from 0 to
its length, across it d, left positive. Every user is on one course for life: a driver who will
turn left at a junction is on another course than one who goes straight, though both share the
approach. What courses share is told by *links*, where they cross by *areas*.

Every scenario may have a road of its own (sampled curvature, width, angle), so all arrays lead
with the R roads; those of one make have the same number of courses, pieces and so on. A road
is some kilobytes, the users of a scenario tens of them, so roads are never shared to save room
except where all scenarios have the same one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.base.soa import Soa

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Courses(Soa):
    """C courses on each of R roads, arrays of shape (R, C).

    Attributes:
        length: Users whose centre passes it leave [m].
        speed_limit: Where no zone says otherwise [m/s].
    """

    length: Floats
    speed_limit: Floats


@dataclass(frozen=True)
class Pieces(Soa):
    """P circular arcs in a row along each course, (R, C, P); the ends go on beyond.

    Attributes:
        s: Where the piece begins along the course [m], the first 0; infinite: not used.
        x, y: Its beginning [m].
        heading: There [rad].
        curvature: [1/m], left positive, 0 a line.
    """

    s: Floats
    x: Floats
    y: Floats
    heading: Floats
    curvature: Floats


@dataclass(frozen=True)
class Lanes(Soa):
    """L lanes on each course, 0 the rightmost, (R, C, L); unused ones have no width.

    Attributes:
        y: Centre line's d [m].
        width: [m].
        start: Where the lane begins [m]; -infinite where it always was.
        end: Where it ends; infinite where it goes on [m].
    """

    y: Floats
    width: Floats
    start: Floats
    end: Floats


@dataclass(frozen=True)
class Zones(Soa):
    """Z speed zones on each course, (R, C, Z); unused ones have an infinite limit.

    Attributes:
        start: [m].
        end: [m].
        limit: [m/s].
    """

    start: Floats
    end: Floats
    limit: Floats


@dataclass(frozen=True)
class Signals(Soa):
    """K signals on each course, ascending along it, (R, C, K); unused ones at infinite s.

    A period begins with green, then amber, then red. At amber stops who comfortably can.

    Attributes:
        s: The line at which fronts wait [m].
        cycle: Period [s].
        green: How long each period is green [s].
        amber: How long it is then amber [s].
        offset: When the first green begins [s].
    """

    s: Floats
    cycle: Floats
    green: Floats
    amber: Floats
    offset: Floats


@dataclass(frozen=True)
class Links(Soa):
    """J stretches that two courses share, one record a direction, (R, J).

    Who is on `course` with any part from `start` to `end` is also on `onto`, at s + `shift`.

    Attributes:
        course: Number of the course; -1 not used.
        onto: Number of the other.
        start: [m] along `course`.
        end: [m] along `course`.
        shift: [m].
        lane_shift: Lane number there minus here.
    """

    course: Ints
    onto: Ints
    start: Floats
    end: Floats
    shift: Floats
    lane_shift: Ints


class Rule(IntEnum):
    """Who goes first where courses cross. Codes are in the arrays; append only."""

    PRIORITY = 0
    YIELD = 1
    STOP = 2  # yield after a full stop


@dataclass(frozen=True)
class Areas(Soa):
    """A areas where two courses cross or merge, one record a side, (R, A).

    Attributes:
        course: Whose side this is; -1 not used.
        lane: Its lane that is meant, -1 any.
        start: Where the area begins along `course` [m].
        end: Where it ends [m].
        hold: The line at which fronts wait [m], not beyond `start`.
        rule: Code of `Rule`, for those on `course`.
        rival: The other course.
        rival_lane: Its lane, -1 any.
        rival_start: Where the area begins along `rival` [m].
        rival_end: Where it ends [m].
    """

    course: Ints
    lane: Ints
    start: Floats
    end: Floats
    hold: Floats
    rule: Ints
    rival: Ints
    rival_lane: Ints
    rival_start: Floats
    rival_end: Floats


@dataclass(frozen=True)
class Blocks(Soa):
    """Q boxes that hide what is behind them and nobody drives into, (R, Q): buildings, hedges.

    Parked cars are road users: they can be hit.

    Attributes:
        x, y: Centre [m].
        yaw: [rad].
        length: [m]; 0 not used.
        width: [m].
    """

    x: Floats
    y: Floats
    yaw: Floats
    length: Floats
    width: Floats


@dataclass(frozen=True)
class Road:
    """R roads of one make.

    Attributes:
        courses: (R, C).
        pieces: (R, C, P).
        lanes: (R, C, L).
        zones: (R, C, Z).
        signals: (R, C, K).
        links: (R, J).
        areas: (R, A).
        blocks: (R, Q).
        friction: (R,) largest acceleration that tyres give, over g: 0.9 dry, 0.15 on ice.
    """

    courses: Courses
    pieces: Pieces
    lanes: Lanes
    zones: Zones
    signals: Signals
    links: Links
    areas: Areas
    blocks: Blocks
    friction: Floats

    def __post_init__(self) -> None:
        """Raise `UserError` for shapes that differ or impossible values."""
        shape = self.courses.length.shape
        self.courses.check_shape(shape)
        parts: tuple[Soa, ...] = (self.pieces, self.lanes, self.zones, self.signals)
        for part in parts:
            part.check_shape(shape)
        parts = (self.links, self.areas, self.blocks)
        for part in parts:
            part.check_shape(shape[:1])
        _check_positive("length", self.courses.length)
        _check_positive("speed_limit", self.courses.speed_limit)
        _check_positive("cycle", self.signals.cycle)
        _check_positive("friction", self.friction)
        _check_positive("zone limit", self.zones.limit)
        _check_known("lane", self.lanes)
        _check_known("zone", self.zones)
        _check_known("signal", self.signals)
        if (self.lanes.width < 0.0).any() or not np.isfinite(self.lanes.width).all():
            raise expected(
                "lane_width", "finite widths of at least 0", self.lanes.width.min(), where="Road"
            )
        _check_below("links", (self.links.course, self.links.onto), shape[1])
        _check_below("areas", (self.areas.course, self.areas.rival), shape[1])

    def __len__(self) -> int:
        return len(self.friction)

    @property
    def course_count(self) -> int:
        """C, the courses of each road."""
        return int(self.courses.length.shape[1])

    @property
    def lane_count(self) -> int:
        """L, the lanes of the widest course."""
        return int(self.lanes.y.shape[2])


def _check_positive(name: str, array: Floats) -> None:
    if not (array > 0.0).all():
        raise expected(name, "a positive number", float(array[~(array > 0.0)][0]), where="Road")


def _check_known(name: str, part: Soa) -> None:
    for field, column in part.columns().items():
        if np.isnan(column).any():
            raise expected(f"{name} {field}", "a number", math.nan, where="Road")


def _check_below(name: str, columns: tuple[Ints, ...], count: int) -> None:
    for column in columns:
        if column.size and column.max() >= count:
            raise expected(name, f"courses below {count}", int(column.max()), where="Road")


def no_links(roads: int) -> Links:
    """Courses that share nothing."""
    whole, real = np.empty((roads, 0), np.int64), np.empty((roads, 0))
    return Links(whole, whole, real, real, real, whole)


def no_areas(roads: int) -> Areas:
    """Courses that do not cross."""
    whole, real = np.empty((roads, 0), np.int64), np.empty((roads, 0))
    return Areas(whole, whole, real, real, real, whole, whole, whole, real, real)


def no_blocks(roads: int) -> Blocks:
    """Nothing in the way of sight."""
    none = np.empty((roads, 0))
    return Blocks(none, none, none, none, none)

"""What a site is made of for one drive: a road, who comes along it, and what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sim.world.kinds import Kind
from sim.world.road import Road

Who = Literal["vehicle", "cyclist", "walker"]

ENTRY_M = 15.0
"""Where vehicles enter: past the longest truck's half."""


@dataclass(frozen=True, kw_only=True)
class Stream:
    """Road users of one make who enter a course at random times.

    Attributes:
        who: Whose population they are drawn from.
        course: That they follow.
        lanes: In which they enter, each as often as the others.
        flow_per_h: Of all of them together [1/h].
        start_m: Where they enter, along the course [m].
        aside_m: Where they keep to, left of their lane's line [m],
        spread_m: give or take so much (uniform) [m].
        slow: Factor on their desired speed.
        standing_per_km: Vehicles a kilometre and lane that are there at the start [1/km],
        standing_to_m: as far as this along the course [m].
        plain: Whether they are cars that keep their lane: no trucks, no changes.
        stops: Planned stops, one of which each of them makes; none: nobody stops.
        size: Mean number of people who come together, of walkers.
    """

    who: Who = "vehicle"
    course: int = 0
    lanes: tuple[int, ...] = (0,)
    flow_per_h: float = 0.0
    start_m: float = ENTRY_M
    aside_m: float = 0.0
    spread_m: float = 0.0
    slow: float = 1.0
    standing_per_km: float = 0.0
    standing_to_m: float = 0.0
    plain: bool = False
    stops: tuple[PlannedStop, ...] = ()
    size: float = 1.0


@dataclass(frozen=True, kw_only=True)
class PlannedStop:
    """A place where a driver stops of its own plan, whoever else is there.

    Attributes:
        at_m: Of its front along the course [m].
        lasts_s: Mean of the exponential part of its length, after 5 s [s].
        aside_m: How far to the right of its place in the lane [m].
        bus: Whether it is a bus that stops.
    """

    at_m: float
    lasts_s: float = 15.0
    aside_m: float = 0.0
    bus: bool = False


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Something that stands: a parked car, a thing that lies on the road.

    Attributes:
        kind: What it is.
        course, lane: Where it stands,
        s_m: along the course [m],
        d_m: left of the lane's line [m].
        length_m, width_m: Its size [m].
        from_s: Since when, with the warm-up counted; 0: from the start [s].
        until_s: Until when [s].
    """

    kind: Kind
    course: int = 0
    lane: int = 0
    s_m: float
    d_m: float = 0.0
    length_m: float = 4.5
    width_m: float = 1.8
    from_s: float = 0.0
    until_s: float = float("inf")


@dataclass(frozen=True)
class Layout:
    """A site as it is for one drive.

    Attributes:
        road: One road.
        streams: Who comes along it.
        standing: What stands there.
    """

    road: Road
    streams: Sequence[Stream]
    standing: Sequence[Standing] = field(default=())

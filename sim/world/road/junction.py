"""Junctions of two roads, with four arms or three, with and without signals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected
from sim.world.road.areas import Conflict
from sim.world.road.assemble import Many, Track, assemble
from sim.world.road.core import Road
from sim.world.road.cycles import cycle_lanes
from sim.world.road.links import Meeting
from sim.world.road.movements import (
    CONTROLS,
    EAST,
    WEST,
    Movement,
    exit_lane,
    exit_of,
    meet,
    movements,
    priority,
    turn_lane,
)
from sim.world.road.sizes import batch, finite, row, sized
from sim.world.road.turns import Layout, Way, ways
from sim.world.road.walks import junction_walks, ridden_walks

Floats = NDArray[np.float64]
WAIT_M = 0.5
"""From where who turns left waits within the junction to what comes from opposite [m]."""
WIDER_M = 6.0
"""A left turn wider by more than this meets the right turn out of the arm it leads to [m]."""
SLACK_M = 0.2
"""Strip of a lane's edge that nobody needs [m] (engineering). Turns leave their lane so slowly
that without it areas would begin 3 m earlier, at the stop line itself."""


def junction(
    arms: int = 4,
    main_lanes: int = 1,
    minor_lanes: int = 1,
    lane_width: ArrayLike = 3.5,
    angle: ArrayLike = 0.5 * np.pi,
    right_radius: ArrayLike = 10.0,
    left_radius: ArrayLike = 14.0,
    clothoid: ArrayLike = 4.0,
    approach: ArrayLike = 150.0,
    departure: ArrayLike = 100.0,
    control: str = "yield",
    signals: Sequence[Many] = (),
    crosswalk_width: ArrayLike | None = None,
    cycle_width: ArrayLike | None = None,
    speed_limit: ArrayLike = np.inf,
    turn_accel: ArrayLike = 3.0,
    blocks: Sequence[Many] = (),
    friction: ArrayLike = 1.0,
) -> Road:
    """Junctions with the middle at the origin and the main road along x; traffic on the right.

    Arms are 0 west, 1 south, 2 east, 3 north; a T has no north. `junction_course` numbers the
    courses, one for each arm and movement; all from one arm have s = `approach` at the stop
    line. On a road of two lanes left turns go from left lane to left lane, right turns from
    right to right; on a turner's course the other lane ends at the stop line. Turners are
    limited to what `turn_accel` allows. With crosswalks, people cross arm k on the courses
    2 k and 2 k + 1 from the last car's on, first counter-clockwise around the junction, then
    clockwise; they go before all cars. With cycle lanes, cyclists go straight on to the right of
    the cars, on the last courses: one for each arm with a way straight on, in their order.

    Args:
        arms: 4, or 3 for a T.
        main_lanes: Lanes of the main road in either direction, 1 or 2.
        minor_lanes: Of the other road.
        lane_width: [m], a number or one a road, like all sizes that follow.
        angle: From the main road's eastern arm to the northern one [rad], 0.6 to 2.5.
        right_radius: Of the arc along which the lane turns right [m].
        left_radius: Likewise to the left.
        clothoid: Before and after it [m]; at most half the turn is taken.
        approach: From a course's beginning to the stop line [m].
        departure: From the junction to a course's end [m].
        control: `yield` or `stop` for the minor road, `right_before_left`, or `signals`.
        signals: For each arm (cycle, green, amber, offset) [s] as in `Signals`; see
            `two_phases`.
        crosswalk_width: Of crosswalks on all arms [m]; none if not given.
        cycle_width: Of cycle lanes to the right of all lanes [m]; none if not given.
        speed_limit: Of all courses [m/s].
        turn_accel: Sideways, that turners' limit allows [m/s²].
        blocks: (x, y [m], yaw [rad], length, width [m]) of buildings and hedges.
        friction: As in `Road`.

    Raises:
        UserError: An unknown control, signals missing or without use, a size that is not finite
            or positive, or a turn tighter than its lanes allow.

    >>> road = junction(arms=3)
    >>> road.course_count, junction(4, angle=[1.2, 1.5, 1.8]).courses.length.shape
    (6, (3, 12))
    """
    where = "junction"
    every = movements(arms)
    _check(arms, main_lanes, minor_lanes, control, signals)
    people = 0.0 if crosswalk_width is None else crosswalk_width
    cycles = 0.0 if cycle_width is None else cycle_width
    sizes = (lane_width, angle, right_radius, left_radius, clothoid, approach, departure)
    flat = [v for record in (*signals, *blocks) for v in record]
    n = batch(*sizes, people, cycles, speed_limit, turn_accel, friction, *flat, where=where)
    w, angle, right, left, approach, departure, turn_accel = sized(
        n, where, lane_width=lane_width, angle=angle, right_radius=right_radius,
        left_radius=left_radius, approach=approach, departure=departure, turn_accel=turn_accel,
    )  # fmt: skip
    (clothoid,) = sized(n, where, zero=True, clothoid=clothoid)
    for cycle, green, amber, offset in signals:
        sized(n, where, cycle=cycle)
        sized(n, where, zero=True, green=green, amber=amber)
        finite(n, where, offset=offset)
    if (np.abs(angle - 0.5 * np.pi) > 1.0).any():
        bad = float(angle[np.argmax(np.abs(angle - 0.5 * np.pi))])
        raise expected("angle", "0.6 to 2.5 rad", bad, where=where)
    if (left > right + WIDER_M).any():
        wanted = f"at most right_radius + {WIDER_M:g} m"
        raise expected("left_radius", wanted, left[np.argmax(left - right)], where=where)
    pi = np.full(n, np.pi)
    lanes = (main_lanes, minor_lanes, main_lanes, minor_lanes)
    walk = None if crosswalk_width is None else sized(n, where, crosswalk_width=people)[0]
    layout = Layout(
        out=[pi, angle + np.pi, 0.0 * pi, angle][:arms],
        lanes=lanes,
        width=w,
        radius={"right": right, "left": left},
        clothoid=clothoid,
        setback=np.zeros(n) if walk is None else walk + 2.0,
        approach=approach,
        departure=departure,
    )
    made, stop = ways(layout)
    tracks = [
        _track(m, way, layout, speed_limit, turn_accel, signals[m[0]] if signals else None)
        for m, way in zip(every, made)
    ]
    conflicts = _conflicts(every, made, tracks, layout, control)
    (ride,) = sized(n, where, zero=cycle_width is None, cycle_width=cycles)
    walkers: list[Track] = []
    if walk is not None:
        walkers, more = junction_walks(every, made, tracks, layout, stop, walk, ride)
        conflicts += more
    riders: list[Track] = []
    if cycle_width is not None:
        first = len(tracks) + len(walkers)
        riders, more = cycle_lanes(every, made, tracks, layout, control, ride, first)
        conflicts += more
        if walk is not None:
            conflicts += ridden_walks(
                every, made, riders, walkers, layout, stop, walk, len(tracks), ride
            )
    meetings = _meetings(every, made, tracks, layout)
    return assemble([*tracks, *walkers, *riders], meetings, conflicts, blocks, friction)


def _check(arms: int, main: int, minor: int, control: str, signals: Sequence[Many]) -> None:
    if control not in CONTROLS:
        raise expected("control", " or ".join(CONTROLS), control, where="junction")
    for name, count in (("main_lanes", main), ("minor_lanes", minor)):
        if count not in (1, 2):
            raise expected(name, "1 or 2 lanes", count, where="junction")
    wanted = arms if control == "signals" else 0
    if len(signals) != wanted:
        raise expected(
            "signals", f"{wanted} with control={control!r}", len(signals), where="junction"
        )


def _track(
    m: Movement, way: Way, layout: Layout, limit: ArrayLike, accel: Floats, signal: Many | None
) -> Track:
    w = layout.width
    lanes: list[Many] = []
    for i in range(layout.lanes[m[0]]):
        stays = m[1] == "straight" or i == turn_lane(m, layout.lanes[m[0]])
        lanes.append((i * w, w, -np.inf, np.inf if stays else layout.approach))
    zones: list[Many] = []
    if m[1] != "straight":
        zones.append((*way.turn, np.sqrt(accel * layout.radius[m[1]])))
    lights = [] if signal is None else [(layout.approach, *signal)]
    return Track(way.path, lanes, limit, zones, lights)


def _conflicts(
    every: list[Movement], made: list[Way], tracks: list[Track], layout: Layout, control: str
) -> list[Conflict]:
    found = []
    for i, j in combinations(range(len(every)), 2):
        a, b = every[i], every[j]
        if a[0] == b[0]:
            continue
        rules = priority(a, b, control)
        stop = (layout.approach, layout.approach)
        short = (WAIT_M, WAIT_M)
        if (a[0] - b[0]) % 4 == 2 and (control == "signals" or a[0] in (WEST, EAST)):
            # who turns left waits within the junction, but not upon a road that goes first
            far = np.full(len(layout.width), np.inf)
            stop = (far if a[1] == "left" else stop[0], far if b[1] == "left" else stop[1])
        for one in _used(a, layout):
            for two in _used(b, layout):
                if meet(a, one, b, two, layout.lanes):
                    ends = _until(a, b, made[i], made[j], layout.departure)
                    first = tracks[i].strip(i, one, layout.approach, ends[0], SLACK_M)
                    second = tracks[j].strip(j, two, layout.approach, ends[1], SLACK_M)
                    found.append(Conflict(first, second, rules, stop, short))
    return found


def _used(m: Movement, layout: Layout) -> Sequence[int]:
    count = layout.lanes[m[0]]
    return range(count) if m[1] == "straight" else (turn_lane(m, count),)


def _until(
    a: Movement, b: Movement, one: Way, two: Way, departure: Floats
) -> tuple[Floats, Floats]:
    """Where strips are cut: those that merge where both are in line, so that links go on."""
    if exit_of(a) != exit_of(b):
        return one.path.length - departure, two.path.length - departure
    line = np.maximum(one.merged, two.merged)
    return one.base + line, two.base + line


def _meetings(
    every: list[Movement], made: list[Way], tracks: list[Track], layout: Layout
) -> list[Meeting]:
    """Courses that share an approach, or the way out."""
    n = len(layout.width)
    found = []
    for i, j in combinations(range(len(every)), 2):
        a, b = every[i], every[j]
        if a[0] == b[0]:
            lanes, at, there = (0, 0), np.zeros(n), np.zeros(n)
        elif exit_of(a) == exit_of(b):
            shared = [
                (one, two)
                for one in _used(a, layout)
                for two in _used(b, layout)
                if exit_lane(a, one, layout.lanes) == exit_lane(b, two, layout.lanes)
            ]
            if not shared:
                continue
            lanes, at, there = shared[0], made[i].path.length, made[j].path.length
        else:
            continue
        y = (row(tracks[i].lanes[lanes[0]][0], n), row(tracks[j].lanes[lanes[1]][0], n))
        paths = (made[i].path, made[j].path)
        found.append(Meeting(*paths, (i, j), lanes, y, at, there, 0.5 * layout.width))
    return found

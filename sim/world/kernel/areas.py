"""Where courses cross: who yields to whom, and where one waits."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_borrowing
from sim.laws.acceptance import accepts, patience, time_to_reach
from sim.laws.follow import FREE
from sim.world.kernel.notice import is_unnoticed, judged
from sim.world.kernel.records import Cast, Way
from sim.world.kernel.threats import (
    PASSED_M,
    PEDESTRIAN,
    SLOW_MPS,
    STOPPED_MPS,
    drives_in,
    find_threat,
    is_seen,
)
from sim.world.road.core import Rule

PRIORITY, STOP = int(Rule.PRIORITY), int(Rule.STOP)
AREA_SIGHT_M = 150.0  # from where an area is minded (engineering)
KEEP_LANE_M = 50.0  # nearer to an area nobody begins a change that it need not (engineering)
PATIENCE_S = 8.0  # at a line, before those who stand and wait too are passed by (engineering)
SAME_LINE_M = 1.0  # lines nearer to each other are one
STOPPED_M = 3.0  # nearer than that, and standing, it has stopped at the line (engineering)


@njit_borrowing
def stands_back(way: Way, area: Any, u: Any, i: int, v: Any, j: int, t: float) -> bool:
    """Whether a rival that has not begun to cross will let this user go first.

    Where each waits for the next in a ring, the one who has waited longest loses patience.
    """
    first = u.stopped_s < v.stopped_s or (u.stopped_s == v.stopped_s and i < j)
    if first and v.speed < STOPPED_MPS and v.holding >= 0 and t - u.stopped_s > PATIENCE_S:
        return True
    if v.stop_line >= 0:  # it waits at red
        return True
    if v.threat == i and v.speed < STOPPED_MPS:  # it waits until this user is out of its way
        return True
    if v.holding < 0:
        return False
    theirs = way.areas[v.holding]
    if theirs.rival != u.course:  # held up by somebody else; not for long if it rolls
        return bool(v.speed < STOPPED_MPS)
    if area.rule == PRIORITY:
        return True
    return bool(first)  # both have to wait: the first to have stopped, then the lower slot


@njit_borrowing
def has_just_set_out(area: Any, u: Any, v: Any, t: float) -> bool:
    """Whether somebody on foot seems to stand outside yet: it did a reaction time ago."""
    return bool(
        v.kind == PEDESTRIAN
        and t < v.moved_s + u.reaction_s
        and v.moved_m + 0.5 * v.length <= area.rival_start
    )


@njit_borrowing
def next_arrival(cast: Cast, way: Way, number: int, i: int, t: float) -> tuple[float, int]:
    """Time until the first rival that will not wait reaches an area, and its slot [s].

    0 while it is there; infinite and -1 without one. As the user judges it.
    """
    users, area = cast.users, way.areas[number]
    u = users[i]
    first, who = math.inf, -1
    for k in range(cast.seated[area.rival]):
        seat = cast.seats[area.rival, k]
        v = users[seat.slot]
        half = 0.5 * v.length
        if (
            v.course != area.rival
            or seat.s - half >= area.rival_end
            or not drives_in(area.rival_lane, v)
        ):
            continue
        left = area.rival_start - seat.s - half
        if left > 0.0 and stands_back(way, area, u, i, v, seat.slot, t):
            continue
        if has_just_set_out(area, u, v, t):
            continue
        if is_unnoticed(u, v, seat.slot, t, 1.0) or not is_seen(cast, way, u, i, v, seat.slot):
            continue
        time = time_to_reach(left, v.speed, max(v.accel, 0.0), max(v.desired, v.speed))
        time = judged(u, seat.slot, time)
        if time < first:
            first, who = time, seat.slot
    return first, who


@njit_borrowing
def still_asked(u: Any, area: Any, t: float) -> float:
    """Share of the critical gap that a user asks for after its wait at an area's line."""
    if u.impatience_s <= 0.0 or u.stopped_m < area.hold - SAME_LINE_M:
        return 1.0
    return patience(t - u.stopped_s, u.impatience_s)


@njit_borrowing
def may_go(cast: Cast, way: Way, number: int, i: int, t: float) -> bool:
    """Whether a user that has to yield goes now: the gap does, and it has hesitated enough."""
    u, area = cast.users[i], way.areas[number]
    if area.rule == STOP and u.stopped_m < area.hold - SAME_LINE_M:
        return False
    out = area.end - u.s + 0.5 * u.length
    clear = time_to_reach(out, u.speed, u.accel_max, max(u.desired, u.speed))
    arrival, rival = next_arrival(cast, way, number, i, t)
    asked = still_asked(u, area, t)
    margin = u.margin_s * asked
    if u.critical_gap_s > 0.0:  # who goes by it does not reckon how long the own way takes
        clear, margin = 0.0, 0.0
    if not accepts(arrival, clear, u.critical_gap_s * asked, margin):
        u.accepted_s = math.inf
        u.waits_for = rival
        return False
    u.accepted_s = min(u.accepted_s, t)
    return bool(t >= u.accepted_s + u.hesitate_s)


@njit_borrowing
def has_to_wait(cast: Cast, way: Way, number: int, i: int, was: int, t: float) -> bool:
    """Whether a user waits at an area's line; `was`: the area at which it waited at the last look.

    In a lapse nothing is decided: who waits goes on waiting, who does not drives on.
    """
    if cast.users[i].lapsed == 1:
        return was == number
    return not may_go(cast, way, number, i, t)


@njit_borrowing
def comes_too_soon(cast: Cast, way: Way, number: int, i: int, t: float) -> bool:
    """Whether a rival will reach the area in which this user is before it is clear of it."""
    u, area = cast.users[i], way.areas[number]
    left = area.end - u.s + 0.5 * u.length
    clear = left / max(u.desired_speed, 0.1) + u.margin_s
    return bool(next_arrival(cast, way, number, i, t)[0] < clear)


@njit_borrowing
def mind_areas(cast: Cast, way: Way, t: float, dt: float) -> None:
    """Set for everybody where to wait and who is in the way ahead."""
    for k in range(cast.run.alive):
        i = cast.along[k]  # who was looked at first matters, and so must not depend on x
        u = cast.users[i]
        if u.law != FREE or u.aeb == 1:
            look_ahead(cast, way, i, t, dt)


@njit_borrowing
def keep_clear(u: Any, stop: float, line: float, covered: float) -> float:
    """Where to wait rather than at `stop`, when that would leave the tail in an area [m]."""
    if line < stop and stop - u.length < covered:
        return line
    return stop


@njit_borrowing
def look_ahead(cast: Cast, way: Way, i: int, t: float, dt: float) -> None:
    """Go through the areas ahead of one user.

    Who would have to wait further on with its tail in an area that it has not entered yet waits
    before that one: junctions are kept clear.
    """
    u = cast.users[i]
    line, covered = math.inf, -math.inf  # the first line ahead, the end of the areas so far
    front, rear = u.s + 0.5 * u.length, u.s - 0.5 * u.length
    was, threat, stop_s = u.holding, -1, u.threat_at
    u.hold_gap, u.threat_gap, u.holding = math.inf, math.inf, -1
    u.hurries, u.keeps_lane = 0, 0
    for number in range(len(way.areas)):
        area = way.areas[number]
        if area.course != u.course or rear >= area.end:
            continue
        if area.start - front > AREA_SIGHT_M:
            break
        if area.start - front < KEEP_LANE_M:
            u.keeps_lane = 1
        if not drives_in(area.lane, u):
            continue
        ahead = front <= area.hold + PASSED_M
        if ahead:
            line = min(line, area.hold)
        if u.run_factor > 1.0 and front > area.start and comes_too_soon(cast, way, number, i, t):
            u.hurries = 1
        if area.rule != PRIORITY and ahead and u.hold_gap == math.inf:
            if u.speed < STOPPED_MPS and area.hold - front < STOPPED_M:
                if u.stopped_m < area.hold - SAME_LINE_M:
                    u.stopped_s = t
                u.stopped_m = max(u.stopped_m, area.hold)
            u.holding = was  # rivals ask what it did at the last look
            if has_to_wait(cast, way, number, i, was, t):
                stop = keep_clear(u, area.hold, line, covered)
                u.hold_gap, u.holding = max(stop - front, 0.0), number
                continue
            u.holding = -1
        creeps = u.speed < SLOW_MPS and front < area.end
        if threat < 0 and (creeps or front <= area.start + PASSED_M):
            threat = find_threat(cast, way, number, i, stop_s, t, dt)
            if threat >= 0:
                u.threat_at = area.start
                u.threat_gap = max(keep_clear(u, area.start, line, covered) - front, 0.0)
        covered = max(covered, area.end)
    u.threat = threat
    if u.holding < 0:
        u.waits_for = -1

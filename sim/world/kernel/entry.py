"""Road users who come later: when they may enter, and how fast."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_borrowing
from sim.laws.krauss import RELAX_S, krauss
from sim.world.kernel.locate import place, seen_from
from sim.world.kernel.records import ALIVE, Cast, Way
from sim.world.kernel.traffic import cover, makes_for_its_lane
from sim.world.kinds import Kind

OBJECT = int(Kind.OBJECT)


@njit_borrowing
def in_its_lane(other: Any, u: Any) -> bool:
    """Whether a user is in the lane in which another waits, or makes for it."""
    low, high = other.lowest, other.highest
    if makes_for_its_lane(other):
        low, high = min(low, other.target), max(high, other.target)
    return bool(low <= u.lane <= high)


@njit_borrowing
def room_behind(u: Any, other: Any, speed: float) -> float:
    """The gap that is left to who is behind a user that enters at this speed [m]."""
    closing = max(other.speed - speed, 0.0)
    brakes = 0.5 * closing * closing / other.brake_comfort
    if u.kind == OBJECT:
        brakes = min(brakes, 0.5 * other.headway * closing)
    return float(other.min_gap + 0.5 * other.headway * other.speed + brakes)


@njit_borrowing
def entry_speed(cast: Cast, way: Way, u: Any) -> float:
    """The speed at which a waiting user may enter now, or -1 when there is no room [m/s].

    What falls on the road asks nobody whether there is time to brake: it falls right behind the
    vehicle that lost it, in front of who follows, at that one's headway.
    """
    speed = u.speed
    order = cast.order if way.road.plain == 1 else cast.along
    for k in range(cast.run.alive):  # front to back: those behind are asked about the last speed
        other = cast.users[order[k]]
        at = seen_from(u, other, way)
        if math.isnan(at) or not in_its_lane(other, u):
            continue
        gap = abs(at - u.s) - 0.5 * (other.length + u.length)
        if u.kind == OBJECT and at >= u.s:
            if gap < 0.0:
                return -1.0
        elif at >= u.s:
            # in equilibrium behind the leader; with less, each would enter slower than the last
            if gap < u.min_gap + u.headway * other.speed:
                return -1.0
            asked = krauss(
                speed,
                gap,
                other.speed,
                speed,
                u.headway,
                u.accel_max,
                u.brake_comfort,
                u.min_gap,
            )
            speed = max(0.0, speed + min(asked, 0.0) * min(u.headway, RELAX_S))
        else:
            if gap < room_behind(u, other, speed):
                return -1.0
    return float(speed)


@njit_borrowing
def put_on_road(u: Any, way: Way, t: float, step: int) -> None:
    """Make a waiting user alive, in its lane and at its speed."""
    u.status = ALIVE
    u.since = step
    u.target = u.lane
    u.side = way.lanes[u.course, u.lane].y + u.d
    place(u, way)
    u.changed_s = t - u.change_pause_s
    u.stop_line, u.holding, u.threat = -1, -1, -1
    u.hold_gap, u.threat_gap = math.inf, math.inf
    u.accepted_s, u.stopped_s, u.stopped_m = math.inf, math.inf, -math.inf
    u.stop_until = math.inf
    u.moved_s = -math.inf
    u.ordered = u.held
    u.final = u.speed
    u.order_accel = 0.0
    u.lapse_from = t - u.reaction_s
    u.lapse_to = u.lapse_from
    u.seen_at = -math.inf
    u.seen_lead = -1
    cover(u, way)


@njit_borrowing
def enter(cast: Cast, way: Way, t: float, step: int) -> None:
    """Let those in whose time has come and who have room; first come, first served by lane.

    `queue[run.next:run.due]` has come and waits for room.
    """
    users, run, queue = cast.users, cast.run, cast.queue
    while run.due < len(queue) and queue[run.due] >= 0 and users[queue[run.due]].enter_s <= t:
        run.due += 1
    if run.next == run.due:
        return
    cast.scratch[2:] = 0
    kept = run.next
    for k in range(run.next, run.due):
        i = queue[k]
        u = users[i]
        speed = u.speed
        if u.enter_s > 0.0:
            blocked = cast.scratch[2 + u.course, u.lane] == 1
            speed = -1.0 if blocked else entry_speed(cast, way, u)
        if speed < 0.0:
            cast.scratch[2 + u.course, u.lane] = 1
            queue[kept] = i
            kept += 1
            continue
        u.speed = speed
        put_on_road(u, way, t, step)
        cast.order[run.alive] = i
        cast.along[run.alive] = i
        run.alive += 1
        run.longest = max(run.longest, 0.5 * math.hypot(u.length, u.width))
    waiting = kept - run.next
    for k in range(1, waiting + 1):  # close up towards those whose time is still to come
        queue[run.due - k] = queue[kept - k]
    run.next = run.due - waiting

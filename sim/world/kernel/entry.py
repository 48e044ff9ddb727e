"""Road users who come later: when they may enter, and how fast."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit
from sim.laws.krauss import RELAX_S, krauss
from sim.world.kernel.records import ALIVE
from sim.world.kernel.traffic import cover


@njit
def entry_speed(users: Any, order: Any, alive: int, u: Any) -> float:
    """The speed at which a waiting user may enter now, or -1 when there is no room [m/s]."""
    speed = u.speed
    for k in range(alive):
        other = users[order[k]]
        if u.lane < min(other.lowest, other.target) or u.lane > max(other.highest, other.target):
            continue
        gap = abs(other.s - u.s) - 0.5 * (other.length + u.length)
        if other.s >= u.s:
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
            closing = max(other.speed - speed, 0.0)
            needed = other.min_gap + 0.5 * other.headway * other.speed
            if gap < needed + 0.5 * closing * closing / other.brake_comfort:
                return -1.0
    return float(speed)


@njit
def put_on_road(users: Any, i: int, lanes: Any, t: float, step: int) -> None:
    """Make a waiting user alive, in its lane and at its speed."""
    u = users[i]
    u.status = ALIVE
    u.since = step
    u.target = u.lane
    u.y = lanes[u.lane].y + u.d
    u.changed_s = t - u.change_pause_s
    u.stop_line = -1
    u.ordered = u.held
    u.final = u.speed
    u.order_accel = 0.0
    u.lapse_from = t - u.reaction_s
    u.lapse_to = u.lapse_from
    u.seen_at = -math.inf
    u.seen_lead = -1
    cover(u, lanes)


@njit
def enter(
    users: Any, run: Any, order: Any, queue: Any, lanes: Any, blocked: Any, t: float, step: int
) -> None:
    """Let those in whose time has come and who have room; first come, first served by lane.

    Args:
        users: Records of one scenario.
        run: Its record; queue[next:due] has come and waits for room.
        order: Slots of those alive; who enters is appended.
        queue: Slots of those to come, by time, then -1.
        lanes: Records of the road.
        blocked: Scratch by lane.
        t: Now [s].
        step: Now.
    """
    while run.due < len(queue) and queue[run.due] >= 0 and users[queue[run.due]].enter_s <= t:
        run.due += 1
    if run.next == run.due:
        return
    blocked[:] = 0
    kept = run.next
    for k in range(run.next, run.due):
        i = queue[k]
        u = users[i]
        speed = u.speed
        if u.enter_s > 0.0:
            speed = -1.0 if blocked[u.lane] == 1 else entry_speed(users, order, run.alive, u)
        if speed < 0.0:
            blocked[u.lane] = 1
            queue[kept] = i
            kept += 1
            continue
        u.speed = speed
        put_on_road(users, i, lanes, t, step)
        order[run.alive] = i
        run.alive += 1
        run.longest = max(run.longest, 0.5 * math.hypot(u.length, u.width))
    waiting = kept - run.next
    for k in range(1, waiting + 1):  # close up towards those whose time is still to come
        queue[run.due - k] = queue[kept - k]
    run.next = run.due - waiting

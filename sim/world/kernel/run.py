"""The only loop over time."""

from __future__ import annotations

from typing import Any

from sim.base.jit import njit_borrowing, njit_inlined, njit_unlocked
from sim.laws.drac import drac
from sim.laws.overlap import separation
from sim.laws.ttc import ttc
from sim.laws.ttc_2d import TOUCH_M
from sim.world.kernel.areas import mind_areas
from sim.world.kernel.change import decide, settle
from sim.world.kernel.drive import drift, drive, set_desired
from sim.world.kernel.entry import enter
from sim.world.kernel.motion import begin_step, call_orders, move, move_by_orders
from sim.world.kernel.pairs import keep_worst, measure_pairs
from sim.world.kernel.records import Cast, Way
from sim.world.kernel.threats import STOPPED_MPS
from sim.world.kernel.touch import find_contacts
from sim.world.kernel.traffic import drop_gone, find_neighbours, sort_users


@njit_borrowing
def _touch(u: Any, v: Any) -> bool:
    apart = separation(v.x - u.x, v.y - u.y, u.yaw, u.length, u.width, v.yaw, v.length, v.width)
    return bool(apart <= TOUCH_M)


@njit_inlined
def measure(users: Any, order: Any, alive: int, t: float) -> None:
    """Keep the least TTC and the largest DRAC of everybody to its leader; NaN without one.

    Both are those of contact only where the boxes touch, as in `sim.criticality.ahead`.
    """
    for k in range(alive):
        u = users[order[k]]
        if u.lead >= 0:
            v = users[u.lead]
            if u.gap > 0.0 or _touch(u, v):  # beside each other in one lane there is no gap
                time, need = ttc(u.gap, u.speed, v.speed), drac(u.gap, u.speed, v.speed)
                keep_worst(u, u.lead, t, time, need)


@njit_inlined
def write_log(cast: Cast, way: Way, rows: Any, logged: Any) -> None:
    """Log everybody alive: rows (N, LOGGED), logged (N,)."""
    several = way.courses.shape[0] > 1
    for k in range(cast.run.alive):
        i = cast.order[k]
        u = cast.users[i]
        logged[i] = True
        rows[i, 0] = u.x
        rows[i, 1] = u.y
        rows[i, 2] = u.yaw
        rows[i, 3] = u.speed
        rows[i, 4] = u.accel
        rows[i, 5] = -1.0 if several else u.centre  # lane numbers mean nothing across courses


@njit_inlined
def take_stock(cast: Cast, way: Way, step: int, dt: float, reach: float) -> None:
    """Bring the picture up to date: who is there, who is whose neighbour, how close it is."""
    enter(cast, way, step * dt, step)
    drop_gone(cast, way, step * dt)
    sort_users(cast, way)
    find_neighbours(cast, way)
    if reach > 0.0:
        measure_pairs(cast, step * dt, reach)
    else:
        measure(cast.users, cast.order, cast.run.alive, step * dt)


@njit_inlined
def act(cast: Cast, way: Way, step: int, dt: float) -> None:
    """One step: everybody decides on the same picture, then everybody moves."""
    users, order, alive = cast.users, cast.order, cast.run.alive
    t = step * dt
    for k in range(alive):
        u = users[order[k]]
        drift(u, step, dt)
        set_desired(u, way)
    if len(way.areas) > 0:
        mind_areas(cast, way, t, dt)
    for k in range(alive):
        drive(users, order[k], cast.line[order[k]], way, step, dt)
    cast.scratch[2:] = -1
    along = order if way.road.plain == 1 else cast.along  # x is not along a road that turns
    for k in range(alive):
        decide(users, along[k], way, cast.scratch[2 + users[along[k]].course], t)
    call_orders(users, cast.orders, way, t, dt)
    for k in range(alive):
        i = order[k]
        u = users[i]
        begin_step(u)
        if u.due > 0:
            move_by_orders(users, i, cast.orders, way, t, dt)
        else:
            move(u, way, dt)
        settle(u, way)
    find_contacts(cast, way, t, dt)
    for k in range(alive):
        u = users[order[k]]
        u.accel = (u.speed - u.old_speed) / dt
        if u.old_speed < STOPPED_MPS <= u.speed:
            u.moved_s, u.moved_m = t, u.old_s


@njit_inlined
def run_scenario(
    casts: Cast,
    ways: Way,
    b: int,
    begin: int,
    end: int,
    dt: float,
    reach: float,
    every: int,
    log: Any,
    logged: Any,
) -> None:
    """Steps `begin` to `end` of scenario `b`; arguments as in `run_span`."""
    cast = Cast(
        casts.users[b],
        casts.run[b],
        casts.order[b],
        casts.along[b],
        casts.queue[b],
        casts.orders[b],
        casts.line[b],
        casts.scratch[b],
        casts.seats[b],
        casts.seated[b],
    )
    r = cast.run.road
    way = Way(
        ways.road[r],
        ways.courses[r],
        ways.pieces[r],
        ways.lanes[r],
        ways.zones[r],
        ways.signals[r],
        ways.links[r],
        ways.areas[r],
        ways.blocks[r],
    )
    frame = 0
    for step in range(begin - (begin == 0), end):
        if step >= begin:
            act(cast, way, step, dt)
        take_stock(cast, way, step + 1, dt, reach)
        if every > 0 and (step + 1) % every == 0:
            write_log(cast, way, log[b, frame], logged[b, frame])
            frame += 1


@njit_unlocked
def run_span(
    casts: Cast,
    ways: Way,
    first: int,
    last: int,
    begin: int,
    end: int,
    dt: float,
    reach: float,
    every: int,
    log: Any,
    logged: Any,
) -> None:
    """Steps `begin` to `end` of scenarios `first` to `last`, each from first step to last.

    Args:
        casts: Of B scenarios, changed in place.
        ways: Of R roads.
        first: First scenario.
        last: Scenario after the last.
        begin: First step; 0 begins with the picture before it.
        end: Step after the last.
        dt: Step [s].
        reach: Within which every pair is measured [m]; 0 only everybody against its leader.
        every: Steps between two log frames; divides `begin`. 0 logs nothing.
        log: (B, F, N, LOGGED), written where alive: the frames after `begin` up to `end`, and
            that at 0.
        logged: (B, F, N), set where written.
    """
    for b in range(first, last):
        run_scenario(casts, ways, b, begin, end, dt, reach, every, log, logged)

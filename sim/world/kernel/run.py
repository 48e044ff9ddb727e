"""The only loop over time."""

from __future__ import annotations

from typing import Any

from sim.base.jit import njit_borrowing, njit_parallel, prange
from sim.laws.drac import drac
from sim.laws.ttc import ttc
from sim.world.kernel.areas import mind_areas, note_passages
from sim.world.kernel.change import decide, settle
from sim.world.kernel.drive import drift, drive, set_desired
from sim.world.kernel.entry import enter
from sim.world.kernel.motion import begin_step, call_orders, move, move_by_orders
from sim.world.kernel.records import Cast, Way
from sim.world.kernel.touch import find_contacts
from sim.world.kernel.traffic import drop_gone, find_neighbours, sort_users


@njit_borrowing
def measure(users: Any, order: Any, alive: int) -> None:
    """Keep the least TTC and the largest DRAC of everybody to its leader; NaN without one."""
    for k in range(alive):
        u = users[order[k]]
        if u.lead < 0:
            continue
        speed = users[u.lead].speed
        time = ttc(u.gap, u.speed, speed)
        if not u.min_ttc <= time:
            u.min_ttc = time
        need = drac(u.gap, u.speed, speed)
        if not u.max_drac >= need:
            u.max_drac = need


@njit_borrowing
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


@njit_borrowing
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
    for k in range(alive):
        decide(users, order[k], way, cast.scratch[2 + users[order[k]].course], t)
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
    if len(way.areas) > 0:
        note_passages(cast, way, t, dt)
    for k in range(alive):
        u = users[order[k]]
        u.accel = (u.speed - u.old_speed) / dt


@njit_borrowing
def run_scenario(
    cast: Cast,
    way: Way,
    begin: int,
    end: int,
    closing: bool,
    dt: float,
    every: int,
    log: Any,
    logged: Any,
) -> None:
    """Steps `begin` to `end` of one scenario; arguments as in `run_batch`, without the B."""
    for step in range(begin, end + 1):
        if step == end and not closing:
            break
        t = step * dt
        enter(cast, way, t, step)
        drop_gone(cast, way, t)
        sort_users(cast, way)
        find_neighbours(cast, way)
        measure(cast.users, cast.order, cast.run.alive)
        if step % every == 0:
            frame = step // every - begin // every
            write_log(cast, way, log[frame], logged[frame])
        if step < end:
            act(cast, way, step, dt)


@njit_parallel
def run_batch(
    casts: Cast,
    ways: Way,
    begin: int,
    end: int,
    closing: bool,
    dt: float,
    every: int,
    log: Any,
    logged: Any,
) -> None:
    """Steps `begin` to `end` of every scenario, each from first to last on one thread.

    Args:
        casts: Of B scenarios, changed in place.
        ways: Of R roads.
        begin: First step.
        end: Step after the last.
        closing: Whether the state at `end` is logged too.
        dt: Step [s].
        every: Steps between two log frames; divides `begin`.
        log: (B, F, N, LOGGED), written where alive.
        logged: (B, F, N), set where written.
    """
    for b in prange(len(casts.run)):
        r = casts.run[b].road
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
            casts.passages[b],
        )
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
        run_scenario(cast, way, begin, end, closing, dt, every, log[b], logged[b])

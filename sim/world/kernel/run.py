"""The only loop over time."""

from __future__ import annotations

from typing import Any

from sim.base.jit import njit, njit_parallel, prange
from sim.laws.drac import drac
from sim.laws.ttc import ttc
from sim.world.kernel.change import decide, settle
from sim.world.kernel.drive import drift, drive, set_desired
from sim.world.kernel.entry import enter
from sim.world.kernel.motion import begin_step, call_orders, move, move_by_orders
from sim.world.kernel.touch import find_contacts
from sim.world.kernel.traffic import drop_gone, find_neighbours, sort_order


@njit
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


@njit
def write_log(users: Any, order: Any, alive: int, rows: Any, logged: Any) -> None:
    """Log everybody alive: rows (N, LOGGED), logged (N,)."""
    for k in range(alive):
        i = order[k]
        u = users[i]
        logged[i] = True
        rows[i, 0] = u.s
        rows[i, 1] = u.y
        rows[i, 2] = u.yaw
        rows[i, 3] = u.speed
        rows[i, 4] = u.accel
        rows[i, 5] = u.centre


@njit
def act(
    users: Any,
    order: Any,
    alive: int,
    orders: Any,
    line: Any,
    road: Any,
    lanes: Any,
    zones: Any,
    stops: Any,
    newest: Any,
    longest: float,
    step: int,
    dt: float,
) -> None:
    """One step: everybody decides on the same picture, then everybody moves."""
    t = step * dt
    for k in range(alive):
        u = users[order[k]]
        drift(u, step, dt)
        set_desired(u, road, zones)
    for k in range(alive):
        drive(users, order[k], line[order[k]], lanes, stops, step, dt)
    newest[:] = -1
    for k in range(alive):
        decide(users, order[k], lanes, newest, t)
    call_orders(users, orders, t, dt)
    for k in range(alive):
        i = order[k]
        u = users[i]
        begin_step(u)
        if u.due > 0:
            move_by_orders(users, i, orders, lanes, t, dt)
        else:
            move(u, lanes, dt)
        settle(u, lanes)
    find_contacts(users, order, alive, longest, t, dt)
    for k in range(alive):
        u = users[order[k]]
        u.accel = (u.speed - u.old_speed) / dt


@njit
def run_scenario(
    users: Any,
    run: Any,
    order: Any,
    queue: Any,
    orders: Any,
    line: Any,
    scratch: Any,
    road: Any,
    lanes: Any,
    zones: Any,
    stops: Any,
    begin: int,
    end: int,
    closing: bool,
    dt: float,
    every: int,
    log: Any,
    logged: Any,
) -> None:
    """Steps `begin` to `end` of one scenario; arguments as in `run_batch`, without the B."""
    last, claim, newest = scratch[0], scratch[1], scratch[2]
    for step in range(begin, end + 1):
        if step == end and not closing:
            break
        t = step * dt
        enter(users, run, order, queue, lanes, newest, t, step)
        run.alive = drop_gone(users, order, run.alive, road.length, t)
        sort_order(users, order, run.alive)
        find_neighbours(users, order, run.alive, lanes, last, claim)
        measure(users, order, run.alive)
        if step % every == 0:
            frame = step // every - begin // every
            write_log(users, order, run.alive, log[frame], logged[frame])
        if step < end:
            act(
                users,
                order,
                run.alive,
                orders,
                line,
                road,
                lanes,
                zones,
                stops,
                newest,
                run.longest,
                step,
                dt,
            )


@njit_parallel
def run_batch(
    users: Any,
    runs: Any,
    order: Any,
    queue: Any,
    orders: Any,
    line: Any,
    scratch: Any,
    roads: Any,
    lanes: Any,
    zones: Any,
    stops: Any,
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
        users: (B, N) `USER`, changed in place.
        runs: (B,) `RUN`, changed in place.
        order: (B, N) slots of those alive, front to back.
        queue: (B, N) slots of those to come, by time, then -1.
        orders: (B, M) `ORDER`.
        line: (B, N, H, 3) delay lines.
        scratch: (B, 3, L).
        roads: (R,) `ROAD`.
        lanes: (R, L) `LANE`.
        zones: (R, Z) `ZONE`.
        stops: (R, K) `STOP`.
        begin: First step.
        end: Step after the last.
        closing: Whether the state at `end` is logged too.
        dt: Step [s].
        every: Steps between two log frames; divides `begin`.
        log: (B, F, N, LOGGED), written where alive.
        logged: (B, F, N), set where written.
    """
    for b in prange(len(users)):
        r = runs[b].road
        run_scenario(
            users[b],
            runs[b],
            order[b],
            queue[b],
            orders[b],
            line[b],
            scratch[b],
            roads[r],
            lanes[r],
            zones[r],
            stops[r],
            begin,
            end,
            closing,
            dt,
            every,
            log[b],
            logged[b],
        )

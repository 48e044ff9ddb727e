"""Moving one user over a step, with orders obeyed at their instant inside it."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit
from sim.laws.bicycle import bicycle, travel
from sim.laws.crossing import first_crossing
from sim.laws.steering import steering
from sim.world.kernel.records import ALIVE, DONE, IDLE, PENDING
from sim.world.script import Action, Trigger

NEVER, GAP, TTC = int(Trigger.NEVER), int(Trigger.GAP), int(Trigger.TTC)
BRAKE, SPEED, LANE = int(Action.BRAKE), int(Action.SPEED), int(Action.LANE)
WHEELBASE = 0.6  # of the length


@njit
def accel_now(u: Any) -> float:
    """What the user does along the road: the order if there is one, else the law [m/s²]."""
    if u.ordered == 0:
        return float(u.law_accel)
    return 0.0 if u.speed == u.final else float(u.order_accel)


@njit
def move(u: Any, lanes: Any, dt: float) -> None:
    """Advance a user by `dt` [s] under constant acceleration and steering."""
    accel = accel_now(u)
    final = u.final
    if u.ordered == 0:
        final = 0.0 if accel < 0.0 else math.inf
    distance, u.speed = travel(u.speed, accel, final, dt)
    if u.collided == 1:  # slides on along the road, turned as it was: two that met stay apart
        u.s += distance
        return
    wheelbase = WHEELBASE * u.length
    line = lanes[u.target].y + u.d + u.sway_m * u.sway
    across = u.order_lateral if u.order_lateral > 0.0 else u.lateral_speed
    steer = steering(line - u.y, u.yaw, u.speed, across, wheelbase)
    ds, dy, u.yaw = bicycle(u.yaw, distance, steer, wheelbase)
    u.s += ds
    u.y += dy


@njit
def trigger(users: Any, order: Any, t: float, dt: float) -> None:
    """Find the instant at which a gap or TTC order is called for within this step."""
    if order.trigger != GAP and order.trigger != TTC:
        return
    actor, other = users[order.actor], users[order.other]
    if other.status != ALIVE:
        return
    ahead, behind = (other, actor) if other.s >= actor.s else (actor, other)
    gap = ahead.s - behind.s - 0.5 * (ahead.length + behind.length)
    rate = ahead.speed - behind.speed
    bend = accel_now(ahead) - accel_now(behind)
    if order.trigger == GAP:
        at = first_crossing(gap - order.threshold, rate, 0.5 * bend, dt)
    else:  # gap / closing <= threshold, as gap + threshold rate <= 0
        lead = order.threshold
        at = first_crossing(gap + lead * rate, rate + lead * bend, 0.5 * bend, dt)
    if not math.isnan(at):
        order.fire_at = t + at + order.delay_s


@njit
def call_orders(users: Any, orders: Any, t: float, dt: float) -> None:
    """Mark the orders that fall due within this step."""
    for m in range(len(orders)):
        order = orders[m]
        if order.trigger == NEVER or order.state != IDLE:
            continue
        actor = users[order.actor]
        if actor.status != ALIVE or actor.collided == 1:
            continue
        if order.fire_at == math.inf:
            trigger(users, order, t, dt)
        if order.fire_at < t + dt:
            order.state = PENDING
            actor.due += 1


@njit
def obey(u: Any, order: Any, lanes: Any) -> None:
    """Let the user do from now on what the order says."""
    order.state = DONE
    if order.action == LANE:
        u.target = int(order.value)
        u.changing = 1
        u.changed_s = order.fire_at
        u.order_lateral = order.extra
        u.d = 0.0
    elif order.action == BRAKE:
        u.ordered = 1
        u.final = min(order.extra, u.speed)
        u.order_accel = -order.value
    elif order.action == SPEED:
        u.ordered = 1
        u.final = order.value
        u.order_accel = order.extra if order.value > u.speed else -order.extra
    else:
        u.ordered = 0


@njit
def move_by_orders(users: Any, i: int, orders: Any, lanes: Any, t: float, dt: float) -> None:
    """Advance user `i` from order to order to the end of the step."""
    u = users[i]
    done = 0.0
    while u.due > 0:
        first, at = -1, math.inf
        for m in range(len(orders)):
            order = orders[m]
            if order.state == PENDING and order.actor == i and order.fire_at < at:
                first, at = m, order.fire_at
        offset = min(max(at - t, done), dt)
        if offset > done:
            move(u, lanes, offset - done)
            done = offset
        obey(u, orders[first], lanes)
        u.due -= 1
    if done < dt:
        move(u, lanes, dt - done)


@njit
def begin_step(u: Any) -> None:
    """Keep the pose from which contact is swept."""
    u.old_s = u.s
    u.old_y = u.y
    u.old_yaw = u.yaw
    u.old_speed = u.speed

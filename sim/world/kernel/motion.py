"""Moving one user over a step, with orders obeyed at their instant inside it."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_borrowing, njit_inlined
from sim.laws.bicycle import bicycle, travel
from sim.laws.crossing import first_crossing
from sim.laws.friction import GRAVITY, within_circle
from sim.laws.single_track import single_track
from sim.laws.steering import steering
from sim.world.kernel.locate import bend_at, locate, seen_from
from sim.world.kernel.records import ALIVE, DONE, IDLE, PENDING, Way
from sim.world.kernel.stops import aside
from sim.world.script import Action, Trigger

NEVER, TIME, GAP = int(Trigger.NEVER), int(Trigger.TIME), int(Trigger.GAP)
PLACE, ARRIVAL = int(Trigger.PLACE), int(Trigger.ARRIVAL)
BRAKE, SPEED = int(Action.BRAKE), int(Action.SPEED)
LANE, OFFSET = int(Action.LANE), int(Action.OFFSET)
WHEELBASE = 0.6  # of the length
SWEEP_M = 0.6  # how much further than a car's the ends of a longer box swing out (engineering)
SHORT_M = 6.0  # length [m] up to which that needs no care
CREEP_MPS = 0.5  # slower, the direction of a box hardly turns


@njit_inlined
def accel_now(u: Any, grip: float) -> float:
    """What the user does along the road: the order if there is one, else the law [m/s²]."""
    accel = u.law_accel
    if u.ordered == 1:
        accel = 0.0 if u.speed == u.final else u.order_accel
    if u.aeb_decel > 0.0 and u.collided == 0:
        accel = min(accel, -u.aeb_decel)
    return float(min(max(accel, -grip), grip))


@njit_inlined
def final_now(u: Any, accel: float) -> float:
    """The speed at which the present acceleration ends [m/s]."""
    if u.ordered == 0 or (u.aeb_decel > 0.0 and u.collided == 0):
        return 0.0 if accel < 0.0 else math.inf
    return float(u.final)


@njit_borrowing
def held_by_grip(
    accel: float, steer: float, speed: float, wheelbase: float, grip: float
) -> tuple[float, float]:
    """Acceleration and steering angle that the tyres can give of those that are wanted."""
    tangent = math.tan(steer)
    lateral = speed * speed * math.cos(math.atan(0.5 * tangent)) * tangent / wheelbase
    held, across = within_circle(accel, lateral, grip)
    if across == lateral:
        return held, steer
    turn = min(abs(across) / (speed * speed) * wheelbase, 1.0)
    # kappa l = t / sqrt(1 + t²/4), solved for t = tan(delta)
    return held, math.copysign(math.atan(turn / math.sqrt(1.0 - 0.25 * turn * turn)), steer)


@njit_inlined
def move(u: Any, way: Way, dt: float) -> None:
    """Advance a user by `dt` [s] under constant acceleration and steering."""
    grip = way.road.grip
    accel = accel_now(u, grip)
    final = final_now(u, accel)
    if u.collided == 1:  # slides on as it was turned: two that met stay apart
        distance, u.speed = travel(u.speed, accel, final, dt)
        u.x += distance * u.slide_x
        u.y += distance * u.slide_y
        locate(u, way)
        return
    wheelbase = WHEELBASE * u.length
    line = way.lanes[u.course, u.target].y + u.d + u.sway_m * u.sway - aside(u)
    across = u.order_lateral if u.order_lateral > 0.0 else u.lateral_speed
    if u.length > SHORT_M:
        across = min(across, max(u.speed, CREEP_MPS) * SWEEP_M / (0.5 * (u.length - SHORT_M)))
    bend = 0.0
    if way.road.plain == 0:
        bend = bend_at(u, way, 0.5 * u.speed * dt, line)
    steer = steering(line - u.side, u.slant, u.speed, across, wheelbase, bend)
    if u.dynamics == 1:
        dx, dy, u.yaw, u.speed, u.across_speed, u.yaw_rate = single_track(
            u.yaw,
            u.speed,
            u.across_speed,
            u.yaw_rate,
            accel,
            steer,
            wheelbase,
            grip / GRAVITY,
            dt,
        )
    else:
        if steer != 0.0:
            accel, steer = held_by_grip(accel, steer, u.speed, wheelbase, grip)
        distance, u.speed = travel(u.speed, accel, final, dt)
        dx, dy, u.yaw = bicycle(u.yaw, distance, steer, wheelbase)
    u.x += dx
    u.y += dy
    locate(u, way)


@njit_borrowing
def trigger(users: Any, order: Any, way: Way, t: float, dt: float) -> None:
    """Find the instant at which an order that waits for others is called for in this step."""
    kind = order.trigger
    if kind in (NEVER, TIME):
        return
    other = users[order.other]
    if other.status != ALIVE:
        return
    grip = way.road.grip
    accel = accel_now(other, grip)
    if kind in (PLACE, ARRIVAL):
        left = order.threshold - other.s
        if kind == PLACE:
            at = first_crossing(left, -other.speed, -0.5 * accel, dt)
        else:
            at = arrival(left, order.lead_s, other.speed, accel, dt)
    else:
        at = meeting(users[order.actor], other, order, way, dt)
    if not math.isnan(at):
        order.fire_at = t + at + order.delay_s


@njit_borrowing
def arrival(left: float, lead: float, speed: float, accel: float, dt: float) -> float:
    """When the way `left` will take no more than `lead` at the speed of then [s], or NaN."""
    return first_crossing(left - lead * speed, -speed - lead * accel, -0.5 * accel, dt)


@njit_borrowing
def meeting(actor: Any, other: Any, order: Any, way: Way, dt: float) -> float:
    """When gap or TTC between two on one course falls below the threshold [s], or NaN."""
    other_s = seen_from(actor, other, way)
    if math.isnan(other_s):
        return math.nan
    grip = way.road.grip
    gap = abs(other_s - actor.s) - 0.5 * (actor.length + other.length)
    sign = 1.0 if other_s >= actor.s else -1.0
    rate = sign * (other.speed - actor.speed)
    bend = sign * (accel_now(other, grip) - accel_now(actor, grip))
    if order.trigger == GAP:
        return first_crossing(gap - order.threshold, rate, 0.5 * bend, dt)
    # gap / closing <= threshold, as gap + threshold rate <= 0
    lead = order.threshold
    return first_crossing(gap + lead * rate, rate + lead * bend, 0.5 * bend, dt)


@njit_borrowing
def call_orders(users: Any, orders: Any, way: Way, t: float, dt: float) -> None:
    """Mark the orders that fall due within this step."""
    for m in range(len(orders)):
        order = orders[m]
        if order.trigger == NEVER or order.state != IDLE:
            continue
        actor = users[order.actor]
        if actor.status != ALIVE or actor.collided == 1:
            continue
        if order.fire_at == math.inf:
            trigger(users, order, way, t, dt)
        if order.fire_at < t + dt:
            order.state = PENDING
            actor.due += 1


@njit_borrowing
def obey(u: Any, order: Any) -> None:
    """Let the user do from now on what the order says."""
    order.state = DONE
    if order.action == LANE:
        u.target = int(order.value)
        u.changing = 1
        u.changed_s = order.fire_at
        u.order_lateral = order.extra
        u.d = 0.0
    elif order.action == OFFSET:
        u.changing = 1
        u.changed_s = order.fire_at
        u.order_lateral = order.extra
        u.d = order.value
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


@njit_borrowing
def move_by_orders(users: Any, i: int, orders: Any, way: Way, t: float, dt: float) -> None:
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
            move(u, way, offset - done)
            done = offset
        obey(u, orders[first])
        u.due -= 1
    if done < dt:
        move(u, way, dt - done)


@njit_inlined
def begin_step(u: Any) -> None:
    """Keep the pose from which contact is swept."""
    u.old_s = u.s
    u.old_x = u.x
    u.old_y = u.y
    u.old_yaw = u.yaw
    u.old_speed = u.speed

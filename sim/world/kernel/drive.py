"""What the driver's law asks for along the road."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.base.jit import njit
from sim.base.rng import normal
from sim.laws.follow import FREE, IDM, follow
from sim.laws.noise import ornstein_uhlenbeck
from sim.world.kernel.attention import attend, attends_at_once, remember

RAN = -2  # below it: -2 - k, the driver could not stop at line k and goes through
STOP_EFFORT = 1.5  # times the comfortable deceleration is still braked for a red (engineering)
SIGHT_M = 300.0  # from where a red is seen (engineering)
NOISE_SPEED = 2.0  # [m/s]; under it the noise fades: standing cars, that never go back, would creep


@njit
def respond(u: Any, gap: float, lead_speed: float) -> float:
    """Acceleration behind a leader at this gap and speed, no harder than brake_max [m/s²].

    Who heeds nobody is taken for an IDM driver where others ask what it would do.
    """
    law = IDM if u.law == FREE else u.law
    accel = follow(
        law,
        u.speed,
        gap,
        lead_speed,
        u.desired,
        u.headway,
        u.accel_max,
        u.brake_comfort,
        u.min_gap,
    )
    return float(max(accel, -u.brake_max))


@njit
def set_desired(u: Any, road: Any, zones: Any) -> None:
    """Desired speed here: the driver's own, under the limit, with its drift."""
    limit = road.speed_limit
    for k in range(len(zones)):
        zone = zones[k]
        if zone.start <= u.s < zone.end:
            limit = zone.limit
    u.desired = min(u.desired_speed, limit * u.limit_factor)
    u.desired *= max(1.0 + u.speed_noise * u.speed_drift, 0.1)


@njit
def drift(u: Any, step: int, dt: float) -> None:
    """Step the driver's noise processes; each begins in its stationary law."""
    word = np.uint64(step - u.since)
    fresh = step == u.since
    if u.speed_noise > 0.0:
        n = normal(u.speed_key, word)
        u.speed_drift = n if fresh else ornstein_uhlenbeck(u.speed_drift, u.speed_noise_s, dt, n)
    if u.accel_noise > 0.0:
        n = normal(u.accel_key, word)
        u.accel_drift = n if fresh else ornstein_uhlenbeck(u.accel_drift, u.accel_noise_s, dt, n)
    if u.sway_m > 0.0:
        n = normal(u.sway_key, word)
        u.sway = 0.0 if fresh else ornstein_uhlenbeck(u.sway, u.sway_s, dt, n)


@njit
def jitter(u: Any) -> float:
    """The noise of the acceleration now [m/s²]."""
    return float(u.accel_noise * u.accel_drift * min(u.speed / NOISE_SPEED, 1.0))


@njit
def is_green(stop: Any, t: float) -> bool:
    """Whether the signal shows green."""
    phase = (t - stop.offset) % stop.cycle
    return bool(phase < stop.green)


@njit
def red_gap(u: Any, stops: Any, t: float) -> float:
    """Distance to the red line at which this driver stops, infinite without one [m].

    Decided once a line and red: who would have to brake too hard goes through. In a lapse
    nothing is decided.
    """
    front = u.s + 0.5 * u.length
    for k in range(len(stops)):  # sorted along the road: the first red one ahead counts
        stop = stops[k]
        gap = stop.s - front
        if gap < 0.0 or is_green(stop, t):
            if u.stop_line == k or u.stop_line == RAN - k:
                u.stop_line = -1
            continue
        if gap > SIGHT_M or (u.stop_line != k and u.lapsed == 1):
            return math.inf
        if u.stop_line != k and u.stop_line != RAN - k:
            can = 0.5 * u.speed * u.speed <= STOP_EFFORT * u.brake_comfort * gap
            u.stop_line = k if can else RAN - k
        return float(gap) if u.stop_line == k else math.inf
    return math.inf


@njit
def obstacle_gap(u: Any, lanes: Any, stops: Any, t: float) -> float:
    """Distance to the nearest thing to stop for that is no vehicle [m]: lane end or red."""
    gap = lanes[u.target].end - u.s - 0.5 * u.length
    return float(min(gap, red_gap(u, stops, t)))


@njit
def drive(users: Any, i: int, line: Any, lanes: Any, stops: Any, step: int, dt: float) -> None:
    """Set what the law of user `i` asks for, informed and as perceived [m/s²]."""
    u = users[i]
    t = step * dt
    if u.law == FREE:
        u.informed_accel = follow(
            FREE, u.speed, 0.0, 0.0, u.desired, 0.0, u.accel_max, u.brake_comfort, 0.0
        )
        u.law_accel = u.informed_accel + jitter(u)
        return
    lead_speed = users[u.lead].speed if u.lead >= 0 else u.speed
    obstacle = obstacle_gap(u, lanes, stops, t)
    standing = respond(u, obstacle, 0.0) if obstacle < 1e5 else math.inf
    u.informed_accel = min(respond(u, u.gap, lead_speed), standing)
    u.law_accel = u.informed_accel
    if not attends_at_once(u):
        remember(u, users, line, step)
        attend(u, line, step, dt)
        gap = math.inf
        if u.seen_lead >= 0:
            rear = u.seen_rear + u.seen_speed * (t - u.seen_at)
            gap = rear - u.s - 0.5 * u.length
        u.law_accel = min(respond(u, gap, u.seen_speed), standing)
    u.law_accel = max(u.law_accel + jitter(u), -u.brake_max)

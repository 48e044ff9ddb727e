"""What the driver's law asks for along the road."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.base.jit import njit_borrowing, njit_inlined
from sim.base.rng import normal
from sim.laws.aeb import FULL as AEB_FULL
from sim.laws.aeb import NONE as AEB_NONE
from sim.laws.aeb import PARTIAL as AEB_PARTIAL
from sim.laws.aeb import aeb
from sim.laws.follow import FREE, IDM, WALK, follow
from sim.laws.noise import ornstein_uhlenbeck
from sim.world.kernel.attention import attend, attends_at_once, remember
from sim.world.kernel.records import Way
from sim.world.kernel.stops import stop_gap

RAN = -2  # below it: -2 - k, the driver could not stop at line k and goes through
STOP_EFFORT = 1.5  # times the comfortable deceleration is still braked for a red (engineering)
RED_SIGHT_M = 300.0  # from where a red is seen (engineering)
BEND_ACCEL = 2.5  # [m/s²] across, at which bends are driven (engineering)
AEB_TTC = (2.4, 1.6, 1.0)  # [s]: warning, partial, full braking (engineering)
AEB_DECEL = (4.0, 9.0)  # [m/s²]: partial, full (engineering)
NOISE_SPEED = 2.0  # [m/s]; under it the noise fades: standing cars, that never go back, would creep


@njit_borrowing
def respond(u: Any, gap: float, lead_speed: float, lead_accel: float) -> float:
    """Acceleration behind a leader at this gap and speed, no harder than brake_max [m/s²].

    Who heeds nobody is taken for an IDM driver where others ask what it would do.
    """
    law = IDM if u.law == FREE else u.law
    accel = follow(
        law,
        u.speed,
        gap,
        lead_speed,
        lead_accel,
        u.desired,
        u.headway,
        u.accel_max,
        u.brake_comfort,
        u.min_gap,
        u.coolness,
    )
    return float(max(accel, -u.brake_max))


@njit_inlined
def set_desired(u: Any, way: Way) -> None:
    """Desired speed here: the driver's own, under the limit and what bends allow, drifting."""
    limit = way.courses[u.course].speed_limit
    for k in range(way.zones.shape[1]):
        zone = way.zones[u.course, k]
        if zone.start <= u.s < zone.end:
            limit = zone.limit
    u.desired = min(u.desired_speed, limit * u.limit_factor)
    u.desired *= max(1.0 + u.speed_noise * u.speed_drift, 0.1)
    if u.hurries == 1:
        u.desired *= u.run_factor
    if way.road.plain == 0:
        u.desired = min(u.desired, bend_speed(u, way))


@njit_borrowing
def bend_speed(u: Any, way: Way) -> float:
    """Speed now from which every bend in sight is reached at a comfortable one [m/s].

    v² = a_y / |kappa| + b d for each piece, d away: half of the comfortable braking b, since
    the law lags behind.
    """
    pieces = way.pieces
    fastest = math.inf
    comfort = min(BEND_ACCEL, 0.5 * way.road.grip)
    for k in range(u.piece, pieces.shape[1]):
        piece = pieces[u.course, k]
        away = max(piece.s - u.s, 0.0)
        if away > RED_SIGHT_M:
            break
        if piece.curvature != 0.0:
            square = comfort / abs(piece.curvature) + u.brake_comfort * away
            fastest = min(fastest, square)
    return math.sqrt(fastest)


@njit_inlined
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


@njit_inlined
def jitter(u: Any) -> float:
    """The noise of the acceleration now [m/s²]."""
    return float(u.accel_noise * u.accel_drift * min(u.speed / NOISE_SPEED, 1.0))


@njit_inlined
def is_green(stop: Any, t: float) -> bool:
    """Whether the signal shows green."""
    phase = (t - stop.offset) % stop.cycle
    return bool(phase < stop.green)


@njit_inlined
def red_gap(u: Any, way: Way, t: float) -> float:
    """Distance to the red or amber line at which this driver stops, infinite without one [m].

    Decided once a line and red: who would have to brake too hard goes through. In a lapse
    nothing is decided.
    """
    front = u.s + 0.5 * u.length
    signals = way.signals
    for k in range(signals.shape[1]):  # sorted along the road: the first red one ahead counts
        stop = signals[u.course, k]
        gap = stop.s - front
        if gap < 0.0 or is_green(stop, t):
            if u.stop_line == k or u.stop_line == RAN - k:
                u.stop_line = -1
            continue
        if gap > RED_SIGHT_M or (u.stop_line != k and u.lapsed == 1):
            return math.inf
        if u.stop_line != k and u.stop_line != RAN - k:
            can = 0.5 * u.speed * u.speed <= STOP_EFFORT * u.brake_comfort * gap
            u.stop_line = k if can else RAN - k
        return float(gap) if u.stop_line == k else math.inf
    return math.inf


@njit_inlined
def obstacle_gap(users: Any, u: Any, way: Way, t: float) -> float:
    """Distance to the nearest line to stop at [m]: lane end, red, conflict area or own stop."""
    gap = way.lanes[u.course, u.target].end - u.s - 0.5 * u.length
    return float(min(gap, red_gap(u, way, t), u.hold_gap, stop_gap(users, u, t)))


@njit_inlined
def heed_threat(u: Any, accel: float, t: float, dt: float) -> float:
    """The acceleration with who is in the way ahead heeded from its instant in the step on.

    Over a step only one acceleration is held: the mean of before and after that instant.
    """
    known = u.threat_s + u.reaction_s
    if u.threat < 0 or known >= t + dt:
        return accel
    share = min((t + dt - known) / dt, 1.0)
    stop = min(respond(u, u.threat_gap, 0.0, 0.0), accel)
    return float(accel + share * (stop - accel))


@njit_borrowing
def brake_by_itself(users: Any, u: Any) -> None:
    """Set what the emergency braking asks for, of the leader and of who crosses [m/s²]."""
    demand = 0.0
    stage = AEB_NONE if u.aeb_decel == 0.0 else (AEB_FULL if u.aeb_decel > 5.0 else AEB_PARTIAL)
    if u.lead >= 0:
        lead = users[u.lead]
        _, demand = aeb(u.gap, u.speed, lead.speed, lead.accel, *AEB_TTC, *AEB_DECEL, stage)
    if u.threat >= 0:
        _, need = aeb(u.threat_gap, u.speed, 0.0, 0.0, *AEB_TTC, *AEB_DECEL, stage)
        demand = max(demand, need)
    u.aeb_decel = demand


@njit_inlined
def drive(users: Any, i: int, line: Any, way: Way, step: int, dt: float) -> None:
    """Set what the law of user `i` asks for, informed and as perceived [m/s²]."""
    u = users[i]
    t = step * dt
    if u.aeb == 1:
        brake_by_itself(users, u)
    if u.law == FREE:
        u.informed_accel = follow(
            FREE, u.speed, 0.0, 0.0, 0.0, u.desired, 0.0, u.accel_max, u.brake_comfort, 0.0, 0.0
        )
        u.law_accel = u.informed_accel + jitter(u)
        return
    obstacle = obstacle_gap(users, u, way, t)
    if u.law == WALK:
        u.informed_accel = heed_threat(u, respond(u, obstacle, 0.0, 0.0), t, dt)
        u.law_accel = u.informed_accel
        return
    lead_speed, lead_accel = u.speed, 0.0
    if u.lead >= 0:
        lead_speed, lead_accel = users[u.lead].speed, users[u.lead].accel
    standing = respond(u, obstacle, 0.0, 0.0) if obstacle < 1e5 else math.inf
    u.informed_accel = min(respond(u, u.gap, lead_speed, lead_accel), standing)
    if u.old_lead >= 0:
        left = users[u.old_lead]
        standing = min(standing, respond(u, u.old_gap, left.speed, left.accel))
        u.informed_accel = min(u.informed_accel, standing)
    u.law_accel = u.informed_accel
    if not attends_at_once(u):
        remember(u, users, line, step)
        attend(u, line, step, dt)
        gap = math.inf
        if u.seen_lead >= 0:
            rear = u.seen_rear + u.seen_speed * (t - u.seen_at)
            gap = rear - u.s - 0.5 * u.length
        u.law_accel = min(respond(u, gap, u.seen_speed, u.seen_accel), standing)
    if u.threat >= 0 and (u.lapsed == 0 or u.threat_s < u.lapse_from):
        u.law_accel = heed_threat(u, u.law_accel, t, dt)
    u.law_accel = max(u.law_accel + jitter(u), -u.brake_max)

"""Conflicting road users: who is in the way in an area ahead."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_borrowing
from sim.laws.acceptance import time_to_reach
from sim.laws.sight import hides
from sim.world.kernel.notice import is_unnoticed
from sim.world.kernel.records import Cast, Way
from sim.world.kinds import Kind

PEDESTRIAN = int(Kind.PEDESTRIAN)
STOPPED_MPS = 0.3  # slower than that one stands (engineering)
PASSED_M = 0.1  # a front this far beyond its line is on its way
SLOW_MPS = 2.0  # slower than that one is about to set off (engineering)
BEFORE_S = 1.5  # so long before its front a driver that creeps waits for one on foot (engineering)
ANOTHER_M = 1.0  # an area that begins so much before that of the last threat is new to the driver
NEAR_M = 1.0  # nearer to an area where a rival's way leads counts, not what the area covers
CROSSES_SIN = 0.5  # of the angle between two ways that cross rather than merge (engineering)


@njit_borrowing
def drives_in(lane: int, u: Any) -> bool:
    """Whether a user is in a lane of its course, or makes for it; -1 is any.

    What was struck makes for nothing: it slides on and lies where it comes to rest.
    """
    if u.collided == 1:
        return bool(u.highest >= 0 if lane < 0 else u.lowest <= lane <= u.highest)
    return bool(lane < 0 or lane == u.target or u.lowest <= lane <= u.highest)


@njit_borrowing
def is_seen(cast: Cast, way: Way, u: Any, i: int, v: Any, j: int) -> bool:
    """Whether nothing stands between the centres of two users."""
    for k in range(len(way.blocks)):
        block = way.blocks[k]
        if block.length > 0.0 and hides(
            u.x, u.y, v.x, v.y, block.x, block.y, block.yaw, block.length, block.width
        ):
            return False
    for k in range(cast.run.alive):
        other = cast.order[k]
        w = cast.users[other]
        if other in (i, j) or w.highest >= 0:
            continue  # among those in lanes heads are over the cars; the parked are in rows
        if hides(u.x, u.y, v.x, v.y, w.x, w.y, w.yaw, w.length, w.width):
            return False
    return True


@njit_borrowing
def in_the_way(area: Any, twin: Any, u: Any, v: Any, seat: Any) -> float:
    """Since when a rival has been on its way into an area where this user will meet it [s ago].

    NaN where they do not meet at their present speeds, or this one comes first; nor does one
    wait for somebody who stands outside and waits too.
    """
    half = 0.5 * v.length
    front, rear = seat.s + half, seat.s - half
    if rear >= area.rival_end:
        return math.nan
    begun = front - twin.hold - PASSED_M
    if begun <= 0.0:
        return math.nan
    fast, own = max(v.speed, 0.1), max(u.speed, 0.1)
    comes, goes = (area.rival_start - front) / fast, (area.rival_end - rear) / fast
    left = area.start - u.s - 0.5 * u.length
    arrive = left / own
    soonest = arrive
    if u.speed < SLOW_MPS:  # who stands is there sooner than at its present speed
        soonest = min(arrive, time_to_reach(left, u.speed, u.accel_max, u.desired))
    if goes + u.margin_s <= soonest or (comes > 0.0 and (comes >= arrive or v.speed < STOPPED_MPS)):
        return math.nan
    return float(begun / fast)


@njit_borrowing
def runs_behind(u: Any, v: Any) -> bool:
    """Whether the way of a rival that crosses, straight on, leads past behind the user's front.

    Areas are as wide as lanes: one can have passed a narrow rival's way before it enters them.
    """
    sin, cos = math.sin(v.yaw - u.yaw), math.cos(v.yaw - u.yaw)
    if abs(sin) < CROSSES_SIN:
        return False
    dx, dy = v.x - u.x, v.y - u.y
    ahead = dx * math.cos(u.yaw) + dy * math.sin(u.yaw)
    left = dy * math.cos(u.yaw) - dx * math.sin(u.yaw)
    crossing = ahead - left * cos / sin
    return bool(crossing + 0.5 * v.width / abs(sin) < 0.5 * u.length)


@njit_borrowing
def walks_before(u: Any, v: Any) -> bool:
    """Whether somebody on foot walks into the way just ahead of a user's front, or is there."""
    if v.kind != PEDESTRIAN or v.collided == 1 or u.kind == PEDESTRIAN:
        return False
    dx, dy = v.x - u.x, v.y - u.y
    sin, cos = math.sin(u.yaw), math.cos(u.yaw)
    if dx * cos + dy * sin < 0.5 * u.length:
        return False
    left = dy * cos - dx * sin
    comes = v.speed * math.sin(v.yaw - u.yaw)  # to the left
    beside = abs(left) - 0.5 * (u.width + max(v.length, v.width))
    return bool(beside <= 0.0 or (left * comes < 0.0 and beside < abs(comes) * BEFORE_S))


@njit_borrowing
def find_threat(cast: Cast, way: Way, number: int, i: int, stop: float, t: float, dt: float) -> int:
    """Who is in the way in an area ahead, -1 nobody; and since when it is known to be.

    Known at the earliest when it set out, and while nothing hides it; who comes out of hiding
    between two looks is taken to have done so halfway. Who brakes for somebody already goes on
    braking for the next in the same place, or beyond `stop`, where it would have come to a stand.
    """
    users, area = cast.users, way.areas[number]
    u = users[i]
    if area.twin < 0:
        return -1
    twin = way.areas[area.twin]
    inside = u.s + 0.5 * u.length > area.start + PASSED_M
    for k in range(cast.seated[area.rival]):
        seat = cast.seats[area.rival, k]
        v = users[seat.slot]
        if v.course != area.rival or not drives_in(area.rival_lane, v):
            continue
        if inside and not walks_before(u, v):
            continue
        ago = 0.0 if inside else in_the_way(area, twin, u, v, seat)
        if math.isnan(ago) or is_unnoticed(u, v, seat.slot, t, 1.0):
            continue
        if area.start - u.s - 0.5 * u.length < NEAR_M and runs_behind(u, v):
            continue
        if not is_seen(cast, way, u, i, v, seat.slot):
            continue
        heeded = u.threat >= 0 and area.start > stop - ANOTHER_M
        if u.threat != seat.slot and not heeded:
            u.threat_s = t - min(ago, 0.5 * dt)
        return int(seat.slot)
    return -1

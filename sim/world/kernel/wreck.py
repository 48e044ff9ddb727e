"""What contact does to two users: momentum stays, and both slide to a stand."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_borrowing
from sim.laws.impact import common_velocity, contact_point, contact_side
from sim.world.kernel.locate import locate
from sim.world.kernel.records import Way

WRECK_BRAKE = 6.0  # [m/s²], both after a contact (engineering)


@njit_borrowing
def put_back(u: Any, share: float) -> tuple[float, float]:
    """Put a user where it was at a fraction of the step; its velocity there [m/s]."""
    u.x = u.old_x + share * (u.x - u.old_x)
    u.y = u.old_y + share * (u.y - u.old_y)
    u.yaw = u.old_yaw + share * (u.yaw - u.old_yaw)
    if u.collided == 1:  # its speed may be that of a contact earlier in this very step
        return u.speed * u.slide_x, u.speed * u.slide_y
    speed = u.old_speed + share * (u.speed - u.old_speed)
    return speed * math.cos(u.yaw), speed * math.sin(u.yaw)


@njit_borrowing
def note_contact(
    u: Any, other: Any, slot: int, at: float, x: float, y: float, closing: float
) -> None:
    """Keep the first contact of a user: with whom, when, where, on which side, how hard."""
    if u.collided == 1:
        return
    u.struck_by, u.contact_s, u.impact_speed = slot, at, closing
    u.contact_x, u.contact_y = x, y
    u.delta_v = closing * other.mass / (u.mass + other.mass)
    u.contact_side = contact_side(
        other.x - u.x,
        other.y - u.y,
        u.yaw,
        u.length,
        u.width,
        other.yaw,
        other.length,
        other.width,
    )


@njit_borrowing
def wreck(u: Any, way: Way, vx: float, vy: float, share: float, dt: float) -> None:
    """Let a user slide on at a velocity from a fraction of the step on, and brake to a stand.

    Its way in this step becomes a straight one that is right from that instant on, so that a
    further contact in the step is swept from there.
    """
    u.speed = math.hypot(vx, vy)
    if u.speed > 0.0:
        u.slide_x, u.slide_y = vx / u.speed, vy / u.speed
    u.old_x, u.old_y, u.old_yaw = u.x - share * dt * vx, u.y - share * dt * vy, u.yaw
    u.x += (1.0 - share) * dt * vx
    u.y += (1.0 - share) * dt * vy
    locate(u, way)
    u.collided = 1
    u.ordered = 1
    u.order_accel = -min(WRECK_BRAKE, way.road.grip)
    u.final = 0.0


@njit_borrowing
def collide(users: Any, way: Way, i: int, j: int, share: float, t: float, dt: float) -> None:
    """Plastic contact: both go on at the velocity of their common momentum, and brake."""
    a, b = users[i], users[j]
    vax, vay = put_back(a, share)
    vbx, vby = put_back(b, share)
    closing = math.hypot(vax - vbx, vay - vby)
    dx, dy = b.x - a.x, b.y - a.y
    x, y = contact_point(dx, dy, a.yaw, a.length, a.width, b.yaw, b.length, b.width)
    at = t + share * dt
    note_contact(a, b, j, at, a.x + x, a.y + y, closing)
    note_contact(b, a, i, at, a.x + x, a.y + y, closing)
    if a.lead == j and not a.min_ttc <= 0.0:  # the first contact counts
        a.min_ttc, a.min_ttc_at, a.min_ttc_with = 0.0, at, j
    if b.lead == i and not b.min_ttc <= 0.0:
        b.min_ttc, b.min_ttc_at, b.min_ttc_with = 0.0, at, i
    vx, vy = common_velocity(a.mass, vax, vay, b.mass, vbx, vby)
    wreck(a, way, vx, vy, share, dt)
    wreck(b, way, vx, vy, share, dt)

"""Contact on all pairs between two steps, and what it does."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_borrowing, njit_inlined
from sim.laws.contact import first_contact
from sim.laws.impact import common_velocity, contact_point, contact_side
from sim.world.kernel.locate import locate
from sim.world.kernel.records import Cast, Way

NEARING = 0.05  # [m/s]; slower than that, wrecks that meet again are left alone (engineering)
WRECK_BRAKE = 6.0  # [m/s²], both after a contact (engineering)


@njit_inlined
def reach_along(u: Any) -> float:
    """No point of the box is further from its centre along x in this step [m]."""
    turned = min(max(abs(u.yaw), abs(u.old_yaw)), 1.0)
    return float(0.5 * u.length + 0.5 * u.width * turned)


@njit_inlined
def reach_across(u: Any) -> float:
    """No point of the box is further from its centre along y in this step [m]."""
    turned = min(max(abs(u.yaw), abs(u.old_yaw)), 1.0)
    return float(0.5 * u.width + 0.5 * u.length * turned)


@njit_inlined
def stays_apart(before: float, after: float, reach: float) -> bool:
    """Whether a distance that goes linearly from one to the other stays out of reach."""
    return (before > reach and after > reach) or (before < -reach and after < -reach)


@njit_borrowing
def touches(a: Any, b: Any) -> float:
    """Fraction of the step at which two users first touch, NaN if they do not."""
    across, new_across = b.old_y - a.old_y, b.y - a.y
    if stays_apart(across, new_across, reach_across(a) + reach_across(b)):
        return math.nan
    along, new_along = b.old_x - a.old_x, b.x - a.x
    if stays_apart(along, new_along, reach_along(a) + reach_along(b)):
        return math.nan
    return first_contact(
        along,
        across,
        new_along - along,
        new_across - across,
        a.old_yaw,
        a.yaw - a.old_yaw,
        a.length,
        a.width,
        b.old_yaw,
        b.yaw - b.old_yaw,
        b.length,
        b.width,
    )


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
def note_contact(u: Any, other: Any, slot: int, at: float, x: float, y: float, hit: float) -> None:
    """Keep the first contact of a user: with whom, when, where, on which side, how hard."""
    if u.collided == 1:
        return
    u.struck_by, u.contact_s, u.impact_speed = slot, at, hit
    u.contact_x, u.contact_y = x, y
    u.delta_v = hit * other.mass / (u.mass + other.mass)
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
def wreck(u: Any, way: Way, vx: float, vy: float, rest: float) -> None:
    """Let a user slide on at a velocity for the rest of the step, and brake to a stand."""
    u.speed = math.hypot(vx, vy)
    if u.speed > 0.0:
        u.slide_x, u.slide_y = vx / u.speed, vy / u.speed
    u.x += rest * vx
    u.y += rest * vy
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
    hit = math.hypot(vax - vbx, vay - vby)
    dx, dy = b.x - a.x, b.y - a.y
    x, y = contact_point(dx, dy, a.yaw, a.length, a.width, b.yaw, b.length, b.width)
    at = t + share * dt
    note_contact(a, b, j, at, a.x + x, a.y + y, hit)
    note_contact(b, a, i, at, a.x + x, a.y + y, hit)
    if a.lead == j:
        a.min_ttc = 0.0
    if b.lead == i:
        b.min_ttc = 0.0
    vx, vy = common_velocity(a.mass, vax, vay, b.mass, vbx, vby)
    rest = (1.0 - share) * dt
    wreck(a, way, vx, vy, rest)
    wreck(b, way, vx, vy, rest)


@njit_inlined
def nears(a: Any, b: Any) -> bool:
    """Whether two wrecks near each other: those that slide on together do not."""
    dx, dy = b.old_x - a.old_x, b.old_y - a.old_y
    vx, vy = a.speed * a.slide_x - b.speed * b.slide_x, a.speed * a.slide_y - b.speed * b.slide_y
    return bool(vx * dx + vy * dy > NEARING * math.hypot(dx, dy))


@njit_inlined
def find_contacts(cast: Cast, way: Way, t: float, dt: float) -> None:
    """Test every pair that can have touched; `order` is that of the step's beginning."""
    users, order, alive = cast.users, cast.order, cast.run.alive
    fastest = 0.0
    for k in range(alive):
        u = users[order[k]]
        fastest = max(fastest, u.x - u.old_x)
    for k in range(alive):
        i = order[k]
        a = users[i]
        back = max(a.old_x - a.x, 0.0)
        far = 0.5 * (a.length + a.width) + cast.run.longest + fastest + back
        for m in range(k + 1, alive):
            j = order[m]
            b = users[j]
            if a.old_x - b.old_x > far:
                break
            if a.collided == 1 and b.collided == 1 and not nears(a, b):
                continue
            share = touches(a, b)
            if not math.isnan(share):
                collide(users, way, i, j, share, t, dt)

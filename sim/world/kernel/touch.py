"""Contact on all pairs between two steps, and what it does."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit
from sim.laws.contact import first_contact

WRECK_BRAKE = 6.0  # [m/s²], both after a contact (engineering)


@njit
def reach_along(u: Any) -> float:
    """No point of the box is further from its centre along the road in this step [m]."""
    turned = min(max(abs(u.yaw), abs(u.old_yaw)), 1.0)
    return float(0.5 * u.length + 0.5 * u.width * turned)


@njit
def reach_across(u: Any) -> float:
    """No point of the box is further from its centre across the road in this step [m]."""
    turned = min(max(abs(u.yaw), abs(u.old_yaw)), 1.0)
    return float(0.5 * u.width + 0.5 * u.length * turned)


@njit
def stays_apart(before: float, after: float, reach: float) -> bool:
    """Whether a distance that goes linearly from one to the other stays out of reach."""
    return (before > reach and after > reach) or (before < -reach and after < -reach)


@njit
def touches(a: Any, b: Any) -> float:
    """Fraction of the step at which two users first touch, NaN if they do not."""
    across, new_across = b.old_y - a.old_y, b.y - a.y
    if stays_apart(across, new_across, reach_across(a) + reach_across(b)):
        return math.nan
    along, new_along = b.old_s - a.old_s, b.s - a.s
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


@njit
def speed_at(u: Any, share: float) -> float:
    """Speed at a fraction of the step [m/s]."""
    return float(u.old_speed + share * (u.speed - u.old_speed))


@njit
def wreck(
    u: Any, other: int, speed: float, delta_v: float, share: float, t: float, dt: float
) -> None:
    """Put a user where contact was, at the common speed, and let it brake to a stand."""
    u.s = u.old_s + share * (u.s - u.old_s) + (1.0 - share) * dt * speed
    u.y = u.old_y + share * (u.y - u.old_y)
    u.yaw = u.old_yaw + share * (u.yaw - u.old_yaw)
    u.speed = speed
    if u.collided == 0:
        u.collided = 1
        u.contact_s = t + share * dt
        u.delta_v = delta_v
        u.struck_by = other
    u.ordered = 1
    u.order_accel = -WRECK_BRAKE
    u.final = 0.0


@njit
def collide(users: Any, i: int, j: int, share: float, t: float, dt: float) -> None:
    """Plastic contact of equal masses: both go on at the mean speed and brake.

    delta-v = ½ |v_i - v_j|, the vectors' difference
    """
    a, b = users[i], users[j]
    va, vb = speed_at(a, share), speed_at(b, share)
    along = va * math.cos(a.yaw) - vb * math.cos(b.yaw)
    across = va * math.sin(a.yaw) - vb * math.sin(b.yaw)
    delta_v = 0.5 * math.hypot(along, across)
    common = 0.5 * (va + vb)
    if a.lead == j:
        a.min_ttc = 0.0
    if b.lead == i:
        b.min_ttc = 0.0
    wreck(a, j, common, delta_v, share, t, dt)
    wreck(b, i, common, delta_v, share, t, dt)


@njit
def find_contacts(users: Any, order: Any, alive: int, longest: float, t: float, dt: float) -> None:
    """Test every pair that can have touched; `order` is that of the step's beginning.

    Args:
        users: Records of one scenario.
        order: Slots, front to back.
        alive: How many.
        longest: Largest half diagonal of any box [m].
        t: Beginning of the step [s].
        dt: The step [s].
    """
    fastest = 0.0
    for k in range(alive):
        u = users[order[k]]
        fastest = max(fastest, u.s - u.old_s)
    for k in range(alive):
        i = order[k]
        a = users[i]
        far = 0.5 * (a.length + a.width) + longest + fastest
        for m in range(k + 1, alive):
            j = order[m]
            b = users[j]
            if a.old_s - b.old_s > far:
                break
            if a.collided == 1 and b.collided == 1:
                continue
            share = touches(a, b)
            if not math.isnan(share):
                collide(users, i, j, share, t, dt)

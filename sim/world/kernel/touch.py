"""Contact on all pairs between two steps: the earliest first, whoever has it."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_borrowing, njit_inlined
from sim.laws.contact import first_contact
from sim.world.kernel.records import Cast, Way
from sim.world.kernel.wreck import collide
from sim.world.kinds import Kind

ON_FOOT = int(Kind.PEDESTRIAN)
NEARING = 0.05  # [m/s]; slower than that, wrecks that meet again are left alone (engineering)
ROUNDS = 16  # contacts in one step; what is left of a pile-up goes on in the next


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
def touches(a: Any, b: Any, since: float) -> float:
    """Fraction of the step, not before `since`, at which two users touch, NaN if they do not."""
    across, new_across = b.old_y - a.old_y, b.y - a.y
    if stays_apart(across, new_across, reach_across(a) + reach_across(b)):
        return math.nan
    along, new_along = b.old_x - a.old_x, b.x - a.x
    if stays_apart(along, new_along, reach_along(a) + reach_along(b)):
        return math.nan
    rest = 1.0 - since
    at = first_contact(
        along + since * (new_along - along),
        across + since * (new_across - across),
        rest * (new_along - along),
        rest * (new_across - across),
        a.old_yaw + since * (a.yaw - a.old_yaw),
        rest * (a.yaw - a.old_yaw),
        a.length,
        a.width,
        b.old_yaw + since * (b.yaw - b.old_yaw),
        rest * (b.yaw - b.old_yaw),
        b.length,
        b.width,
    )
    return since + rest * at


@njit_inlined
def nears(a: Any, b: Any) -> bool:
    """Whether two wrecks near each other: those that slide on together do not."""
    dx, dy = b.old_x - a.old_x, b.old_y - a.old_y
    vx, vy = a.speed * a.slide_x - b.speed * b.slide_x, a.speed * a.slide_y - b.speed * b.slide_y
    return bool(vx * dx + vy * dy > NEARING * math.hypot(dx, dy))


@njit_borrowing
def earliest(cast: Cast, since: float) -> tuple[float, int, int]:
    """The first contact not before a fraction of the step, and whose; infinite without one.

    `order` is that of the step's beginning. Of contacts at one instant that of the lowest
    slots is the first, so that nothing depends on how the road lies.
    """
    users, order, alive = cast.users, cast.order, cast.run.alive
    fastest = 0.0
    for k in range(alive):
        u = users[order[k]]
        fastest = max(fastest, abs(u.x - u.old_x))
    first, one, two = math.inf, -1, -1
    for k in range(alive):
        i = order[k]
        a = users[i]
        far = 0.5 * (a.length + a.width) + cast.run.longest + 2.0 * fastest
        for m in range(k + 1, alive):
            j = order[m]
            b = users[j]
            if a.old_x - b.old_x > far:
                break
            if a.kind == ON_FOOT and b.kind == ON_FOOT:
                continue  # people brush past each other
            if a.collided == 1 and b.collided == 1 and not nears(a, b):
                continue
            at = touches(a, b, since)
            low, high = min(i, j), max(i, j)
            if at < first or (at == first and (low < one or (low == one and high < two))):
                first, one, two = at, low, high
    return first, one, two


@njit_inlined
def find_contacts(cast: Cast, way: Way, t: float, dt: float) -> None:
    """Let those collide who touch in this step, one contact after the other."""
    since = 0.0
    for _ in range(ROUNDS):
        at, i, j = earliest(cast, since)
        if i < 0:
            break
        collide(cast.users, way, i, j, at, t, dt)
        since = at

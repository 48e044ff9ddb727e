"""How close everybody comes to everybody within a range, in the run."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_inlined
from sim.laws.ttc_2d import TOUCH_M, ttc_2d
from sim.world.kernel.records import Cast


@njit_inlined
def keep_worst(u: Any, other: int, t: float, time: float, need: float) -> None:
    """Keep the least TTC and the largest DRAC, when and with whom; NaN is less than nothing.

    An infinite TTC and a DRAC of 0, of who was near and never closed in, are nobody's.
    """
    if not u.min_ttc <= time:
        u.min_ttc = time
        if time < math.inf:
            u.min_ttc_at, u.min_ttc_with = t, other
    if not u.max_drac >= need:
        u.max_drac = need
        if need > 0.0:
            u.max_drac_at, u.max_drac_with = t, other


@njit_inlined
def time_to_touch(dx: float, dy: float, wx: float, wy: float, a: Any, b: Any) -> float:
    """Time until the boxes touch at these velocities [s], infinite when they never do.

    As `ttc_2d`, which this is for all but two boxes along x, of which most pairs are: they move
    along x too, so that they are in each other's way or never.
    """
    if a.yaw != 0.0 or b.yaw != 0.0:
        return float(ttc_2d(dx, dy, wx, wy, a.yaw, a.length, a.width, b.yaw, b.length, b.width))
    if abs(dy) - 0.5 * (a.width + b.width) > TOUCH_M:
        return math.inf
    apart = abs(dx) - 0.5 * (a.length + b.length)
    if apart <= TOUCH_M:
        return 0.0
    return float(apart / abs(wx)) if dx * wx < 0.0 else math.inf


@njit_inlined
def measure_pairs(cast: Cast, t: float, reach: float) -> None:
    """Keep everybody's least TTC and largest DRAC against all within `reach` [m].

    TTC is that of the boxes at constant velocity; DRAC is w / (2 TTC) with w the size of the
    relative velocity, which behind a leader is its usual (v - u)² / (2 g).
    """
    users, order = cast.users, cast.order
    for k in range(cast.run.alive):
        a = users[order[k]]
        vx, vy = a.speed * math.cos(a.yaw), a.speed * math.sin(a.yaw)
        for m in range(k + 1, cast.run.alive):
            b = users[order[m]]
            dx, dy = b.x - a.x, b.y - a.y
            if -dx > reach:  # ordered along x
                break
            if dx * dx + dy * dy > reach * reach:
                continue
            wx, wy = b.speed * math.cos(b.yaw) - vx, b.speed * math.sin(b.yaw) - vy
            time = time_to_touch(dx, dy, wx, wy, a, b)
            need = 0.0
            if time < math.inf:
                need = 0.5 * math.hypot(wx, wy) / time if time > 0.0 else math.inf
            keep_worst(a, order[m], t, time, need)
            keep_worst(b, order[k], t, time, need)

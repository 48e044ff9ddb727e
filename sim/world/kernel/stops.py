"""Planned stops: a bus at its stop, a van that delivers, a car that drops somebody off."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_borrowing, njit_inlined

ASIDE_M = 25.0  # before the stop the driver begins to pull over (engineering)
AT_STOP_M = 1.0  # nearer to its stop than this, and standing, it has stopped (engineering)
STANDING_MPS = 0.2


@njit_borrowing
def stop_gap(users: Any, u: Any, t: float) -> float:
    """Distance from a user's front to its planned stop, infinite without one [m].

    The stop lasts `stop_for_s` from when it stands there, and then until the next behind in its
    lane leaves a critical gap: who stood at the kerb yields to the traffic that it joins.
    """
    if u.stop_for_s <= 0.0 or u.stop_until < 0.0:
        return math.inf
    gap = u.stop_m - u.s - 0.5 * u.length
    if u.stop_until == math.inf:
        if u.speed < STANDING_MPS and gap < AT_STOP_M + u.min_gap:
            u.stop_until = t + u.stop_for_s
    elif t >= u.stop_until and may_rejoin(users, u):
        u.stop_until = -1.0
        return math.inf
    return float(max(gap, 0.0))


@njit_inlined
def may_rejoin(users: Any, u: Any) -> bool:
    """Whether the next behind in the lane is a critical gap or more away."""
    if u.stop_aside_m == 0.0 or u.back < 0:
        return True
    behind = users[u.back]
    room = u.s - u.back_s - 0.5 * (u.length + behind.length)
    return bool(room > behind.speed * u.critical_gap_s or behind.speed < STANDING_MPS)


@njit_inlined
def aside(u: Any) -> float:
    """How far a user keeps to the right of its place in the lane for a stop now [m]."""
    if u.stop_for_s <= 0.0 or u.stop_until < 0.0:
        return 0.0
    return float(u.stop_aside_m if u.stop_m - u.s - 0.5 * u.length < ASIDE_M else 0.0)

"""Time to collision with the vehicle ahead."""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def ttc(gap: float, ego_speed: float, lead_speed: float) -> float:
    """Time until contact at constant speeds [s]: g / (v - u).

    0 in contact (gap <= 0), infinite when not approaching.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s].

    Source: Hayward, Highway Research Record 384 (1972) 24.
    """
    if gap <= 0.0:
        return 0.0
    closing = ego_speed - lead_speed
    return gap / closing if closing > 0.0 else math.inf

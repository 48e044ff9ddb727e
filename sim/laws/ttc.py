"""Time to collision with the vehicle ahead."""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def ttc(gap: float, ego_speed: float, lead_speed: float) -> float:
    """Time until contact at constant speeds [s]: g / (v - u).

    0 in contact (gap <= 0), infinite when not approaching, NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s].

    Source: Hayward, Highway Research Record 384 (1972) 24.
    """
    closing = ego_speed - lead_speed
    if math.isnan(gap) or math.isnan(closing):
        return math.nan
    if gap <= 0.0:
        return 0.0
    return gap / closing if closing > 0.0 else math.inf

"""Deceleration rate to avoid a crash."""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def drac(gap: float, ego_speed: float, lead_speed: float) -> float:
    """Constant deceleration that just avoids contact [m/s²]: (v - u)² / (2 g).

    Infinite in contact (gap <= 0), 0 when not approaching.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s], taken as constant.

    Source: Cooper and Ferguson, Traffic Engineering and Control 17 (1976) 53.
    """
    if gap <= 0.0:
        return math.inf
    closing = ego_speed - lead_speed
    return 0.5 * closing * closing / gap if closing > 0.0 else 0.0

"""Decelerations that would just avoid contact with the vehicle ahead."""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def required_deceleration(
    gap: float, ego_speed: float, lead_speed: float, lead_accel: float
) -> float:
    """Deceleration that just avoids contact [m/s²]: max(0, (v - u)² / (2 g) - a_lead).

    Infinite in contact (gap <= 0), 0 when not approaching, NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s].
        lead_accel: a_lead, negative when it brakes [m/s²].

    Source: Jansson, Collision avoidance theory, thesis, Linköping 2005, eq. 4.8.
    """
    closing = ego_speed - lead_speed
    if math.isnan(gap) or math.isnan(closing) or math.isnan(lead_accel):
        return math.nan
    if gap <= 0.0:
        return math.inf
    if closing <= 0.0:
        return 0.0
    return max(0.5 * closing * closing / gap - lead_accel, 0.0)


@njit
def drac(gap: float, ego_speed: float, lead_speed: float) -> float:
    """The same with a lead at constant speed [m/s²]: (v - u)² / (2 g).

    Infinite in contact (gap <= 0), 0 when not approaching, NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s], taken as constant.

    Source: Cooper and Ferguson, Traffic Engineering and Control 17 (1976) 53.
    """
    return required_deceleration(gap, ego_speed, lead_speed, 0.0)

"""Decelerations that would just avoid contact with the vehicle ahead."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def drac(gap: ArrayLike, ego_speed: ArrayLike, lead_speed: ArrayLike) -> Floats:
    """Deceleration rate to avoid a crash, the lead's speed constant [m/s²]: (v - u)² / (2 g).

    0 when not approaching, infinite in contact (gap <= 0), NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s].

    Source: Cooper and Ferguson, Traffic Engineering and Control 17 (1976) 53.

    >>> drac([30.0, 30.0, 0.0], [20.0, 10.0, 20.0], 10.0).round(4)
    array([1.6667, 0.    ,    inf])
    """
    return required_deceleration(gap, ego_speed, lead_speed, 0.0)


def required_deceleration(
    gap: ArrayLike, ego_speed: ArrayLike, lead_speed: ArrayLike, lead_accel: ArrayLike
) -> Floats:
    """Deceleration that just avoids contact, the lead's own included [m/s²], 0 or positive.

        -a_req = max(0, (v - u)² / (2 g) - a_lead)

    0 when not approaching, infinite in contact (gap <= 0), NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s].
        lead_accel: a_lead, negative when it brakes [m/s²].

    Source: Jansson, Collision avoidance theory, thesis, Linköping 2005, eq. 4.8.

    >>> required_deceleration(30.0, 20.0, 10.0, [-2.0, 0.0, 2.0]).round(4)
    array([3.6667, 1.6667, 0.    ])
    """
    gap = np.asarray(gap, dtype=np.float64)
    lead_accel = np.asarray(lead_accel, dtype=np.float64)
    closing = np.subtract(ego_speed, lead_speed, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        need = np.maximum(0.5 * closing * closing / gap - lead_accel, 0.0)
    need = np.where(closing <= 0.0, 0.0, need)
    unknown = np.isnan(gap) | np.isnan(closing) | np.isnan(lead_accel)
    return np.where(unknown, np.nan, np.where(gap <= 0.0, np.inf, need))

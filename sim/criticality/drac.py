"""Decelerations that would just avoid contact with the vehicle ahead."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.criticality.arrays import Floats, floats, keep_nan


def drac(gap: ArrayLike, ego_speed: ArrayLike, lead_speed: ArrayLike) -> Floats:
    """Deceleration rate to avoid a crash, the lead's speed constant [m/s²]: (v - u)² / (2 g).

    0 when not approaching, infinite in contact (gap <= 0), NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s].

    Raises:
        UserError: An argument is not a number, or the shapes do not go together.

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

    Raises:
        UserError: An argument is not a number, or the shapes do not go together.

    Source: Jansson, Collision avoidance theory, thesis, Linköping 2005, eq. 4.8.

    >>> required_deceleration(30.0, 20.0, 10.0, [-2.0, 0.0, 2.0]).round(4)
    array([3.6667, 1.6667, 0.    ])
    """
    gap, v, u, lead_accel = floats(gap, ego_speed, lead_speed, lead_accel)
    closing = v - u
    with np.errstate(divide="ignore", invalid="ignore"):
        need = np.maximum(0.5 * closing * closing / gap - lead_accel, 0.0)
    need = np.where(closing <= 0.0, 0.0, need)
    return keep_nan(np.where(gap <= 0.0, np.inf, need), gap, closing, lead_accel)

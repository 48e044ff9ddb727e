"""Decelerations that would just avoid contact with the vehicle ahead."""

from __future__ import annotations

from numpy.typing import ArrayLike

from sim.base.lift import lifted
from sim.criticality.arrays import Floats, floats
from sim.laws import drac as law

_drac, _required = lifted(law.drac), lifted(law.required_deceleration)


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
    return _drac(*floats(gap, ego_speed, lead_speed))


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
    return _required(*floats(gap, ego_speed, lead_speed, lead_accel))

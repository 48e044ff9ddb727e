"""Distances and decelerations to a stand or to a safe gap."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.criticality.arrays import Floats, floats, keep_nan, not_negative, positive


def psd(distance: ArrayLike, speed: ArrayLike, brake_max: ArrayLike) -> Floats:
    """Proportion of stopping distance [1]: distance left over v² / (2 b).

    Under 1 the point can no longer be spared. 0 at the point or past it (distance <= 0),
    infinite at a stand or going backwards (v <= 0) before it, NaN where an argument is.

    Args:
        distance: Way to the point of conflict [m].
        speed: v [m/s].
        brake_max: b, largest deceleration [m/s²].

    Raises:
        UserError: `brake_max` is not positive.

    Source: Allen, Shin and Cooper, Transp. Res. Record 667 (1978) 67.

    >>> psd([25.0, 50.0, 10.0], [20.0, 20.0, 0.0], 8.0)
    array([ 1.,  2., inf])
    """
    way, v, b = floats(distance, speed, positive("brake_max", brake_max, "m/s²"))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(v <= 0.0, np.inf, way / (0.5 * v * v / b))
    return keep_nan(np.where(way <= 0.0, 0.0, share), way, v, b)


def dst(
    gap: ArrayLike, ego_speed: ArrayLike, lead_speed: ArrayLike, safety_time: ArrayLike
) -> Floats:
    """Deceleration to safety time [m/s²]: c² / (2 (g - u t_s)), 0 or positive.

    The constant deceleration after which the ego follows at the lead's speed u with a time gap
    of t_s; with t_s = 0 it is DRAC. Infinite in contact (gap <= 0) and where no deceleration
    is enough (g <= u t_s), 0 when not approaching, NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s], constant.
        safety_time: t_s [s].

    Raises:
        UserError: `safety_time` is negative.

    Source: Hupfer, Deceleration to safety time (DST), ICTCT workshop 1997.

    >>> dst([30.0, 30.0, 10.0], [20.0, 5.0, 20.0], 10.0, 1.0)
    array([2.5, 0. , inf])
    """
    t_s = not_negative("safety_time", safety_time, "s")
    g, v, u, t_s = floats(gap, ego_speed, lead_speed, t_s)
    spare = g - u * t_s
    with np.errstate(divide="ignore", invalid="ignore"):
        need = np.where(spare <= 0.0, np.inf, np.square(v - u) / (2.0 * spare))
    need = np.where(v <= u, 0.0, need)
    return keep_nan(np.where(g <= 0.0, np.inf, need), g, v, u, t_s)

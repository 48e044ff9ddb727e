"""Time to collision in the plane, of oriented boxes."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.base.jit import njit
from sim.criticality.arrays import Floats
from sim.criticality.road_user import accel_of, over_pairs
from sim.laws.ttc_2d import ttc_2d as ttc_2d_law
from sim.laws.ttc_2d_accel import ttc_2d_accel


def ttc_2d(first: Any, second: Any) -> Floats:
    """Time until the oriented boxes of two road users first touch [s].

    Both go straight on, at constant velocity; where one has a field `accel`, with that
    acceleration until it stands. 0 in contact, infinite when they never touch, NaN where a
    field is NaN (an unknown acceleration too: leave the field out to take the speed as
    constant).

    Args:
        first: `RoadUser` or anything with its fields.
        second: Likewise; arrays broadcast.

    Raises:
        UserError: A field is missing, or a size negative.

    Source: separating axes, Gottschalk, Lin and Manocha, SIGGRAPH 1996, swept in time.

    >>> from sim.criticality import RoadUser
    >>> ego = RoadUser(x=0.0, y=0.0, yaw=0.0, speed=20.0, length=4.0, width=2.0)
    >>> lead = RoadUser(x=34.0, y=[0.0, 5.0], yaw=0.0, speed=10.0, length=4.0, width=2.0)
    >>> ttc_2d(ego, lead)
    array([ 3., inf])
    """
    accels = [accel_of(first), accel_of(second)]
    if accels[0] is None and accels[1] is None:
        return over_pairs(_ttc_2d, first, second)
    known = [np.zeros(()) if each is None else each for each in accels]
    return over_pairs(_ttc_2d_accel, first, second, *known)


@njit
def _ttc_2d(u: Floats) -> Floats:
    out = np.empty(u.shape[1])
    for i in range(u.shape[1]):
        x1, y1, yaw1, v1, length1, width1, x2, y2, yaw2, v2, length2, width2 = u[:12, i]
        move_x = v2 * np.cos(yaw2) - v1 * np.cos(yaw1)
        move_y = v2 * np.sin(yaw2) - v1 * np.sin(yaw1)
        out[i] = ttc_2d_law(
            x2 - x1, y2 - y1, move_x, move_y, yaw1, length1, width1, yaw2, length2, width2
        )
    return out


@njit
def _ttc_2d_accel(u: Floats) -> Floats:
    out = np.empty(u.shape[1])
    for i in range(u.shape[1]):
        x1, y1, yaw1, v1, length1, width1, x2, y2, yaw2, v2, length2, width2, a1, a2 = u[:14, i]
        out[i] = ttc_2d_accel(
            x2 - x1, y2 - y1, yaw1, v1, a1, length1, width1, yaw2, v2, a2, length2, width2
        )
    return out

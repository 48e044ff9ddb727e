"""Worst time to collision."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sim.base.jit import njit
from sim.criticality.arrays import Floats, not_negative
from sim.criticality.road_user import over_pairs
from sim.laws.wttc import wttc as wttc_law


def wttc(first: Any, second: Any, accel_first: ArrayLike, accel_second: ArrayLike) -> Floats:
    """Worst time to collision [s]: smallest t with |p + w t| <= r1 + r2 + ½ (a1 + a2) t².

    Circles round the boxes, and both may accelerate in any direction. 0 where the circles
    overlap, infinite only where both accelerations are 0 and the circles pass; NaN where an
    argument is.

    Args:
        first: `RoadUser` or anything with its fields.
        second: Likewise; arrays broadcast.
        accel_first: a1, largest acceleration in any direction [m/s²].
        accel_second: a2, of the second [m/s²].

    Raises:
        UserError: A field is missing, a size or an acceleration negative.

    Source: Wachenfeld, Junietz, Wenzel and Winner, IEEE Intelligent Vehicles 2016, 695.

    >>> from sim.criticality import RoadUser
    >>> one = RoadUser(x=0.0, y=0.0, yaw=0.0, speed=0.0, length=4.0, width=3.0)
    >>> wttc(one, RoadUser(x=13.0, y=0.0, yaw=1.0, speed=0.0, length=4.0, width=3.0), 4.0, 0.0)
    array(2.)
    """
    a1 = not_negative("accel_first", accel_first, "m/s²")
    a2 = not_negative("accel_second", accel_second, "m/s²")
    return over_pairs(_wttc, first, second, a1, a2)


@njit
def _wttc(u: Floats) -> Floats:
    out = np.empty(u.shape[1])
    for i in range(u.shape[1]):
        x1, y1, yaw1, v1, length1, width1, x2, y2, yaw2, v2, length2, width2, a1, a2 = u[:14, i]
        move_x = v2 * np.cos(yaw2) - v1 * np.cos(yaw1)
        move_y = v2 * np.sin(yaw2) - v1 * np.sin(yaw1)
        reach = 0.5 * (np.hypot(length1, width1) + np.hypot(length2, width2))
        out[i] = wttc_law(x2 - x1, y2 - y1, move_x, move_y, reach, a1 + a2)
    return out

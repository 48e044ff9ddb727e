"""How near two road users come, at constant velocity."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.base.jit import njit
from sim.criticality.arrays import Floats
from sim.criticality.road_user import over_pairs
from sim.laws.closest import box_distance, closest_time


def ttce(first: Any, second: Any) -> Floats:
    """Time to the closest encounter of the centres at constant velocity [s].

    0 when they move apart already, or not at all against each other; NaN where a field is.

    Args:
        first: `RoadUser` or anything with its fields.
        second: Likewise; arrays broadcast.

    Raises:
        UserError: A field is missing, or a size negative.

    Source: Eggert, Predictive risk estimation for intelligent ADAS functions, ITSC 2014, 711.

    >>> from sim.criticality import RoadUser
    >>> one = RoadUser(x=0.0, y=0.0, yaw=0.0, speed=10.0, length=4.0, width=2.0)
    >>> two = RoadUser(x=30.0, y=5.0, yaw=np.pi, speed=5.0, length=4.0, width=2.0)
    >>> ttce(one, two), dce(one, two)
    (array(2.), array(3.))
    """
    return over_pairs(_ttce, first, second)


def dce(first: Any, second: Any) -> Floats:
    """Distance of the boxes at the closest encounter of their centres [m].

    0 where the boxes overlap then; NaN where a field is. The boxes can have been nearer a
    moment before or after, and have met: `ttc_2d` is for that.

    Args:
        first: `RoadUser` or anything with its fields.
        second: Likewise; arrays broadcast.

    Raises:
        UserError: A field is missing, or a size negative.

    Source: Eggert, Predictive risk estimation for intelligent ADAS functions, ITSC 2014, 711.

    >>> from sim.criticality import RoadUser
    >>> one = RoadUser(x=0.0, y=0.0, yaw=0.0, speed=10.0, length=4.0, width=2.0)
    >>> dce(one, RoadUser(x=0.0, y=-7.0, yaw=0.0, speed=10.0, length=4.0, width=2.0))
    array(5.)
    """
    return over_pairs(_dce, first, second)


def distance(first: Any, second: Any) -> Floats:
    """Distance of the boxes now [m], 0 where they overlap, NaN where a field is.

    Args:
        first: `RoadUser` or anything with its fields.
        second: Likewise; arrays broadcast.

    Raises:
        UserError: A field is missing, or a size negative.

    >>> from sim.criticality import RoadUser
    >>> one = RoadUser(x=0.0, y=0.0, yaw=0.0, speed=10.0, length=4.0, width=2.0)
    >>> distance(one, RoadUser(x=7.0, y=6.0, yaw=0.0, speed=0.0, length=4.0, width=2.0))
    array(5.)
    """
    return over_pairs(_distance, first, second)


@njit
def _ttce(u: Floats) -> Floats:
    out = np.empty(u.shape[1])
    for i in range(u.shape[1]):
        move_x = u[9, i] * np.cos(u[8, i]) - u[3, i] * np.cos(u[2, i])
        move_y = u[9, i] * np.sin(u[8, i]) - u[3, i] * np.sin(u[2, i])
        out[i] = closest_time(u[6, i] - u[0, i], u[7, i] - u[1, i], move_x, move_y)
    return out


@njit
def _dce(u: Floats) -> Floats:
    t = _ttce(u)
    out = np.empty(u.shape[1])
    for i in range(u.shape[1]):
        x1, y1, yaw1, v1, length1, width1, x2, y2, yaw2, v2, length2, width2 = u[:12, i]
        dx = x2 - x1 + t[i] * (v2 * np.cos(yaw2) - v1 * np.cos(yaw1))
        dy = y2 - y1 + t[i] * (v2 * np.sin(yaw2) - v1 * np.sin(yaw1))
        out[i] = box_distance(dx, dy, yaw1, length1, width1, yaw2, length2, width2)
    return out


@njit
def _distance(u: Floats) -> Floats:
    out = np.empty(u.shape[1])
    for i in range(u.shape[1]):
        x1, y1, yaw1, _, length1, width1, x2, y2, yaw2, _, length2, width2 = u[:12, i]
        out[i] = box_distance(x2 - x1, y2 - y1, yaw1, length1, width1, yaw2, length2, width2)
    return out

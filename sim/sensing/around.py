"""Road users in reach of a sensor on the front bumper, with what each covers of its image."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.sensing.occlusion import shadow
from sim.sensing.traffic import Traffic

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Around(NamedTuple):
    """Room for the neighbours of one row, nearest first.

    Attributes:
        row: Row of each.
        geo: Range [m], range rate [m/s], bearing [rad] and lateral offset [m].
        low, high: Slopes between which it lies in the image.
    """

    row: Ints
    geo: Floats
    low: Floats
    high: Floats


def room_for(most: int) -> Around:
    """Room for so many neighbours."""
    return Around(np.empty(most, np.int64), np.empty((most, 4)), np.empty(most), np.empty(most))


@njit
def look_around(r: int, traffic: Traffic, reach: float, ahead_only: bool, around: Around) -> int:
    """Fill in what is in reach of row r, nearest first; returns how many.

    What lies behind is neither seen nor hides anything: only a list of misses needs it.
    """
    c, s = traffic.cos[r], traffic.sin[r]
    front = 0.5 * traffic.length[r]
    row, geo, low, high = around.row, around.geo, around.low, around.high
    m = 0
    if not traffic.known[r]:
        return 0
    for j in range(traffic.start[traffic.slice_of[r]], traffic.start[traffic.slice_of[r] + 1]):
        dx, dy = traffic.x[j] - traffic.x[r], traffic.y[j] - traffic.y[r]
        lon, lat = dx * c + dy * s - front, -dx * s + dy * c
        most = reach + 0.5 * (traffic.length[j] + traffic.width[j])
        if j == r or abs(lon) > most or abs(lat) > most or not traffic.known[j]:
            continue
        if ahead_only and lon < -0.5 * (traffic.length[j] + traffic.width[j]):
            continue
        ct, st = traffic.cos[j] * c + traffic.sin[j] * s, traffic.sin[j] * c - traffic.cos[j] * s
        near, distance = nearest(lon, lat, ct, st, traffic.length[j], traffic.width[j])
        if distance > reach:
            continue
        k = m
        while k > 0 and geo[k - 1, 0] > distance:  # insertion sort: some ten objects
            row[k], geo[k], low[k], high[k] = row[k - 1], geo[k - 1], low[k - 1], high[k - 1]
            k -= 1
        along = traffic.speed[j] * ct - traffic.speed[r]
        across = traffic.speed[j] * st
        row[k] = j
        geo[k, 0] = distance
        geo[k, 1] = (along * near + across * lat) / max(distance, 1e-6)
        geo[k, 2] = np.arctan2(lat, near)
        geo[k, 3] = lat
        low[k], high[k] = shadow(lon, lat, ct, st, traffic.length[j], traffic.width[j])
        m += 1
    return m


@njit
def range_of(r: int, j: int, traffic: Traffic) -> float:
    """Range of row j from row r, as in `look_around` [m]."""
    c, s = traffic.cos[r], traffic.sin[r]
    dx, dy = traffic.x[j] - traffic.x[r], traffic.y[j] - traffic.y[r]
    lon, lat = dx * c + dy * s - 0.5 * traffic.length[r], -dx * s + dy * c
    ct, st = traffic.cos[j] * c + traffic.sin[j] * s, traffic.sin[j] * c - traffic.cos[j] * s
    return nearest(lon, lat, ct, st, traffic.length[j], traffic.width[j])[1]


@njit
def nearest(
    lon: float, lat: float, ct: float, st: float, length: float, width: float
) -> tuple[float, float]:
    """How far ahead the face of a box is that looks at the sensor, and its distance [m]."""
    reach = 0.5 * (abs(length * ct) + abs(width * st))
    near = lon - np.sign(lon) * min(reach, abs(lon))
    return near, np.hypot(near, lat)

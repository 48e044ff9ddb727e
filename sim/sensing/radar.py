"""A radar-like object list: what one scan of the road ahead reports, and why it misses."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.base.rng import mix, normal, uniform
from sim.sensing.occlusion import shadow, visible_share
from sim.sensing.reasons import Reason
from sim.sensing.traffic import Traffic
from sim.world.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MISSED_VIEW = int(Reason.FIELD_OF_VIEW)
_OCCLUDED = int(Reason.OCCLUDED)
_WEATHER = int(Reason.WEATHER)
_DROPOUT = int(Reason.DROPOUT)
_TOO_FAR = int(Reason.RANGE)
_LAST_VEHICLE = int(Kind.TRUCK)
_OBJECT = int(Kind.OBJECT)

SECOND = 10
"""Frames in one second of a Log."""


class Radar(NamedTuple):
    """The radar's part of `SensorSettings`, for kernels; the same names and units."""

    range_max: float
    half_view: float
    range_noise: float
    rate_noise: float
    bearing_noise: float
    detect_near: float
    detect_far: float
    visible_min: float
    under: float
    dropout_per_s: float
    dropout_max_frames: float
    clutter: float
    weather_loss: float


@njit
def fate(
    radar: Radar,
    reach: float,
    bearing: float,
    visible: float,
    under: bool,
    frame: int,
    pair: np.uint64,
    now: np.uint64,
) -> int:
    """Whether an object in range is detected in this scan: a code of `Reason`.

    Args:
        reach: Its range [m].
        bearing: Its bearing [rad].
        visible: Free share of its width.
        under: Whether exactly one vehicle hides it.
        frame: Frame of the scan.
        pair: Random key of the ego and the object.
        now: The same with the frame.
    """
    if abs(bearing) > radar.half_view:
        return _MISSED_VIEW
    hidden = visible < radar.visible_min
    if hidden and not (under and uniform(pair, np.uint64(2 * (frame // SECOND))) < radar.under):
        return _OCCLUDED
    share = (reach / radar.range_max) ** 2
    if uniform(now, np.uint64(0)) < radar.weather_loss * share:
        return _WEATHER
    if _in_burst(radar, frame, pair):
        return _DROPOUT
    detect = radar.detect_near + (radar.detect_far - radar.detect_near) * share
    return 0 if uniform(now, np.uint64(1)) < detect else _TOO_FAR


@njit
def _in_burst(radar: Radar, frame: int, pair: np.uint64) -> bool:
    # One draw for each whole second instead of a state, so that any scan can be made alone.
    second = frame // SECOND
    key = mix(pair, np.uint64(2 * second + 1))
    if uniform(key, np.uint64(0)) >= radar.dropout_per_s:
        return False
    length = radar.dropout_max_frames * uniform(key, np.uint64(1))
    first = (SECOND - length) * uniform(key, np.uint64(2))
    return bool(first <= frame - second * SECOND < first + length)


@njit
def object_lists(
    ego_row: Ints,
    ego_key: NDArray[np.uint64],
    row_key: NDArray[np.uint64],
    traffic: Traffic,
    radar: Radar,
    keep_missed: bool,
) -> tuple[Ints, Ints, Floats]:
    """The lists of all E ego rows one after the other.

    Args:
        ego_row: (E,) rows that look.
        ego_key: (E,) random key of each ego.
        row_key: (E,) random key of each ego and frame.
        traffic: All rows.
        radar: Settings.
        keep_missed: Also return objects in range that were not detected, with the reason.

    Returns:
        start (E + 1,); codes (D, 4): track (-1 clutter), kind, reason and row of the object
        (-1 clutter); values (D, 4): range [m], range rate [m/s], bearing [rad], lateral
        offset [m]. Missed objects carry their true values.
    """
    start = np.zeros(len(ego_row) + 1, np.int64)
    codes = np.empty((16 * len(ego_row) + 512, 4), np.int64)
    values = np.empty((len(codes), 4))
    most = 1
    for k in range(len(traffic.start) - 1):
        most = max(most, traffic.start[k + 1] - traffic.start[k])
    row = np.empty(most, np.int64)
    geo = np.empty((most, 4))  # range, range rate, bearing, lateral
    low, high = np.empty(most), np.empty(most)
    n = 0
    for e in range(len(ego_row)):
        m = _in_range(ego_row[e], traffic, radar, not keep_missed, row, geo, low, high)
        if n + m + 1 > len(codes):
            codes = np.concatenate((codes, np.empty_like(codes)))
            values = np.concatenate((values, np.empty_like(values)))
        frame = traffic.frame[ego_row[e]]
        for k in range(m):
            j = row[k]
            now = mix(row_key[e], np.uint64(traffic.track[j]))
            pair = mix(ego_key[e], np.uint64(traffic.track[j]))
            visible, hider = 0.0, -1
            if abs(geo[k, 2]) <= radar.half_view:
                visible, hider = visible_share(low, high, k)
            under = hider >= 0 and traffic.kind[row[max(hider, 0)]] <= _LAST_VEHICLE
            reason = fate(radar, geo[k, 0], geo[k, 2], visible, under, frame, pair, now)
            if reason and not keep_missed:
                continue
            codes[n, 0], codes[n, 1] = traffic.track[j], traffic.kind[j]
            codes[n, 2], codes[n, 3] = reason, j
            values[n] = geo[k]
            if not reason:
                values[n, 0] = max(geo[k, 0] + radar.range_noise * normal(now, np.uint64(1)), 0.0)
                values[n, 1] += radar.rate_noise * normal(now, np.uint64(2))
                values[n, 2] += radar.bearing_noise * normal(now, np.uint64(3))
                values[n, 3] = values[n, 0] * np.sin(values[n, 2])
            n += 1
        n += _clutter(radar, row_key[e], codes[n], values[n])
        start[e + 1] = n
    return start, codes[:n].copy(), values[:n].copy()


@njit
def _in_range(
    r: int,
    traffic: Traffic,
    radar: Radar,
    ahead_only: bool,
    row: Ints,
    geo: Floats,
    low: Floats,
    high: Floats,
) -> int:
    """Fill in the road users in range of row r, nearest first; returns how many.

    What lies behind is neither seen nor hides anything: only a list of misses needs it.
    """
    c, s = traffic.cos[r], traffic.sin[r]
    front = 0.5 * traffic.length[r]
    m = 0
    for j in range(traffic.start[traffic.slice_of[r]], traffic.start[traffic.slice_of[r] + 1]):
        dx, dy = traffic.x[j] - traffic.x[r], traffic.y[j] - traffic.y[r]
        lon, lat = dx * c + dy * s - front, -dx * s + dy * c
        most = radar.range_max + 0.5 * (traffic.length[j] + traffic.width[j])
        if j == r or abs(lon) > most or abs(lat) > most:
            continue
        if ahead_only and lon < -0.5 * (traffic.length[j] + traffic.width[j]):
            continue
        ct, st = traffic.cos[j] * c + traffic.sin[j] * s, traffic.sin[j] * c - traffic.cos[j] * s
        reach = 0.5 * (abs(traffic.length[j] * ct) + abs(traffic.width[j] * st))
        near = lon - np.sign(lon) * min(reach, abs(lon))  # its face towards the sensor
        distance = np.hypot(near, lat)
        if distance > radar.range_max:
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
def _clutter(radar: Radar, key: np.uint64, codes: Ints, values: Floats) -> int:
    key = mix(key, np.uint64(0xC1077E2))
    if uniform(key, np.uint64(0)) >= radar.clutter:
        return 0
    codes[0], codes[1], codes[2], codes[3] = -1, _OBJECT, 0, -1
    values[0] = 2.0 + (radar.range_max - 2.0) * uniform(key, np.uint64(1))
    values[1] = -20.0 + 30.0 * uniform(key, np.uint64(2))
    values[2] = radar.half_view * (2.0 * uniform(key, np.uint64(3)) - 1.0)
    values[3] = values[0] * np.sin(values[2])
    return 1

"""A radar-like object list: what one scan of the road ahead reports, and why it misses."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.base.rng import mix, normal, uniform
from sim.sensing.around import Around, look_around
from sim.sensing.detect import SECOND, in_burst, scans_at, verdict
from sim.sensing.occlusion import visible_share
from sim.sensing.past_walls import past_walls
from sim.sensing.rcs import echo_stretch
from sim.sensing.reasons import Reason
from sim.sensing.static import Static, walls_at
from sim.sensing.traffic import Traffic
from sim.sensing.weather import Air, false_share, haze
from sim.world.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MISSED_VIEW = int(Reason.FIELD_OF_VIEW)
_OCCLUDED = int(Reason.OCCLUDED)
_WEATHER = int(Reason.WEATHER)
_DROPOUT = int(Reason.DROPOUT)
_TOO_FAR = int(Reason.RANGE)
_CHANCE = int(Reason.CHANCE)
_NO_SCAN = int(Reason.NO_SCAN)
_LAST_VEHICLE = int(Kind.TRUCK)
_OBJECT = int(Kind.OBJECT)


class Radar(NamedTuple):
    """The radar's part of `SensorSettings`, for kernels; the same names and units.

    `plain` says that neither the weather nor the cross-section counts, so that neither is asked.
    """

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
    rcs_effect: float
    rate: float
    air: Air
    plain: bool


@njit
def fate(
    radar: Radar,
    reach: float,
    bearing: float,
    visible: float,
    under: bool,
    small: float,
    air: float,
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
        small: By which its echo stretches its range, as for `verdict`.
        air: By which the weather does.
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
    if in_burst(radar.dropout_per_s, radar.dropout_max_frames, frame, pair):
        return _DROPOUT
    u = uniform(now, np.uint64(1))
    reason = verdict(u, radar.detect_near, radar.detect_far, share, small, air)
    return _TOO_FAR if reason == _CHANCE else reason


@njit
def object_lists(
    ego_row: Ints,
    ego_key: NDArray[np.uint64],
    row_key: NDArray[np.uint64],
    traffic: Traffic,
    static: Static,
    around: Around,
    radar: Radar,
    keep_missed: bool,
) -> tuple[Ints, Ints, Floats]:
    """The lists of all E ego rows one after the other.

    Args:
        ego_row: (E,) rows that look.
        ego_key: (E,) random key of each ego.
        row_key: (E,) random key of each ego and frame.
        traffic: All rows, as they were when the scan was made.
        static: What stands in the way besides.
        around: Room to work in.
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
    row, geo, low, high = around.row, around.geo, around.low, around.high
    n = 0
    for e in range(len(ego_row)):
        r = ego_row[e]
        m = look_around(r, traffic, radar.range_max, not keep_missed, around)
        if n + m + 1 > len(codes):
            codes = np.concatenate((codes, np.empty_like(codes)))
            values = np.concatenate((values, np.empty_like(values)))
        frame = traffic.frame[r]
        walls = walls_at(static, traffic.episode[r])
        scans = scans_at(frame, radar.rate)
        for k in range(m):
            j = row[k]
            now = mix(row_key[e], np.uint64(traffic.track[j]))
            pair = mix(ego_key[e], np.uint64(traffic.track[j]))
            visible, hider = 0.0, -1
            if abs(geo[k, 2]) <= radar.half_view:
                visible, hider = visible_share(low, high, k)
            under = hider >= 0 and traffic.kind[row[max(hider, 0)]] <= _LAST_VEHICLE
            if walls and abs(geo[k, 2]) <= radar.half_view:
                visible, by_wall = past_walls(r, j, traffic, static, low, high, k)
                under = under and not by_wall
            small = air = 0.0
            if not radar.plain:
                small = radar.rcs_effect * echo_stretch(traffic.kind[j])
                x, y = traffic.x[j] - traffic.x[r], traffic.y[j] - traffic.y[r]
                air = haze(radar.air, geo[k, 0], traffic.speed[r], x, y)
            reason = fate(radar, geo[k, 0], geo[k, 2], visible, under, small, air, frame, pair, now)
            if not scans:
                reason = _NO_SCAN
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
        if scans and traffic.known[r]:
            n += _clutter(radar, traffic.speed[r], row_key[e], codes[n], values[n])
        start[e + 1] = n
    return start, codes[:n].copy(), values[:n].copy()


@njit
def _clutter(radar: Radar, speed: float, key: np.uint64, codes: Ints, values: Floats) -> int:
    key = mix(key, np.uint64(0xC1077E2))
    if uniform(key, np.uint64(0)) >= radar.clutter + false_share(radar.air, speed):
        return 0
    codes[0], codes[1], codes[2], codes[3] = -1, _OBJECT, 0, -1
    values[0] = 2.0 + (radar.range_max - 2.0) * uniform(key, np.uint64(1))
    values[1] = -20.0 + 30.0 * uniform(key, np.uint64(2))
    values[2] = radar.half_view * (2.0 * uniform(key, np.uint64(3)) - 1.0)
    values[3] = values[0] * np.sin(values[2])
    return 1

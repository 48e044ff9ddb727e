"""A camera's object list: what it names, where, how wide, and how far it takes it to be."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.base.rng import mix, normal, uniform
from sim.sensing.around import Around, look_around
from sim.sensing.detect import in_burst, scans_at, verdict
from sim.sensing.occlusion import visible_share
from sim.sensing.past_walls import past_walls
from sim.sensing.reasons import Reason
from sim.sensing.static import Static, walls_at
from sim.sensing.traffic import Traffic
from sim.sensing.weather import Air, false_share, haze

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

CAR_WIDTH_M = 1.8
"""Of the car from behind that `detect_far` is for."""

_MISSED_VIEW = int(Reason.FIELD_OF_VIEW)
_OCCLUDED = int(Reason.OCCLUDED)
_DROPOUT = int(Reason.DROPOUT)
_NO_SCAN = int(Reason.NO_SCAN)
_OWN = np.uint64(0xCA3E7A)


class Camera(NamedTuple):
    """The part of `CameraSettings` that kernels read; the same names and units."""

    range_max: float
    half_view: float
    rate: float
    detect_near: float
    detect_far: float
    visible_min: float
    dropout_per_s: float
    dropout_max_frames: float
    clutter: float
    bearing_noise: float
    pixel: float
    height: float
    air: Air


@njit
def camera_lists(
    ego_row: Ints,
    ego_key: Keys,
    row_key: Keys,
    traffic: Traffic,
    static: Static,
    around: Around,
    camera: Camera,
    naming: Floats,
    keep_missed: bool,
) -> tuple[Ints, Ints, Floats]:
    """The lists of all E ego rows one after the other, as `Lists`.

    Arguments as for the radar's `object_lists`; `naming` is that of `confusion`. There is no
    range rate: one picture holds none.
    """
    start = np.zeros(len(ego_row) + 1, np.int64)
    codes = np.empty((16 * len(ego_row) + 512, 4), np.int64)
    values = np.empty((len(codes), 5))
    n = 0
    for e in range(len(ego_row)):
        r = ego_row[e]
        ego, row = mix(ego_key[e], _OWN), mix(row_key[e], _OWN)
        m = look_around(r, traffic, camera.range_max, not keep_missed, around)
        if n + m + 1 > len(codes):
            codes = np.concatenate((codes, np.empty_like(codes)))
            values = np.concatenate((values, np.empty_like(values)))
        scans = scans_at(traffic.frame[r], camera.rate)
        for k in range(m):
            j = around.row[k]
            pair, now = mix(ego, np.uint64(traffic.track[j])), mix(row, np.uint64(traffic.track[j]))
            reason = _NO_SCAN
            if scans:
                reason = _fate(r, j, k, traffic, static, around, camera, pair, now)
            if reason and not keep_missed:
                continue
            codes[n, 0], codes[n, 1] = traffic.track[j], traffic.kind[j]
            codes[n, 2], codes[n, 3] = reason, j
            values[n, :4] = around.geo[k]
            values[n, 4] = math.atan(around.high[k]) - math.atan(around.low[k])
            if not reason:
                codes[n, 1] = _name(naming[traffic.kind[j]], uniform(now, np.uint64(1)))
                _measure(camera, now, values[n])
            n += 1
        if scans and traffic.known[r]:
            n += _clutter(camera, traffic.speed[r], row, codes[n], values[n])
        start[e + 1] = n
    return start, codes[:n].copy(), values[:n].copy()


@njit
def _fate(
    r: int,
    j: int,
    k: int,
    traffic: Traffic,
    static: Static,
    around: Around,
    camera: Camera,
    pair: np.uint64,
    now: np.uint64,
) -> int:
    reach = around.geo[k, 0]
    if abs(around.geo[k, 2]) > camera.half_view:
        return _MISSED_VIEW
    visible = visible_share(around.low, around.high, k)[0]
    if walls_at(static, traffic.episode[r]):
        visible = past_walls(r, j, traffic, static, around.low, around.high, k)[0]
    if visible < camera.visible_min:
        return _OCCLUDED
    if in_burst(camera.dropout_per_s, camera.dropout_max_frames, traffic.frame[r], pair):
        return _DROPOUT
    angle = math.atan(around.high[k]) - math.atan(around.low[k])
    small = math.log(CAR_WIDTH_M / max(angle * reach, 1e-3))
    x, y = traffic.x[j] - traffic.x[r], traffic.y[j] - traffic.y[r]
    air = haze(camera.air, reach, traffic.speed[r], x, y)
    share = (reach / camera.range_max) ** 2
    u = uniform(now, np.uint64(0))
    return verdict(u, camera.detect_near, camera.detect_far, share, small, air)


@njit
def _name(naming: Floats, u: float) -> int:
    for kind in range(len(naming) - 1):
        if u < naming[kind]:
            return kind
    return len(naming) - 1


@njit
def _measure(camera: Camera, now: np.uint64, values: Floats) -> None:
    """Noise on range, bearing and width; the range comes from where the road is touched.

    A line that is seen a pixel off, from a camera at height h, shifts a range r by r² / h times
    the pixel's angle.

    Source: Stein, Mano and Shashua, IEEE Intelligent Vehicles 2003, who find 5 % at 44 m and
    10 % at 90 m for a pixel of 1 / 740.
    """
    deviation = camera.pixel * values[0] ** 2 / camera.height
    values[0] = max(values[0] + deviation * normal(now, np.uint64(1)), 0.0)
    values[1] = np.nan
    values[2] += camera.bearing_noise * normal(now, np.uint64(2))
    values[3] = values[0] * math.sin(values[2])
    edges = math.sqrt(2.0) * camera.pixel
    values[4] = max(values[4] + edges * normal(now, np.uint64(3)), 0.0)


@njit
def _clutter(camera: Camera, speed: float, key: np.uint64, codes: Ints, values: Floats) -> int:
    key = mix(key, np.uint64(0xC1077E2))
    if uniform(key, np.uint64(0)) >= camera.clutter + false_share(camera.air, speed):
        return 0
    codes[0], codes[1], codes[2], codes[3] = -1, int(6 * uniform(key, np.uint64(1))), 0, -1
    values[0] = 2.0 + (camera.range_max - 2.0) * uniform(key, np.uint64(2))
    values[1] = np.nan
    values[2] = camera.half_view * (2.0 * uniform(key, np.uint64(3)) - 1.0)
    values[3] = values[0] * math.sin(values[2])
    values[4] = CAR_WIDTH_M / values[0]
    return 1

"""A lidar's object list: who has enough beams on them, and where these end."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.base.rng import mix, normal, uniform
from sim.sensing.around import Around, look_around
from sim.sensing.detect import in_burst, scans_at, verdict
from sim.sensing.reasons import Reason
from sim.sensing.static import Static
from sim.sensing.sweep import Beams, sweep
from sim.sensing.traffic import Traffic
from sim.sensing.weather import Air, false_share, haze
from sim.world.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Hits = NDArray[np.int32]
Keys = NDArray[np.uint64]

_MISSED_VIEW = int(Reason.FIELD_OF_VIEW)
_OCCLUDED = int(Reason.OCCLUDED)
_DROPOUT = int(Reason.DROPOUT)
_NO_SCAN = int(Reason.NO_SCAN)
_TOO_SMALL = int(Reason.TOO_SMALL)
_OBJECT = int(Kind.OBJECT)
_OWN = np.uint64(0xC100D)


class Cloud(NamedTuple):
    """The part of `CloudSettings` that kernels read; the same names and units."""

    range_max: float
    half_view: float
    rate: float
    points_min: int
    detect_near: float
    detect_far: float
    dropout_per_s: float
    dropout_max_frames: float
    clutter: float
    range_noise: float
    bearing_noise: float
    air: Air


class Turn(NamedTuple):
    """Room for one turn: boxes (N, 6), and per beam or box as for `sweep`.

    `tally` (N, 4) counts the beams that end on each box, with the largest inverse distance and
    the sums of their directions.
    """

    box: Floats
    inverse: Floats
    hit: Hits
    covered: Hits
    tally: Floats


def room_to_turn(beams: int, around: Around, static: Static) -> Turn:
    """Room for the fullest frame of all."""
    most = len(around.row) + int(np.diff(static.start).max(initial=0))
    return Turn(
        np.empty((most, 6)),
        np.empty(beams),
        np.empty(beams, np.int32),
        np.empty(most, np.int32),
        np.empty((most, 4)),
    )


@njit
def cloud_lists(
    ego_row: Ints,
    ego_key: Keys,
    row_key: Keys,
    traffic: Traffic,
    static: Static,
    around: Around,
    cloud: Cloud,
    beams: Beams,
    turn: Turn,
    keep_missed: bool,
) -> tuple[Ints, Ints, Floats]:
    """The lists of all E ego rows one after the other, as `Lists`.

    Arguments as for the radar's `object_lists`, and the beams with room for a turn. The lidar
    names no kind and measures no range rate; range is that of the nearest beam.
    """
    start = np.zeros(len(ego_row) + 1, np.int64)
    codes = np.empty((16 * len(ego_row) + 512, 4), np.int64)
    values = np.empty((len(codes), 5))
    n = 0
    for e in range(len(ego_row)):
        r = ego_row[e]
        ego, row = mix(ego_key[e], _OWN), mix(row_key[e], _OWN)
        m = look_around(r, traffic, cloud.range_max, not keep_missed, around)
        if n + m + 1 > len(codes):
            codes = np.concatenate((codes, np.empty_like(codes)))
            values = np.concatenate((values, np.empty_like(values)))
        scans = scans_at(traffic.frame[r], cloud.rate)
        if scans:
            _turn(r, m, traffic, static, around, cloud, beams, turn)
        for k in range(m):
            j = around.row[k]
            pair, now = mix(ego, np.uint64(traffic.track[j])), mix(row, np.uint64(traffic.track[j]))
            codes[n, 0], codes[n, 1], codes[n, 3] = traffic.track[j], traffic.kind[j], j
            values[n, :4], values[n, 4] = around.geo[k], np.nan
            reason = _NO_SCAN
            if scans:
                reason = _fate(r, j, k, traffic, around, cloud, beams, turn, pair, now, values[n])
            if reason and not keep_missed:
                continue
            codes[n, 2] = reason
            if not reason:
                codes[n, 1] = _OBJECT
            n += 1
        if scans and traffic.known[r]:
            n += _clutter(cloud, traffic.speed[r], row, codes[n], values[n])
        start[e + 1] = n
    return start, codes[:n].copy(), values[:n].copy()


@njit
def _turn(
    r: int,
    m: int,
    traffic: Traffic,
    static: Static,
    around: Around,
    cloud: Cloud,
    beams: Beams,
    turn: Turn,
) -> None:
    c, s, front = traffic.cos[r], traffic.sin[r], 0.5 * traffic.length[r]
    box, n = turn.box, 0
    for k in range(m):
        j = around.row[k]
        dx, dy = traffic.x[j] - traffic.x[r], traffic.y[j] - traffic.y[r]
        box[n, 0], box[n, 1] = dx * c + dy * s - front, dy * c - dx * s
        box[n, 2] = traffic.cos[j] * c + traffic.sin[j] * s
        box[n, 3] = traffic.sin[j] * c - traffic.cos[j] * s
        box[n, 4], box[n, 5] = 0.5 * traffic.length[j], 0.5 * traffic.width[j]
        n += 1
    e = traffic.episode[r]
    for b in range(static.start[e], static.start[e + 1]):
        x, y, cos, sin, length, width = static.box[b]
        dx, dy = x - traffic.x[r], y - traffic.y[r]
        box[n, 0], box[n, 1] = dx * c + dy * s - front, dy * c - dx * s
        box[n, 2], box[n, 3] = cos * c + sin * s, sin * c - cos * s
        box[n, 4], box[n, 5] = 0.5 * length, 0.5 * width
        n += 1
    # a car's nearest point may be in reach and the one that a beam meets a little farther
    sweep(beams, box[:n], 1.2 * cloud.range_max, turn.inverse, turn.hit, turn.covered[:n])
    tally = turn.tally
    tally[:n] = 0.0
    for i in range(len(turn.hit)):
        k = turn.hit[i]
        if k >= 0:
            tally[k, 0] += 1.0
            tally[k, 1] = max(tally[k, 1], turn.inverse[i])
            tally[k, 2] += beams.dx[i]
            tally[k, 3] += beams.dy[i]


@njit
def _fate(
    r: int,
    j: int,
    k: int,
    traffic: Traffic,
    around: Around,
    cloud: Cloud,
    beams: Beams,
    turn: Turn,
    pair: np.uint64,
    now: np.uint64,
    values: Floats,
) -> int:
    """Why object k is missed, or 0 with what is measured of it in `values`."""
    reach = around.geo[k, 0]
    if abs(around.geo[k, 2]) > cloud.half_view:
        return _MISSED_VIEW
    if turn.covered[k] < cloud.points_min:
        return _TOO_SMALL
    points, most, ahead, aside = turn.tally[k]
    if points < cloud.points_min:
        return _OCCLUDED
    if in_burst(cloud.dropout_per_s, cloud.dropout_max_frames, traffic.frame[r], pair):
        return _DROPOUT
    x, y = traffic.x[j] - traffic.x[r], traffic.y[j] - traffic.y[r]
    air = haze(cloud.air, reach, traffic.speed[r], x, y)
    share, u = (reach / cloud.range_max) ** 2, uniform(now, np.uint64(0))
    reason = verdict(u, cloud.detect_near, cloud.detect_far, share, 0.0, air)
    if not reason:
        values[0] = max(1.0 / most + cloud.range_noise * normal(now, np.uint64(1)), 0.0)
        values[1] = np.nan
        values[2] = math.atan2(aside, ahead) + cloud.bearing_noise * normal(now, np.uint64(2))
        values[3] = values[0] * math.sin(values[2])
        values[4] = points * 2.0 * cloud.half_view / len(turn.hit)
    return reason


@njit
def _clutter(cloud: Cloud, speed: float, key: np.uint64, codes: Ints, values: Floats) -> int:
    key = mix(key, np.uint64(0xC1077E2))
    if uniform(key, np.uint64(0)) >= cloud.clutter + false_share(cloud.air, speed):
        return 0
    codes[0], codes[1], codes[2], codes[3] = -1, _OBJECT, 0, -1
    values[0] = 1.0 + 29.0 * uniform(key, np.uint64(1))
    values[1] = np.nan
    values[2] = cloud.half_view * (2.0 * uniform(key, np.uint64(2)) - 1.0)
    values[3] = values[0] * math.sin(values[2])
    values[4] = np.nan
    return 1

"""A range scan: the clearance from the ego's body along each of a few beams."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.base.rng import mix, normal, uniform
from sim.laws.ray import ray_box
from sim.sensing.detect import scans_at
from sim.sensing.static import Static
from sim.sensing.traffic import Traffic
from sim.sensing.weather import Air, false_share, haze

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BACKSCATTER_M = 12.0
"""Drops and flakes return light from nearer than this (engineering)."""


def beam_angles(beams: int, opening_rad: float) -> Floats:
    """Directions of the beams, from right to left, 0 straight ahead [rad].

    Their spacing grows with the angle: with 33 beams over 4.2 rad it is 0.008 rad ahead,
    where a car 100 m away is 0.02 wide, and 0.25 rad to the sides, where cars are near.
    """
    place = (2.0 * np.arange(beams, dtype=np.float64) + 1.0) / beams - 1.0
    return np.asarray(0.5 * opening_rad * place * np.abs(place), dtype=np.float64)


@njit
def beam_place(angle: float, opening: float, beams: int) -> float:
    """Which beam looks into a direction, as a real number: the inverse of `beam_angles`."""
    place = np.sign(angle) * np.sqrt(abs(angle) / (0.5 * opening))
    return float(0.5 * ((place + 1.0) * beams - 1.0))


class Scan(NamedTuple):
    """The scan's part of `SensorSettings`, for kernels; the same names and units."""

    opening: float
    reach: float
    noise: float
    dropout: float
    rate: float
    air: Air


@njit
def scan(
    ego_row: Ints,
    row_key: NDArray[np.uint64],
    traffic: Traffic,
    static: Static,
    angle: Floats,
    lidar: Scan,
) -> Floats:
    """Clearances (E, K) [m]: the reach where a beam is free, NaN where its return is lost.

    All are NaN where there is no scan.
    """
    beams = len(angle)
    along, across = np.cos(angle), np.sin(angle)
    out = np.empty((len(ego_row), beams))
    hit = np.empty(beams)
    for e in range(len(ego_row)):
        r = ego_row[e]
        if not (traffic.known[r] and scans_at(traffic.frame[r], lidar.rate)):
            out[e] = np.nan
            continue
        hit[:] = np.inf
        for j in range(traffic.start[traffic.slice_of[r]], traffic.start[traffic.slice_of[r] + 1]):
            if j != r and traffic.known[j]:
                _mark(
                    r, traffic, traffic.x[j], traffic.y[j], traffic.cos[j], traffic.sin[j],
                    traffic.length[j], traffic.width[j], along, across, lidar, hit,
                )  # fmt: skip
        episode = traffic.episode[r]
        for b in range(static.start[episode], static.start[episode + 1]):
            x, y, c, s, length, width = static.box[b]
            _mark(r, traffic, x, y, c, s, length, width, along, across, lidar, hit)
        key = mix(row_key[e], np.uint64(0x11DA7))
        for k in range(beams):
            body = own_edge(along[k], across[k], traffic.length[r], traffic.width[r])
            sun = traffic.cos[r] * along[k] - traffic.sin[r] * across[k]
            side = traffic.sin[r] * along[k] + traffic.cos[r] * across[k]
            out[e, k] = _return(hit[k] - body, traffic.speed[r], sun, side, lidar, key, k)
    return out


@njit
def _return(
    clear: float, speed: float, x: float, y: float, lidar: Scan, key: np.uint64, k: int
) -> float:
    """What beam k reports of a true clearance, looking along (x, y)."""
    drops = false_share(lidar.air, speed)
    if drops > 0.0 and uniform(key, np.uint64(4 * k + 1)) < drops:
        nearer = max(min(clear, BACKSCATTER_M), 0.0)
        return nearer * uniform(mix(key, np.uint64(4 * k + 1)), np.uint64(0))
    if clear >= lidar.reach:
        return lidar.reach
    if uniform(key, np.uint64(4 * k)) < lidar.dropout:
        return float(np.nan)
    if clear * np.exp(haze(lidar.air, max(clear, 0.0), speed, x, y)) >= lidar.reach:
        return float(np.nan)
    return max(clear + lidar.noise * normal(key, np.uint64(2 * k + 1)), 0.0)


@njit
def _mark(
    r: int,
    traffic: Traffic,
    x: float,
    y: float,
    cos: float,
    sin: float,
    length: float,
    width: float,
    along: Floats,
    across: Floats,
    lidar: Scan,
    hit: Floats,
) -> None:
    """Shorten the beams of row r that meet a box."""
    c, s, beams = traffic.cos[r], traffic.sin[r], len(hit)
    dx, dy = x - traffic.x[r], y - traffic.y[r]
    size = 0.5 * (length + width)
    far_away = lidar.reach + size + traffic.length[r]
    if abs(dx) > far_away or abs(dy) > far_away:
        return
    lon, lat = dx * c + dy * s, dy * c - dx * s
    far = np.hypot(lon, lat)
    half = np.arcsin(size / far) if size < far else np.pi
    at = np.arctan2(lat, lon)
    ct, st = cos * c + sin * s, sin * c - cos * s
    for turn in (-1, 0, 1):  # the same direction, once round either way
        middle = at + turn * 2 * np.pi
        first = int(np.ceil(beam_place(middle - half, lidar.opening, beams) - 1e-9))
        last = int(np.floor(beam_place(middle + half, lidar.opening, beams) + 1e-9))
        for k in range(max(first, 0), min(last, beams - 1) + 1):
            distance = ray_box(along[k], across[k], lon, lat, ct, st, length, width)
            hit[k] = min(hit[k], distance)


@njit
def own_edge(dx: float, dy: float, length: float, width: float) -> float:
    """Distance from the centre of the ego's own box to its edge along a unit vector [m]."""
    return float(min(0.5 * length / max(abs(dx), 1e-9), 0.5 * width / max(abs(dy), 1e-9)))

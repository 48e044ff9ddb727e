"""A range scan: the clearance from the ego's body along each of a few beams."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.base.rng import mix, normal, uniform
from sim.laws.ray import ray_box
from sim.sensing.traffic import Traffic

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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


@njit
def scan(
    ego_row: Ints,
    row_key: NDArray[np.uint64],
    traffic: Traffic,
    angle: Floats,
    opening: float,
    reach: float,
    noise: float,
    dropout: float,
) -> Floats:
    """Clearances (E, K) [m]: `reach` where a beam is free, NaN where its return is lost."""
    beams = len(angle)
    along, across = np.cos(angle), np.sin(angle)
    out = np.empty((len(ego_row), beams))
    hit = np.empty(beams)
    for e in range(len(ego_row)):
        r = ego_row[e]
        c, s = traffic.cos[r], traffic.sin[r]
        hit[:] = np.inf
        for j in range(traffic.start[traffic.slice_of[r]], traffic.start[traffic.slice_of[r] + 1]):
            dx, dy = traffic.x[j] - traffic.x[r], traffic.y[j] - traffic.y[r]
            size = 0.5 * (traffic.length[j] + traffic.width[j])
            far_away = reach + size + traffic.length[r]
            if j == r or abs(dx) > far_away or abs(dy) > far_away:
                continue
            lon, lat = dx * c + dy * s, dy * c - dx * s
            far = np.hypot(lon, lat)
            half = np.arcsin(size / far) if size < far else np.pi
            at = np.arctan2(lat, lon)
            ct = traffic.cos[j] * c + traffic.sin[j] * s
            st = traffic.sin[j] * c - traffic.cos[j] * s
            for turn in (-1, 0, 1):  # the same direction, once round either way
                middle = at + turn * 2 * np.pi
                first = int(np.ceil(beam_place(middle - half, opening, beams) - 1e-9))
                last = int(np.floor(beam_place(middle + half, opening, beams) + 1e-9))
                for k in range(max(first, 0), min(last, beams - 1) + 1):
                    distance = ray_box(
                        along[k], across[k], lon, lat, ct, st, traffic.length[j], traffic.width[j]
                    )
                    hit[k] = min(hit[k], distance)
        key = mix(row_key[e], np.uint64(0x11DA7))
        for k in range(beams):
            body = own_edge(along[k], across[k], traffic.length[r], traffic.width[r])
            clear = hit[k] - body
            if clear >= reach:
                out[e, k] = reach
            elif uniform(key, np.uint64(4 * k)) < dropout:
                out[e, k] = np.nan
            else:
                out[e, k] = max(clear + noise * normal(key, np.uint64(2 * k + 1)), 0.0)
    return out


@njit
def own_edge(dx: float, dy: float, length: float, width: float) -> float:
    """Distance from the centre of the ego's own box to its edge along a unit vector [m]."""
    return float(min(0.5 * length / max(abs(dx), 1e-9), 0.5 * width / max(abs(dy), 1e-9)))

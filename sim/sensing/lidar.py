"""A range scan: the clearance from the ego's body along each of a few beams."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.base.rng import mix, normal, uniform

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def beam_angles(beams: int, opening_rad: float) -> Floats:
    """Directions of the beams, from right to left, 0 straight ahead [rad]."""
    step = opening_rad / beams
    middle = np.arange(beams, dtype=np.float64) + 0.5
    return np.asarray(middle * step - 0.5 * opening_rad, dtype=np.float64)


@njit
def ray_box(
    dx: float, dy: float, cx: float, cy: float, yaw: float, length: float, width: float
) -> float:
    """Distance from the origin along the unit vector (dx, dy) to a box, inf if it passes by.

    The slab test in the box's own frame; 0 if the origin lies inside.
    """
    c, s = np.cos(yaw), np.sin(yaw)
    near, far = -np.inf, np.inf
    for axis in range(2):
        if axis == 0:
            o, d, half = -(cx * c + cy * s), dx * c + dy * s, 0.5 * length
        else:
            o, d, half = cx * s - cy * c, -dx * s + dy * c, 0.5 * width
        if abs(d) < 1e-12:
            if abs(o) > half:
                return np.inf
            continue
        t1, t2 = (-half - o) / d, (half - o) / d
        near, far = max(near, min(t1, t2)), min(far, max(t1, t2))
    if near > far or far < 0.0:
        return np.inf
    return max(near, 0.0)


@njit
def scan(
    ego_row: Ints,
    row_key: NDArray[np.uint64],
    x: Floats,
    y: Floats,
    yaw: Floats,
    length: Floats,
    width: Floats,
    slice_of: Ints,
    start: Ints,
    angle: Floats,
    reach: float,
    noise: float,
    dropout: float,
) -> Floats:
    """Clearances (E, K) [m]: `reach` where a beam is free, NaN where its return is lost."""
    beams = len(angle)
    step = angle[1] - angle[0]
    out = np.empty((len(ego_row), beams))
    hit = np.empty(beams)
    for e in range(len(ego_row)):
        r = ego_row[e]
        c, s = np.cos(yaw[r]), np.sin(yaw[r])
        hit[:] = np.inf
        for j in range(start[slice_of[r]], start[slice_of[r] + 1]):
            lon = (x[j] - x[r]) * c + (y[j] - y[r]) * s
            lat = -(x[j] - x[r]) * s + (y[j] - y[r]) * c
            far = np.hypot(lon, lat)
            size = 0.5 * np.hypot(length[j], width[j])
            if j == r or far > reach + size + length[r]:
                continue
            half = np.arcsin(size / far) if size < far else np.pi
            at = np.arctan2(lat, lon)
            for turn in (-1, 0, 1):  # the same direction, once round either way
                first = int(np.ceil((at - half + turn * 2 * np.pi - angle[0]) / step))
                last = int(np.floor((at + half + turn * 2 * np.pi - angle[0]) / step))
                for k in range(max(first, 0), min(last, beams - 1) + 1):
                    distance = ray_box(
                        np.cos(angle[k]),
                        np.sin(angle[k]),
                        lon,
                        lat,
                        yaw[j] - yaw[r],
                        length[j],
                        width[j],
                    )
                    hit[k] = min(hit[k], distance)
        key = mix(row_key[e], np.uint64(0x11DA7))
        for k in range(beams):
            body = ray_box_inside(angle[k], length[r], width[r])
            clear = hit[k] - body
            if clear >= reach:
                out[e, k] = reach
            elif uniform(key, np.uint64(4 * k)) < dropout:
                out[e, k] = np.nan
            else:
                out[e, k] = max(clear + noise * normal(key, np.uint64(2 * k + 1)), 0.0)
    return out


@njit
def ray_box_inside(angle: float, length: float, width: float) -> float:
    """Distance from the centre of the ego's own box to its edge along a beam [m]."""
    c, s = abs(np.cos(angle)), abs(np.sin(angle))
    return float(min(0.5 * length / max(c, 1e-9), 0.5 * width / max(s, 1e-9)))

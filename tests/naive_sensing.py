"""Slow, readable twins of sensor kernels, written from the definitions alone."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np


def edges_of(box: np.ndarray) -> list[tuple[complex, complex]]:
    """The four sides of a box (x, y, yaw, length, width) as pairs of points."""
    x, y, yaw, length, width = box
    turn = complex(math.cos(yaw), math.sin(yaw))
    around = [(1, 1), (-1, 1), (-1, -1), (1, -1), (1, 1)]
    points = [complex(x, y) + 0.5 * complex(a * length, b * width) * turn for a, b in around]
    return list(pairwise(points))


def inside(origin: complex, box: np.ndarray) -> bool:
    """Whether a point is in the box."""
    x, y, yaw, length, width = box
    local = (origin - complex(x, y)) * complex(math.cos(yaw), -math.sin(yaw))
    return abs(local.real) <= 0.5 * length and abs(local.imag) <= 0.5 * width


def ray(origin: complex, angle: float, boxes: np.ndarray, reach: float) -> tuple[float, int]:
    """Distance and box that a ray meets first: the crossing with each side of each box."""
    best, who = math.inf, -1
    direction = complex(math.cos(angle), math.sin(angle))
    for j, box in enumerate(boxes):
        if np.isnan(box).any():
            continue
        if inside(origin, box):
            return 0.0, j
        for a, b in edges_of(box):
            start = (a - origin) / direction  # turned so that the ray is the real axis
            stop = (b - origin) / direction
            if (start.imag < 0.0) == (stop.imag < 0.0):
                continue
            share = start.imag / (start.imag - stop.imag)
            along = start.real + share * (stop.real - start.real)
            if 0.0 <= along < min(best, reach):
                best, who = along, j
    return best, who

"""How much of a road user is seen past what stands beside the road."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.laws.ray import ray_box
from sim.sensing.static import Static
from sim.sensing.traffic import Traffic

Floats = NDArray[np.float64]

LOOKS = 15
"""Directions that are tried across an object."""


@njit
def past_walls(
    r: int, j: int, traffic: Traffic, static: Static, low: Floats, high: Floats, k: int
) -> tuple[float, bool]:
    """The share of object k that neither nearer road users nor static boxes hide.

    Rays, not intervals: a wall along the road is nearer than a car at one end only.

    Args:
        r: Row of the ego; it looks from its front bumper.
        j: Row of the object.
        traffic: The road users.
        static: The static boxes.
        low, high: Slopes of all objects, nearest first.
        k: Which one row j is.

    Returns:
        The share, and whether the static boxes alone hide more than half.
    """
    free, behind = 0, 0
    for look in range(LOOKS):
        slope = low[k] + (look + 0.5) / LOOKS * (high[k] - low[k])
        wall = _wall_before(r, j, traffic, static, slope)
        behind += wall
        taken = wall
        for i in range(k):
            taken |= low[i] <= slope < high[i]
        free += not taken
    return free / LOOKS, 2 * behind > LOOKS


@njit
def _wall_before(r: int, j: int, traffic: Traffic, static: Static, slope: float) -> bool:
    c, s, front = traffic.cos[r], traffic.sin[r], 0.5 * traffic.length[r]
    x0, y0 = traffic.x[r] + front * c, traffic.y[r] + front * s
    size = math.hypot(1.0, slope)
    dx, dy = (c - slope * s) / size, (s + slope * c) / size
    own = ray_box(
        dx, dy, traffic.x[j] - x0, traffic.y[j] - y0,
        traffic.cos[j], traffic.sin[j], traffic.length[j], traffic.width[j],
    )  # fmt: skip
    e = traffic.episode[r]
    for b in range(static.start[e], static.start[e + 1]):
        box = static.box[b]
        if ray_box(dx, dy, box[0] - x0, box[1] - y0, box[2], box[3], box[4], box[5]) < own:
            return True
    return False

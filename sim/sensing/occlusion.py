"""What nearer boxes hide: intervals on an image line ahead of the sensor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit

Floats = NDArray[np.float64]

NEAR_M = 0.1
"""Corners behind this distance are pulled forward to it, so that slopes stay finite."""


@njit
def shadow(
    lon: float, lat: float, cos: float, sin: float, length: float, width: float
) -> tuple[float, float]:
    """The interval of slopes lat/lon that a box covers as seen from the origin.

    Args:
        lon, lat: Centre of the box ahead of and left of the sensor [m].
        cos, sin: Of its heading relative to the sensor's.
        length, width: Its size [m].

    Returns:
        Lowest and highest slope; (1, -1), an empty interval, if the box is wholly behind.
    """
    c, s = 0.5 * cos, 0.5 * sin
    if lon + abs(length * c) + abs(width * s) < NEAR_M:
        return 1.0, -1.0
    low, high = np.inf, -np.inf
    for i in (-1.0, 1.0):
        for j in (-1.0, 1.0):
            ahead = max(lon + i * length * c - j * width * s, NEAR_M)
            slope = (lat + i * length * s + j * width * c) / ahead
            low, high = min(low, slope), max(high, slope)
    return low, high


@njit
def visible_share(low: Floats, high: Floats, k: int) -> tuple[float, int]:
    """How much of interval k is free of intervals 0..k-1, the nearer ones.

    Returns:
        The free share in [0, 1], and which interval hides more than half of k alone: -1 if
        none does, -2 if more than one.
    """
    width = high[k] - low[k]
    hider, touched, whole = -1, False, False
    for i in range(k):
        overlap = min(high[i], high[k]) - max(low[i], low[k])
        if overlap > 0.0:
            touched = True
            whole |= overlap >= width
            if overlap > 0.5 * width:
                hider = i if hider == -1 else -2
    if whole or not touched:  # nine in ten on a busy street
        return (0.0 if whole else 1.0), hider
    return 1.0 - _covered(low, high, k) / width, hider


@njit
def _covered(low: Floats, high: Floats, k: int) -> float:
    """Length of interval k that the nearer ones cover: jump over what covers each point."""
    at, covered = low[k], 0.0
    while at < high[k]:
        reach, following = at, high[k]
        for i in range(k):
            if low[i] <= at < high[i]:
                reach = max(reach, high[i])
            elif at < low[i] < high[i]:
                following = min(following, low[i])
        if reach > at:
            covered += min(reach, high[k]) - at
            at = reach
        else:
            at = following
    return covered

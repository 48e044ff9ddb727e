"""Whether a visible object is detected in a scan, and if not, what it was that lost it."""

from __future__ import annotations

import math

import numpy as np

from sim.base.jit import njit
from sim.base.rng import mix, uniform
from sim.sensing.reasons import Reason

_WEATHER = int(Reason.WEATHER)
_TOO_FAR = int(Reason.RANGE)
_TOO_SMALL = int(Reason.TOO_SMALL)
_CHANCE = int(Reason.CHANCE)

SECOND = 10
"""Frames in one second of a Log."""


@njit
def chance(near: float, far: float, share: float, stretch: float) -> float:
    """Probability of a detection: falls with the square of the range as it seems.

    Args:
        near: Close by.
        far: At the sensor's reach.
        share: Square of the range over the reach.
        stretch: Logarithm of the factor by which the object seems farther.
    """
    if stretch != 0.0:
        share *= math.exp(2.0 * stretch)
    return max(near + (far - near) * share, 0.0)


@njit
def verdict(u: float, near: float, far: float, share: float, small: float, air: float) -> int:
    """A code of `Reason` for a uniform number u; the causes are taken back one by one.

    Args:
        u: In (0, 1): the same one in any weather, so worse weather never shows more.
        near, far, share: As for `chance`.
        small: Stretch because the object is smaller than a car.
        air: Stretch by the weather.
    """
    if u < chance(near, far, share, small + air):
        return 0
    if u < chance(near, far, share, small):
        return _WEATHER
    if u < chance(near, far, share, 0.0):
        return _TOO_SMALL
    return _TOO_FAR if u < near else _CHANCE


@njit
def in_burst(per_s: float, most_frames: float, frame: int, pair: np.uint64) -> bool:
    """Whether a burst of lost scans hides an object at this frame."""
    # One draw for each whole second instead of a state, so that any scan can be made alone.
    second = frame // SECOND
    key = mix(pair, np.uint64(2 * second + 1))
    if uniform(key, np.uint64(0)) >= per_s:
        return False
    length = most_frames * uniform(key, np.uint64(1))
    first = (SECOND - length) * uniform(key, np.uint64(2))
    return bool(first <= frame - second * SECOND < first + length)


@njit
def scans_at(frame: int, rate: float) -> bool:
    """Whether a sensor of this rate [Hz] scans at this frame; each does at frame 0."""
    return bool(math.floor(frame * rate / SECOND) != math.floor((frame - 1) * rate / SECOND))

"""When does a quantity that changes quadratically first fall below zero?"""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def first_crossing(value: float, slope: float, curve: float, dt: float) -> float:
    """Smallest t in [0, dt) with value + slope t + curve t² <= 0, or NaN [s].

    Args:
        value: At t = 0.
        slope: Its rate of change [1/s].
        curve: Half its second derivative [1/s²].
        dt: End of the interval [s].
    """
    if value <= 0.0:
        return 0.0
    under = slope * slope - 4.0 * curve * value
    if under < 0.0:
        return math.nan
    # value > 0: with the root's sign chosen so nothing cancels, only slope < 0 can give t > 0
    # first, or curve < 0 after a rise
    bottom = -slope + math.sqrt(under)
    if bottom <= 0.0:
        return math.nan
    root = 2.0 * value / bottom
    return root if root < dt else math.nan


@njit
def reach(distance: float, speed: float, accel: float, dt: float) -> float:
    """Instant in [0, dt) at which a user has covered a distance, or NaN [s].

    0 for a distance <= 0. Who brakes stops for good: a place beyond is never reached.

    Args:
        distance: From the user to the place [m].
        speed: [m/s], not negative.
        accel: [m/s²].
        dt: End of the interval [s].
    """
    return first_crossing(distance, -speed, -0.5 * accel, dt)

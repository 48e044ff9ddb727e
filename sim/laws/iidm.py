"""The improved intelligent driver model: its gap is exactly s0 + v T up to the desired speed."""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def iidm(
    speed: float,
    gap: float,
    lead_speed: float,
    desired_speed: float,
    headway: float,
    accel_max: float,
    brake_comfort: float,
    min_gap: float,
) -> float:
    """Acceleration of a follower [m/s²]; arguments as in `idm`.

        z = s* / s,  s* as in the IDM
        a_free = a (1 - (v / v0)^4)           for v <= v0
                 -b (1 - (v0 / v)^(4 a / b))  for v >  v0
        dv/dt  = a (1 - z²)                   for v <= v0, z >= 1
                 a_free (1 - z^(2 a / a_free))  for v <= v0, z < 1
                 a_free + a (1 - z²)          for v >  v0, z >= 1
                 a_free                       for v >  v0, z < 1

    The IDM keeps more than s0 + v T near v0, and brakes harder than b above it.

    Source: Treiber and Kesting, Traffic Flow Dynamics, Springer 2013, section 11.3.7.
    """
    wish = max(desired_speed, 0.1)
    approach = speed * (speed - lead_speed) / (2.0 * math.sqrt(accel_max * brake_comfort))
    z = (min_gap + max(0.0, speed * headway + approach)) / max(gap, 0.01)
    near = accel_max * (1.0 - z * z)
    if speed > wish:
        free = -brake_comfort * (1.0 - math.pow(wish / speed, 4.0 * accel_max / brake_comfort))
        return free + near if z >= 1.0 else free
    if z >= 1.0:
        return near
    ratio = speed / wish
    free = accel_max * (1.0 - ratio * ratio * ratio * ratio)
    return free * (1.0 - math.pow(z, 2.0 * accel_max / free)) if free > 0.0 else 0.0

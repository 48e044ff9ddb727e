"""The intelligent driver model."""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def idm(
    speed: float,
    gap: float,
    lead_speed: float,
    desired_speed: float,
    headway: float,
    accel_max: float,
    brake_comfort: float,
    min_gap: float,
) -> float:
    """Acceleration of a follower [m/s²].

        s* = s0 + max(0, v T + v (v - u) / (2 sqrt(a b)))
        dv/dt = a (1 - (v / v0)^4) - a (s* / s)²

    The first term is not let under -b: who is too fast for a new limit slows in comfort.

    Args:
        speed: v, own speed [m/s].
        gap: s, bumper to bumper [m]; infinite on an empty road.
        lead_speed: u [m/s].
        desired_speed: v0 [m/s].
        headway: T [s].
        accel_max: a [m/s²].
        brake_comfort: b [m/s²].
        min_gap: s0 [m].

    Source: Treiber, Hennecke and Helbing, Phys. Rev. E 62 (2000) 1805, eqs. 2 and 3.
    """
    ratio = speed / max(desired_speed, 0.1)
    free = max(accel_max * (1.0 - ratio * ratio * ratio * ratio), -brake_comfort)
    approach = speed * (speed - lead_speed) / (2.0 * math.sqrt(accel_max * brake_comfort))
    wanted = min_gap + max(0.0, speed * headway + approach)
    share = wanted / max(gap, 0.01)
    return free - accel_max * share * share

"""Krauss' safe-speed car-following law, the one of SUMO's default vehicle."""

from __future__ import annotations

import math

from sim.base.jit import njit

RELAX_S = 0.5  # longest time to reach the safe speed: a lag of T would eat the margin v T


@njit
def krauss(
    speed: float,
    gap: float,
    lead_speed: float,
    desired_speed: float,
    headway: float,
    accel_max: float,
    brake_comfort: float,
    min_gap: float,
) -> float:
    """Acceleration that reaches Krauss' speed within one headway, or 0.5 s [m/s²].

        v_safe = -b T + sqrt(b² T² + u² + 2 b (s - s0))
        dv/dt = min(a, (min(v_safe, V) - v) / min(T, 0.5 s))

    The driver's imperfection (dawdling) is left to the noise processes.

    Args:
        speed: v, own speed [m/s].
        gap: s, bumper to bumper [m].
        lead_speed: u [m/s].
        desired_speed: V [m/s].
        headway: T [s].
        accel_max: a [m/s²].
        brake_comfort: b [m/s²].
        min_gap: s0 [m].

    Source: Krauss, Microscopic modeling of traffic flow, thesis, Köln 1998, eq. 4.
    """
    time = max(headway, 0.1)
    braking = brake_comfort * time
    room = min(gap - min_gap, 1e6)  # an empty road: 1000 km are as good as infinity
    under = braking * braking + lead_speed * lead_speed + 2.0 * brake_comfort * room
    safe = max(-braking + math.sqrt(max(under, 0.0)), 0.0)
    relax = min(time, RELAX_S)
    cruise = max((desired_speed - speed) / relax, -brake_comfort)
    return min(accel_max, cruise, (safe - speed) / relax)

"""Gipps' safe-speed car-following law."""

from __future__ import annotations

import math

from sim.base.jit import njit

RELAX_S = 0.5  # longest time to reach the safe speed: with 2 s cars creep into a standing queue


@njit
def gipps(
    speed: float,
    gap: float,
    lead_speed: float,
    desired_speed: float,
    headway: float,
    accel_max: float,
    brake_comfort: float,
    min_gap: float,
) -> float:
    """Acceleration that reaches Gipps' speed within his reaction time, or 0.5 s [m/s²].

        v_free = v + 2.5 a T (1 - v / V) sqrt(0.025 + v / V)
        v_safe = -b T + sqrt(b² T² + b (2 (s - s0) - v T + u² / b))
        dv/dt = (v_safe - v) / min(T, 0.5 s), at most (v_free - v) / T

    Gipps adds a safety margin of T / 2, so that at equal speeds s = s0 + 1.5 T v: with
    T = headway / 1.5 the argument `headway` means the same as in the other laws.

    Args:
        speed: v, own speed [m/s].
        gap: s, bumper to bumper [m].
        lead_speed: u [m/s].
        desired_speed: V [m/s].
        headway: Time headway in equilibrium [s].
        accel_max: a [m/s²].
        brake_comfort: b, own braking and that expected of the leader [m/s²].
        min_gap: s0 [m].

    Source: Gipps, Transportation Research B 15 (1981) 105, eqs. 2 and 7.
    """
    time = max(headway, 0.1) / 1.5
    ratio = speed / max(desired_speed, 0.1)
    gain = 2.5 * accel_max * (1.0 - ratio) * math.sqrt(0.025 + ratio)
    free = max(gain, -brake_comfort)
    braking = brake_comfort * time
    room = min(gap - min_gap, 1e6)  # an empty road: 1000 km are as good as infinity
    under = braking * braking + brake_comfort * (2.0 * room - speed * time)
    under += lead_speed * lead_speed
    safe = -braking + math.sqrt(max(under, 0.0))
    return min(free, (max(safe, 0.0) - speed) / min(time, RELAX_S))

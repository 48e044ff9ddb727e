"""Adaptive cruise control: the improved IDM, calmed where its braking is not called for."""

from __future__ import annotations

import math

from sim.base.jit import njit
from sim.laws.cah import cah
from sim.laws.iidm import iidm


@njit
def acc(
    speed: float,
    gap: float,
    lead_speed: float,
    lead_accel: float,
    desired_speed: float,
    headway: float,
    accel_max: float,
    brake_comfort: float,
    min_gap: float,
    coolness: float,
) -> float:
    """Acceleration of a vehicle under ACC [m/s²].

        a_IIDM                                              if a_IIDM >= a_CAH
        (1 - c) a_IIDM + c (a_CAH + b tanh((a_IIDM - a_CAH) / b))  otherwise

    A car that cuts in leaves too small a gap, but no danger: the IIDM would brake hard, the
    heuristic would not brake at all, and so ACC lets go slowly.

    Args:
        speed: v [m/s].
        gap: s, bumper to bumper [m]; infinite on an empty road.
        lead_speed: u [m/s].
        lead_accel: a_l [m/s²], counted up to `accel_max`; 0 on an empty road.
        desired_speed: v0 [m/s].
        headway: T [s].
        accel_max: a [m/s²].
        brake_comfort: b [m/s²].
        min_gap: s0 [m].
        coolness: c, 0 the IIDM itself, 1 trusts the heuristic wholly; published 0.99.

    Source: Treiber and Kesting, Traffic Flow Dynamics, Springer 2013, section 11.3.8; with
    the IDM itself Kesting, Treiber and Helbing, Phil. Trans. R. Soc. A 368 (2010) 4585.
    """
    own = iidm(speed, gap, lead_speed, desired_speed, headway, accel_max, brake_comfort, min_gap)
    calm = cah(gap, speed, lead_speed, min(lead_accel, accel_max))
    if own >= calm:
        return own
    blend = calm + brake_comfort * math.tanh((own - calm) / brake_comfort)
    return (1.0 - coolness) * own + coolness * blend

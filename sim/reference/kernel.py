"""One cut-in after the other, in steps of 0.1 s as the drivers' authors take them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.laws.r157_careful import DISMISSED
from sim.reference.drivers import drive, reaction_time

RATE = 10  # steps a second
DT = 1.0 / RATE
DURATION_S = 35.0  # after the moment at which `gap` and `lateral_gap` hold

Floats = NDArray[np.float64]

CRASHED, SIDE, TIME, IMPACT, MIN_GAP, BRAKE = range(6)  # columns of the kernel's result


@njit
def _distance(gap: float, lateral_gap: float) -> float:
    """Between two boxes that are parallel [m]; 0 in contact."""
    return math.hypot(max(gap, 0.0), max(lateral_gap, 0.0))


@njit
def _one(
    driver: int,
    v: float,
    u: float,
    gap: float,
    full_speed: float,
    lateral_gap: float,
    lateral_accel: float,
    length: float,
    width: float,
    out: Floats,
) -> None:
    """One cut-in into `out`; see `sim.reference.cut_in` for what is asked and told.

    The other's speed along the road is constant. Its lateral speed grows by `lateral_accel` to
    `full_speed`, and is 0 once it drives in the middle of the ego's lane. The ego's speed
    changes first, then its position.
    """
    per_step = lateral_accel / RATE
    ramp = math.ceil(full_speed / per_step)  # steps before the lateral speed is full
    ahead = gap + length + ramp * DT * (v - u)  # centre to centre
    swept = -0.5 * per_step * ramp * (ramp - 1)
    wait, brake, accel = reaction_time(driver), 0.0, 0.0
    was_alongside = False
    for step in range(ramp + int(DURATION_S * RATE)):
        if step == ramp:
            swept = 0.0  # no rounding of the ramp may shift the many ties of a round grid
        offset = max(lateral_gap + width - swept / RATE, 0.0)
        side = offset - 0.5 * width - 0.5 * width
        clear = abs(ahead) - length
        out[MIN_GAP] = min(out[MIN_GAP], _distance(clear, side))
        if clear < 0.0 and side < 0.0:
            out[CRASHED] = 1.0
            out[SIDE] = 1.0 if was_alongside else 0.0
            out[TIME] = (step - ramp) * DT
            out[IMPACT] = v - u
            return
        was_alongside = clear < 0.0
        drift = 0.0
        if offset > 0.0:
            drift = per_step * step if step < ramp else full_speed
        accel_before, accel = accel, 0.0
        if ahead >= 0.0:  # whoever has passed the other does not look back
            accel, wait, brake = drive(
                driver, clear, side, drift, v, u, accel_before, 2.0 * length, wait, brake, DT
            )
            if wait == DISMISSED:
                return
        out[BRAKE] = max(out[BRAKE], -accel)
        v = max(v + accel * DT, 0.0)
        ahead += (u - v) * DT
        swept += drift


@njit
def run_cut_ins(
    driver: int,
    ego_speed: Floats,
    other_speed: Floats,
    gap: Floats,
    lateral_speed: Floats,
    lateral_gap: Floats,
    lateral_accel: float,
    length: float,
    width: float,
) -> Floats:
    """All cut-ins (N,) with one driver: columns CRASHED to BRAKE, shape (N, 6)."""
    out = np.zeros((gap.shape[0], 6))
    for i in range(gap.shape[0]):
        out[i, TIME] = out[i, IMPACT] = math.nan
        out[i, MIN_GAP] = math.inf
        _one(
            driver,
            ego_speed[i],
            other_speed[i],
            gap[i],
            lateral_speed[i],
            lateral_gap[i],
            lateral_accel,
            length,
            width,
            out[i],
        )
    return out

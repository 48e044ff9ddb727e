"""Automatic emergency braking: warn, brake in part, brake in full."""

from __future__ import annotations

import math
from enum import IntEnum

from sim.base.jit import njit
from sim.laws.cah import cah
from sim.laws.crossing import first_crossing
from sim.laws.ttc import ttc


class Stage(IntEnum):
    """What the system does; append only."""

    NONE = 0
    WARN = 1
    PARTIAL = 2
    FULL = 3


NONE, WARN, PARTIAL, FULL = (int(stage) for stage in Stage)
COMFORT = 2.0  # [m/s²], engineering: while that suffices a driver is not overruled
HOLD = 2.0  # engineering: braking is held until the time to collision is twice that of warning


@njit
def time_to_contact(gap: float, speed: float, lead_speed: float, lead_accel: float) -> float:
    """Time to collision with a leader that brakes on until it stands [s]; own speed constant.

    A leader that accelerates is not trusted to: its acceleration counts as 0.

    Args:
        gap: Bumper to bumper [m].
        speed: v [m/s], not negative.
        lead_speed: u [m/s], not negative.
        lead_accel: [m/s²].
    """
    if gap <= 0.0 or lead_accel >= 0.0 or lead_speed <= 0.0:
        return ttc(gap, speed, lead_speed)
    stands = -lead_speed / lead_accel
    before = first_crossing(gap, lead_speed - speed, 0.5 * lead_accel, stands)
    if not math.isnan(before):
        return before
    return (gap + 0.5 * lead_speed * stands) / speed if speed > 0.0 else math.inf


@njit
def aeb(
    gap: float,
    speed: float,
    lead_speed: float,
    lead_accel: float,
    warn_ttc: float,
    partial_ttc: float,
    full_ttc: float,
    partial: float,
    full: float,
    active: int,
) -> tuple[int, float]:
    """Stage and demanded deceleration [m/s²].

    In full when the time to collision is at most `full_ttc` and `partial` would no longer
    avoid the crash; in part at most `partial_ttc`, a warning at most `warn_ttc`, both only
    when more than `COMFORT` is needed. Braking is not taken back before the time to
    collision is `HOLD` times `warn_ttc`.

    Args:
        gap: Bumper to bumper [m]; infinite on an empty road.
        speed: [m/s], not negative.
        lead_speed: [m/s], not negative; 0 for who crosses.
        lead_accel: [m/s²].
        warn_ttc: [s].
        partial_ttc: [s], at most `warn_ttc`.
        full_ttc: [s], at most `partial_ttc`.
        partial: Deceleration of the partial stage [m/s²].
        full: Deceleration of the full stage [m/s²]; UN Regulation 152 asks for 5 at least.
        active: The stage at the last look: 0 at first.

    Source: the stages as in the trade (engineering), the needed deceleration from `cah`.
    """
    left = time_to_contact(gap, speed, lead_speed, lead_accel)
    needed = -cah(gap, speed, lead_speed, min(lead_accel, 0.0))
    stage = NONE
    if left <= full_ttc and needed > partial:
        stage = FULL
    elif left <= partial_ttc and needed > COMFORT:
        stage = PARTIAL
    elif left <= warn_ttc and needed > COMFORT:
        stage = WARN
    if active >= PARTIAL and active > stage and left <= HOLD * warn_ttc:
        stage = active
    return stage, full if stage == FULL else (partial if stage == PARTIAL else 0.0)

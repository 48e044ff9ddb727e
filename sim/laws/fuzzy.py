"""The two fuzzy measures of rear-end danger: 0 is safe, 1 is dangerous."""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def pfs(
    gap: float,
    ego_speed: float,
    lead_speed: float,
    reaction: float,
    brake_comfort: float,
    brake_hard: float,
    lead_brake: float,
    margin: float,
    margin_safe: float,
) -> float:
    """Proactive fuzzy measure: is the gap enough, should the lead brake hard? From 0 to 1.

        d_unsafe = v tau + v² / (2 b_hard) - u² / (2 b_lead)
        d_safe = v tau + v² / (2 b_comfort) - u² / (2 b_lead) + margin_safe

    0 where g - margin > d_safe, 1 where it is at most d_unsafe and in contact (g <= 0), linear
    between them. NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s].
        reaction: tau [s].
        brake_comfort: The follower's deceleration without haste [m/s²].
        brake_hard: The follower's strongest [m/s²], not under `brake_comfort`.
        lead_brake: What the lead might do [m/s²].
        margin: Gap wanted at standstill [m].
        margin_safe: More of it, to be wholly at ease [m].

    Source: Mattas et al., Accident Analysis & Prevention 148 (2020) 105794, in the form of the
    authors' public program (ec-jrc/JRC-FSM).
    """
    if math.isnan(gap + ego_speed + lead_speed):
        return math.nan
    if gap <= 0.0:
        return 1.0
    room = gap - margin
    common = ego_speed * reaction - 0.5 * lead_speed * lead_speed / lead_brake
    safe = common + 0.5 * ego_speed * ego_speed / brake_comfort + margin_safe
    unsafe = common + 0.5 * ego_speed * ego_speed / brake_hard
    if room > safe:
        return 0.0
    if room <= unsafe:
        return 1.0
    return (safe - room) / (safe - unsafe)


@njit
def cfs(
    gap: float,
    ego_speed: float,
    lead_speed: float,
    ego_accel: float,
    reaction: float,
    brake_comfort: float,
    brake_hard: float,
) -> float:
    """Critical fuzzy measure: is there a crash if the lead goes on as it does? From 0 to 1.

        a' = max(a, -b_comfort)                 own acceleration during the reaction time
        v' = v + a' tau
        d_safe = (v + a' tau / 2 - u) tau + (v' - u)² / (2 b_comfort)
        d_unsafe = the same with b_hard

    0 where g > d_safe, 1 where g <= d_unsafe and in contact (g <= 0), linear between them; else
    0 where not approaching (v <= u). If the speeds are equal before the reaction time is over
    (v' < u), it is 1 where g < (v - u)² / (2 |a|) and 0 elsewhere. NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u, taken as constant [m/s].
        ego_accel: a [m/s²].
        reaction: tau [s].
        brake_comfort: The follower's deceleration without haste [m/s²].
        brake_hard: The follower's strongest [m/s²], not under `brake_comfort`.

    Source: Mattas et al., Accident Analysis & Prevention 148 (2020) 105794, in the form of the
    authors' public program (ec-jrc/JRC-FSM).
    """
    if math.isnan(gap + ego_speed + lead_speed + ego_accel):
        return math.nan
    if gap <= 0.0:
        return 1.0
    closing = ego_speed - lead_speed
    if closing <= 0.0:
        return 0.0
    felt = max(ego_accel, -brake_comfort)
    later = closing + felt * reaction
    if later < 0.0:
        return 1.0 if gap < 0.5 * closing * closing / abs(ego_accel) else 0.0
    during = (closing + 0.5 * felt * reaction) * reaction
    safe = during + 0.5 * later * later / brake_comfort
    unsafe = during + 0.5 * later * later / brake_hard
    if gap > safe:
        return 0.0
    if gap <= unsafe:
        return 1.0
    return (safe - gap) / (safe - unsafe)

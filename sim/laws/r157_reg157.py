"""The cut-in requirement of UN R157 read as a driver."""

from __future__ import annotations

from sim.base.jit import njit
from sim.laws.r157_pedal import slow

REACTION_REG157_S = 0.35
BRAKE_REG157 = 6.0  # m/s², at once
LATERAL_M = 0.5  # from here on the cut-in counts
VERIFY_S = 0.1  # the regulation's own allowance to be sure of the cut-in


@njit
def reg157(
    gap: float,
    lateral_gap: float,
    ego_speed: float,
    other_speed: float,
    wait: float,
    dt: float,
) -> tuple[float, float]:
    """One step of the requirement: acceleration [m/s²] and new `wait`.

        c = v - u
        danger <=> y <= 0.5 m and |g / c| <= c / (2 * 6 m/s²) + 0.35 s + 0.1 s
        in danger: nothing for 0.35 s, then -6 m/s²

    The bound is the time in which who closes in at c can still stop closing in. Danger that
    has passed ends the braking: the speed stays what it is.

    Args:
        gap: g, bumper to bumper [m].
        lateral_gap: y, side to side [m].
        ego_speed: v [m/s].
        other_speed: u [m/s].
        wait: Reaction time left, 0.35 s at first [s]; each step in danger takes dt of it.
        dt: Step [s].

    Source: UN Regulation 157, paragraph 5.2.5.2; the authors' public program of Mattas et al.
    2022 (ec-jrc/JRC-FSM).
    """
    closing = ego_speed - other_speed
    if lateral_gap > LATERAL_M or closing == 0.0:
        return 0.0, wait
    enough = 0.5 * closing / BRAKE_REG157 + REACTION_REG157_S + VERIFY_S
    if not abs(gap / closing) <= enough:
        return 0.0, wait
    if wait > 0.0:
        return 0.0, wait - dt
    return slow(BRAKE_REG157, ego_speed, dt), wait

"""The foot of the UN R157 reference drivers: how fast and how hard they brake."""

from __future__ import annotations

from sim.base.jit import njit

REACTION_S = 0.75  # from perceived danger to the first braking, without the systems' shorter one
JERK = 12.65  # m/s³: 0.774 g is reached 0.6 s after the pedal is touched
BRAKE_MAX = 0.774 * 9.81  # m/s²: full braking


@njit
def press(brake: float, dt: float) -> float:
    """Deceleration one step on under limited jerk [m/s²]: min(b + j dt, 0.774 g).

    Args:
        brake: b, deceleration until now, positive [m/s²].
        dt: Step [s].

    Source: UN Regulation 157, annex 4, appendix 3.
    """
    return min(brake + JERK * dt, BRAKE_MAX)


@njit
def slow(brake: float, speed: float, dt: float) -> float:
    """Acceleration of who brakes with `brake`, standing still at the latest [m/s²]."""
    return -min(brake, speed / dt)

"""Temporal anticipation: what a driver makes of a picture that is a reaction time old."""

from __future__ import annotations

from sim.base.jit import njit
from sim.laws.bicycle import travel


@njit
def anticipate(
    gap: float, speed: float, lead_speed: float, accel: float, delay: float
) -> tuple[float, float]:
    """Gap and own speed now, as expected from those `delay` ago [m, m/s].

        s' = s - T' (v - u),  v' = max(0, v + T' a)

    The difference of speeds is taken to have stayed, the own acceleration is known. The
    leader's speed remains the one that was seen.

    Args:
        gap: s, as seen [m].
        speed: v, as it was then [m/s], not negative.
        lead_speed: u, as seen [m/s].
        accel: a, own acceleration since [m/s²].
        delay: T', age of the picture: reaction time [s].

    Source: Treiber, Kesting and Helbing, Physica A 360 (2006) 71, section on temporal
    anticipation; that a car which stops does not go back is added.
    """
    new = travel(speed, accel, 0.0, delay)[1] if accel < 0.0 else speed + accel * delay
    return gap - delay * (speed - lead_speed), new

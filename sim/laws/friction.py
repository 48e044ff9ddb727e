"""The friction circle: a tyre can brake or turn with all its grip, not both."""

from __future__ import annotations

import math

from sim.base.jit import njit

GRAVITY = 9.81  # [m/s²]

# Static friction of new tyres at 50 km/h: Bosch, Automotive Handbook.
MU_DRY = 0.85
MU_WET = 0.65  # 0.2 mm of water; 0.55 with 1 mm
MU_ICE = 0.1  # black ice; "0.1 and less"
# Noon, Engineering Analysis of Vehicular Accidents, CRC Press 1994: 0.20 to 0.25
MU_SNOW = 0.2

_INSIDE = 1.0 - 1e-15  # rounding leaves no more than the limit


@njit
def within_circle(accel: float, lateral: float, limit: float) -> tuple[float, float]:
    """The wanted accelerations, scaled together into the circle [m/s²].

        (a, l) min(1, limit / sqrt(a² + l²))

    Neither has priority: it is the nearest point of the circle, so that the direction of the
    force stays, the scaling is continuous and a hard braking car can still be steered, as
    with ABS.

    Args:
        accel: a, along the vehicle [m/s²].
        lateral: l, across it [m/s²].
        limit: mu g [m/s²], not negative.

    Source: the circle, Milliken and Milliken, Race Car Vehicle Dynamics, SAE 1995 (recalled);
    the scaling is engineering.
    """
    wanted = math.hypot(accel, lateral)
    if wanted <= limit:
        return accel, lateral
    share = limit / wanted * _INSIDE
    return accel * share, lateral * share

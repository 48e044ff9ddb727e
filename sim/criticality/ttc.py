"""Time to collision."""

from __future__ import annotations

from numpy.typing import ArrayLike

from sim.base.lift import lifted
from sim.criticality.arrays import Floats, floats
from sim.laws import ttc as law

_ttc = lifted(law.ttc)


def ttc(gap: ArrayLike, ego_speed: ArrayLike, lead_speed: ArrayLike) -> Floats:
    """Time until contact with the vehicle ahead at constant speeds [s]: g / (v - u).

    0 in contact (gap <= 0), infinite when not approaching, NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s].

    Raises:
        UserError: An argument is not a number, or the shapes do not go together.

    Source: Hayward, Highway Research Record 384 (1972) 24.

    >>> ttc(30.0, [20.0, 10.0, float("nan")], 10.0)
    array([ 3., inf, nan])
    """
    return _ttc(*floats(gap, ego_speed, lead_speed))

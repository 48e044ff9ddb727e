"""Modified time to collision: accelerations go on too."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.criticality.arrays import Floats, floats, keep_nan


def mttc(gap: ArrayLike, closing_speed: ArrayLike, closing_accel: ArrayLike) -> Floats:
    """Smallest positive root of g - c t - ½ da t² [s].

    0 in contact (gap <= 0); infinite when not approaching (c <= 0), as for TTC, and where the
    difference in acceleration keeps the gap open; NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        closing_speed: c, ego's speed minus the lead's [m/s].
        closing_accel: da, ego's acceleration minus the lead's [m/s²].

    Raises:
        UserError: An argument is not a number, or the shapes do not go together.

    Source: Ozbay et al., Transp. Res. Record 2083 (2008) 105.

    >>> mttc(30.0, 5.0, [2.0, 0.0, -2.0]).round(4)
    array([3.5208, 6.    ,    inf])
    """
    gap, c, accel = floats(gap, closing_speed, closing_accel)
    # 2 g / (c + root) is the root (-c + root) / da in a form that survives da -> 0
    with np.errstate(divide="ignore", invalid="ignore"):
        under = c * c + 2.0 * accel * gap
        time = 2.0 * gap / (c + np.sqrt(under))
    time = np.where((under < 0.0) | (c <= 0.0) | np.isposinf(gap), np.inf, time)
    return keep_nan(np.where(gap <= 0.0, 0.0, time), gap, c, accel)

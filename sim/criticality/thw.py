"""Time headway."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.criticality.arrays import Floats, floats, keep_nan


def thw(gap: ArrayLike, ego_speed: ArrayLike) -> Floats:
    """Time in which the gap is driven through [s]: g / v.

    0 in contact (gap <= 0), infinite at a stand, NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].

    Raises:
        UserError: An argument is not a number, or the shapes do not go together.

    Source: SAE J2944 (2015), section 8.2, gap time.

    >>> thw([30.0, 30.0, -1.0], [20.0, 0.0, 20.0])
    array([1.5, inf, 0. ])
    """
    gap, speed = floats(gap, ego_speed)
    with np.errstate(divide="ignore", invalid="ignore"):
        time = np.where(speed <= 0.0, np.inf, gap / speed)
    return keep_nan(np.where(gap <= 0.0, 0.0, time), gap, speed)

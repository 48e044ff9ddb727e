"""Time headway."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def thw(gap: ArrayLike, ego_speed: ArrayLike) -> Floats:
    """Time in which the gap is driven through [s]: g / v.

    0 in contact (gap <= 0), infinite at a stand, NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].

    Source: SAE J2944 (2015), section 8.2, gap time.

    >>> thw([30.0, 30.0, -1.0], [20.0, 0.0, 20.0])
    array([1.5, inf, 0. ])
    """
    gap = np.asarray(gap, dtype=np.float64)
    speed = np.asarray(ego_speed, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        time = np.where(speed <= 0.0, np.inf, gap / speed)
    unknown = np.isnan(gap) | np.isnan(speed)
    return np.where(unknown, np.nan, np.where(gap <= 0.0, 0.0, time))

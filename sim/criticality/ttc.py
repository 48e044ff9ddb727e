"""Time to collision."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def ttc(gap: ArrayLike, ego_speed: ArrayLike, lead_speed: ArrayLike) -> Floats:
    """Time until contact with the vehicle ahead at constant speeds [s]: g / (v - u).

    0 in contact (gap <= 0), infinite when not approaching, NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s].

    Source: Hayward, Highway Research Record 384 (1972) 24.

    >>> ttc(30.0, [20.0, 10.0, np.nan], 10.0)
    array([ 3., inf, nan])
    """
    gap = np.asarray(gap, dtype=np.float64)
    closing = np.subtract(ego_speed, lead_speed, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        time = np.where(closing <= 0.0, np.inf, gap / closing)
    unknown = np.isnan(gap) | np.isnan(closing)
    return np.where(unknown, np.nan, np.where(gap <= 0.0, 0.0, time))

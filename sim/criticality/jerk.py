"""Jerk: how suddenly the acceleration changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.base.errors import expected
from sim.criticality.arrays import Floats, floats, positive


def jerk(accel: ArrayLike, dt: ArrayLike) -> Floats:
    """Rate of change of the acceleration [m/s³], by central differences.

    One-sided at the ends. NaN beside a sample that is NaN, and for a series of fewer than two
    samples: one acceleration has no rate.

    Args:
        accel: Along the heading [m/s²], time along the last axis.
        dt: Step [s], one number.

    Returns:
        Of the shape of `accel`.

    Raises:
        UserError: `dt` is not one positive number, or `accel` has no axis of time.

    >>> jerk([0.0, -1.0, -4.0], 0.5)
    array([-2., -4., -6.])
    """
    if np.ndim(accel) == 0:
        raise expected("accel", "a series, time along the last axis", accel)
    if np.ndim(dt) != 0:
        raise expected("dt", "one number [s]", dt)
    step = float(positive("dt", dt, "s"))
    (series,) = floats(accel)
    if series.shape[-1] < 2:
        return np.full(series.shape, np.nan)
    change = np.full(series.shape, np.nan)
    change[..., 1:-1] = 0.5 * (series[..., 2:] - series[..., :-2])
    change[..., 0] = series[..., 1] - series[..., 0]
    change[..., -1] = series[..., -1] - series[..., -2]
    # a sample that is NaN itself has no rate, though its neighbours' difference has
    return np.where(np.isnan(series), np.nan, change / step)

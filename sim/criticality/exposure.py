"""How long and how deep a time to collision was under a threshold, over a whole drive."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.base.errors import expected
from sim.criticality.arrays import Floats, floats, positive


def tet(ttc: ArrayLike, dt: ArrayLike, threshold: ArrayLike) -> Floats:
    """Time exposed time to collision [s]: sum of dt where TTC <= tau.

    Each sample stands for the time `dt` around it, so a TTC that falls linearly comes out
    exactly from samples at the middles of the steps, and within one `dt` from any others.

    0 where TTC stays above tau, infinity included. NaN where a sample of the series is NaN
    (leave frames without a lead out, or give them infinity) and for a series without samples.

    Args:
        ttc: Time to collision [s], time along the last axis.
        dt: Step [s]: one number, or one a sample.
        threshold: tau [s].

    Returns:
        Of the shape of `ttc` without its last axis.

    Raises:
        UserError: `dt` or `threshold` is not positive, or `ttc` has no axis of time.

    Source: Minderhoud and Bovy, Accident Analysis and Prevention 33 (2001) 89.

    >>> falling = 3.0 - 0.1 * (np.arange(30) + 0.5)
    >>> tet(falling, 0.1, 1.5).round(9), tit(falling, 0.1, 1.5).round(9)
    (np.float64(1.5), np.float64(1.125))
    """
    time, step, tau = _series(ttc, dt, threshold)
    under = np.where(time <= tau, step, 0.0)
    return _total(np.where(np.isnan(time + tau), np.nan, under))


def tit(ttc: ArrayLike, dt: ArrayLike, threshold: ArrayLike) -> Floats:
    """Time integrated time to collision [s²]: sum of (tau - TTC) dt where TTC <= tau.

    Samples, undefined cases, arguments and errors as for `tet`.

    Args:
        ttc: Time to collision [s], time along the last axis.
        dt: Step [s]: one number, or one a sample.
        threshold: tau [s].

    Returns:
        Of the shape of `ttc` without its last axis.

    Raises:
        UserError: `dt` or `threshold` is not positive, or `ttc` has no axis of time.

    Source: Minderhoud and Bovy, Accident Analysis and Prevention 33 (2001) 89.

    >>> tit([[1.0, 1.0, np.inf], [2.0, 1.0, np.nan]], 0.1, 1.5)
    array([0.1, nan])
    """
    time, step, tau = _series(ttc, dt, threshold)
    return _total(np.maximum(tau - time, 0.0) * step)


def _series(ttc: ArrayLike, dt: ArrayLike, threshold: ArrayLike) -> tuple[Floats, Floats, Floats]:
    if np.ndim(ttc) == 0:
        raise expected("ttc", "a series, time along the last axis", ttc)
    tau = positive("threshold", threshold, "s")[..., None]
    time, step, tau = floats(ttc, positive("dt", dt, "s"), tau)
    return time, step, tau


def _total(parts: Floats) -> Floats:
    if parts.shape[-1] == 0:
        return np.full(parts.shape[:-1], np.nan)
    return np.asarray(parts.sum(axis=-1))

"""Crash potential: would the brakes have been good enough?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from sim.base.errors import expected
from sim.criticality.arrays import Floats, floats, positive

MADR_MEAN_MPS2, MADR_SD_MPS2 = 8.45, 1.40
MADR_LEAST_MPS2, MADR_MOST_MPS2 = 4.23, 12.68


def madr_exceedance(deceleration: ArrayLike) -> Floats:
    """Probability that a vehicle cannot brake as hard as required [1]: P(MADR <= d).

    The maximum available deceleration rate is normal with mean 8.45 m/s² and deviation
    1.40 m/s², truncated to 4.23 to 12.68 m/s². 0 below, 1 above, also at infinity; NaN where
    the argument is.

    Args:
        deceleration: d, required, 0 or positive as from `drac` [m/s²].

    Source: Cunto and Saccomanno, Accident Analysis and Prevention 40 (2008) 1171.

    >>> madr_exceedance([5.0, 6.0, 7.0, 8.0]).round(7)
    array([0.0055906, 0.0388702, 0.1492598, 0.373606 ])
    """
    (d,) = floats(deceleration)
    low, high = ndtr((np.array([MADR_LEAST_MPS2, MADR_MOST_MPS2]) - MADR_MEAN_MPS2) / MADR_SD_MPS2)
    share = (ndtr((d - MADR_MEAN_MPS2) / MADR_SD_MPS2) - low) / (high - low)
    return np.asarray(np.clip(share, 0.0, 1.0))


def cpi(drac: ArrayLike, dt: ArrayLike) -> Floats:
    """Crash potential index [1]: mean over time of P(MADR <= DRAC).

    NaN where a sample of the series is NaN (frames without a lead require nothing: give them
    0) and for a series without samples.

    Args:
        drac: Required deceleration [m/s²], time along the last axis.
        dt: Step [s]: one number, which then does not matter, or one a sample.

    Returns:
        Of the shape of `drac` without its last axis.

    Raises:
        UserError: `dt` is not positive, or `drac` has no axis of time.

    Source: Cunto and Saccomanno, Accident Analysis and Prevention 40 (2008) 1171.

    >>> cpi([0.0, 0.0, np.inf, 0.0], 0.1)
    array(0.25)
    """
    if np.ndim(drac) == 0:
        raise expected("drac", "a series, time along the last axis", drac)
    need, step = floats(drac, positive("dt", dt, "s"))
    if need.shape[-1] == 0:
        return np.full(need.shape[:-1], np.nan)
    return np.asarray((madr_exceedance(need) * step).sum(axis=-1) / step.sum(axis=-1))

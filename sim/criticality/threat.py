"""Threat numbers: what is required over what is available."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.criticality.arrays import Floats, floats, keep_nan, positive


def btn(required: ArrayLike, available: ArrayLike) -> Floats:
    """Brake threat number [1]: deceleration required over deceleration available.

    From 1 on braking alone no longer helps. 0 where nothing is required, infinite where an
    infinite deceleration is (contact), NaN where an argument is.

    Args:
        required: As from `required_deceleration` [m/s²]; of a signed value the size counts.
        available: Largest deceleration [m/s²].

    Raises:
        UserError: `available` is not positive.

    Source: Brännström, Sjöberg and Coelingh, IEEE Intelligent Vehicles 2008, 214.

    >>> btn([4.0, 0.0, np.inf], 8.0)
    array([0.5, 0. , inf])
    """
    return _share(required, available)


def stn(required: ArrayLike, available: ArrayLike) -> Floats:
    """Steering threat number [1]: lateral acceleration required over the one available.

    Undefined cases as for `btn`.

    Args:
        required: As from `lateral_required` [m/s²]; of a signed value the size counts.
        available: Largest lateral acceleration [m/s²].

    Raises:
        UserError: `available` is not positive.

    Source: Brännström, Sjöberg and Coelingh, IEEE Intelligent Vehicles 2008, 214.

    >>> stn([2.0, -2.0], 4.0)
    array([0.5, 0.5])
    """
    return _share(required, available)


def _share(required: ArrayLike, available: ArrayLike) -> Floats:
    need, most = floats(required, positive("available", available, "m/s²"))
    with np.errstate(invalid="ignore"):  # inf over inf: no number
        return np.asarray(np.abs(need) / most)


def lateral_required(clearance: ArrayLike, ttc: ArrayLike) -> Floats:
    """Constant lateral acceleration that wins the clearance in time [m/s²]: 2 w / TTC².

    0 when not approaching (TTC infinite) or when no clearance is needed (w <= 0), infinite in
    contact (TTC <= 0), NaN where an argument is.

    Args:
        clearance: w, lateral way still to go to pass beside the other [m].
        ttc: Time to collision [s].

    Source: Jansson, Collision avoidance theory, thesis, Linköping 2005, section 4.

    >>> lateral_required(2.0, [2.0, np.inf, 0.0])
    array([ 1.,  0., inf])
    """
    w, time = floats(clearance, ttc)
    with np.errstate(divide="ignore", invalid="ignore"):
        need = 2.0 * np.maximum(w, 0.0) / np.square(time)
    return keep_nan(np.where(time <= 0.0, np.inf, need), w, time)

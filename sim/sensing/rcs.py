"""How strongly each kind of road user echoes a radar at 77 GHz."""

from __future__ import annotations

import math

import numpy as np

from sim.base.jit import njit

RCS_DBSM = np.array([10.0, 18.0, 4.0, -1.0, -8.0, -5.0])
"""Mean radar cross-section by code of `Kind` [dB over 1 m²].

Car and pedestrian: the means that are usually taken (recalled); Fortuny-Guasch and Chareau, JRC
report EUR 25762 (2013), measured pedestrians at 77 GHz. The others: engineering, in between.
"""
CAR_DBSM = float(RCS_DBSM[0])


@njit
def echo_stretch(kind: int) -> float:
    """Logarithm of the factor by which a kind seems farther to a radar than a car does."""
    return float((CAR_DBSM - RCS_DBSM[kind]) * (math.log(10.0) / 40.0))

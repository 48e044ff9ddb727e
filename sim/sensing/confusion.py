"""Which kind a camera's classifier names for a road user of each kind."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CONFUSION = np.array(
    [  # car   truck  motorc. bicycle pedestr. object
        [0.000, 0.030, 0.002, 0.001, 0.001, 0.006],  # car
        [0.060, 0.000, 0.002, 0.001, 0.001, 0.010],  # truck
        [0.020, 0.002, 0.000, 0.080, 0.020, 0.010],  # motorcycle
        [0.005, 0.001, 0.080, 0.000, 0.080, 0.010],  # bicycle
        [0.003, 0.001, 0.005, 0.050, 0.000, 0.020],  # pedestrian
        [0.050, 0.020, 0.005, 0.010, 0.030, 0.000],  # object
    ]
)
"""Probability of a wrong name, by codes of `Kind`: row the true one (engineering).

Who resembles whom is as in public detection benchmarks: riders of two wheels with each other and
with walkers, vans between car and truck.
"""


def naming(confusion: float) -> Floats:
    """Running sums (6, 6) of the probability of each name, by the true kind.

    Args:
        confusion: Factor on all wrong names.
    """
    wrong = confusion * CONFUSION
    return np.asarray(np.cumsum(wrong + np.diag(1.0 - wrong.sum(axis=1)), axis=1))

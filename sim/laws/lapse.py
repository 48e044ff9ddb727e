"""Attention lapses: a renewal process of glances away from the road."""

from __future__ import annotations

import math

import numpy as np

from sim.base.jit import njit
from sim.base.rng import mix, normal, uniform

LENGTH = np.uint64(1)  # a stream of its own: a wait and a length never share a word


@njit
def lapse_wait(key: np.uint64, count: np.uint64, rate: float) -> float:
    """Time from the end of lapse `count` - 1 to the start of lapse `count` [s].

    Exponential with `rate` [1/s].

    Args:
        key: The stream, as uint64: seed, episode, purpose and actor folded into one.
        count: Number of the lapse, from 0, as uint64.
        rate: Lapses per attentive second.
    """
    return -math.log(uniform(key, count)) / rate


@njit
def lapse_length(key: np.uint64, count: np.uint64, median: float, sigma: float) -> float:
    """How long lapse `count` lasts [s]: lognormal.

    Args:
        key: As in `lapse_wait`.
        count: As in `lapse_wait`.
        median: [s].
        sigma: Standard deviation of the logarithm.

    Source: the form after Klauer et al., DOT HS 810 594 (2006), who find glances away of more
    than 2 s to double the risk; the numbers are the drivers'.
    """
    return median * math.exp(sigma * normal(mix(key, LENGTH), count))

"""What a driver looks at and fails to see, and how it misjudges who approaches."""

from __future__ import annotations

import math

import numpy as np

from sim.base.jit import njit
from sim.base.rng import mix, normal, uniform

WINDOW_S = 3.0  # how long somebody stays overlooked, from one glance to the next (engineering)
NARROW = 2.0  # how much more often motorcycles, bicycles and people on foot are overlooked
PHASE = np.uint64(0)
ESTIMATE = np.uint64(1)  # a stream of its own: overlooking and misjudging never share a word


@njit
def overlooks(key: np.uint64, other: np.uint64, t: float, share: float) -> bool:
    """Whether a driver overlooks another road user at time t: once in a window of 3 s.

    Windows of a pair begin at a time of its own, so that not all drivers look at once.

    Args:
        key: The driver's stream, as uint64: seed, episode, purpose and actor folded into one.
        other: Number of the other road user, as uint64.
        t: Time [s], not negative.
        share: Probability in each window; at 1 and above the other is never seen.

    Source: Herslund and Jorgensen, Accident Analysis & Prevention 35 (2003) 885, describe the
    error; the form and the window are engineering. `NARROW`: Pammer, Sabadas and Lentern,
    Human Factors 60 (2018) 5, find motorcycles missed twice as often as cars; that it holds for
    bicycles and people on foot as well is engineering.
    """
    pair = mix(key, other)
    window = math.floor(t / WINDOW_S + uniform(pair, PHASE))
    return uniform(pair, np.uint64(window) + np.uint64(1)) < share


@njit
def misjudgement(key: np.uint64, other: np.uint64, sigma: float) -> float:
    """Factor on the estimated time until another arrives: lognormal, median 1, fixed per pair.

    Args:
        key: As in `overlooks`.
        other: As in `overlooks`.
        sigma: Standard deviation of its logarithm.

    Source: engineering; that estimates of the time to arrival scatter in proportion to it is
    found by Schiff and Detwiler, Perception 8 (1979) 647 (recalled).
    """
    return math.exp(sigma * normal(mix(key, ESTIMATE), other))

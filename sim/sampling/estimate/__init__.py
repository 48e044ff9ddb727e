"""Failure probabilities of any limit state, with intervals that are honest."""

from sim.sampling.estimate.baselines import (
    Baseline,
    cross_entropy,
    crude_monte_carlo,
    subset_simulation,
)
from sim.sampling.estimate.estimate import estimate
from sim.sampling.estimate.flags import Flag
from sim.sampling.estimate.result import Estimate, Mode

__all__ = [
    "Baseline",
    "Estimate",
    "Flag",
    "Mode",
    "cross_entropy",
    "crude_monte_carlo",
    "estimate",
    "subset_simulation",
]

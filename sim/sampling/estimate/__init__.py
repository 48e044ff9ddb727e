"""Failure probabilities with intervals one can trust."""

from sim.sampling.estimate.estimate import estimate
from sim.sampling.estimate.flags import Flag
from sim.sampling.estimate.result import Estimate, Mode

__all__ = ["Estimate", "Flag", "Mode", "estimate"]

"""Distributions as values: a quantile function, a density, and a list that says which one."""

from sim.base.dist.core import DISTS, Dist, parse
from sim.base.dist.given import Given, parse_law
from sim.base.dist.smooth import (
    Beta,
    Exponential,
    LogNormal,
    Normal,
    Truncated,
    TruncNormal,
    Uniform,
)
from sim.base.dist.tables import Choice, Constant, Empirical

__all__ = [
    "DISTS",
    "Beta",
    "Choice",
    "Constant",
    "Dist",
    "Empirical",
    "Exponential",
    "Given",
    "LogNormal",
    "Normal",
    "TruncNormal",
    "Truncated",
    "Uniform",
    "parse",
    "parse_law",
]

"""What a law that can be fitted can do.

A sample enters the likelihood of each only through the means of one or two terms (they are
exponential families). So many samples are fitted at once, as arrays (B, ...): a bootstrap of
hundreds of fits costs as much as a few.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.base.dist import Dist, Truncated

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Law(ABC):
    """A kind of distribution on [low, high] whose k parameters are to be found.

    Attributes:
        low, high: Bounds of the quantity, infinite where there are none.
    """

    low: float
    high: float

    name: ClassVar[str]
    parameters: ClassVar[tuple[str, ...]]
    positive: ClassVar[tuple[bool, ...]]

    @abstractmethod
    def holds(self, x: Floats) -> bool:
        """Whether the law can give values such as these (n,) at all."""

    @abstractmethod
    def terms(self, x: Floats) -> Floats:
        """What the likelihood knows of each value: (..., n) to (..., n, m)."""

    @abstractmethod
    def fit(self, means: Floats) -> Floats:
        """Parameters (B, k) of greatest likelihood for means of terms (B, m)."""

    @abstractmethod
    def loss(self, p: Floats, means: Floats) -> Floats:
        """Negative log-likelihood a value, (B,), of parameters (B, k)."""

    @abstractmethod
    def cdf(self, x: Floats, p: Floats) -> Floats:
        """Of values (B, n) under parameters (B, k), (B, n)."""

    @abstractmethod
    def ppf(self, u: Floats, p: Floats) -> Floats:
        """The inverse of that: of probabilities (B, n) or (n,), (B, n)."""

    @abstractmethod
    def dist(self, p: Floats) -> Dist:
        """The distribution with parameters (k,)."""

    def strained(self, p: Floats, means: Floats) -> bool:
        """Whether a fit ended at the edge of what is looked for."""
        return False


def cut_off(dist: Dist, low: float, high: float) -> Dist:
    """A distribution given that the value lies inside the bounds."""
    ends = dist.support
    if low <= ends[0] and high >= ends[1]:
        return dist
    far = dist.ppf([1e-12, 1.0 - 1e-12])
    low = low if math.isfinite(low) else max(ends[0], float(far[0]))
    high = high if math.isfinite(high) else float(f"{far[1]:.4g}")
    return Truncated(dist, low, high)

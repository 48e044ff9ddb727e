"""Laws that can be fitted, each cut off at the bounds of a quantity.

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
from scipy.special import betainc, betaincinv, betaln, ndtr, ndtri

from sim.base.dist import Beta, Dist, Exponential, LogNormal, Normal, Truncated, Uniform
from sim.calibrate.solve import minimise

Floats = NDArray[np.float64]

WIDE = 5.0
"""How far from a sample's mean a cut-off normal's may lie, and how wide it may be, in
standard deviations of the sample: beyond, what is inside the bounds hardly changes. A fit that
ends there says so."""
AT_EDGE = 0.95
"""Of `WIDE`: the likelihood is so flat there that a search stops short of the edge itself."""
HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)


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


def _cut(dist: Dist, low: float, high: float) -> Dist:
    """A distribution given that the value lies inside the bounds."""
    ends = dist.support
    if low <= ends[0] and high >= ends[1]:
        return dist
    far = dist.ppf([1e-12, 1.0 - 1e-12])
    low = low if math.isfinite(low) else max(ends[0], float(far[0]))
    high = high if math.isfinite(high) else float(f"{far[1]:.4g}")
    return Truncated(dist, low, high)


def _between(a: Floats, b: Floats) -> Floats:
    """The standard normal's mass between a and b, exact in both tails."""
    flip = a > 0.0
    return np.asarray(np.where(flip, ndtr(-a) - ndtr(-b), ndtr(b) - ndtr(a)))


@dataclass(frozen=True)
class NormalLaw(Law):
    """Normal, given that the value lies inside the bounds."""

    name = "normal"
    parameters = ("mean", "sd")
    positive = (False, True)

    def holds(self, x: Floats) -> bool:
        return True

    def terms(self, x: Floats) -> Floats:
        y = self._scale(x)
        return np.stack([y, y * y], axis=-1)

    def fit(self, means: Floats) -> Floats:
        mean, sd = self._moments(means)
        low, high = self._bounds()
        if not (math.isfinite(low) or math.isfinite(high)):
            return self._out(np.stack([mean, sd], axis=-1))
        a, b = (low - mean) / sd, (high - mean) / sd
        t = minimise(
            lambda t: _standard_loss(t, a, b),
            np.zeros((len(mean), 2)),
            low=(-WIDE, -WIDE),
            high=(WIDE, math.log(WIDE)),
        )
        return self._out(np.stack([mean + sd * t[:, 0], sd * np.exp(t[:, 1])], axis=-1))

    def loss(self, p: Floats, means: Floats) -> Floats:
        mean, sd = self._moments(means)
        q = self._in(p)
        t = np.stack([(q[:, 0] - mean) / sd, np.log(q[:, 1] / sd)], axis=-1)
        low, high = self._bounds()
        return np.asarray(_standard_loss(t, (low - mean) / sd, (high - mean) / sd) + np.log(sd))

    def cdf(self, x: Floats, p: Floats) -> Floats:
        q = self._in(p)
        mean, sd = q[:, :1], q[:, 1:]
        low, high = self._bounds()
        a, b = (low - mean) / sd, (high - mean) / sd
        return np.asarray(_between(a, (self._scale(x) - mean) / sd) / _between(a, b))

    def ppf(self, u: Floats, p: Floats) -> Floats:
        q = self._in(p)
        mean, sd = q[:, :1], q[:, 1:]
        low, high = self._bounds()
        a, b = (low - mean) / sd, (high - mean) / sd
        side = np.where(a > 0.0, -1.0, 1.0)  # from the tail that is small, to lose no digits
        whole = ndtr(side * a) + u * (ndtr(side * b) - ndtr(side * a))
        return self._unscale(np.clip(mean + side * sd * ndtri(whole), low, high))

    def dist(self, p: Floats) -> Dist:
        return _cut(Normal(float(p[0]), float(p[1])), self.low, self.high)

    def strained(self, p: Floats, means: Floats) -> bool:
        mean, sd = self._moments(means[None])
        q = self._in(p[None])
        far = np.abs(q[:, 0] - mean) > AT_EDGE * WIDE * sd
        return bool((far | (q[:, 1] > AT_EDGE * WIDE * sd)).any())

    @staticmethod
    def _moments(means: Floats) -> tuple[Floats, Floats]:
        variance = np.maximum(means[:, 1] - means[:, 0] ** 2, 1e-18)
        return means[:, 0], np.sqrt(variance)

    def _scale(self, x: Floats) -> Floats:
        """The scale on which the law is normal."""
        return x

    def _unscale(self, y: Floats) -> Floats:
        return y

    def _bounds(self) -> tuple[float, float]:
        return self.low, self.high

    def _out(self, q: Floats) -> Floats:
        """From mean and spread on that scale to the law's own parameters."""
        return q

    def _in(self, p: Floats) -> Floats:
        return p


@dataclass(frozen=True)
class LogNormalLaw(NormalLaw):
    """A given shift plus a lognormal, given that the value lies inside the bounds."""

    shift: float = 0.0

    name = "lognormal"
    parameters = ("median", "sigma")
    positive = (True, True)

    def holds(self, x: Floats) -> bool:
        return bool(x.min() > self.shift)

    def loss(self, p: Floats, means: Floats) -> Floats:
        return super().loss(p, means) + means[:, 0]

    def dist(self, p: Floats) -> Dist:
        return _cut(LogNormal(float(p[0]), float(p[1]), self.shift), self.low, self.high)

    def _scale(self, x: Floats) -> Floats:
        return np.asarray(np.log(x - self.shift))

    def _unscale(self, y: Floats) -> Floats:
        return np.asarray(np.clip(self.shift + np.exp(y), self.low, self.high))

    def _bounds(self) -> tuple[float, float]:
        low, high = self.low - self.shift, self.high - self.shift
        return (math.log(low) if low > 0.0 else -math.inf), math.log(high)

    def _out(self, q: Floats) -> Floats:
        return np.stack([np.exp(q[:, 0]), q[:, 1]], axis=-1)

    def _in(self, p: Floats) -> Floats:
        return np.stack([np.log(p[:, 0]), p[:, 1]], axis=-1)


def _standard_loss(t: Floats, a: Floats, b: Floats) -> Floats:
    """For a sample of mean 0 and variance 1 between a and b; t is mean and log of spread."""
    spread = np.exp(t[:, 1])
    mass = _between((a - t[:, 0]) / spread, (b - t[:, 0]) / spread)
    square = 0.5 * (1.0 + t[:, 0] ** 2) / spread**2
    return np.asarray(HALF_LOG_TWO_PI + t[:, 1] + square + np.log(np.maximum(mass, 1e-300)))


@dataclass(frozen=True)
class ExponentialLaw(Law):
    """Falling from the lower bound on, given that the value lies below the upper one."""

    name = "exponential"
    parameters = ("mean",)
    positive = (True,)

    def holds(self, x: Floats) -> bool:
        return math.isfinite(self.low)

    def terms(self, x: Floats) -> Floats:
        return np.asarray((x - self.low)[..., None])

    def fit(self, means: Floats) -> Floats:
        if math.isinf(self.high):
            return means.copy()
        high = np.full(means.shape, math.log(100.0 * (self.high - self.low)))
        start = np.minimum(np.log(means), high)
        return np.exp(
            minimise(
                lambda t: self.loss(np.exp(t), means),
                start,
                low=(-20.0,),
                high=(float(high.flat[0]),),
            )
        )

    def loss(self, p: Floats, means: Floats) -> Floats:
        mean = p[:, 0]
        inside = -np.expm1(-(self.high - self.low) / mean)
        return np.asarray(np.log(mean) + means[:, 0] / mean + np.log(inside))

    def cdf(self, x: Floats, p: Floats) -> Floats:
        whole = -np.expm1(-(self.high - self.low) / p)
        return np.asarray(-np.expm1(-(x - self.low) / p) / whole)

    def ppf(self, u: Floats, p: Floats) -> Floats:
        whole = -np.expm1(-(self.high - self.low) / p)
        return np.asarray(np.minimum(self.low - p * np.log1p(-u * whole), self.high))

    def dist(self, p: Floats) -> Dist:
        return _cut(Exponential(float(p[0]), self.low), self.low, self.high)

    def strained(self, p: Floats, means: Floats) -> bool:
        return bool(p[0] > 99.0 * (self.high - self.low))


@dataclass(frozen=True)
class BetaLaw(Law):
    """Beta, stretched over the bounds."""

    name = "beta"
    parameters = ("a", "b")
    positive = (True, True)

    def holds(self, x: Floats) -> bool:
        finite = math.isfinite(self.low) and math.isfinite(self.high)
        return finite and bool(x.min() > self.low and x.max() < self.high)

    def terms(self, x: Floats) -> Floats:
        y = self._unit(x)
        return np.stack([np.log(y), np.log1p(-y), y, y * y], axis=-1)

    def fit(self, means: Floats) -> Floats:
        mean = means[:, 2]
        variance = np.maximum(means[:, 3] - mean**2, 1e-12)
        both = np.maximum(mean * (1.0 - mean) / variance - 1.0, 0.1)
        start = np.log(np.stack([mean * both, (1.0 - mean) * both], axis=-1))
        loss = lambda t: self.loss(np.exp(t), means)  # noqa: E731
        return np.exp(minimise(loss, start, low=(-7.0, -7.0), high=(12.0, 12.0)))

    def loss(self, p: Floats, means: Floats) -> Floats:
        a, b = p[:, 0], p[:, 1]
        stretch = math.log(self.high - self.low)
        return np.asarray(betaln(a, b) + stretch - (a - 1) * means[:, 0] - (b - 1) * means[:, 1])

    def cdf(self, x: Floats, p: Floats) -> Floats:
        return np.asarray(betainc(p[:, :1], p[:, 1:], self._unit(x)))

    def ppf(self, u: Floats, p: Floats) -> Floats:
        unit = betaincinv(p[:, :1], p[:, 1:], u)
        return np.asarray(self.low + (self.high - self.low) * unit)

    def dist(self, p: Floats) -> Dist:
        return Beta(float(p[0]), float(p[1]), self.low, self.high)

    def _unit(self, x: Floats) -> Floats:
        # a draw can round to an end, where the log is infinite
        y = (x - self.low) / (self.high - self.low)
        return np.asarray(np.clip(y, 1e-12, 1.0 - 1e-12))


@dataclass(frozen=True)
class UniformLaw(Law):
    """Every value inside the bounds alike: nothing to find."""

    name = "uniform"
    parameters = ()
    positive = ()

    def holds(self, x: Floats) -> bool:
        return math.isfinite(self.low) and math.isfinite(self.high)

    def terms(self, x: Floats) -> Floats:
        return np.empty((*x.shape, 0))

    def fit(self, means: Floats) -> Floats:
        return np.empty((len(means), 0))

    def loss(self, p: Floats, means: Floats) -> Floats:
        return np.full(len(p), math.log(self.high - self.low))

    def cdf(self, x: Floats, p: Floats) -> Floats:
        return np.asarray((x - self.low) / (self.high - self.low))

    def ppf(self, u: Floats, p: Floats) -> Floats:
        return np.asarray(self.low + (self.high - self.low) * (u + np.zeros((len(p), 1))))

    def dist(self, p: Floats) -> Dist:
        return Uniform(self.low, self.high)

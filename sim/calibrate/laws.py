"""Laws that can be fitted besides the normal ones, cut off at the bounds of a quantity."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, betaln

from sim.base.dist import Beta, Dist, Exponential, Uniform
from sim.calibrate.law import Law, cut_off
from sim.calibrate.normal import LogNormalLaw, NormalLaw
from sim.calibrate.solve import minimise

__all__ = ["BetaLaw", "ExponentialLaw", "Law", "LogNormalLaw", "NormalLaw", "UniformLaw"]

Floats = NDArray[np.float64]


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
        return cut_off(Exponential(float(p[0]), self.low), self.low, self.high)

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

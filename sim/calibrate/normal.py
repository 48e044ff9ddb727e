"""Normal and lognormal laws, cut off at the bounds of a quantity."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.base.dist import Dist, LogNormal, Normal
from sim.calibrate.law import Law, cut_off
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
        return cut_off(Normal(float(p[0]), float(p[1])), self.low, self.high)

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
        return cut_off(LogNormal(float(p[0]), float(p[1]), self.shift), self.low, self.high)

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


def _between(a: Floats, b: Floats) -> Floats:
    """The standard normal's mass between a and b, exact in both tails."""
    flip = a > 0.0
    return np.asarray(np.where(flip, ndtr(-a) - ndtr(-b), ndtr(b) - ndtr(a)))

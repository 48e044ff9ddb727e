"""What importance sampling draws from: a mixture that knows smooth coordinates and choices."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr, ndtri

from sim.family.space import EDGE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FARTHEST = 3.5
"""No mean is amplified beyond it: one draw in 4,000 lies there, and farther out all are alike."""


@dataclass(frozen=True)
class Choice:
    """How K components choose the value of one discrete coordinate.

    Tilted is the probability of each value. Where inside its part of the coordinate a point
    lies means nothing, so it stays uniform there, and the weight is exact: p / q.

    Attributes:
        at: The coordinate.
        edges: (m + 1,) where its m parts begin and end, from 0 to 1.
        odds: (K, m) probability of each value.
    """

    at: int
    edges: Floats
    odds: Floats

    @property
    def nominal(self) -> Floats:
        """(m,) probabilities in nature."""
        return np.diff(self.edges)

    def value(self, u: Floats) -> Ints:
        """Which value each coordinate (n,) stands for."""
        last = len(self.edges) - 2
        return np.asarray(np.clip(np.searchsorted(self.edges, u, side="right") - 1, 0, last))

    def log_ratio(self, u: Floats) -> Floats:
        """(n, K) log of the component's over the nominal density."""
        return np.asarray(np.log(self.odds / self.nominal).T[self.value(u)])

    def place(self, k: Ints, u: Floats) -> Floats:
        """Coordinates (n,) as component k (n,) draws them, from uniform numbers (n,)."""
        ends = np.cumsum(self.odds, axis=1)
        chosen = (u[:, None] >= ends[k, :-1]).sum(axis=1)
        below = ends[k, chosen] - self.odds[k, chosen]
        inside = np.clip((u - below) / self.odds[k, chosen], EDGE, 1.0 - EDGE)
        low, high = self.edges[chosen], self.edges[chosen + 1]
        # The next float above the edge: on it the point would stand for the value before.
        return np.asarray(
            np.clip(low + inside * (high - low), np.nextafter(low, 1.0), np.nextafter(high, 0.0))
        )


@dataclass(frozen=True)
class Mixture:
    """K components over the unit cube of d coordinates.

    A smooth coordinate is normal in standard-normal space; a discrete one has a `Choice`,
    and mean 0 and spread 1 here, which mean nothing.

    Attributes:
        share: (K,) weights that sum to 1.
        mean: (K, d).
        sd: (K, d).
        choices: One for each discrete coordinate.
    """

    share: Floats
    mean: Floats
    sd: Floats
    choices: tuple[Choice, ...] = ()

    def joint(self, points: Floats) -> Floats:
        """(n, K): log of share times density of each component, over the nominal density."""
        smooth = (self.mean != 0.0).any(axis=0) | (self.sd != 1.0).any(axis=0)
        smooth[[choice.at for choice in self.choices]] = False
        moved = np.flatnonzero(smooth)
        z = np.asarray(ndtri(points[:, moved]))
        out = np.tile(np.log(self.share), (len(points), 1))
        for k in range(len(self.share)):
            out[:, k] += _log_normal_ratio(z, self.mean[k, moved], self.sd[k, moved])
        for choice in self.choices:
            out += choice.log_ratio(points[:, choice.at])
        return out

    def log_ratio(self, points: Floats) -> Floats:
        """(n,) log of its density over the nominal one."""
        return np.asarray(logsumexp(self.joint(points), axis=1))

    def pick(self, u: Floats) -> Ints:
        """The component (n,) that each uniform number stands for."""
        return np.searchsorted(np.cumsum(self.share)[:-1], u, side="right").astype(np.int64)

    def place(self, k: Ints, u: Floats) -> Floats:
        """Points (n, d) as component k (n,) draws them, from uniform numbers (n, d)."""
        points = ndtr(self.mean[k] + self.sd[k] * ndtri(u))
        for choice in self.choices:
            points[:, choice.at] = choice.place(k, u[:, choice.at])
        return np.asarray(np.clip(points, EDGE, 1.0 - EDGE))

    def amplified(self, by: float) -> Mixture:
        """The same directions, gone `by` times as far: an exponential tilt of each component."""
        choices = tuple(
            replace(c, odds=_normalised(c.nominal * (c.odds / c.nominal) ** by))
            for c in self.choices
        )
        mean = np.clip(by * self.mean, -FARTHEST, FARTHEST)
        return replace(self, mean=mean, choices=choices)


def _log_normal_ratio(z: Floats, mean: Floats, sd: Floats) -> Floats:
    """Log density (n,) of independent normals at z (n, d) over that of standard ones."""
    terms = 0.5 * z**2 - 0.5 * ((z - mean) / sd) ** 2 - np.log(sd)
    return np.asarray(terms.sum(axis=1))


def _normalised(odds: Floats) -> Floats:
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True))

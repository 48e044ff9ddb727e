"""A mixture of axis-parallel normal distributions: what importance sampling draws from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

Floats = NDArray[np.float64]

INFLATE, SD_BOUNDS = 1.25, (0.5, 1.5)
"""Fitted spreads are widened, then bounded: a proposal narrower than what it aims at gives a
few points huge weights, and the estimate a wrong interval long before a wrong mean."""

FEWEST = 10.0
"""Effective points that a component needs to be kept."""


@dataclass(frozen=True)
class Mixture:
    """K components in d dimensions of standard-normal space.

    Attributes:
        share: (K,) weights that sum to 1.
        mean: (K, d).
        sd: (K, d).
    """

    share: Floats
    mean: Floats
    sd: Floats

    @classmethod
    def standard(cls, d: int) -> Mixture:
        """The nominal distribution itself."""
        return cls(np.ones(1), np.zeros((1, d)), np.ones((1, d)))

    def log_pdf(self, z: Floats) -> Floats:
        """Log density at z (n, d)."""
        return np.asarray(logsumexp(self._joint(z), axis=1))

    def _joint(self, z: Floats) -> Floats:
        """(n, K): log of share times density of each component."""
        out = np.empty((len(z), len(self.share)))
        for k in range(len(self.share)):
            out[:, k] = np.log(self.share[k]) + log_normal(z, self.mean[k], self.sd[k])
        return out

    def place(self, pick: Floats, normals: Floats) -> Floats:
        """Points (n, d) from numbers in (0, 1) that pick components and standard normals."""
        k = np.searchsorted(np.cumsum(self.share)[:-1], pick, side="right")
        return self.mean[k] + self.sd[k] * normals


def log_normal(z: Floats, mean: Floats, sd: Floats) -> Floats:
    """Log density of independent normals at z (n, d)."""
    terms = -0.5 * ((z - mean) / sd) ** 2 - np.log(sd) - 0.5 * np.log(2 * np.pi)
    return np.asarray(terms.sum(axis=1))


def fit(z: Floats, weight: Floats, components: int, rounds: int = 30) -> Mixture:
    """Weighted maximum likelihood by expectation and maximisation, kept sparse.

    A dimension whose mean the points do not tell from 0 (3 standard errors, by effective
    sample size) stays standard normal: in 50 dimensions the noise of 50 fitted means alone
    would spoil the weights.

    Args:
        z: (n, d) points in standard-normal space.
        weight: (n,) at least 0, not all 0.
        components: How many normals to fit.
        rounds: Rounds of EM.
    """
    weight = weight / weight.sum()
    mixture = _start(z, weight, components)
    for _ in range(rounds):
        joint = mixture._joint(z)
        belongs = np.exp(joint - logsumexp(joint, axis=1)[:, None]) * weight[:, None]
        mixture = _maximised(z, belongs)
    return mixture


def _start(z: Floats, weight: Floats, components: int) -> Mixture:
    """Centres along the direction of greatest spread, where two ways into danger part."""
    centre = weight @ z
    spread = (z - centre) * np.sqrt(weight)[:, None]
    variance, axes = np.linalg.eigh(spread.T @ spread)
    steps = np.linspace(-1.0, 1.0, components) if components > 1 else np.zeros(1)
    means = centre + np.sqrt(variance[-1]) * steps[:, None] * axes[:, -1]
    shape = (components, z.shape[1])
    return Mixture(np.full(components, 1.0 / components), means, np.ones(shape))


def _maximised(z: Floats, belongs: Floats) -> Mixture:
    total = belongs.sum(axis=0)
    effective = total**2 / np.maximum((belongs**2).sum(axis=0), 1e-300)
    keep = (effective >= FEWEST) | (effective == effective.max())
    belongs, total, effective = belongs[:, keep], total[keep], effective[keep]
    shares = belongs / total
    means, sds = shares.T @ z, np.empty((len(total), z.shape[1]))
    for k in range(len(total)):
        sds[k] = np.sqrt(shares[:, k] @ (z - means[k]) ** 2)
    told = np.abs(means) > 3.0 * np.maximum(sds, 0.5) / np.sqrt(effective)[:, None]
    wide = np.clip(INFLATE * sds, *SD_BOUNDS)
    return Mixture(total / total.sum(), np.where(told, means, 0.0), np.where(told, wide, 1.0))

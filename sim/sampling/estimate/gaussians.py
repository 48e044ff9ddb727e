"""Normal mixtures that differ from one spread in all directions only within a subspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

Floats = NDArray[np.float64]
LOG_2PI = float(np.log(2 * np.pi))


def log_sum(terms: Floats) -> Floats:
    """Log of the sum of exp(terms) along the last axis; scipy's takes three times as long."""
    top = terms.max(axis=-1)
    return np.asarray(top + np.log(np.exp(terms - top[..., None]).sum(axis=-1)))


@dataclass(frozen=True)
class Gaussians:
    """K normals in d dimensions, with means and covariances of their own in k of them.

    In 100 dimensions a full covariance would be noise; a failure region mostly bends few
    directions and leaves the others as nature made them.

    Attributes:
        share: (K,) weights that sum to 1.
        basis: (d, k) orthonormal columns; k may be 0 or d.
        mean: (K, k) along the basis; 0 in all other directions.
        factor: (K, k, k) lower Cholesky factors of the covariances along the basis.
        rest: (K,) standard deviation in all other directions.
    """

    share: Floats
    basis: Floats
    mean: Floats
    factor: Floats
    rest: Floats

    @property
    def means(self) -> Floats:
        """(K, d) in the whole space."""
        return np.asarray(self.mean @ self.basis.T)

    def joint(self, u: Floats) -> Floats:
        """(n, K): log of share times density of each component at u (n, d)."""
        d, k = self.basis.shape
        z = u @ self.basis
        beyond = np.maximum((u**2).sum(axis=1) - (z**2).sum(axis=1), 0.0)
        out = np.empty((len(u), len(self.share)))
        for i, (mean, factor, rest) in enumerate(zip(self.mean, self.factor, self.rest)):
            white = solve_triangular(factor, (z - mean).T, lower=True, check_finite=False)
            scale = np.log(np.diag(factor)).sum() + (d - k) * np.log(rest)
            square = (white**2).sum(axis=0) + (beyond / rest**2 if d > k else 0.0)
            out[:, i] = np.log(self.share[i]) - 0.5 * square - scale
        return np.asarray(out - 0.5 * d * LOG_2PI)

    def log_pdf(self, u: Floats) -> Floats:
        """Log density (n,) at u (n, d)."""
        return log_sum(self.joint(u))

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Points (n, d); components are drawn in proportion, as evenly as n allows."""
        d = len(self.basis)
        edges = (np.arange(n) + rng.random(n)) / max(n, 1)
        which = np.searchsorted(np.cumsum(self.share)[:-1], edges, side="right")
        normals = rng.standard_normal((n, d))
        inside = normals @ self.basis
        beyond = (normals - inside @ self.basis.T) * self.rest[which, None]
        moved = self.mean[which] + np.einsum("nij,nj->ni", self.factor[which], inside)
        return np.asarray(beyond + moved @ self.basis.T)

    def widened(self, by: float) -> Gaussians:
        """The same with standard deviations multiplied.

        Beyond the basis only what is narrower than nature is widened, and the less the more
        directions there are: in many of them a little costs much.
        """
        d, k = self.basis.shape
        beyond = np.maximum(self.rest, np.minimum(self.rest * by ** min(1, 4 / max(d - k, 1)), 1))
        return Gaussians(self.share, self.basis, self.mean, self.factor * by, beyond)


def centred(d: int, spreads: Floats, share: Floats | None = None) -> Gaussians:
    """Normals around 0 with equal standard deviation in all directions."""
    count = len(spreads)
    share = np.full(count, 1.0 / count) if share is None else share
    empty = np.empty((count, 0))
    return Gaussians(share, np.empty((d, 0)), empty, np.empty((count, 0, 0)), spreads)


def log_nominal(u: Floats) -> Floats:
    """Log density of the standard normal distribution at u (n, d)."""
    return np.asarray(-0.5 * (u**2).sum(axis=1) - 0.5 * u.shape[1] * LOG_2PI)


class Part(Protocol):
    """A density that can be drawn from."""

    def log_pdf(self, u: Floats) -> Floats:
        """Log density (n,) at u (n, d)."""

    def joint(self, u: Floats) -> Floats:
        """(n, K): log of share times density of each component."""

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Points (n, d)."""


@dataclass(frozen=True)
class Blend:
    """Several mixtures in fixed shares: one proposal.

    Attributes:
        shares: (P,) that sum to 1.
        parts: P mixtures.
    """

    shares: tuple[float, ...]
    parts: tuple[Part, ...]

    def log_pdf(self, u: Floats) -> Floats:
        """Log density (n,) at u (n, d)."""
        each = [np.log(s) + part.log_pdf(u) for s, part in zip(self.shares, self.parts)]
        return log_sum(np.column_stack(each))

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Independent points (n, d) in random order."""
        counts = rng.multinomial(n, self.shares)
        drawn = [part.sample(int(c), rng) for c, part in zip(counts, self.parts)]
        return np.asarray(rng.permutation(np.concatenate(drawn)))

    def log_weight(self, u: Floats) -> Floats:
        """Log of nominal over sampled density (n,)."""
        return log_nominal(u) - self.log_pdf(u)

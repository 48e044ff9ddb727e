"""From failing points to a mixture that draws more of them."""

from __future__ import annotations

import numpy as np
from scipy.linalg import cholesky
from scipy.special import logsumexp

from sim.sampling.estimate.gaussians import Floats, Gaussians
from sim.sampling.estimate.subspace import subspace

COUNTS = (1, 2, 3, 4, 6, 8, 12)
"""Numbers of components that are tried."""

MOST_POINTS = 600
"""Points that the components are fitted to; more cost time and gain nothing."""

LEAST_SD = 0.05


def fit(u: Floats, weight: Floats, rng: np.random.Generator) -> Gaussians:
    """A mixture fitted by weighted EM, its number of components by Schwarz's criterion.

    Args:
        u: (n, d) failing points, at least 1.
        weight: (n,) at least 0, not all 0.
        rng: Where its randomness comes from.
    """
    weight = weight / weight.sum()
    basis, rest, effective = subspace(u, weight)
    z, w = u @ basis, weight
    if basis.shape[1] == 0:
        empty = np.empty((1, 0))
        return Gaussians(np.ones(1), basis, empty, np.empty((1, 0, 0)), np.array([rest]))
    if len(z) > MOST_POINTS:
        z, w = _resampled(z, w, rng)
    share, mean, cov = _chosen(z, w, min(effective, len(z)), rng)
    factor = np.array([cholesky(c, lower=True) for c in cov])
    return Gaussians(share, basis, mean, factor, np.full(len(share), rest))


def _resampled(z: Floats, w: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    at = (np.arange(MOST_POINTS) + rng.random()) / MOST_POINTS
    picked = np.searchsorted(np.cumsum(w), at * (1 - 1e-12))
    which, times = np.unique(np.minimum(picked, len(z) - 1), return_counts=True)
    return z[which], times / times.sum()


Parts = tuple[Floats, Floats, Floats]


def _chosen(z: Floats, w: Floats, effective: float, rng: np.random.Generator) -> Parts:
    """The parts with the least of Schwarz's criterion."""
    k = z.shape[1]
    best, least, worse = None, np.inf, 0
    for count in COUNTS:
        if best is not None and (count * (k + 2) > effective or worse == 2):
            break
        parts = _em(z, w, effective, count, rng)
        free = len(parts[0]) * (1 + k + k * (k + 1) / 2) - 1
        fitted = float(w @ logsumexp(_joint(z, *parts), axis=1))
        criterion = -2 * effective * fitted + free * np.log(max(effective, 2.0))
        worse = 0 if criterion < least else worse + 1
        if criterion < least:
            best, least = parts, criterion
    assert best is not None
    return best


def _em(
    z: Floats, w: Floats, effective: float, count: int, rng: np.random.Generator, rounds: int = 25
) -> Parts:
    belongs = np.zeros((len(z), count))
    belongs[np.arange(len(z)), _nearest(z, _spread_out(z, w, count, rng))] = 1.0
    before = -np.inf
    for _ in range(rounds):
        parts = _maximised(z, w, belongs, effective)
        joint = _joint(z, *parts)
        total = logsumexp(joint, axis=1)
        belongs = np.exp(joint - total[:, None])
        fitted = float(w @ total)
        if fitted - before < 1e-3:
            break
        before = fitted
    return parts


def _spread_out(z: Floats, w: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Centres far from one another (k-means++), then five rounds of k-means."""
    centres = z[[int(rng.choice(len(z), p=w))]]
    while len(centres) < count:
        far = ((z[:, None] - centres[None]) ** 2).sum(axis=2).min(axis=1) * w
        if far.sum() <= 0:
            break
        centres = np.vstack([centres, z[int(rng.choice(len(z), p=far / far.sum()))]])
    for _ in range(5):
        at = _nearest(z, centres)
        mass = np.bincount(at, w, len(centres))
        sums = np.array([np.bincount(at, w * column, len(centres)) for column in z.T]).T
        centres = np.where(mass[:, None] > 0, sums / np.maximum(mass, 1e-300)[:, None], centres)
    return centres


def _nearest(z: Floats, centres: Floats) -> np.ndarray:
    return np.asarray(((z[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1))


def _maximised(z: Floats, w: Floats, belongs: Floats, effective: float) -> Parts:
    """Shares, means and covariances; a covariance of few points leans to a round one."""
    mass = belongs * w[:, None]
    share = mass.sum(axis=0)
    keep = share * effective >= 1.0
    keep |= share == share.max()
    mass, share = mass[:, keep], share[keep]
    mean = (mass.T @ z) / share[:, None]
    k = z.shape[1]
    cov = np.empty((len(share), k, k))
    for i in range(len(share)):
        off = z - mean[i]
        raw = (off * (mass[:, i] / share[i])[:, None]).T @ off
        count, prior = share[i] * effective, k + 2.0
        round_ = np.clip(np.trace(raw) / k, LEAST_SD**2, 1.0) * np.eye(k)
        cov[i] = (count * raw + prior * round_) / (count + prior) + LEAST_SD**2 * np.eye(k)
    return share / share.sum(), mean, cov


def _joint(z: Floats, share: Floats, mean: Floats, cov: Floats) -> Floats:
    factor = np.linalg.cholesky(cov)
    inverse = np.linalg.inv(factor)
    white = np.einsum("kij,knj->kni", inverse, z[None] - mean[:, None])
    scale = np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
    half = -0.5 * (white**2).sum(axis=2).T - scale - 0.5 * z.shape[1] * np.log(2 * np.pi)
    return np.asarray(np.log(share) + half)

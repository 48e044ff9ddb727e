"""Normal mixtures by expectation and maximisation, with shapes that lean to a simple one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.sampling.estimate.gaussians import LOG_2PI, Floats, log_sum

Parts = tuple[Floats, Floats, Floats]
"""Shares (K,), means (K, k), covariances (K, k, k)."""

LEAST_SD, MOST_SD = 0.05, 3.0


@dataclass(frozen=True)
class Form:
    """How rich a mixture may be.

    Attributes:
        count: Components.
        prior: Points a dimension that a component's simple shape counts for.
        floor: Least spread of that shape across the mean.
    """

    count: int
    prior: float
    floor: float


def em(
    z: Floats,
    w: Floats,
    effective: float,
    form: Form,
    rng: np.random.Generator,
    rounds: int = 15,
) -> Parts:
    """Fit normals to points z (n, k) with weights w (n,) that sum to 1.

    Args:
        z: Points.
        w: Weights.
        effective: How many independent points they are worth.
        form: Of the mixture; components left with less than one point are dropped.
        rng: Where its randomness comes from.
        rounds: At most so many.
    """
    belongs = np.zeros((len(z), form.count))
    belongs[np.arange(len(z)), _nearest(z, _centres(z, w, form.count, rng))] = 1.0
    before = -np.inf
    for _ in range(rounds):
        parts = _maximised(z, w, belongs, effective, form)
        joint = _joint(z, *parts)
        total = log_sum(joint)
        belongs = np.exp(joint - total[:, None])
        fitted = float(w @ total)
        if fitted - before < 5e-3:
            break
        before = fitted
    return parts


def log_density(z: Floats, parts: Parts) -> Floats:
    """Log density (n,) of the mixture at z (n, k)."""
    return log_sum(_joint(z, *parts))


def _centres(z: Floats, w: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Centres far from one another (k-means++), then five rounds of k-means."""
    centres = z[[int(rng.choice(len(z), p=w))]]
    far = np.full(len(z), np.inf)
    while len(centres) < count:
        far = np.minimum(far, ((z - centres[-1]) ** 2).sum(axis=1))
        mass = far * w
        if mass.sum() <= 0:
            break
        centres = np.vstack([centres, z[int(rng.choice(len(z), p=mass / mass.sum()))]])
    for _ in range(5 if count > 1 else 0):
        member = np.zeros((len(centres), len(z)))
        member[_nearest(z, centres), np.arange(len(z))] = w
        mass = member.sum(axis=1, keepdims=True)
        centres = np.where(mass > 0, member @ z / np.maximum(mass, 1e-300), centres)
    return centres


def _nearest(z: Floats, centres: Floats) -> NDArray[np.intp]:
    return np.asarray(((centres**2).sum(axis=1) - 2 * z @ centres.T).argmin(axis=1))


def _maximised(z: Floats, w: Floats, belongs: Floats, effective: float, form: Form) -> Parts:
    mass = belongs * w[:, None]
    share = mass.sum(axis=0)
    keep = (share * effective >= 1.0) | (share == share.max())
    mass, share = mass[:, keep], share[keep]
    mean = (mass.T @ z) / share[:, None]
    off = z[None] - mean[:, None]
    raw = (off * (mass.T / share[:, None])[:, :, None]).transpose(0, 2, 1) @ off
    return share / share.sum(), mean, _leaning(raw, mean, share * effective, form)


def _leaning(raw: Floats, mean: Floats, count: Floats, form: Form) -> Floats:
    """Covariances that lean to one spread along the mean and one across it.

    Beyond a flat edge that is the true shape: little spread along, nature's across.
    """
    k, length = mean.shape[1], np.sqrt((mean**2).sum(axis=1))
    along = mean / np.maximum(length, 1e-12)[:, None] * ((length > 1.0) & (k > 1))[:, None]
    inner = np.einsum("ki,kij,kj->k", along, raw, along)
    outer = (np.trace(raw, axis1=1, axis2=2) - inner) / (k - along.any(axis=1))
    line = along[:, :, None] * along[:, None, :]
    inner = np.clip(inner, LEAST_SD**2, MOST_SD**2)[:, None, None]
    outer = np.clip(outer, max(form.floor, LEAST_SD) ** 2, MOST_SD**2)[:, None, None]
    spindle = outer * (np.eye(k) - line) + inner * line
    trust = (count / (count + form.prior * (k + 1.0)))[:, None, None]
    return np.asarray(trust * raw + (1 - trust) * spindle + LEAST_SD**2 * np.eye(k))


def _joint(z: Floats, share: Floats, mean: Floats, cov: Floats) -> Floats:
    factor = np.linalg.cholesky(cov)
    white = (z[None] - mean[:, None]) @ np.linalg.inv(factor).transpose(0, 2, 1)
    scale = np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
    square = np.einsum("kni,kni->nk", white, white)
    return np.asarray(np.log(share) - scale - 0.5 * square - 0.5 * z.shape[1] * LOG_2PI)

"""Fit a mixture to weighted points, kept sparse: what the points do not tell stays nominal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtri

from sim.family.space import Space
from sim.sampling.stream.mixture import Choice, Mixture

Floats = NDArray[np.float64]

INFLATE, SD_BOUNDS = 1.25, (0.5, 1.5)
"""Fitted spreads are widened, then bounded: a proposal narrower than what it aims at gives a
few points huge weights, and the estimate a wrong interval long before a wrong mean."""

FEWEST = 10.0
"""Effective points that a component needs to be kept."""

SURE = 2.0
"""Standard errors from which on a mean, or the probability of a value, counts as told."""

FLOOR = 0.1
"""Each value of a choice keeps this share of its nominal probability: a weight below 10 for it."""


def fit(
    points: Floats,
    weight: Floats,
    space: Space,
    components: int,
    among: NDArray[np.bool_],
    *,
    rounds: int = 30,
) -> Mixture:
    """Weighted maximum likelihood by expectation and maximisation.

    A coordinate that is not `among` those known to matter, or whose mean and spread the points
    do not tell from 0 and 1 (`SURE` standard errors, by effective sample size), stays standard
    normal, and choices stay nature's: the noise of 50 fitted means would spoil the weights.

    Args:
        points: (n, d) in the unit cube.
        weight: (n,) at least 0, not all 0.
        space: Which coordinates are choices.
        components: How many to fit; those that too few points belong to are dropped.
        among: (d,) the coordinates to fit.
        rounds: Rounds of EM.
    """
    weight = weight / weight.sum()
    z = np.where(among, _smooth(points, space), 0.0)
    mixture = _start(z, weight, components)
    for _ in range(rounds):
        joint = mixture.joint(points)
        belongs = np.exp(joint - logsumexp(joint, axis=1)[:, None]) * weight[:, None]
        mixture = _maximised(points, z, belongs, space, among)
    return mixture


def fit_all(points: Floats, weight: Floats, space: Space) -> Mixture:
    """One component by plain weighted maximum likelihood, every coordinate fitted."""
    share = (weight / weight.sum())[:, None]
    z = _smooth(points, space)
    mean = share.T @ z
    sd = np.sqrt(share.T @ (z - mean) ** 2)
    choices = tuple(
        _choice(points[:, k], share, np.full(1, np.inf), k, space) for k in _discrete(space)
    )
    sd[:, _discrete(space)] = 1.0
    return Mixture(np.ones(1), mean, np.maximum(sd, 1e-3), choices)


def _discrete(space: Space) -> list[int]:
    return [k for k, axis in enumerate(space.axes) if axis.discrete]


def _smooth(points: Floats, space: Space) -> Floats:
    """Standard-normal coordinates, 0 where there is a choice."""
    z = np.asarray(ndtri(points))
    z[:, _discrete(space)] = 0.0
    return z


def _start(z: Floats, weight: Floats, components: int) -> Mixture:
    """Centres along the direction of greatest spread, where two ways into danger part."""
    centre = weight @ z
    spread = (z - centre) * np.sqrt(weight)[:, None]
    variance, axes = np.linalg.eigh(spread.T @ spread)
    steps = np.linspace(-1.0, 1.0, components) if components > 1 else np.zeros(1)
    means = centre + np.sqrt(variance[-1]) * steps[:, None] * axes[:, -1]
    shape = (components, z.shape[1])
    return Mixture(np.full(components, 1.0 / components), means, np.ones(shape))


def _maximised(
    points: Floats, z: Floats, belongs: Floats, space: Space, among: NDArray[np.bool_]
) -> Mixture:
    total = belongs.sum(axis=0)
    effective = total**2 / np.maximum((belongs**2).sum(axis=0), 1e-300)
    keep = (effective >= FEWEST) | (effective == effective.max())
    belongs, total, effective = belongs[:, keep], total[keep], effective[keep]
    shares = belongs / total
    means, sds = shares.T @ z, np.empty((len(total), z.shape[1]))
    for k in range(len(total)):
        sds[k] = np.sqrt(shares[:, k] @ (z - means[k]) ** 2)
    error = 1.0 / np.sqrt(effective)[:, None]
    smooth = among.copy()
    smooth[_discrete(space)] = False
    moved = smooth & (np.abs(means) > SURE * np.maximum(sds, 0.5) * error)
    told = moved | smooth & (np.abs(sds**2 - 1.0) > SURE * np.sqrt(2.0) * error)
    wide = np.clip(INFLATE * sds, *SD_BOUNDS)
    return Mixture(
        total / total.sum(),
        np.where(moved, means, 0.0),
        np.where(told, wide, 1.0),
        _told_choices(points, shares, effective, space, among),
    )


def _told_choices(
    points: Floats, shares: Floats, effective: Floats, space: Space, among: NDArray[np.bool_]
) -> tuple[Choice, ...]:
    fitted = (k for k in _discrete(space) if among[k])
    found = (_choice(points[:, k], shares, effective, k, space) for k in fitted)
    return tuple(c for c in found if (c.odds != c.nominal).any())


def _choice(u: Floats, shares: Floats, effective: Floats, at: int, space: Space) -> Choice:
    """The weighted frequency of each value in each component, where it differs for sure."""
    nature = Choice(at, space.axes[at].cells(1), np.empty(0))
    p = nature.nominal
    value = nature.value(u)
    seen = np.array([np.bincount(value, weights=w, minlength=len(p)) for w in shares.T])
    error = np.sqrt(p * (1.0 - p) / effective[:, None])
    told = (np.abs(seen - p) > SURE * error).any(axis=1, keepdims=True)
    return Choice(at, nature.edges, np.where(told, (1.0 - FLOOR) * seen + FLOOR * p, p))


def effective_size(weight: Floats) -> float:
    """How many equal weights would tell as much (Kish 1965); 0 for none."""
    total = float((weight**2).sum())
    return float(weight.sum()) ** 2 / total if total > 0 else 0.0


def tempered(weight: Floats, least: float = 50.0) -> Floats:
    """Weights to a power of at most 1, the largest at which they tell as much as `least` points.

    A fit to a handful of heavy points would lose what all others say.
    """
    for power in (1.0, 0.75, 0.5, 0.25):
        if effective_size(weight**power) >= min(least, 0.9 * len(weight)):
            return np.asarray(weight**power)
    return np.ones(len(weight))


def balance(sampled: Sequence[tuple[Floats, int]]) -> Floats:
    """Weights (n,) of points pooled from several rounds, by the balance heuristic (Veach 1995).

    Args:
        sampled: For each round, the log of its density over the nominal one at all n pooled
            points, and how many of the points it drew.
    """
    total = sum(n for _, n in sampled)
    joint = np.stack([ratio + np.log(n / total) for ratio, n in sampled])
    return np.asarray(np.exp(-logsumexp(joint, axis=0)))

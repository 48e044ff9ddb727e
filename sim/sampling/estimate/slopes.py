"""The few directions in which the limit state changes near failure, told by its values."""

from __future__ import annotations

import numpy as np

from sim.sampling.estimate.gaussians import Floats
from sim.sampling.estimate.subspace import Halves, Subspace

ANCHORS = 32
"""Failing points around each of which a plane is fitted to values."""

NEAR, AROUND = 12, 2.5
"""Points a dimension: the nearest to the edge of failure, and those of them nearest an anchor."""

MOST, TOLD = 3, 0.98
"""Directions at most, and the share of the squared slopes that they have to hold: the slope of
a single anchor is more than what is left. Curved limit states ask for more directions; in 20
dimensions these did worse than those of `subspace` (a sum of exponentials: 40 % fell back)."""

AGREED = 0.05
"""What two halves have to agree on before a spread is taken for another than nature's."""


def slopes(
    seen: tuple[Floats, Floats],
    u: Floats,
    weight: Floats,
    half: Halves,
    rng: np.random.Generator,
) -> Subspace | None:
    """Leading directions of the slopes around failing points (Constantine 2014).

    Failing points by themselves tell a direction to no better than their spread over the root
    of their number, and in 100 dimensions that is askew. Where the limit state has a slope,
    the values of no more points, failing or not, tell it at once: with it 40 of 40 estimates
    of a linear one (d 100, 1e-4 and 1e-6) stood on weights, without it 4.

    Args:
        seen: Points (m, d) and values (m,), failing or not.
        u: (n, d) failing points.
        weight: (n,) theirs.
        half: (n,) which of two independent halves a point is from.
        rng: Where its randomness comes from.

    Returns:
        None where few directions do not tell it.
    """
    d = u.shape[1]
    near = _near(*seen)
    if near is None:
        return None
    total = np.zeros((d, d))
    for anchor in u[rng.permutation(len(u))[:ANCHORS]]:
        slope = _slope(*near, anchor)
        total += np.outer(slope, slope) / max(float(slope @ slope), 1e-300)
    values, vectors = np.linalg.eigh(total)
    values, vectors = values[::-1], vectors[:, ::-1]
    told = np.flatnonzero(np.cumsum(values[:MOST]) >= TOLD * values.sum())
    if len(told) == 0 or values[0] <= 0.0:
        return None
    basis = np.ascontiguousarray(vectors[:, : told[0] + 1])
    return Subspace(basis, _rest(u, weight, half, basis), np.ones(told[0] + 1))


def _near(u: Floats, g: Floats) -> tuple[Floats, Floats] | None:
    """Points and scaled values nearest to the edge of failure; None where these are too few."""
    d, finite = u.shape[1], np.flatnonzero(np.isfinite(g))
    if len(finite) < AROUND * (d + 1):
        return None
    order = np.argsort(np.abs(g[finite]), kind="stable")
    near = finite[order[: NEAR * (d + 1)]]
    scale = float(np.abs(g[near]).max())
    return (u[near], g[near] / scale) if scale > 0.0 else None


def _slope(u: Floats, g: Floats, anchor: Floats) -> Floats:
    """Of the plane through the values of the points nearest to an anchor (d,)."""
    count = min(int(AROUND * (u.shape[1] + 1)), len(u))
    around = np.argpartition(((u - anchor) ** 2).sum(axis=1), count - 1)[:count]
    x, y = u[around], g[around]
    return np.asarray(np.linalg.lstsq(x - x.mean(axis=0), y - y.mean(), rcond=None)[0])


def _rest(u: Floats, weight: Floats, half: Halves, basis: Floats) -> float:
    """Standard deviation in all other directions; nature's unless both halves say otherwise."""
    square = ((u**2).sum(axis=1) - ((u @ basis) ** 2).sum(axis=1)) / (len(basis) - basis.shape[1])
    a, b = (float(np.sqrt(np.average(square[s], weights=weight[s]))) for s in (half, ~half))
    both = 0.5 * (a + b)
    return float(np.clip(both, 0.3, 3.0)) if abs(both - 1.0) > AGREED + abs(a - b) else 1.0

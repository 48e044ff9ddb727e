"""The few directions in which failing points differ from nature's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.sampling.estimate.gaussians import Floats

Halves = NDArray[np.bool_]

MOST = 8
"""Directions that are followed at most."""

NARROW, BROAD = 0.6, 1.6
"""Held-out squared spreads, over the common one, that make a direction count."""


@dataclass(frozen=True)
class Subspace:
    """Where a proposal may differ from a round one.

    Attributes:
        basis: (d, k) orthonormal.
        rest: Standard deviation in all other directions.
        shrink: (k,) what means along the basis are multiplied with: a direction found from
            few points in many dimensions is askew, and what lies along it too far out.
    """

    basis: Floats
    rest: float
    shrink: Floats


def whole(d: int) -> Subspace:
    """All directions."""
    return Subspace(np.eye(d), 1.0, np.ones(d))


def subspace(u: Floats, weight: Floats, half: Halves) -> Subspace:
    """Directions that one half of the points suggests and the other confirms.

    Points of chains resemble one another, so no formula tells how much noise their squares
    hold; the other half, which knows nothing of them, does. The directions are those of the
    second moment about 0, in which a mean far out stands out like two of them opposite.

    Args:
        u: (n, d) failing points.
        weight: (n,) that sum to 1.
        half: (n,) which of two independent halves a point is from.
    """
    sides = [(u[part], weight[part] / weight[part].sum()) for part in (half, ~half)]
    tried, inside, outside = [], [], []
    for (mine, w), (other, v) in (sides, sides[::-1]):
        values, vectors = np.linalg.eigh((mine * w[:, None]).T @ mine)
        tried.append(vectors)
        inside.append(values)
        outside.append(v @ (other @ vectors) ** 2)
    bulk = float(np.median(np.concatenate(outside)))
    kept = [_unusual(spread / bulk) for spread in outside]
    found = [vectors[:, k] for vectors, k in zip(tried, kept)]
    basis = _orthonormal(np.column_stack(found))
    ratio = [np.minimum(o[k] / np.maximum(i[k], 1e-9), 1) for i, o, k in zip(inside, outside, kept)]
    shrink = _shrink(basis, np.column_stack(found), np.concatenate(ratio))
    error = _noise(np.concatenate(outside) / bulk) / np.sqrt(max(len(basis) - basis.shape[1], 1))
    rest = 1.0 if abs(bulk - 1.0) < 3 * error else float(np.clip(np.sqrt(bulk), 0.3, 3.0))
    return Subspace(basis, rest, shrink)


def _noise(spread: Floats) -> float:
    """Standard error of a relative spread, from how the usual ones differ (robust)."""
    log = np.log(np.maximum(spread, 1e-12))
    return float(1.48 * np.median(np.abs(log - np.median(log))))


def _unusual(spread: Floats) -> NDArray[np.intp]:
    """Where relative spreads are far from 1, the farthest first, at most `MOST`."""
    log = np.log(np.maximum(spread, 1e-12))
    doubt = min(4 * _noise(spread), np.log(4.0))
    far = (log > max(np.log(BROAD), doubt)) | (log < min(np.log(NARROW), -doubt))
    order = np.argsort(-np.abs(log))
    return np.asarray(order[far[order]][:MOST])


def _orthonormal(columns: Floats) -> Floats:
    """A basis of what the halves found, in order of how well they agree."""
    if columns.shape[1] == 0:
        return columns
    vectors, strength, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(vectors[:, strength > 0.5][:, :MOST])


def _shrink(basis: Floats, columns: Floats, ratio: Floats) -> Floats:
    """Per direction of the basis, from the ratios of held-out to fitted squares.

    Both halves together hold half the noise of one.
    """
    if basis.shape[1] == 0:
        return np.ones(0)
    belongs = (basis.T @ columns) ** 2
    held = np.maximum(belongs @ ratio / np.maximum(belongs.sum(axis=1), 1e-12), 0.05)
    return np.asarray(1 / np.sqrt(1 + (1 / held - 1) / 2))

"""The few directions in which failing points differ from nature's."""

from __future__ import annotations

import numpy as np

from sim.sampling.estimate.gaussians import Floats

FULL = 10
"""Up to so many dimensions all of them count."""

MOST = 8
"""Directions that are followed at most."""


def subspace(u: Floats, weight: Floats) -> tuple[Floats, float, float]:
    """Directions of the mean and of the spreads that noise does not explain.

    Args:
        u: (n, d) failing points.
        weight: (n,) that sum to 1.

    Returns:
        An orthonormal basis (d, k), the standard deviation in all other directions, and the
        effective number of points.
    """
    d = u.shape[1]
    effective = 1.0 / float((weight**2).sum())
    if d <= FULL:
        return np.eye(d), 1.0, effective
    mean = weight @ u
    columns = list[Floats]()
    noise = d / effective
    if mean @ mean > noise * (1 + 3 * np.sqrt(2 / d)):
        columns.append(mean / np.linalg.norm(mean))
    basis = np.array(columns).reshape(len(columns), d).T
    across = u - (u @ basis) @ basis.T
    values, vectors = np.linalg.eigh((across * weight[:, None]).T @ across)
    bulk = float(np.median(values[len(columns) :]))
    edge = np.sqrt(d / effective)
    high = values > bulk * (1 + edge) ** 2 * 1.2
    low = (values < bulk * max(1 - edge, 0.0) ** 2 / 1.2) & (np.arange(d) >= len(columns))
    order = np.argsort(-np.abs(np.log(np.maximum(values, 1e-12) / bulk)))
    kept = [i for i in order if high[i] or low[i]][: MOST - len(columns)]
    basis = np.column_stack([basis, vectors[:, kept]])
    rest = across - (across @ vectors[:, kept]) @ vectors[:, kept].T
    k = basis.shape[1]
    spread = float(weight @ (rest**2).sum(axis=1)) / max(d - k, 1)
    sure = 3 * np.sqrt(2 / (max(d - k, 1) * effective))
    return basis, float(np.sqrt(spread)) if abs(spread - 1) > sure else 1.0, effective

"""Laws without a form: a histogram that follows the sample, and shares of a few values."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.base.dist import Choice, Empirical

Floats = NDArray[np.float64]

FEWEST, MOST = 4, 14
"""Cells of a histogram, but for those of the tails."""
TAILS, TAILED = (0.02, 0.98), 200
"""Where the outer cells are cut once more, and values from which on: else the last cell of a
twelfth would spread a few lorries evenly over 10 m."""
NARROWEST = 1.0 / 40.0
"""Of a cell, of the range: a test's set speeds are no law of traffic."""


def histogram(x: Floats) -> Empirical | None:
    """Cells that hold about as many values each; None where too few values differ.

    Twice the cube root of the sample size is the number of cells (Rice's rule); the weights
    have the greatest likelihood that the edges allow.
    """
    cells = int(np.clip(round(2.0 * len(x) ** (1.0 / 3.0)), FEWEST, MOST))
    levels = np.union1d(np.linspace(0.0, 1.0, cells + 1), TAILS if len(x) >= TAILED else ())
    edges, last = [float(x.min())], float(x.max())
    narrow = NARROWEST * np.ptp(x)
    for edge in np.quantile(x, levels[1:-1]).tolist():
        edge = float(rounded(np.array([max(edge, edges[-1] + narrow)]))[0])
        if edges[-1] < edge <= last - narrow:
            edges.append(edge)
    edges.append(last)
    if len(np.unique(x)) <= FEWEST:
        return None
    counts = np.histogram(x, edges)[0]
    return Empirical(tuple(edges), _shares(counts))


def choice(x: Floats, values: tuple[float, ...]) -> Choice:
    """The share of each of the values in a sample that holds no others."""
    counts = np.array([(x == value).sum() for value in values])
    return Choice(values, _shares(counts))


def _shares(counts: NDArray[np.int64]) -> tuple[float, ...]:
    return tuple(np.round(counts / counts.sum(), 6).tolist())


def rounded(x: Floats, digits: int = 4) -> Floats:
    """To so many significant digits, which is more than any of these samples knows."""
    return np.array([float(f"{value:.{digits}g}") for value in x.tolist()])


def parameters(dist: Empirical | Choice) -> int:
    """How many numbers of it follow the sample."""
    weights = len(dist.weights) - 1
    return weights + len(dist.values) if isinstance(dist, Empirical) else weights


def log_likelihood(dist: Empirical | Choice, x: Floats) -> float:
    """Of the whole sample."""
    total = float(dist.log_pdf(x).sum())
    return total if math.isfinite(total) else -math.inf

"""Failure probabilities by integration on a grid: slow, and blind to no way to fail."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
EDGE = 9.0
"""Standard deviations; 2e-19 of the mass lies beyond."""


def line(conditional: Callable[[Floats], Floats], cells: int = 200_000) -> float:
    """E[conditional(U)] for a standard normal U, by the midpoint rule in equal steps of u."""
    edges = np.linspace(-EDGE, EDGE, cells + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    return float((np.diff(ndtr(edges)) * conditional(middle)).sum())


def plane(limit_state: Callable[[Floats], Floats], cells: int = 3_000) -> float:
    """P(limit_state <= 0) in two dimensions.

    In each column of the grid the cells in which the sign changes are cut where a straight
    line through the values at their ends crosses zero, so a smooth edge costs O(h²).
    """
    edges = np.linspace(-EDGE, EDGE, cells + 1)
    middle, mass = (edges[1:] + edges[:-1]) / 2, np.diff(ndtr(edges))
    total = 0.0
    for x, weight in zip(middle, mass):
        g = limit_state(np.column_stack([np.full(cells + 1, x), edges]))
        total += weight * _failing(edges, g)
    return float(total)


def _failing(edges: Floats, g: Floats) -> float:
    """Normal mass where the polygon through (edges, g) is not above zero."""
    left, right = g[:-1], g[1:]
    crossed = (left <= 0) != (right <= 0)
    gap = np.where(crossed, left - right, 1.0)
    cut = edges[:-1] + np.diff(edges) * np.where(crossed, left / gap, 0.5)
    low, middle, high = ndtr(edges[:-1]), ndtr(cut), ndtr(edges[1:])
    below = np.where(left <= 0, middle - low, 0.0) + np.where(right <= 0, high - middle, 0.0)
    return float(below.sum())

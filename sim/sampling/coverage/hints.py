"""Where in a family's quantities danger is densest: what to sample more of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.sampling.cells.bins import Floats
from sim.sampling.coverage.inputs import InputCoverage

FEWEST = 10
"""Episodes in a pair of bins below which its share says nothing."""


@dataclass(frozen=True)
class Dense:
    """A pair of bins in which danger is frequent.

    Attributes:
        where: Quantity to the cell, in words.
        episodes: How many episodes lie there.
        share: Of them with danger.
        low: Lower end of the 95 % interval of the share (Wilson 1927): what pairs are ranked by.
    """

    where: dict[str, str]
    episodes: int
    share: float
    low: float


def densest(
    coverage: InputCoverage, points: Floats, danger: NDArray[np.bool_], most: int = 5
) -> list[Dense]:
    """The pairs of bins (single ones where only one quantity varies) with most danger.

    Args:
        coverage: Of these points.
        points: (n, d).
        danger: (n,) whether an episode counts.
        most: How many to give.
    """
    tally = coverage.tallies[min(1, len(coverage.tallies) - 1)]
    numbers = tally.combos.numbers(coverage.bins.rows(points))
    hits = np.bincount(numbers[danger].ravel(), minlength=len(tally.combos))
    low = wilson_low(hits, tally.hits)
    low[tally.hits < FEWEST] = 0.0
    found = []
    for number in np.argsort(-low, kind="stable")[:most]:
        if hits[number] and low[number] > 0.0:
            columns, cells = tally.combos.cells(np.array([number]))
            where = {
                coverage.bins.names[j]: coverage.labels(int(j))[int(cell)]
                for j, cell in zip(columns[0], cells[0])
            }
            n = int(tally.hits[number])
            found.append(Dense(where, n, float(hits[number] / n), float(low[number])))
    return found


def wilson_low(hits: NDArray[np.int64], n: NDArray[np.int64], z: float = 1.96) -> Floats:
    """Lower end of Wilson's interval of a share, 0 where n is 0."""
    n_ = np.maximum(n, 1).astype(np.float64)
    p = hits / n_
    middle = p + z**2 / (2 * n_)
    half = z * np.sqrt(p * (1 - p) / n_ + z**2 / (4 * n_**2))
    return np.where(n > 0, (middle - half) / (1 + z**2 / n_), 0.0)

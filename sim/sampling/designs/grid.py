"""The grid of all combinations, for those who want to see every one of them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.base.errors import UserError, expected
from sim.family.space import Space
from sim.sampling.coverage.bins import Bins, Floats, Ints
from sim.sampling.sampler import NOMINAL, SAMPLERS, Sampler, uniforms

MOST = 100_000
"""Combinations; beyond, a covering design tells more of each hour."""
TRIES = 8
"""Draws of what is drawn for each road user, to see whether a combination is allowed."""


@SAMPLERS.register("grid")
@dataclass(frozen=True, kw_only=True)
class Grid(Sampler):
    """Every combination of the scene-wide quantities, in order, the last one varying fastest.

    Continuous quantities stand in the middle of `levels` equally likely parts, discrete ones
    take each of their values; combinations that the constraints forbid are left out. What is
    drawn for each road user is independent, so that a combination met again in the next
    round of the grid is another scenario. Weights are nominal over sampled probability of a
    combination: over a whole grid the weighted mean is the nominal expectation, up to what
    lies between the levels.

    Attributes:
        levels: Parts that a continuous quantity is cut into.
    """

    name = "grid"
    levels: int = 3

    def __post_init__(self) -> None:
        if not 1 <= self.levels <= 1000:
            raise expected("sampler.levels", "a whole number in 1-1000", self.levels)

    def ask(self, n: int, space: Space, seed: int, start: int = 0) -> tuple[Floats, Floats]:
        bins = Bins.of(space, self.levels)
        rows = _allowed(space, self.levels)
        which = rows[np.arange(start, start + n) % len(rows)]
        u = uniforms(n, len(space), seed, start, "grid")
        u[:, bins.at] = 0.5
        log_weight = bins.log_ratio(which) + np.log(len(rows) / np.prod(bins.sizes, dtype=float))
        return bins.place(which, u), log_weight

    def proposals(self, n: int, space: Space, seed: int, start: int = 0) -> Ints:
        return np.full(n, NOMINAL + 1, np.int64)

    def count(self, space: Space) -> int:
        """How many combinations there are: the n that holds each of them once."""
        return len(_allowed(space, self.levels))


@lru_cache(maxsize=16)
def _allowed(space: Space, levels: int) -> Ints:
    """Rows (N, k) of the grid that the constraints allow, in order."""
    bins = Bins.of(space, levels)
    total = int(np.prod(bins.sizes, dtype=float))
    if total > MOST:
        raise UserError(
            f"sampler.levels: {levels} levels make {total:,} combinations of "
            f"{len(bins.at)} quantities, at most {MOST:,} are run; pin some, take fewer levels, "
            "or sampler=covering"
        )
    cells = list(itertools.product(*map(range, bins.sizes)))
    rows = np.array(cells, np.int64).reshape(total, len(bins.at))
    if space.feasible is None:
        return rows
    met = np.zeros(total, np.bool_)
    for k in range(TRIES):
        u = uniforms(total, len(space), 0, k * total, "grid reach")
        u[:, bins.at] = 0.5
        met |= space.feasible(bins.place(rows, u))
    if not met.any():
        raise UserError(f"sampler.levels: none of the {total:,} combinations meets the constraints")
    return np.asarray(rows[met])

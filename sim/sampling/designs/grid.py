"""The grid of all combinations, for those who want to see every one of them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.base.errors import UserError, expected
from sim.family.space import Space
from sim.sampling.cells.bins import Bins, Floats, Ints
from sim.sampling.sampler import NOT_DRAWN, SAMPLERS, Sampler, uniforms

MOST = 100_000
"""Combinations; beyond, a covering design tells more of each hour."""
TRIES = 16
"""Draws of what is drawn for each road user, to see how often a combination is allowed."""


@SAMPLERS.register("grid")
@dataclass(frozen=True, kw_only=True)
class Grid(Sampler):
    """Every combination of the scene-wide quantities, in order, the last one varying fastest.

    Continuous quantities stand in the middle of `levels` equally likely parts, discrete ones
    take each of their values; combinations that the constraints forbid are left out. What is
    drawn for each road user is independent, so that a combination met again in the next
    round of the grid is another scenario. Weights are nominal probability of a combination,
    given the constraints, over its share of the grid: over a whole grid the weighted mean is
    the nominal expectation, up to what lies between the levels. It is no probability sample:
    the middle of a part stands for all of it, and no number of rounds tells how well.

    Attributes:
        levels: Parts that a continuous quantity is cut into.
    """

    name = "grid"
    conditional = True
    levels: int = 3

    def __post_init__(self) -> None:
        if not 1 <= self.levels <= 1000:
            raise expected("sampler.levels", "a whole number in 1-1000", self.levels)

    def ask(self, n: int, space: Space, seed: int, start: int = 0) -> tuple[Floats, Floats]:
        bins = Bins.of(space, self.levels)
        rows, log_weight = _allowed(space, self.levels)
        which = np.arange(start, start + n) % len(rows)
        u = uniforms(n, len(space), seed, start, "grid")
        u[:, bins.at] = 0.5
        return bins.place(rows[which], u), log_weight[which]

    def proposals(self, n: int, space: Space, seed: int, start: int = 0) -> Ints:
        return np.full(n, NOT_DRAWN, np.int64)

    def count(self, space: Space) -> int:
        """How many combinations there are: the n that holds each of them once."""
        return len(_allowed(space, self.levels)[0])


@lru_cache(maxsize=16)
def _allowed(space: Space, levels: int) -> tuple[Ints, Floats]:
    """Rows (N, k) of the grid that the constraints allow, in order, and their log weights (N,)."""
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
        return rows, bins.log_ratio(rows)
    met = np.zeros(total)
    for k in range(TRIES):
        u = uniforms(total, len(space), 0, k * total, "grid reach")
        u[:, bins.at] = 0.5
        met += space.feasible(bins.place(rows, u)) / TRIES
    if not met.any():
        raise UserError(f"sampler.levels: none of the {total:,} combinations meets the constraints")
    rows, share = rows[met > 0.0], met[met > 0.0]
    weight = np.exp(bins.log_ratio(rows)) * share
    return rows, np.asarray(np.log(weight / weight.mean()))

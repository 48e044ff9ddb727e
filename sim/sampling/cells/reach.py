"""Which combinations of cells a family's constraints allow, with a point that shows each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.family.space import Space
from sim.sampling.cells.bins import Bins, Bools, Combos, Floats, Ints
from sim.sampling.sampler import uniforms

POOL = 2**13
"""Nominal draws that show most combinations at once."""
TRIES = 64
"""Draws inside a combination that none of them fell into; if all are refused, it counts as
not allowed."""
PIECE = 2**13
"""Draws at a time: 90 quantities take some 6 MB."""


@dataclass(frozen=True)
class Reach:
    """What can be had of all combinations.

    Attributes:
        allowed: (C,) which combinations.
        points: (W, d) feasible points.
        witness: (C,) number of the point that shows a combination; -1 if it is not allowed.
    """

    allowed: Bools
    points: Floats
    witness: Ints


def reach(bins: Bins, combos: Combos, space: Space) -> Reach:
    """Which combinations are allowed; the same whatever the seed of a run.

    Args:
        bins: The cells.
        combos: Combinations of them.
        space: With `feasible`.
    """
    assert space.feasible is not None
    pool = uniforms(POOL, len(space), 0, 0, "reach")
    points = [pool[space.feasible(pool)]]
    witness = np.full(len(combos), -1, np.int64)
    _note(witness, combos, bins.rows(points[0]), 0)
    missing = np.flatnonzero(witness < 0)
    step = max(PIECE // TRIES, 1)
    for begin in range(0, len(missing), step):
        some = missing[begin : begin + step]
        inside = _inside(bins, combos, some, space, begin)
        met = inside[space.feasible(inside)]
        _note(witness, combos, bins.rows(met), sum(map(len, points)))
        points.append(met)
    return Reach(witness >= 0, np.vstack(points), witness)


def _note(witness: Ints, combos: Combos, rows: Ints, first: int) -> None:
    """Enter rows as witnesses of what has none yet."""
    numbers = combos.numbers(rows)
    at = np.repeat(np.arange(first, first + len(rows)), numbers.shape[1])
    new = witness[numbers.ravel()] < 0
    witness[numbers.ravel()[new][::-1]] = at[new][::-1]


def _inside(bins: Bins, combos: Combos, some: Ints, space: Space, start: int) -> Floats:
    """TRIES points (m * TRIES, d) inside each of some combinations (m,)."""
    u = uniforms(len(some) * TRIES, len(space), 0, start * TRIES, "reach inside")
    columns, cells = combos.cells(np.repeat(some, TRIES))
    rows = bins.rows(u)
    inner = u.copy()
    np.put_along_axis(rows, columns, cells, axis=1)
    for j, at in enumerate(bins.at):
        edges = bins.edges[j]
        own = (columns == j).any(axis=1)
        low, high = edges[rows[:, j]], edges[rows[:, j] + 1]
        inner[:, at] = np.where(own, u[:, at], (u[:, at] - low) / (high - low))
    return bins.place(rows, inner)

"""Few rows that together hold every wanted combination of cells: one row at a time, greedily."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.sampling.cells.bins import Bools, Combos, Ints

CANDIDATES = 50
"""Rows tried for each one kept, as in AETG (Cohen et al. 1997), which found more to gain little."""

Fit = Callable[[Ints], Bools]


def greedy_rows(
    combos: Combos,
    wanted: Bools,
    rng: np.random.Generator,
    fits: Fit | None = None,
    witness: Ints | None = None,
) -> Ints:
    """Rows (R, k) that hold all wanted combinations.

    Each row is the best of some candidates: a random wanted combination, and for the other
    coordinates, one after another, the cell that completes most wanted combinations.

    Args:
        combos: All combinations there are.
        wanted: Which of them are wanted.
        rng: Breaks ties; the rows are a function of it.
        fits: Which rows (B, k) can be had; all if left out.
        witness: (C, k) for each wanted combination a row that holds it and can be had; needed
            with `fits`.
    """
    left, rows = wanted.copy(), []
    while left.any():
        tried = _candidates(combos, left, rng)
        if fits is not None and witness is not None:
            known = witness[rng.choice(np.flatnonzero(left), 8)]
            tried = np.vstack([tried[fits(tried)], known])
        gain = left[combos.numbers(tried)].sum(axis=1)
        best = tried[int(gain.argmax())]
        left[combos.numbers(best[None])] = False
        rows.append(best)
    return np.array(rows, np.int64).reshape(-1, len(combos.sizes))


def _candidates(combos: Combos, left: Bools, rng: np.random.Generator) -> Ints:
    """Rows (B, k) that each hold one combination still left, and as many more as they can."""
    counts = np.add.reduceat(left, combos.offset[:-1], dtype=np.int64)
    choice = int(counts.argmax())
    first, last = combos.offset[choice], combos.offset[choice + 1]
    picked = rng.choice(np.flatnonzero(left[first:last]) + first, CANDIDATES)
    columns, cells = combos.cells(picked)
    rows = np.zeros((CANDIDATES, len(combos.sizes)), np.int64)
    rows[:, columns[0]] = cells
    filled = set(columns[0].tolist())
    for column in rng.permutation([j for j in range(rows.shape[1]) if j not in filled]):
        filled.add(int(column))
        rows[:, column] = _best_cells(combos, left, rows, int(column), filled, rng)
    return rows


def _best_cells(
    combos: Combos, left: Bools, rows: Ints, column: int, filled: set[int], rng: np.random.Generator
) -> NDArray[np.int64]:
    """For each row the cell of `column` that completes most of what is left; ties at random."""
    inside = np.isin(combos.columns, list(filled)).all(axis=1)
    touched = np.flatnonzero(inside & (combos.columns == column).any(axis=1))
    columns, strides = combos.columns[touched], combos.strides[touched]
    step = strides[columns == column]  # the column stands once in each
    rest = np.where(columns == column, 0, rows[:, columns] * strides).sum(axis=2)
    numbers = rest + combos.offset[touched]
    cells = np.arange(combos.sizes[column])
    gain = left[numbers[:, None, :] + cells[None, :, None] * step].sum(axis=2)
    return np.asarray((gain + 0.5 * rng.random(gain.shape)).argmax(axis=1))

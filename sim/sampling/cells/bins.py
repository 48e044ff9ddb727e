"""Bins of the scene-wide quantities, and all combinations of t of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import UserError, expected
from sim.family.space import EDGE, Space

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_COMBINATIONS = 20_000_000
"""Counted at once: 200 MB. 14 quantities of 20 levels make 3 million by threes (engineering)."""

MOST_WIDE = 3
"""Quantities whose alike parts are combined with one another."""


@dataclass(frozen=True)
class Bins:
    """The cells that the k scene-wide coordinates of a space are cut into.

    Attributes:
        names: Of the k coordinates.
        at: (k,) which coordinates they are.
        edges: For each, where its cells begin and end, from 0 to 1.
    """

    names: tuple[str, ...]
    at: Ints
    edges: tuple[Floats, ...]

    @classmethod
    def of(cls, space: Space, levels: int) -> Bins:
        """The values of discrete coordinates, and `levels` equally likely parts of others."""
        at = np.array(space.scene_wide, dtype=np.int64)
        axes = [space.axes[k] for k in at]
        return cls(tuple(a.name for a in axes), at, tuple(a.cells(levels) for a in axes))

    @cached_property
    def sizes(self) -> Ints:
        """(k,) how many cells each coordinate has."""
        return np.array([len(edges) - 1 for edges in self.edges], dtype=np.int64)

    def rows(self, points: Floats) -> Ints:
        """The cells (n, k) that points (n, d) lie in."""
        out = np.empty((len(points), len(self.at)), np.int64)
        for j, (at, edges) in enumerate(zip(self.at, self.edges)):
            out[:, j] = np.searchsorted(edges[1:-1], points[:, at], side="left")
        return out

    def alike(self, low: Floats, high: Floats) -> Iterator[Ints]:
        """Rows (n, k) of cells between points low and high (n, d), until all are shown.

        Of more than `MOST_WIDE` coordinates that are wide at once the others move together.
        """
        first, last = self.rows(low + EDGE), self.rows(high - EDGE)
        wide = np.flatnonzero((last > first).any(axis=0))
        steps = [range(int((last - first)[:, j].max()) + 1) for j in wide[:MOST_WIDE]]
        for step in itertools.product(*steps):
            shift = np.zeros(len(self.at), np.int64)
            shift[wide[:MOST_WIDE]] = step
            shift[wide[MOST_WIDE:]] = max(step, default=0)
            yield np.minimum(first + shift, np.maximum(first, last))

    def place(self, rows: Ints, u: Floats) -> Floats:
        """Points (n, d) in the cells `rows` (n, k), where u (n, d) lies inside its cell."""
        points = u.copy()
        for j, (at, edges) in enumerate(zip(self.at, self.edges)):
            low, high = edges[rows[:, j]], edges[rows[:, j] + 1]
            points[:, at] = np.clip(low + u[:, at] * (high - low), low + EDGE, high - EDGE)
        return points

    def log_ratio(self, rows: Ints) -> Floats:
        """(n,) log of a row's nominal probability times the number of rows there are."""
        out = np.zeros(len(rows))
        for j, edges in enumerate(self.edges):
            out += np.log(np.diff(edges) * self.sizes[j])[rows[:, j]]
        return out


@dataclass(frozen=True)
class Combos:
    """All combinations of cells of t of the k coordinates, numbered.

    Attributes:
        sizes: (k,) cells of each coordinate.
        columns: (m, t) every choice of t coordinates.
        strides: (m, t) steps of a combination's number, a cell at a time.
        offset: (m + 1,) number of the first combination of each choice, and how many in all.
    """

    sizes: Ints
    columns: Ints
    strides: Ints
    offset: Ints

    @classmethod
    def of(cls, sizes: Sequence[int] | Ints, strength: int) -> Combos:
        """Combinations of `strength` coordinates.

        Raises:
            UserError: There are not so many coordinates, or too many combinations to count.
        """
        sizes = np.asarray(sizes, np.int64)
        if not 1 <= strength <= len(sizes):
            wanted = f"a whole number from 1 to the {len(sizes)} scene-wide quantities that vary"
            raise expected("strength", wanted, strength)
        columns = np.array(list(itertools.combinations(range(len(sizes)), strength)), np.int64)
        counts = sizes[columns]
        most = float(counts.prod(axis=1, dtype=np.float64).sum())
        if most > MOST_COMBINATIONS:
            wanted = f"at most {MOST_COMBINATIONS:,} combinations (lower strength or levels)"
            raise UserError(f"strength: expected {wanted}, got {most:,.0f}")
        strides = np.ones_like(counts)
        strides[:, :-1] = np.cumprod(counts[:, :0:-1], axis=1)[:, ::-1]
        return cls(sizes, columns, strides, np.concatenate([[0], np.cumsum(counts.prod(axis=1))]))

    def __len__(self) -> int:
        return int(self.offset[-1])

    def numbers(self, rows: Ints) -> Ints:
        """(n, m) the combinations that rows (n, k) hold, one for each choice of coordinates."""
        held = (rows[:, self.columns] * self.strides).sum(axis=2)
        return np.asarray(held + self.offset[:-1])

    def seen(self, rows: Ints) -> Bools:
        """Which of all combinations some row holds."""
        out = np.zeros(len(self), np.bool_)
        out[self.numbers(rows)] = True
        return out

    def cells(self, numbers: Ints) -> tuple[Ints, Ints]:
        """For each combination (n,) its coordinates (n, t) and their cells (n, t)."""
        choice = np.searchsorted(self.offset, numbers, side="right") - 1
        rest = (numbers - self.offset[choice])[:, None]
        columns = self.columns[choice]
        return columns, rest // self.strides[choice] % self.sizes[columns]

"""The limit state as the estimate calls it: counted, checked, in batches of bounded size."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import UserError, expected

Floats = NDArray[np.float64]
LimitState = Callable[[Floats], Floats]

BATCH = 1000
"""Points in one call at most: a simulator's memory is that of one batch."""

KEPT = 10_000
"""Last points that are remembered with their values: 7 MB in 87 dimensions."""


class Meter:
    """A limit state with a budget.

    Attributes:
        dim: Numbers in a point.
        max_calls: The budget.
        used: Points evaluated so far; never above the budget.
    """

    def __init__(self, limit_state: LimitState, dim: int, max_calls: int) -> None:
        self._limit_state = limit_state
        self.dim, self.max_calls, self.used = dim, max_calls, 0
        self._seen: list[tuple[Floats, Floats]] = []

    @property
    def left(self) -> int:
        """Points that may still be evaluated."""
        return self.max_calls - self.used

    def __call__(self, u: Floats) -> Floats:
        """Values (n,) at points (n, d).

        Raises:
            UserError: The limit state gave another shape, no numbers, or NaN.
        """
        assert len(u) <= self.left, "the plan asks for more calls than there are"
        self.used += len(u)
        parts = [self._checked(u[i : i + BATCH]) for i in range(0, len(u), BATCH)]
        g = np.concatenate(parts) if parts else np.empty(0)
        self._seen = [(u, g), *self._seen]
        while sum(len(values) for _, values in self._seen[:-1]) > KEPT:
            self._seen.pop()
        return g

    @property
    def seen(self) -> tuple[Floats, Floats]:
        """The last points (n, d) and their values (n,), at least `KEPT` if there were so many."""
        points, values = zip(*self._seen)
        return np.concatenate(points), np.concatenate(values)

    def _checked(self, u: Floats) -> Floats:
        given = self._limit_state(u.copy())  # what it does to its argument stays with it
        try:
            g = np.array(given, dtype=np.float64)  # a copy: some fill one buffer again and again
        except (TypeError, ValueError):
            raise expected("limit_state", f"{len(u)} numbers", type(given).__name__) from None
        if g.shape != (len(u),):
            raise expected("limit_state", f"values of shape ({len(u)},)", g.shape)
        if np.isnan(g).any():
            where = np.array2string(u[np.isnan(g)][0][:6], precision=4, separator=", ")
            raise UserError(f"limit_state: expected numbers, got NaN at the point {where}")
        return g

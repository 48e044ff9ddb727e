"""What samplers know of a family: the coordinates of its unit cube, and which are discrete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EDGE = 2.0**-53
"""Points stay this far from 0 and 1."""


@dataclass(frozen=True)
class Axis:
    """One coordinate of the unit cube.

    Attributes:
        name: Of its quantity, with a number where there is one for each of several.
        quantity: The quantity's name.
        edges: Where the coordinate crosses one of these, the value jumps: the cumulative
            probabilities of a discrete quantity without 0 and 1. Empty where it is continuous.
        fixed: Whether the quantity is pinned, so that the coordinate has no effect.
        each: How many coordinates the quantity has; 1 where it shapes the scene as a whole.
    """

    name: str
    quantity: str = ""
    edges: tuple[float, ...] = ()
    fixed: bool = False
    each: int = 1

    @property
    def discrete(self) -> bool:
        """Whether it stands for a choice between some values."""
        return bool(self.edges)

    def cells(self, levels: int) -> Floats:
        """Edges (k + 1,) of its cells, 0 to 1: its values, or `levels` equally likely parts."""
        inner = self.edges if self.discrete else np.arange(1, levels) / levels
        return np.concatenate([[0.0], inner, [1.0]])


@dataclass(frozen=True, eq=False)
class Space:
    """The unit cube of a family, coordinate by coordinate.

    Two are never equal: what a callable allows cannot be compared.

    Attributes:
        axes: One a coordinate.
        feasible: Which points (n, d) meet the family's constraints, (n,); None where all do.
    """

    axes: tuple[Axis, ...]
    feasible: Callable[[Floats], NDArray[np.bool_]] | None = None

    @classmethod
    def plain(cls, d: int) -> Space:
        """d continuous coordinates without names of their own."""
        return cls(tuple(Axis(f"u{k}", f"u{k}") for k in range(d)))

    def __len__(self) -> int:
        return len(self.axes)

    @cached_property
    def scene_wide(self) -> tuple[int, ...]:
        """The coordinates of quantities that shape the whole scene and are not pinned."""
        return tuple(k for k, axis in enumerate(self.axes) if axis.each == 1 and not axis.fixed)

"""Samplers choose points in the unit cube: the one thing that differs between designs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from sim.base.registry import Registry
from sim.base.rng import purpose
from sim.family.space import Space

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


NOMINAL, NOT_DRAWN = 0, -1
"""Numbers of proposals that every sampler shares."""


@dataclass(frozen=True, kw_only=True)
class Sampler(ABC):
    """A design of points. Point i depends on the settings, the seed and i, on nothing else.

    Attributes:
        conditional: Whether its weights are already those given the family's constraints.
        pilot_rounds: How many times it wants to be told outcomes before it is used.
        pilot_size: Episodes in each of these rounds.
    """

    name: ClassVar[str]
    conditional: ClassVar[bool] = False
    pilot_rounds: int = 0
    pilot_size: int = 0

    @abstractmethod
    def ask(self, n: int, space: Space, seed: int, start: int = 0) -> tuple[Floats, Floats]:
        """Points start ... start + n - 1.

        Args:
            n: How many.
            space: The d coordinates, and which of them stand for a choice.
            seed: Of the design.
            start: Number of the first.

        Returns:
            Points (n, d) inside the open unit cube, and the log (n,) of nominal over
            sampled density, 0 where points are sampled as nature would.
        """

    def proposals(self, n: int, space: Space, seed: int, start: int = 0) -> Ints:
        """Which distribution each of these points (n,) was drawn from.

        `NOMINAL` for nature's own, 1 and on for the parts of a proposal, `NOT_DRAWN` where
        points were placed and no weight makes a probability sample of them.
        """
        return np.full(n, NOMINAL, np.int64)

    @property
    def warning(self) -> str:
        """What who uses it should know after it was told outcomes; "" where there is nothing."""
        return ""

    def tell(self, points: Floats, danger: Floats, space: Space) -> Self:
        """The sampler that has learnt from outcomes; here it learns nothing.

        Args:
            points: (n, d), as asked from this sampler.
            danger: (n,), greater is more dangerous.
            space: The coordinates.
        """
        return self


SAMPLERS: Registry[type[Sampler]] = Registry("sampler")


def uniforms(n: int, d: int, seed: int, start: int, name: str) -> Floats:
    """Row i is a function of (seed, name, start + i, d): (n, d) numbers inside (0, 1).

    Philox steps four numbers at a time, so each row takes a whole number of steps and any
    row is reached without drawing those before it.
    """
    steps = -(-d // 4)
    bits = np.random.Philox(np.random.SeedSequence([seed, purpose(name)]))
    bits.advance(start * steps)
    rows = np.random.Generator(bits).random((n, 4 * steps))
    return np.minimum(rows[:, :d] + 2.0**-54, 1.0 - 2.0**-53)  # the last number would round to 1

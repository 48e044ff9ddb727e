"""The textbook's cross-entropy method: the baseline that importance sampling is measured by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from sim.base.errors import expected
from sim.family.space import Space
from sim.sampling.sampler import SAMPLERS, Floats, Ints, Sampler, uniforms
from sim.sampling.stream.fitting import fit_all
from sim.sampling.stream.importance import level_of, log_sampled
from sim.sampling.stream.mixture import Mixture


@SAMPLERS.register("cross_entropy")
@dataclass(frozen=True, kw_only=True)
class CrossEntropy(Sampler):
    """One normal distribution fitted to the last round's elite, every coordinate of it.

    As published (Rubinstein and Kroese, The Cross-Entropy Method, 2004): no mixture, no
    defensive share, no bound on weights. It follows one way into danger, and in many
    dimensions a few weights carry the estimate; it stands here for comparison.

    Attributes:
        elite: Share of the most dangerous pilot episodes that it is fitted to.
        target: Danger from which on more is not sought; 0.5 is the family's event.
        proposal: What it learnt; None before it is told anything.
    """

    name = "cross_entropy"
    pilot_rounds: int = 3
    pilot_size: int = 500
    elite: float = 0.1
    target: float = 0.5
    proposal: Mixture | None = None

    def __post_init__(self) -> None:
        if not 0 < self.elite < 1:
            raise expected("sampler.elite", "a share between 0 and 1", self.elite)
        for name in ("pilot_rounds", "pilot_size"):
            if getattr(self, name) < 1:
                value = getattr(self, name)
                raise expected(f"sampler.{name}", "a whole number of at least 1", value)

    def ask(self, n: int, space: Space, seed: int, start: int = 0) -> tuple[Floats, Floats]:
        drawn = uniforms(n, len(space), seed, start, "cross_entropy")
        if self.proposal is None:
            return drawn, np.zeros(n)
        points = self.proposal.place(np.zeros(n, np.int64), drawn)
        return points, -log_sampled(self.proposal, points, 0.0)

    def proposals(self, n: int, space: Space, seed: int, start: int = 0) -> Ints:
        return np.full(n, int(self.proposal is not None), np.int64)

    def tell(self, points: Floats, danger: Floats, space: Space) -> Self:
        weight = np.exp(-log_sampled(self.proposal, points, 0.0))
        elite = danger >= min(level_of(danger, self.elite), self.target)
        return replace(self, proposal=fit_all(points[elite], weight[elite], space))

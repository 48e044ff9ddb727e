"""Latin hypercube sampling: every quantity on its own evenly spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from sim.base.errors import expected
from sim.base.rng import purpose
from sim.family.space import EDGE, Space
from sim.sampling.sampler import SAMPLERS, Floats, Sampler


@SAMPLERS.register("lhs")
@dataclass(frozen=True, kw_only=True)
class LatinHypercube(Sampler):
    """Latin hypercubes (McKay, Beckman and Conover 1979) of `size` points, one after another.

    In each, every coordinate has one point in each of `size` equally likely parts. Best for
    n a multiple of `size`; any n works, and part of a cube is as good as independent points.

    Attributes:
        size: Points in one hypercube.
    """

    name = "lhs"
    size: int = 1000

    def __post_init__(self) -> None:
        if self.size < 1:
            raise expected("sampler.size", "a whole number of at least 1", self.size)

    def ask(self, n: int, space: Space, seed: int, start: int = 0) -> tuple[Floats, Floats]:
        first, last = start // self.size, (start + max(n, 1) - 1) // self.size
        cubes = [self._cube(len(space), seed, block) for block in range(first, last + 1)]
        begin = start - first * self.size
        points = np.vstack(cubes)[begin : begin + n]
        return np.clip(points, EDGE, 1.0 - EDGE), np.zeros(n)

    def _cube(self, d: int, seed: int, block: int) -> Floats:
        rng = np.random.default_rng([seed, block, purpose("lhs")])
        return np.asarray(qmc.LatinHypercube(d, rng=rng).random(self.size))

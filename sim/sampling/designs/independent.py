"""Designs that need no outcome: independent points and a low-discrepancy sequence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from sim.base.rng import purpose
from sim.family.space import Space
from sim.sampling.sampler import SAMPLERS, Floats, Sampler, uniforms


@SAMPLERS.register("iid")
@dataclass(frozen=True, kw_only=True)
class Iid(Sampler):
    """Independent points: crude Monte Carlo."""

    name = "iid"

    def ask(self, n: int, space: Space, seed: int, start: int = 0) -> tuple[Floats, Floats]:
        return uniforms(n, len(space), seed, start, "iid"), np.zeros(n)


BITS = 30
"""Resolution of Sobol's points, scipy's own; half a step keeps them off 0 and 1."""


@SAMPLERS.register("sobol")
@dataclass(frozen=True, kw_only=True)
class Sobol(Sampler):
    """Sobol's sequence, scrambled by the seed (Owen 1998): even cover with few points.

    Balanced for n a power of two; any n works.
    """

    name = "sobol"

    def ask(self, n: int, space: Space, seed: int, start: int = 0) -> tuple[Floats, Floats]:
        rng = np.random.default_rng([seed, purpose("sobol")])
        sequence = qmc.Sobol(len(space), scramble=True, bits=BITS, rng=rng)
        if start:
            sequence.fast_forward(start)
            points = sequence.random(n)
        else:  # scipy warns of a first draw that is no power of two; one point is 2 ** 0
            points = np.vstack([sequence.random(1), sequence.random(max(n - 1, 1))])[:n]
        return points + 0.5**BITS / 2, np.zeros(n)

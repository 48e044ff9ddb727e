"""Importance sampling: more of what is dangerous, with the exact weight of each point."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.base.errors import expected
from sim.family.space import Space
from sim.sampling.mixture import Mixture, fit, log_normal
from sim.sampling.sampler import SAMPLERS, Floats, Sampler, uniforms

EDGE = 2.0**-53
"""Points stay this far from 0 and 1."""


@SAMPLERS.register("importance")
@dataclass(frozen=True, kw_only=True)
class Importance(Sampler):
    """A mixture in standard-normal space, adapted by cross-entropy (Rubinstein 1999).

    A share of the draws comes from the nominal density, so a weight never exceeds
    1 / defensive (Hesterberg 1995).

    Attributes:
        components: Normals in the mixture: how many ways into danger it can follow.
        elite: Share of the most dangerous pilot episodes that the proposal is fitted to.
        target: Danger from which on more is not sought; on the scale of
            `sim.sampling.danger` 0.5 is the family's event, so near misses stay as welcome
            as crashes.
        defensive: Share of draws from the nominal density.
        proposal: What it learnt; None before it is told anything.
    """

    name = "importance"
    pilot_rounds: int = 3
    pilot_size: int = 500
    components: int = 2
    elite: float = 0.1
    target: float = 0.5
    defensive: float = 0.2
    proposal: Mixture | None = None

    def __post_init__(self) -> None:
        for name in ("pilot_rounds", "pilot_size", "components"):
            if getattr(self, name) < 1:
                raise expected(
                    f"sampler.{name}", "a whole number of at least 1", getattr(self, name)
                )
        for name in ("elite", "defensive"):
            if not 0 < getattr(self, name) < 1:
                raise expected(f"sampler.{name}", "a share between 0 and 1", getattr(self, name))

    def ask(self, n: int, space: Space, seed: int, start: int = 0) -> tuple[Floats, Floats]:
        drawn = uniforms(n, len(space) + 2, seed, start, "importance")
        normals = np.asarray(ndtri(drawn[:, 2:]))
        if self.proposal is None:
            return drawn[:, 2:], np.zeros(n)
        nominal = drawn[:, 0] < self.defensive
        z = np.where(nominal[:, None], normals, self.proposal.place(drawn[:, 1], normals))
        points = np.clip(ndtr(z), EDGE, 1.0 - EDGE)
        return points, self._log_weight(z)

    def tell(self, points: Floats, danger: Floats) -> Self:
        z = np.asarray(ndtri(points))
        weight = np.exp(self._log_weight(z))
        chosen = danger >= min(_level(danger, self.elite), self.target)
        return replace(self, proposal=fit(z[chosen], weight[chosen], self.components))

    def _log_weight(self, z: Floats) -> NDArray[np.float64]:
        """log of nominal over sampled density; at most -log(defensive)."""
        if self.proposal is None:
            return np.zeros(len(z))
        nominal = log_normal(z, np.zeros(z.shape[1]), np.ones(z.shape[1]))
        tilted = self.proposal.log_pdf(z)
        sampled = np.logaddexp(np.log(self.defensive) + nominal, np.log1p(-self.defensive) + tilted)
        return np.asarray(nominal - sampled)


def _level(danger: Floats, elite: float) -> float:
    """The danger that the most dangerous share `elite` of the points reaches.

    Under the proposal, not under nature: each round then looks farther out. A level that
    most points share (no conflict at all, say) is passed over for the next above it.
    """
    level = float(np.quantile(danger, 1.0 - elite))
    above = danger[danger > level]
    return float(above.min()) if level == danger.min() and len(above) else level

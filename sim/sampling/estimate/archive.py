"""Failing points of all independent draws so far, each weighted against all proposals."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.sampling.estimate.gaussians import Blend, Floats, log_nominal


@dataclass
class Archive:
    """What the proposals are fitted to; the estimate itself never uses these weights.

    Attributes:
        dim: Numbers in a point.
        points: (m, d) failing points.
        log_density: (m,) log of sum over proposals of draws times density: with it a point's
            weight stays bounded when any proposal covers it (balance heuristic, Veach and
            Guibas 1995).
        drawn: Draws by each proposal, failing or not.
    """

    dim: int
    points: Floats = field(init=False)
    log_density: Floats = field(init=False)
    drawn: list[tuple[int, Blend]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.points = np.empty((0, self.dim))
        self.log_density = np.empty(0)

    def add(self, blend: Blend, n: int, failing: Floats) -> None:
        """Put in the failing ones of n points drawn from a proposal."""
        self.log_density = np.logaddexp(self.log_density, np.log(n) + blend.log_pdf(self.points))
        earlier = [np.log(m) + other.log_pdf(failing) for m, other in self.drawn]
        own = np.log(n) + blend.log_pdf(failing)
        density = np.logaddexp.reduce([*earlier, own], axis=0)
        self.points = np.concatenate([self.points, failing])
        self.log_density = np.concatenate([self.log_density, density])
        self.drawn.append((n, blend))

    @property
    def log_weight(self) -> Floats:
        """(m,) log of nominal over the sum of densities; the weights sum to the probability."""
        return log_nominal(self.points) - self.log_density

    @property
    def log_estimate(self) -> tuple[float, float]:
        """Log of the probability that all draws together tell, and its squared relative error."""
        weight = np.exp(self.log_weight)
        total = float(weight.sum())
        if total <= 0.0:
            return float("-inf"), float("inf")
        return float(np.log(total)), float((weight**2).sum()) / total**2


def effective(log_weight: Floats) -> float:
    """Effective number of draws (Kish 1965)."""
    if len(log_weight) == 0:
        return 0.0
    weight = np.exp(log_weight - log_weight.max())
    return float(weight.sum() ** 2 / (weight**2).sum())


def softened(log_weight: Floats, least: float) -> Floats:
    """Weights raised to the highest power up to 1 that keeps `least` points effective.

    A fit to a few heavy points would be a fit to chance (Koblents and Míguez 2015).
    """
    shifted = log_weight - log_weight.max()
    least = min(least, 0.9 * len(log_weight))
    for power in np.linspace(1.0, 0.0, 21):
        weight = np.exp(power * shifted)
        if weight.sum() ** 2 >= least * (weight**2).sum():
            break
    return np.asarray(weight / weight.sum())

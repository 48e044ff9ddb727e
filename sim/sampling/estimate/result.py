"""A failure probability with everything one needs in order to trust it, or not to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.base.rng import purpose
from sim.sampling.estimate.flags import Flag
from sim.sampling.estimate.gaussians import Blend, Floats


@dataclass(frozen=True)
class Mode:
    """One way to fail.

    Attributes:
        share: Of the failure probability.
        mean: (d,) mean of its failing draws, by weight.
        nearest: (d,) the failing draw closest to the origin: about the design point.
        distance: Of `nearest` from the origin [standard deviations].
    """

    share: float
    mean: Floats
    nearest: Floats
    distance: float


@dataclass(frozen=True)
class Estimate:
    """How probable failure is, and how that was found.

    Attributes:
        probability: Of failure.
        low: Lower end of the 95 % interval.
        high: Upper end.
        rrmse: Estimated relative root mean square error; inf where nothing failed.
        calls: Points at which the limit state was evaluated.
        counted: Those of them that the number rests on; the others found where to look.
        ess: Effective number of failing draws behind the number; for subset simulation, whose
            points resemble one another, how many independent ones err as little.
        method: "crude Monte Carlo", "importance sampling" or "subset simulation".
        flags: What to know before using the number.
        modes: The ways to fail, the most probable first.
        points: (m, d) failing points, for a stream of failures.
        log_weight: (m,) log of nominal over sampled density of each; the weights divided by
            their sum are the shares by nature.
        proposal: The density the points were drawn from; None where that was nature's own.
        target_rrmse: What was asked for.
        dim: Numbers in a point.
        seed: Of all randomness.
    """

    probability: float
    low: float
    high: float
    rrmse: float
    calls: int
    counted: int
    ess: float
    method: str
    flags: tuple[Flag, ...]
    modes: tuple[Mode, ...]
    points: Floats
    log_weight: Floats
    proposal: Blend | None
    target_rrmse: float
    dim: int
    seed: int

    @property
    def crude_rrmse(self) -> float:
        """Relative error of crude Monte Carlo with the same calls, were this number right."""
        if not self.probability > 0:
            return float("inf")
        return float(np.sqrt((1 - self.probability) / (self.probability * self.calls)))

    @property
    def speed_up(self) -> float:
        """Calls of crude Monte Carlo for the same precision, over the calls made."""
        if self.rrmse in (0.0, float("inf")):
            return 1.0
        return (self.crude_rrmse / self.rrmse) ** 2

    def draw(self, n: int, seed: int) -> tuple[Floats, Floats]:
        """New points from what was learnt, for a stream rich in failures.

        Args:
            n: How many.
            seed: Of the draws.

        Returns:
            Points (n, d), and the log (n,) of nominal over sampled density: 0 where nothing
            was learnt and the points are nature's own.
        """
        rng = np.random.default_rng([seed, purpose("estimate draw")])
        if self.proposal is None:
            return rng.standard_normal((n, self.dim)), np.zeros(n)
        u = self.proposal.sample(n, rng)
        return u, self.proposal.log_weight(u)

    def __str__(self) -> str:
        lines = [
            f"probability {self.probability:.3e}, 95 % interval {self.low:.3e} to {self.high:.3e}",
            f"{self.method}, {self.counted} of {self.calls} calls, relative error "
            f"{self.rrmse:.1%}, ESS {self.ess:.0f}; crude Monte Carlo would need "
            f"{self.speed_up:.3g} times the calls",
        ]
        lines += [
            f"mode {i}: {mode.share:.1%} of it, nearest at distance {mode.distance:.2f}"
            for i, mode in enumerate(self.modes, start=1)
        ]
        return "\n".join(lines + [f"{flag}: {flag.words}" for flag in self.flags])

"""The three ways in which a number is told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.sampling.estimate import interval
from sim.sampling.estimate.archive import Archive, effective
from sim.sampling.estimate.crude import Tally
from sim.sampling.estimate.fit import fit
from sim.sampling.estimate.flags import Flag
from sim.sampling.estimate.gaussians import Blend, Floats, Part
from sim.sampling.estimate.meter import Meter
from sim.sampling.estimate.modes import modes
from sim.sampling.estimate.replicas import ENOUGH, Replicas
from sim.sampling.estimate.result import Estimate, Mode
from sim.sampling.estimate.rounds import Round


@dataclass(frozen=True)
class Answer:
    """What all estimates of one call share.

    Attributes:
        meter: The limit state and its budget.
        rng: Where randomness comes from.
        target: Wanted relative error.
        seed: As the user gave it.
    """

    meter: Meter
    rng: np.random.Generator
    target: float
    seed: int

    def weighted(self, pooled: Round, flags: tuple[Flag, ...], doubt: float = 1.0) -> Estimate:
        """From importance sampling; in doubt the interval is so many times as wide."""
        weight = np.exp(pooled.log_weight)
        told = interval.weighted(weight, pooled.n, doubt)
        error = interval.relative_error(weight, pooled.n)
        drawn = (pooled.points, pooled.log_weight, pooled.blend)
        found = ("importance sampling", told, error, flags, drawn, pooled.n)
        return self._told(*found, pooled.blend.parts[0])

    def replicated(
        self, replicas: Replicas, flags: tuple[Flag, ...], unseen: Archive | None = None
    ) -> Estimate:
        """From runs of subset simulation.

        Args:
            replicas: The runs.
            flags: Raised so far.
            unseen: Independent draws that showed failure where runs may not have been: then
                the answer is not below theirs, and the interval reaches as high.
        """
        if len(replicas.runs) < ENOUGH:
            flags = (*flags, Flag.FEW_REPLICAS)
        points = replicas.points
        drawn = (points, np.zeros(len(points)), None)
        told, error = replicas.interval, replicas.rrmse
        if unseen is not None and len(unseen.points):
            log_p, variance = unseen.log_estimate
            error = max(error, float(np.sqrt(variance)))
            high = max(told[2], interval.upper(log_p, variance))
            told = (max(told[0], float(np.exp(log_p))), told[1], high)
        found = ("subset simulation", told, error, flags, drawn, self.meter.used)
        return self._told(*found, ess=error**-2)

    def tallied(self, tally: Tally, flags: tuple[Flag, ...]) -> Estimate:
        """From nominal draws."""
        if tally.failures in (0, tally.n):
            none = tally.failures == 0
            flags = (*flags, Flag.NOTHING_FAILED if none else Flag.EVERYTHING_FAILED)
        drawn = (tally.points, np.zeros(tally.failures), None)
        told = (tally.probability, *tally.interval)
        return self._told("crude Monte Carlo", told, tally.rrmse, flags, drawn, tally.n)

    def _told(
        self,
        method: str,
        told: tuple[float, float, float],
        error: float,
        flags: tuple[Flag, ...],
        drawn: tuple[Floats, Floats, Blend | None],
        counted: int,
        mixture: Part | None = None,
        ess: float | None = None,
    ) -> Estimate:
        points, log_weight, proposal = drawn
        weight = np.exp(log_weight - log_weight.max()) if len(points) else log_weight
        if mixture is None and len(points):
            mixture = fit(points, weight, self.rng)
        found: tuple[Mode, ...] = ()
        if mixture is not None and len(points):
            found = modes(points, weight, mixture, self.meter)
        if error > 1.1 * self.target:
            flags = (*flags, Flag.TARGET_MISSED)
        ess = effective(log_weight) if ess is None else ess
        return Estimate(
            *told, error, self.meter.used, counted, ess, method, flags, found,
            points, log_weight, proposal, self.target, self.meter.dim, self.seed,
        )  # fmt: skip

"""The laws that are tried for a quantity, each fitted."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.dist import Choice, Dist, Empirical, LogNormal, Truncated, TruncNormal
from sim.calibrate.laws import BetaLaw, ExponentialLaw, Law, LogNormalLaw, NormalLaw, UniformLaw
from sim.calibrate.tables import log_likelihood, parameters, rounded

Floats = NDArray[np.float64]

DIGITS = 6
"""Significant ones of the parameters that are written."""


@dataclass(frozen=True)
class Candidate:
    """One law, fitted.

    Attributes:
        name: Of the law.
        dist: The distribution of greatest likelihood.
        numbers: How many parameters follow the sample.
        log_likelihood: Of the whole sample.
        n: Its size.
        strained: Whether the fit ended at the edge of what was looked for.
    """

    name: str
    dist: Dist
    numbers: int
    log_likelihood: float
    n: int
    strained: bool = False

    @property
    def aic(self) -> float:
        """Akaike's criterion, the smaller the better."""
        return 2.0 * self.numbers - 2.0 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion, the smaller the better."""
        return self.numbers * math.log(self.n) - 2.0 * self.log_likelihood


@dataclass(frozen=True)
class LawFit:
    """A candidate that is a law, with the law and its parameters (k,)."""

    candidate: Candidate
    law: Law
    p: Floats


def laws(prior: Dist, low: float, high: float) -> list[Law]:
    """The laws for a quantity on [low, high]; lognormal without a shift and with the prior's."""
    inner = prior.of if isinstance(prior, Truncated) else prior
    shifts = {0.0, inner.shift} if isinstance(inner, LogNormal) else {0.0}
    return [
        NormalLaw(low, high),
        *(LogNormalLaw(low, high, shift) for shift in sorted(shifts) if shift <= low),
        ExponentialLaw(low, high),
        BetaLaw(low, high),
        UniformLaw(low, high),
    ]


def fitted_laws(x: Floats, prior: Dist, low: float, high: float) -> list[LawFit]:
    """Each law that can give the values (n,), at its greatest likelihood."""
    return [_fitted(law, x, prior) for law in laws(prior, low, high) if law.holds(x)]


def of_table(name: str, dist: Empirical | Choice, x: Floats) -> Candidate:
    """A table as a candidate."""
    return Candidate(name, dist, parameters(dist), log_likelihood(dist, x), len(x))


def _fitted(law: Law, x: Floats, prior: Dist) -> LawFit:
    means = law.terms(x).mean(axis=0)
    p = law.fit(means[None])[0]
    total = -len(x) * float(law.loss(p[None], means[None])[0])
    dist = law.dist(rounded(p, DIGITS))
    if isinstance(prior, TruncNormal) and isinstance(dist, Truncated) and law.name == "normal":
        mean, sd = rounded(p, DIGITS).tolist()
        dist = TruncNormal(mean, sd, dist.low, dist.high)
    strained = law.strained(p, means)
    return LawFit(Candidate(law.name, dist, len(p), total, len(x), strained), law, p)

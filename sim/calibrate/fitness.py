"""How well a fitted law goes with a sample, and how sure it is that it does not.

With parameters fitted to the same sample the tabled p-values of these statistics are far too
large (Lilliefors 1967). So each is compared with what it is for samples of the fitted law, to
each of which the law is fitted anew (parametric bootstrap; Stute, González Manteiga and Presedo
Quindimil, Metrika 40 (1993) 243).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.base.rng import stream
from sim.calibrate.intervals import Units
from sim.calibrate.law import Law

Floats = NDArray[np.float64]

STATISTICS = ("ks", "ad", "cvm")
"""Kolmogorov-Smirnov's largest difference, Anderson and Darling's weighted square, which looks
at the tails, and Cramér and von Mises' plain square."""
CELLS = 2_000_000
"""Numbers held at once."""


@dataclass(frozen=True)
class Fitness:
    """Goodness of fit of one law to one sample.

    Attributes:
        statistic: By name in `STATISTICS`.
        p_value: Share of samples of the law itself with as large a statistic, by name.
        draws: How many such samples.
    """

    statistic: dict[str, float]
    p_value: dict[str, float]
    draws: int

    @property
    def p(self) -> float:
        """Of Anderson and Darling's test, which has the most power of the three against other
        tails (Stephens, JASA 69 (1974) 730).
        """
        return self.p_value["ad"]


def fitness(
    law: Law,
    p: Floats,
    x: Floats,
    units: Units,
    *,
    seed: int,
    key: str,
    draws: int = 199,
) -> Fitness:
    """Test a law of parameters `p` (k,), fitted to the sample `x` (n,).

    Values of one unit (a group of recordings, say) resemble one another, and then a sample
    of the law itself lies farther from it. The samples that x is compared with are drawn
    with the likeness found in x: its intraclass correlation, by a Gaussian copula.

    Args:
        law: The kind.
        p: What `law.fit` gave for x.
        x: The sample.
        units: To which each value belongs.
        seed: Of the draws.
        key: Keeps the draws of different quantities apart.
        draws: Samples of the law that x is compared with.
    """
    level = law.cdf(x[None], p[None])
    seen = statistics(level)[0]
    alike = intraclass(ndtri(np.clip(level[0], 1e-15, 1.0 - 1e-15)), units)
    random = stream(seed, 0, f"calibrate.fitness.{key}")
    rows = max(1, CELLS // len(x))
    parts = []
    for begin in range(0, draws, rows):
        u = _uniforms(random, min(rows, draws - begin), units, alike)
        again = law.ppf(np.clip(u, 1e-15, 1.0 - 1e-15), p[None])
        refitted = law.fit(law.terms(again).mean(axis=1))
        parts.append(statistics(law.cdf(again, refitted)))
    null = np.concatenate(parts)
    above = (1.0 + (null >= seen).sum(axis=0)) / (draws + 1.0)
    return Fitness(
        dict(zip(STATISTICS, seen.tolist())), dict(zip(STATISTICS, above.tolist())), draws
    )


def _uniforms(random: np.random.Generator, rows: int, units: Units, alike: float) -> Floats:
    """(rows, n) in (0, 1), alike within units."""
    if alike == 0.0:
        return random.random((rows, len(units.of)))
    own = random.standard_normal((rows, len(units.of)))
    shared = random.standard_normal((rows, units.count))[:, units.of]
    return np.asarray(ndtr(np.sqrt(alike) * shared + np.sqrt(1.0 - alike) * own))


def intraclass(z: Floats, units: Units) -> float:
    """Correlation of two values (n,) of one unit, at least 0, from an analysis of variance.

    Source: Donner, International Statistical Review 54 (1986) 67.
    """
    size = np.bincount(units.of, minlength=units.count).astype(np.float64)
    n, k = len(z), int((size > 0).sum())
    if k in (1, n):
        return 0.0
    mean = np.bincount(units.of, z, units.count) / np.maximum(size, 1.0)
    within = float(((z - mean[units.of]) ** 2).sum()) / (n - k)
    between = float((size * (mean - z.mean()) ** 2).sum()) / (k - 1)
    usual = (n - float((size**2).sum()) / n) / (k - 1)
    return float(np.clip((between - within) / (between + (usual - 1.0) * within), 0.0, 0.99))


def statistics(u: Floats) -> Floats:
    """The statistics (B, 3) of probabilities (B, n) that would be uniform.

    Source: D'Agostino and Stephens, Goodness-of-Fit Techniques, 1986, table 4.2.
    """
    u = np.clip(np.sort(u, axis=1), 1e-15, 1.0 - 1e-15)
    n = u.shape[1]
    rank = np.arange(1, n + 1)
    ks = np.maximum(rank / n - u, u - (rank - 1) / n).max(axis=1)
    both = np.log(u) + np.log1p(-u[:, ::-1])
    ad = -n - ((2 * rank - 1) * both).sum(axis=1) / n
    cvm = 1.0 / (12 * n) + ((u - (2 * rank - 1) / (2 * n)) ** 2).sum(axis=1)
    return np.stack([ks, ad, cvm], axis=1)

"""Quantities of the same event that go together: the correlation of a Gaussian copula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtri

from sim.calibrate.intervals import Units, interval

Floats = NDArray[np.float64]

LEVEL = 0.05
"""Of the chance that any pair is called correlated which is not (Holm)."""


@dataclass(frozen=True)
class Pair:
    """Two quantities measured on the same events.

    Attributes:
        first, second: Their names.
        rho: Correlation of their normal scores, with its 95 % interval `low`, `high`.
        n: Events that show both.
        p: Of no correlation, one pair looked at.
        holm: The same where all pairs are.
    """

    first: str
    second: str
    rho: float
    low: float
    high: float
    n: int
    p: float
    holm: float = 1.0

    @property
    def significant(self) -> bool:
        """Whether it goes into the calibrated variant."""
        return self.holm < LEVEL


def correlation(
    names: tuple[str, str],
    values: tuple[Floats, Floats],
    units: Units,
    *,
    seed: int = 0,
    draws: int = 499,
) -> Pair:
    """The correlation of two samples of the same n events, by ranks alone.

    Args:
        names: Of the quantities.
        values: (n,) each.
        units: What is drawn anew for the interval.
        seed: Of the drawings.
        draws: How many.

    Source: normal scores estimate a Gaussian copula as well as can be (Klaassen and Wellner,
    Bernoulli 3 (1997) 55).
    """
    a, b = (_scores(x) for x in values)
    terms = np.stack([a, b, a * a, b * b, a * b], axis=-1)
    rho = float(_rho(terms.mean(axis=0)[None])[0])
    again = units.means(terms, units.draws(seed, f"rho.{names[0]}.{names[1]}", draws))
    z = float(np.arctanh(rho))
    low, high = interval(z, np.arctanh(_rho(again)), units.count)
    reach = float(stats.t.ppf(0.975, units.count - 1))
    p = 2.0 * float(stats.t.sf(abs(z) * reach / max(high - z, 1e-300), units.count - 1))
    return Pair(*names, rho, float(np.tanh(low)), float(np.tanh(high)), len(a), p)


def holm(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The pairs with p-values for looking at all of them, by strength.

    Source: Holm, Scandinavian Journal of Statistics 6 (1979) 65.
    """
    ordered = sorted(pairs, key=lambda pair: pair.p)
    raised = [min(1.0, pair.p * (len(pairs) - k)) for k, pair in enumerate(ordered)]
    worst = np.maximum.accumulate(raised).tolist() if raised else []
    return tuple(replace(pair, holm=value) for pair, value in zip(ordered, worst))


def compatible(pairs: Sequence[Pair], names: Sequence[str]) -> tuple[Pair, ...]:
    """The significant pairs, less the weakest where together they contradict each other."""
    kept = sorted((p for p in pairs if p.significant), key=lambda p: -abs(p.rho))
    while kept and not _definite(kept, list(names)):
        kept.pop()
    return tuple(kept)


def _definite(pairs: Sequence[Pair], names: list[str]) -> bool:
    matrix = np.eye(len(names))
    for pair in pairs:
        i, j = names.index(pair.first), names.index(pair.second)
        matrix[i, j] = matrix[j, i] = pair.rho
    return bool(np.linalg.eigvalsh(matrix).min() > 1e-6)


def _scores(x: Floats) -> Floats:
    return np.asarray(ndtri((stats.rankdata(x) - 0.5) / len(x)))


def _rho(m: Floats) -> Floats:
    """Pearson's, from means (B, 5) of a, b, their squares and their product."""
    spread = np.sqrt(np.maximum((m[:, 2] - m[:, 0] ** 2) * (m[:, 3] - m[:, 1] ** 2), 1e-300))
    return np.clip((m[:, 4] - m[:, 0] * m[:, 1]) / spread, -0.999, 0.999)

"""Fitting a quantity: the candidates, the best of them, its intervals and how well it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.base.dist import Choice, Dist, Empirical
from sim.base.errors import expected
from sim.calibrate.candidates import Candidate, LawFit, fitted_laws, of_table
from sim.calibrate.fitness import Fitness, fitness, statistics
from sim.calibrate.intervals import Units, interval
from sim.calibrate.tables import choice, histogram

Floats = NDArray[np.float64]

Criterion = Literal["bic", "aic"]
Interval = tuple[float, float, float]
"""A value and the ends of its 95 % interval."""

LEVELS = (0.05, 0.5, 0.95)
"""Quantiles that are told of every law, with intervals."""
CLOSE = 0.05
"""A law this near to a sample serves, even where a large sample shows that it is not the one:
distance of the distribution functions (engineering)."""
REJECTED = 0.01
"""A law that is farther off and has a smaller p-value is not taken, whatever the criterion
says, where a table can be."""


@dataclass(frozen=True)
class Fit:
    """A quantity's fit.

    Attributes:
        best: The candidate chosen.
        candidates: All, by the criterion.
        parameters: Value and 95 % interval by name; empty for tables.
        quantiles: The same for each of `LEVELS`.
        units, unit: How many of what were drawn anew for the intervals.
        fitness: None for tables, which follow the sample.
        distance: Kolmogorov and Smirnov's, to the sample.
    """

    best: Candidate
    candidates: tuple[Candidate, ...]
    parameters: dict[str, Interval]
    quantiles: tuple[Interval, ...]
    units: int
    unit: str
    fitness: Fitness | None
    distance: float


@dataclass(frozen=True)
class Draws:
    """Of what is drawn for intervals and p-values.

    Attributes:
        seed: Of everything.
        key: One for each quantity.
        times: How many of each.
    """

    seed: int = 0
    key: str = ""
    times: int = 199


def fit(
    x: Floats,
    units: Units,
    prior: Dist,
    *,
    bounds: tuple[float, float] | None = None,
    criterion: Criterion = "bic",
    draws: Draws | None = None,
) -> Fit:
    """Fit laws to a sample and take the best.

    Args:
        x: (n,) values, all finite and inside the bounds, not all the same.
        units: What is drawn anew for intervals.
        prior: The quantity's distribution so far: its shift is tried, its form kept where two
            are the same, and the values of a `Choice` are those that there are.
        bounds: Least and greatest value that the quantity can have; the prior's support if
            left out. The likelihood is that of the law cut off there.
        criterion: By which the best is chosen.
        draws: For p-values and intervals.

    Raises:
        UserError: A value is not finite or outside the bounds, or all are the same.
    """
    low, high = bounds or prior.support
    draws = draws or Draws()
    _check(x, low, high)
    if isinstance(prior, Choice):
        only = of_table("choice", choice(x, prior.values), x)
        return _table_fit(only, [only], x, units, draws)
    smooth = fitted_laws(x, prior, low, high)
    table = histogram(x)
    tried = [each.candidate for each in smooth]
    if table is not None:
        tried.append(of_table("empirical", table, x))
    ranked = sorted(tried, key=lambda each: float(getattr(each, criterion)))
    if isinstance(ranked[0].dist, Empirical):
        return _table_fit(ranked[0], ranked, x, units, draws)
    best = next(each for each in smooth if each.candidate is ranked[0])
    found = _law_fit(best, ranked, x, units, draws)
    assert found.fitness is not None
    if table is not None and found.distance > CLOSE and found.fitness.p <= REJECTED:
        return _table_fit(next(c for c in ranked if c.dist == table), ranked, x, units, draws)
    return found


def _check(x: Floats, low: float, high: float) -> None:
    bad = x[~(np.isfinite(x) & (x >= low) & (x <= high))]
    if len(bad):
        raise expected("values", f"finite numbers in [{low:g}, {high:g}]", float(bad[0]))
    if len(x) < 2 or all_alike(x):
        raise expected("values", "at least two different ones", x[:1].tolist())


def all_alike(x: Floats) -> bool:
    """Whether values differ by rounding at most."""
    return bool(np.ptp(x) <= 1e-9 * max(1.0, float(np.abs(x).max())))


def _law_fit(best: LawFit, ranked: list[Candidate], x: Floats, units: Units, draws: Draws) -> Fit:
    law, p = best.law, best.p
    drawn = law.fit(units.means(law.terms(x), units.draws(draws.seed, draws.key, draws.times)))
    found = fitness(law, p, x, units, seed=draws.seed, key=draws.key, draws=draws.times)
    named = zip(law.parameters, law.positive, p.tolist(), drawn.T)
    return Fit(
        best.candidate,
        tuple(ranked),
        {name: (v, *interval(v, d, units.count, positive=up)) for name, up, v, d in named},
        _quantiles(best.candidate.dist, law.ppf(np.array(LEVELS), drawn), units.count),
        units.count,
        units.name,
        found,
        found.statistic["ks"],
    )


def _table_fit(
    best: Candidate, ranked: list[Candidate], x: Floats, units: Units, draws: Draws
) -> Fit:
    """A table's fit: the intervals of its quantiles are those of its weights."""
    dist = best.dist
    assert isinstance(dist, Empirical | Choice)
    cell = np.searchsorted(dist.values, x, side="right") - 1
    cell = np.minimum(cell, len(dist.weights) - 1)  # the last edge is in the last cell
    drawn = units.draws(draws.seed, draws.key, draws.times)
    shares = units.means(np.eye(len(dist.weights))[cell], drawn)
    again = [type(dist)(dist.values, tuple(row)) for row in shares.tolist()]
    smooth = isinstance(dist, Empirical)
    return Fit(
        best,
        tuple(ranked),
        {},
        _quantiles(dist, np.array([each.ppf(LEVELS) for each in again]), units.count),
        units.count,
        units.name,
        None,
        float(statistics(dist.cdf(x)[None])[0, 0]) if smooth else 0.0,
    )


def _quantiles(dist: Dist, again: Floats, count: int) -> tuple[Interval, ...]:
    """With what each was in the drawings, (B, levels)."""
    values = dist.ppf(LEVELS).tolist()
    return tuple((v, *interval(v, again[:, k], count)) for k, v in enumerate(values))

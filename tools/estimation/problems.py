"""Limit states with answers that were found without any sampling of rare events.

Each is a vectorised function of standard-normal points (n, d), failing where it is <= 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
LimitState = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Problem:
    """One limit state and its failure probability.

    Attributes:
        name: Its name in the table.
        dim: d.
        limit_state: (n, d) to (n,).
        probability: The answer.
        source: Where the answer is from.
    """

    name: str
    dim: int
    limit_state: LimitState
    probability: float
    source: str


CLOSED = "closed form"


def linear(d: int, p: float) -> Problem:
    """One half-space, equally far along every axis."""
    b = -float(ndtri(p))
    return Problem(f"linear {p:.0e}", d, lambda u: b - u.sum(axis=1) / np.sqrt(d), p, CLOSED)


def two_sided(d: int, b: float) -> Problem:
    """|u1| > b; the other axes do not matter."""
    return Problem("two-sided", d, lambda u: b - np.abs(u[:, 0]), 2 * float(ndtr(-b)), CLOSED)


def sphere(d: int, p: float) -> Problem:
    """Outside a sphere: failure in every direction."""
    r2 = float(stats.chi2.isf(p, d))
    return Problem(f"sphere {p:.0e}", d, lambda u: r2 - (u**2).sum(axis=1), p, CLOSED)


def any_axis(d: int, b: float) -> Problem:
    """max |u_i| > b: 2 d ways to fail."""
    p = -float(np.expm1(d * np.log1p(-2 * ndtr(-b))))
    return Problem("any axis", d, lambda u: b - np.abs(u).max(axis=1), p, CLOSED)


def series(*b: float) -> Problem:
    """u_i > b_i for any i: ways to fail of unequal size."""
    bounds = np.array(b)
    p = -float(np.expm1(np.log1p(-ndtr(-bounds)).sum()))
    return Problem("series", len(b), lambda u: (bounds - u).min(axis=1), p, CLOSED)


def parallel(d: int, b: float) -> Problem:
    """u_i > b for all i: a sharp corner."""
    return Problem("parallel", d, lambda u: b - u.min(axis=1), float(ndtr(-b)) ** d, CLOSED)


def k_of_n(k: int, n: int, b: float) -> Problem:
    """At least k of n axes above b."""
    p = float(stats.binom.sf(k - 1, n, ndtr(-b)))
    name = f"{k} of {n}"
    return Problem(name, n, lambda u: b - np.sort(u, axis=1)[:, n - k], p, CLOSED)


def island(d: int, away: float, radius: float) -> Problem:
    """Two balls on the first axis, failure within them only."""

    def limit_state(u: Floats) -> Floats:
        rest = (u[:, 1:] ** 2).sum(axis=1)
        return np.asarray((np.abs(u[:, 0]) - away) ** 2 + rest - radius**2)

    p = 2 * float(stats.ncx2.cdf(radius**2, d, away**2))
    return Problem("two islands", d, limit_state, p, "non-central chi-square")


def shell(d: int, inner: float, outer: float) -> Problem:
    """Failure between two spheres."""

    def limit_state(u: Floats) -> Floats:
        r = np.sqrt((u**2).sum(axis=1))
        return np.asarray(np.maximum(inner - r, r - outer))

    p = float(stats.chi2.sf(inner**2, d) - stats.chi2.sf(outer**2, d))
    return Problem("shell", d, limit_state, p, CLOSED)


def erlang(d: int, bound: float) -> Problem:
    """A sum of d exponential variables below a bound; with d 20 and 8.951 this is RP54."""
    p = float(stats.gamma.cdf(bound, d))
    name = "RP54" if d == 20 else "sum of exponentials"
    return Problem(name, d, lambda u: -np.log(ndtr(-u)).sum(axis=1) - bound, p, "gamma")


def capped(problem: Problem, cap: float) -> Problem:
    """The same, but a simulator that says no more than `cap` where all is well."""

    def limit_state(u: Floats) -> Floats:
        return np.asarray(np.minimum(problem.limit_state(u), cap))

    name = f"{problem.name}, capped"
    return Problem(name, problem.dim, limit_state, problem.probability, problem.source)


def signed(problem: Problem) -> Problem:
    """The same, but only +1 or -1 is told."""

    def limit_state(u: Floats) -> Floats:
        return np.where(problem.limit_state(u) <= 0, -1.0, 1.0)

    name = f"{problem.name}, only +-1"
    return Problem(name, problem.dim, limit_state, problem.probability, problem.source)


def padded(problem: Problem, d: int) -> Problem:
    """The same with axes that do not matter."""

    def limit_state(u: Floats) -> Floats:
        return problem.limit_state(u[:, : problem.dim])

    name = f"{problem.name}, padded"
    return Problem(name, d, limit_state, problem.probability, problem.source)

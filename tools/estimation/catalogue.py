"""All problems, in the two groups of the table."""

from __future__ import annotations

from functools import cache

from tools.estimation.literature import literature, rp25
from tools.estimation.misleading import exponentials, near_and_far, no_slope
from tools.estimation.problems import (
    Problem,
    any_axis,
    capped,
    erlang,
    island,
    k_of_n,
    linear,
    padded,
    parallel,
    series,
    shell,
    signed,
    sphere,
    two_sided,
)

REQUIRED = ("linear", "two-sided", "four-branch", "RP8", "RP14", "RP22", "RP25", "RP53")
"""First words of the names of those that all figures are promised for."""


@cache
def known() -> tuple[Problem, ...]:
    """Up to ten dimensions."""
    out = [linear(d, p) for d in (2, 5, 10) for p in (1e-3, 1e-4, 1e-6)]
    out += [two_sided(2, 4.0), two_sided(10, 4.0)]
    out += [problem for problem in literature() if problem.dim <= 10]
    out += [sphere(d, 1e-4) for d in (2, 5, 10)] + [sphere(10, 1e-6)]
    out += [series(3.0, 3.2, 3.4, 3.6, 3.8), parallel(2, 2.5), parallel(5, 1.2), k_of_n(3, 6, 2.0)]
    out += [any_axis(3, 4.0), any_axis(10, 4.5), island(3, 4.0, 1.0), shell(3, 4.5, 5.0)]
    out += [erlang(10, 2.0), padded(Problem("RP25", 2, rp25, 4.1486e-5, "published"), 10)]
    out += [capped(linear(5, 1e-4), 1.0), signed(linear(5, 1e-4)), signed(two_sided(3, 4.0))]
    out += [near_and_far(2, 5.0, 2.5, 0.1), near_and_far(3, 5.5, 2.5, 0.3), no_slope(5, 4.5, 4.0)]
    out += [no_slope(10, 4.5, 4.0), exponentials(5, 1e-4), exponentials(10, 1e-6)]
    return tuple(out)


@cache
def wide() -> tuple[Problem, ...]:
    """Twenty to a hundred dimensions."""
    out = [linear(d, p) for d in (20, 50, 100) for p in (1e-4, 1e-6)]
    out += [sphere(d, 1e-4) for d in (20, 50, 100)]
    out += [two_sided(50, 4.0), any_axis(20, 4.5), any_axis(50, 4.5), erlang(20, 8.951)]
    out += [problem for problem in literature() if problem.dim > 10]
    four = next(problem for problem in literature() if problem.name == "four-branch")
    out += [padded(four, 20), signed(linear(50, 1e-4)), capped(linear(50, 1e-4), 1.0)]
    out += [series(*[3.5] * 10 + [4.0] * 40), k_of_n(3, 30, 2.5)]
    out += [no_slope(13, 4.5, 4.0), exponentials(50, 1e-4)]
    return tuple(out)

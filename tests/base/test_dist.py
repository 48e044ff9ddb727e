"""Distributions: quantiles rise, densities hold one unit of mass, written forms come back."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.base.dist import DISTS, Choice, Dist, LogNormal, Truncated, parse
from sim.base.dist.smooth import Smooth
from sim.base.errors import UserError

EXAMPLES = sorted(DISTS)
INNER = np.linspace(1e-6, 1 - 1e-6, 2001)


def example(kind: str) -> Dist:
    return parse(list(DISTS[kind].example))


@pytest.mark.parametrize("kind", EXAMPLES)
def test_quantiles_rise_and_stay_inside_the_support(kind: str) -> None:
    dist = example(kind)
    x = dist.ppf(INNER)
    low, high = dist.support
    assert np.all(np.diff(x) >= 0)
    assert np.all((x >= low) & (x <= high))


@pytest.mark.parametrize("kind", [k for k in EXAMPLES if k not in ("choice", "constant")])
def test_density_is_the_slope_of_the_distribution_function(kind: str) -> None:
    dist = example(kind)
    x = np.linspace(*dist.ppf([1e-5, 1 - 1e-5]), 40_001)
    density = np.exp(dist.log_pdf((x[1:] + x[:-1]) / 2))
    assert float(np.sum(density * np.diff(x))) == pytest.approx(1.0, abs=2e-4)
    np.testing.assert_allclose(dist.cdf(dist.ppf(INNER)), INNER, atol=1e-9)


def test_masses_of_a_choice_sum_to_one_and_are_drawn_in_proportion() -> None:
    dist = Choice((1, 2, 5), (2, 1, 1))
    assert np.exp(dist.log_pdf([1, 2, 5])).tolist() == [0.5, 0.25, 0.25]
    assert np.isneginf(dist.log_pdf([0, 3, 6])).all()
    grid = (np.arange(1000) + 0.5) / 1000
    assert np.bincount(dist.ppf(grid).astype(int)).tolist() == [0, 500, 250, 0, 0, 250]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_written_form_comes_back(kind: str) -> None:
    dist = example(kind)
    assert parse(dist.spec) == dist


finite = st.floats(-1e6, 1e6)
spread = st.floats(1e-3, 1e3)


@given(finite, spread, spread)
def test_written_form_comes_back_whatever_the_numbers(at: float, sd: float, sigma: float) -> None:
    for spec in (["normal", at, sd], ["lognormal", sd, sigma, at], ["uniform", at, at + sd]):
        assert parse(parse(spec).spec) == parse(spec)


def test_truncation_keeps_the_shape_inside() -> None:
    whole = LogNormal(2, 0.5)
    part = Truncated(whole, 1, 4)
    shift = part.log_pdf([1.5, 2.0, 3.0]) - whole.log_pdf([1.5, 2.0, 3.0])
    assert np.ptp(shift) < 1e-12
    assert math.exp(-shift[0]) == pytest.approx(float(whole.cdf(4) - whole.cdf(1)))


def test_lognormal_is_told_by_its_median() -> None:
    assert float(LogNormal(1.3, 0.45, 0.26).ppf(0.5)) == pytest.approx(1.56)


@pytest.mark.parametrize("kind", [k for k in EXAMPLES if issubclass(DISTS[k], Smooth)])
def test_density_is_zero_off_the_support(kind: str) -> None:
    dist = example(kind)
    for edge, out in zip(dist.support, (-1.0, 1.0)):
        if math.isfinite(edge):
            assert np.isneginf(dist.log_pdf(edge + out))


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (["norml", 1, 2], "distribution: unknown name 'norml', did you mean 'normal'?"),
        (["normal", 1], "expected [normal, mean, sd], got ['normal', 1]"),
        (["uniform", 3, 1], "uniform low, high: expected low below high, got [3.0, 1.0]"),
        (["normal", math.nan, 1], "normal mean: expected a finite number, got nan"),
        (["lognormal", 1, -2], "lognormal sigma: expected a number above 0, got -2.0"),
        (["normal", "a", 1], "normal mean: expected a number, got 'a'"),
        (["choice", [2, 1]], "choice values: expected values in rising order, got [2.0, 1.0]"),
        (["choice", [1, 2], 3], "choice weights: expected a list of numbers, got 3"),
        (["empirical", [1, 2], [1, 2]], "empirical weights: expected 1 weights"),
        (["empirical", [1, 2], [-1]], "weights of at least 0, not all 0"),
        (["truncated", ["normal", 0, 1], 40, 50], "has no mass in [40, 50]"),
        (["truncated", ["normal", 0, -1], 0, 1], "normal sd: expected a number above 0"),
        (["truncated", 3, 0, 1], "truncated of: expected a distribution with a density, got 3"),
        (math.nan, "constant value: expected a finite number, got nan"),
        (True, "expected a number or a list such as [normal, 12, 3], got True"),
        ("normal", "expected a number or a list such as [normal, 12, 3], got 'normal'"),
        ([], "expected a number or a list such as [normal, 12, 3], got []"),
        ([1, 2], "expected the name of a distribution first, got [1, 2]"),
    ],
)
def test_mistakes_are_told_in_one_line_that_names_the_key(spec: object, said: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(spec, "scenario.gap")
    message = str(caught.value)
    assert message.startswith("scenario.gap: ")
    assert said in message
    assert "\n" not in message


def test_a_value_without_weight_is_none() -> None:
    dist = parse(["choice", [1, 2, 3], [0.5, 0, 0.5]])
    assert dist == parse(["choice", [1, 3], [0.5, 0.5]])
    assert dist.steps == (0.5,)
    assert parse(["choice", [1, 2], [1, 0]]).support == (1.0, 1.0)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_nearest_possible_value_is_the_value_where_it_is_possible(kind: str) -> None:
    law = example(kind)
    x = law.ppf(INNER)
    assert np.array_equal(law.nearest(x), x)
    ends = [x for x in law.support if np.isfinite(x)]
    off = [x + (1e-3 if x == law.support[1] else -1e-3) for x in ends]
    assert law.nearest(off).tolist() == ends


def test_possible_values_are_told_in_words() -> None:
    for spec, said in (
        (3, "3"),
        (["uniform", 8, 16], "8 to 16"),
        (["exponential", 2, 1], "at least 1"),
        (["normal", 0, 1], "any number"),
        (["choice", [0, 1, 4]], "0 or 1 or 4"),
    ):
        assert parse(spec).range == said
    assert parse(["choice", [0, 0.1]]).nearest([0.1 + 1e-15, 0.01]).tolist() == [0.1, 0.0]


def test_distributions_in_one_another_end_somewhere() -> None:
    spec: list[object] = ["normal", 0, 1]
    for _ in range(300):
        spec = ["truncated", spec, 0, 1]
    with pytest.raises(UserError, match="gap: expected at most 4 in one another") as caught:
        parse(spec, "gap")
    assert len(str(caught.value)) < 300


def test_a_choice_cannot_be_cut_off() -> None:
    with pytest.raises(UserError, match=r"a density, got \[choice, \[1, 2\]\]$"):
        parse(["truncated", ["choice", [1, 2]], 0, 50])

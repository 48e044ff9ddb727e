"""Quantities that depend on another: conditionals written as lists."""

import numpy as np
import pytest
from scipy import stats

from sim.base.dist import Given, Normal, Uniform, parse_law
from sim.base.errors import UserError

SPEC = ["given", "wet", [0.5, 1.5], [["uniform", 0.8, 0.9], ["normal", 0.5, 0.01], 0.2]]


def test_the_law_is_that_of_the_case() -> None:
    law = parse_law(SPEC)
    assert isinstance(law, Given)
    assert law.spec == [
        "given", "wet", [0.5, 1.5], [["uniform", 0.8, 0.9], ["normal", 0.5, 0.01], 0.2]
    ]  # fmt: skip
    assert parse_law(law.spec) == law
    u, of = np.array([0.25, 0.25, 0.25, 0.75]), np.array([0.0, 1.0, 2.0, 0.5])
    wanted = [0.825, stats.norm(0.5, 0.01).ppf(0.25), 0.2, stats.norm(0.5, 0.01).ppf(0.75)]
    np.testing.assert_allclose(law.ppf(u, of), wanted)
    low, high = law.levels(law.ppf(u, of), of)
    np.testing.assert_allclose(low, [0.25, 0.25, 0.0, 0.75])  # a constant has any
    np.testing.assert_allclose(high, [0.25, 0.25, 1.0, 0.75])
    assert law.support == (-np.inf, np.inf)


def test_rows_of_values_take_the_case_of_their_scene() -> None:
    law = Given("wet", (0.5,), (Uniform(0, 1), Uniform(10, 11)))
    drawn = law.ppf(np.full((2, 3), 0.5), np.array([0.0, 1.0]))
    assert drawn.tolist() == [[0.5] * 3, [10.5] * 3]


def test_other_lists_are_plain_distributions() -> None:
    assert parse_law(["normal", 1, 2]) == Normal(1, 2)
    assert parse_law(3).support == (3.0, 3.0)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (["given", "wet"], "expected [given, other, [edges], [distributions]]"),
        (["given", 3, [1], [1, 2]], "expected [given, other, [edges], [distributions]]"),
        (["given", "wet", 1, [1, 2]], "expected [given, other, [edges], [distributions]]"),
        (["given", "wet", [], [1]], "at least one number"),
        (["given", "wet", [1], [1]], "given wet: expected 2 distributions, got 1"),
        (["given", "wet", [2, 1], [1, 2, 3]], "rising numbers"),
        (["given", "wet", ["x"], [1, 2]], "numbers as edges"),
        (["given", "wet", [1], [1, ["norml", 1, 2]]], "did you mean 'normal'"),
        (["given", "wet", [1], [["uniform", 3, 1], 2]], "low below high"),
    ],
)
def test_mistakes_name_the_key(spec: list[object], said: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_law(spec, "cut_in.gap")
    assert str(caught.value).startswith("cut_in.gap")
    assert said in str(caught.value)


def test_a_value_is_possible_under_any_of_them() -> None:
    law = parse_law(["given", "wet", [0.5], [["uniform", 0.8, 0.9], 0.5]])
    near = law.nearest(np.array([[0.85, 0.79, 0.51, 7.0]]))
    assert near.tolist() == [[0.85, 0.8, 0.5, 0.9]]
    assert law.range == "0.8 to 0.9 or 0.5"

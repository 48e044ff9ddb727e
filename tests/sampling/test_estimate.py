"""Failure probabilities against known answers; the long statistics are in tools.estimation."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import binom

from sim.base.errors import UserError
from sim.sampling.estimate import Flag, cross_entropy, crude_monte_carlo, estimate
from sim.sampling.estimate import subset_simulation as subset
from sim.sampling.estimate.slopes import slopes
from tools.estimation.catalogue import known, wide
from tools.estimation.literature import four_branch
from tools.estimation.problems import Floats, Problem, linear, two_sided
from tools.estimation.quadrature import line, plane

PROBLEMS = {f"{p.name} d{p.dim}": p for p in known() + wide()}
TRIED = [
    "linear 1e-06 d2",
    "two-sided d2",
    "four-branch d2",
    "RP8 d6",
    "RP25 d2",
    "RP53 d2",
    "RP110 d2",
    "sphere 1e-04 d10",
    "two islands d3",
    "two-sided, only +-1 d3",
    "linear 1e-04 d20",
    "sphere 1e-04 d50",
]


@pytest.mark.parametrize("name", TRIED)
def test_known_answers(name: str) -> None:
    """Four standard errors: a sound estimate fails this once in 15,000 seeds."""
    problem = PROBLEMS[name]
    found = estimate(problem.limit_state, problem.dim, seed=1)
    assert found.calls <= 10_000
    assert abs(np.log(found.probability / problem.probability)) < 4 * max(found.rrmse, 0.05)
    assert found.low / 1.2 < problem.probability < found.high * 1.2
    assert found.speed_up > 5 or problem.probability > 0.01


@pytest.mark.parametrize("name", ["linear 1e-04 d20", "sphere 1e-04 d5"])
def test_intervals_cover(name: str) -> None:
    """Sound intervals fail this once in 5,000 choices of seeds, of .80 in 4 of 10."""
    problem, seeds = PROBLEMS[name], 40
    runs = [
        estimate(problem.limit_state, problem.dim, target_rrmse=0.1, seed=seed)
        for seed in range(seeds)
    ]
    covered = sum(run.low <= problem.probability <= run.high for run in runs)
    assert covered > binom.ppf(2e-4, seeds, 0.95)
    assert all(run.high / run.low < 1.7 for run in runs if not run.flags)


@pytest.mark.parametrize("p", [1e-4, 1e-6])
def test_in_a_hundred_dimensions_values_tell_the_direction(p: float) -> None:
    problem = linear(100, p)
    found = estimate(problem.limit_state, 100, seed=3)
    assert found.flags == ()
    assert found.calls < 7_000
    assert found.probability == pytest.approx(p, rel=0.2)


def test_slopes_are_the_normals_of_planes_and_a_sphere_has_too_many() -> None:
    rng, d = np.random.default_rng(2), 40
    u = rng.standard_normal((3000, d)) + 2.0 * np.eye(d)[0] * rng.choice([-1.0, 1.0], (3000, 1))
    half = np.arange(500) % 2 == 0
    weight = np.full(500, 1 / 500)
    two = np.minimum(3.0 - u[:, 0], 3.0 + (u[:, 0] + u[:, 1]) / np.sqrt(2.0))
    found = slopes((u, two), u[two.argsort()[:500]], weight, half, rng)
    assert found is not None
    assert np.linalg.norm(found.basis[2:], axis=0).max() < 0.1  # at the kink planes mix
    sphere = 9.0 - np.linalg.norm(u, axis=1)
    assert slopes((u, sphere), u[sphere.argsort()[:500]], weight, half, rng) is None
    assert slopes((u, np.ones(3000)), u[:500], weight, half, rng) is None


@pytest.mark.parametrize("seed", range(4))
def test_four_ways_to_fail_are_found_with_two_thousand_calls(seed: int) -> None:
    found = estimate(four_branch, 2, target_rrmse=0.1, max_calls=5_000, seed=seed)
    assert found.calls <= 2_500
    ways = {(mode.nearest[0] > 0, mode.nearest[1] > 0) for mode in found.modes}
    assert len(ways) == 4
    assert sum(mode.share for mode in found.modes) == pytest.approx(1.0, abs=0.02)
    assert sorted(round(mode.distance) for mode in found.modes[:2]) == [3, 3]


def test_the_same_seed_gives_the_same_bits() -> None:
    problem = two_sided(3, 3.5)
    first, second, other = (estimate(problem.limit_state, 3, seed=s) for s in (5, 5, 6))
    assert first.probability == second.probability
    np.testing.assert_array_equal(first.points, second.points)
    assert first.probability != other.probability


@pytest.mark.parametrize("max_calls", [100, 101, 500, 1_999])
@pytest.mark.parametrize("name", ["linear 1e-04 d5", "any axis d10", "linear 1e-04, only +-1 d50"])
def test_the_budget_is_never_exceeded(name: str, max_calls: int) -> None:
    problem, calls = PROBLEMS[name], [0]

    def counted(u: Floats) -> Floats:
        calls[0] += len(u)
        assert len(u) <= 1_000
        return problem.limit_state(u)

    found = estimate(counted, problem.dim, max_calls=max_calls, seed=0)
    assert found.calls == calls[0] <= max_calls
    assert found.low <= problem.probability <= found.high


def test_where_nothing_fails_the_bound_is_what_the_draws_allow() -> None:
    found = estimate(lambda u: np.ones(len(u)), 3, max_calls=2_000, seed=0)
    assert (found.probability, found.low) == (0.0, 0.0)
    assert 3.6 / 2_000 < found.high < 2 * 3.7 / 2_000
    assert "nothing_failed" in found.flags


def test_where_everything_fails_the_bound_is_below() -> None:
    found = estimate(lambda u: -np.ones(len(u)), 3, seed=0)
    assert (found.probability, found.high) == (1.0, 1.0)
    assert 0.98 < found.low < 1.0
    assert Flag.EVERYTHING_FAILED in found.flags


def test_a_common_failure_takes_nominal_draws() -> None:
    found = estimate(lambda u: 0.5 - u[:, 0], 4, seed=2)
    assert found.method == "crude Monte Carlo"
    assert found.calls < 2_000
    assert found.low < ndtr(-0.5) < found.high


def test_the_error_is_that_of_the_draws_it_counts() -> None:
    """The share of failures, and the binomial error, of as many draws as are said to count."""
    found = estimate(lambda u: 0.5 - u[:, 0], 4, seed=2)
    assert found.method == "crude Monte Carlo"
    assert 0 < found.counted < found.calls
    assert len(found.points) / found.counted == pytest.approx(found.probability)
    error = np.sqrt((1.0 - found.probability) / len(found.points))
    assert found.rrmse == pytest.approx(error, rel=0.02)


def test_one_dimension_and_infinite_safety() -> None:
    answer = float(ndtr(-3.0))
    found = estimate(lambda u: np.where(u[:, 0] > 3.0, -1.0, np.inf), 1, seed=1)
    assert found.probability == pytest.approx(answer, rel=0.2)


def test_too_many_ways_to_fail_are_flagged_and_fall_back() -> None:
    problem = PROBLEMS["any axis d50"]
    found = estimate(problem.limit_state, problem.dim, seed=0)
    assert {Flag.SKEWED_WEIGHTS, Flag.FELL_BACK} <= set(found.flags)
    assert found.method == "subset simulation"
    assert found.low <= problem.probability <= found.high
    assert all(flag.words in str(found) for flag in found.flags)


def test_failing_points_fail_and_their_weights_give_the_probability() -> None:
    problem = linear(5, 1e-4)
    found = estimate(problem.limit_state, 5, seed=3)
    assert (problem.limit_state(found.points) <= 0).all()
    u, log_weight = found.draw(4_000, seed=9)
    weight = np.exp(log_weight)
    assert weight.mean() == pytest.approx(1.0, abs=5 * weight.std() / np.sqrt(4_000))
    again = (weight * (problem.limit_state(u) <= 0)).mean()
    assert again == pytest.approx(1e-4, rel=0.15)


Bad = Callable[[Floats], object]


@pytest.mark.parametrize(
    ("limit_state", "message"),
    [
        (lambda u: np.full(len(u), np.nan), "limit_state: expected numbers, got NaN at the point"),
        (lambda u: u, "limit_state: expected values of shape"),
        (lambda u: 1.0, "limit_state: expected values of shape"),
        (lambda u: ["safe"] * len(u), "numbers, got 'list'"),
    ],
)
def test_a_limit_state_that_is_none_is_told_in_one_line(limit_state: Bad, message: str) -> None:
    with pytest.raises(UserError, match=message) as told:
        estimate(limit_state, 2, seed=0)  # type: ignore[arg-type]
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "wrong",
    [{"dim": 0}, {"dim": 2.5}, {"max_calls": 99}, {"target_rrmse": 0}, {"target_rrmse": 1.5},
     {"seed": -1}, {"seed": True}],
)  # fmt: skip
def test_an_impossible_argument_is_told(wrong: dict[str, float]) -> None:
    arguments = {"dim": 2, "seed": 0} | wrong
    with pytest.raises(UserError, match=next(iter(wrong))):
        estimate(lambda u: u[:, 0], **arguments)  # type: ignore[arg-type]


def test_answers_that_were_integrated_are_what_integration_gives() -> None:
    held = {problem.name: problem.probability for problem in known() + wide()}
    waves = line(lambda z: ndtr(-3.5 - 0.5 * np.sin(5 * z)), cells=20_000)
    assert waves == pytest.approx(held["wave"], rel=1e-5)
    for problem in (PROBLEMS["RP28 d2"], PROBLEMS["RP75 d2"], PROBLEMS["four-branch d2"]):
        assert plane(problem.limit_state, cells=600) == pytest.approx(problem.probability, rel=2e-3)


def test_baselines_agree_where_there_is_one_way_to_fail() -> None:
    problem: Problem = linear(2, 1e-3)
    crude = crude_monte_carlo(problem.limit_state, 2, calls=200_000, seed=0)
    assert crude.probability == pytest.approx(1e-3, rel=4 * crude.rrmse)
    for method in (subset, cross_entropy):
        found = method(problem.limit_state, 2, level=2_000, seed=0)
        assert found.probability == pytest.approx(1e-3, rel=4 * max(found.rrmse, 0.05))
        assert found.calls < 10_000

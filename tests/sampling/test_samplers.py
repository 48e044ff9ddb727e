"""Every sampler: points by index, inside the cube, with weights that average to one."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import kstest, qmc

from sim.base.errors import UserError
from sim.family.space import Axis, Space
from sim.sampling import (
    SAMPLERS,
    Choice,
    CrossEntropy,
    Iid,
    Importance,
    LatinHypercube,
    Mixture,
    Sampler,
    Sobol,
)
from sim.sampling.stream.screening import matters

TILTED = Importance(
    proposal=Mixture(
        np.array([0.7, 0.3]),
        np.array([[2.0, 0.0, 0.0], [0.0, -1.5, 0.5]]),
        np.array([[0.6, 1.0, 1.0], [1.0, 0.8, 1.2]]),
    )
)
BASELINE = CrossEntropy(proposal=Mixture(np.ones(1), np.full((1, 3), 0.4), np.full((1, 3), 0.9)))
READY: list[Sampler] = [Iid(), Sobol(), LatinHypercube(size=64), Importance(), TILTED]


@pytest.mark.parametrize("sampler", READY, ids=lambda s: s.name)
@pytest.mark.parametrize("d", [1, 3, 60])
def test_a_point_depends_on_its_index_not_on_the_batch(sampler: Sampler, d: int) -> None:
    if sampler is TILTED and d != 3:
        return
    whole, weight = sampler.ask(100, Space.plain(d), seed=5)
    parts = [
        sampler.ask(n, Space.plain(d), seed=5, start=start)
        for start, n in ((0, 1), (1, 36), (37, 63))
    ]
    assert np.array_equal(whole, np.vstack([points for points, _ in parts]))
    assert np.array_equal(weight, np.concatenate([w for _, w in parts]))


@pytest.mark.parametrize("sampler", READY, ids=lambda s: s.name)
def test_points_lie_inside_the_cube_and_follow_the_seed(sampler: Sampler) -> None:
    points, _ = sampler.ask(4096, Space.plain(3), seed=1)
    assert points.shape == (4096, 3)
    assert np.all((points > 0) & (points < 1))
    assert not np.array_equal(points, sampler.ask(4096, Space.plain(3), seed=2)[0])


@pytest.mark.parametrize("sampler", READY, ids=lambda s: s.name)
def test_weights_average_to_one(sampler: Sampler) -> None:
    _, log_weight = sampler.ask(20_000, Space.plain(3), seed=3)
    weight = np.exp(log_weight)
    assert abs(weight.mean() - 1) <= 3 * weight.std() / np.sqrt(len(weight)) + 1e-12
    assert weight.max() <= 1 / TILTED.defensive + 1e-12


@pytest.mark.parametrize("sampler", [Iid(), Sobol()], ids=lambda s: s.name)
def test_nominal_designs_are_uniform(sampler: Sampler) -> None:
    points, log_weight = sampler.ask(2048, Space.plain(5), seed=8)
    assert not log_weight.any()
    for column in points.T:
        assert kstest(column, "uniform").pvalue > 1e-3


CHOICES = Space((Axis("kind", "kind", edges=(0.6, 0.9)), Axis("gap", "gap")))
P, Q = np.array([0.6, 0.3, 0.1]), np.array([[0.2, 0.2, 0.6], [0.5, 0.4, 0.1]])
EDGES = np.array([0.0, 0.6, 0.9, 1.0])


def test_a_choice_is_tilted_by_probability_and_its_weight_is_exact() -> None:
    """One component: the weight of a value k is 1 / (0.1 + 0.9 q_k / p_k), whatever the point."""
    mixture = Mixture(np.ones(1), np.zeros((1, 2)), np.ones((1, 2)), (Choice(0, EDGES, Q[:1]),))
    points, log_weight = Importance(proposal=mixture).ask(40_000, CHOICES, seed=1)
    value = np.searchsorted([0.6, 0.9], points[:, 0])
    exact = 1.0 / (0.1 + 0.9 * Q[0] / P)
    np.testing.assert_allclose(np.exp(log_weight), exact[value], rtol=1e-12)
    for k in range(3):
        drawn = 0.1 * P[k] + 0.9 * Q[0, k]
        assert np.mean(value == k) == pytest.approx(drawn, abs=4 * np.sqrt(drawn / 40_000))
        assert (np.exp(log_weight) * (value == k)).mean() == pytest.approx(P[k], rel=0.03)
        inside = (points[value == k, 0] - EDGES[k]) / P[k]
        assert kstest(inside, "uniform").pvalue > 1e-3


def test_an_estimate_with_choices_in_two_components_is_unbiased() -> None:
    """P(kind = 2 and gap's score > 1.5) = 0.1 Phi(-1.5)."""
    means, ones = np.array([[0.0, 1.6], [0.0, -0.5]]), np.ones((2, 2))
    mixture = Mixture(np.array([0.7, 0.3]), means, ones, (Choice(0, EDGES, Q),))
    sampler = Importance(proposal=mixture)
    points, log_weight = sampler.ask(50_000, CHOICES, seed=2)
    weight = np.exp(log_weight)
    hit = (points[:, 0] > 0.9) & (ndtri(points[:, 1]) > 1.5)
    error = (weight * hit).std() / np.sqrt(len(hit))
    assert abs((weight * hit).mean() - 0.1 * ndtr(-1.5)) < 3.5 * error
    assert error < np.sqrt(0.1 * ndtr(-1.5) / len(hit)) / 3
    assert abs(weight.mean() - 1) < 3 * weight.std() / np.sqrt(len(weight))


def test_proposals_tell_which_component_drew_a_point() -> None:
    means = np.array([[0.0, 9.0], [0.0, -9.0]])
    sampler = Importance(proposal=Mixture(np.array([0.7, 0.3]), means, np.full((2, 2), 0.5)))
    points, _ = sampler.ask(5000, CHOICES, seed=3)
    source = sampler.proposals(5000, CHOICES, seed=3)
    z = ndtri(points[:, 1])
    assert np.array_equal(source, np.where(z > 5, 1, np.where(z < -5, 2, 0)))
    assert np.mean(source == 0) == pytest.approx(0.1, abs=0.02)
    assert np.mean(source == 1) == pytest.approx(0.63, abs=0.03)
    assert not Iid().proposals(5, CHOICES, seed=1).any()


def test_the_value_that_brings_danger_is_learnt_and_none_dies_out() -> None:
    sampler = Importance()
    for round_ in range(3):
        points, _ = sampler.ask(500, CHOICES, seed=4, start=10**6 * (round_ + 1))
        danger = 0.7 * (points[:, 0] > 0.9) + 0.1 * points[:, 1]
        sampler = sampler.tell(points, danger, CHOICES)
    assert sampler.proposal is not None
    (choice,) = sampler.proposal.choices
    assert (sampler.proposal.share @ choice.odds)[2] > 0.6
    assert (choice.odds > 0).all()
    points, log_weight = sampler.ask(2000, CHOICES, seed=4)
    assert np.mean(points[:, 0] > 0.9) > 0.6
    weight = np.exp(log_weight)
    assert weight.max() <= 1 / sampler.defensive + 1e-9
    assert abs(weight.mean() - 1) < 3 * weight.std() / np.sqrt(len(weight))
    smooth = sampler.proposal.sd[:, 0], sampler.proposal.mean[:, 0]
    assert (smooth[0] == 1).all()  # a choice has no spread of its own
    assert (smooth[1] == 0).all()


def test_screening_finds_shift_spread_and_choice_and_nothing_else() -> None:
    d = 60
    axes = [Axis(f"u{k}", f"u{k}") for k in range(d - 1)]
    space = Space((*axes, Axis("kind", "kind", edges=(0.4, 0.8))))
    found = np.zeros(d, int)
    for seed in range(10):
        points, _ = Iid().ask(500, space, seed)
        z = ndtri(points)
        noise = np.random.default_rng(seed).normal(size=500)
        danger = 0.4 * z[:, 3] + 0.4 * z[:, 7] ** 2 + 0.9 * (points[:, -1] > 0.8) + noise
        found += matters(points, danger, space)
    assert (found[[3, 7, d - 1]] >= 9).all()
    assert found.sum() - found[[3, 7, d - 1]].sum() <= 3


@pytest.mark.parametrize("seed", [1, 2])
def test_the_proposal_goes_as_far_as_the_goal_needs(seed: int) -> None:
    """Danger in 23 % of 30 dimensions' draws, half of it noise: the stream has some 70 %."""

    def danger(z: np.ndarray) -> np.ndarray:
        noise = np.random.default_rng(len(z)).normal(size=len(z))
        return np.where(z[:, 0] + z[:, 1] + 1.4 * noise > 1.5, 0.6, 0.2)

    sampler = adapted(Importance(), danger, 30, seed)
    points, log_weight = sampler.ask(4000, Space.plain(30), seed)
    hit = danger(ndtri(points)) >= 0.5
    weight = np.exp(log_weight)
    assert 0.6 < hit.mean() < 0.85
    nature = (weight * hit).mean()
    assert abs(nature - ndtr(-1.5 / np.sqrt(2 + 1.4**2))) < 4 * (weight * hit).std() / np.sqrt(4000)


def test_the_baseline_weighs_without_a_bound() -> None:
    points, log_weight = BASELINE.ask(20_000, Space.plain(3), seed=1)
    z = ndtri(points)
    exact = (0.5 * ((z - 0.4) / 0.9) ** 2 - 0.5 * z**2 + np.log(0.9)).sum(axis=1)
    np.testing.assert_allclose(log_weight, exact, atol=1e-9)
    told = CrossEntropy(target=9.0).tell(points, z[:, 0], Space.plain(3)).proposal
    assert told is not None
    top = z[z[:, 0] >= np.quantile(z[:, 0], 0.9)]
    np.testing.assert_allclose(told.mean[0], top.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(told.sd[0], top.std(axis=0), atol=1e-9)


def test_sobol_covers_more_evenly_than_independent_points() -> None:
    even = qmc.discrepancy(Sobol().ask(512, Space.plain(4), seed=1)[0])
    crude = qmc.discrepancy(Iid().ask(512, Space.plain(4), seed=1)[0])
    assert even < crude / 10


def adapted(sampler: Importance, danger, d: int, seed: int) -> Importance:  # type: ignore[no-untyped-def]
    for round_ in range(sampler.pilot_rounds):
        points, _ = sampler.ask(
            sampler.pilot_size, Space.plain(d), seed, start=10**6 * (round_ + 1)
        )
        sampler = sampler.tell(points, danger(ndtri(points)), Space.plain(d))
    return sampler


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("d", [2, 20])
def test_linear_limit_state(d: int, seed: int) -> None:
    """P(sum(u)/sqrt(3) over 3 of d dimensions > 3) = Phi(-3) = 1.3499e-3."""

    def danger(z: np.ndarray) -> np.ndarray:
        k = min(d, 3)
        return np.asarray(z[:, :k].sum(axis=1) / np.sqrt(k))

    sampler = adapted(Importance(target=3.0), danger, d, seed)
    points, log_weight = sampler.ask(4000, Space.plain(d), seed)
    hit = (danger(ndtri(points)) > 3) * np.exp(log_weight)
    error = hit.std() / np.sqrt(len(hit))
    assert abs(hit.mean() - ndtr(-3)) < 3.5 * error
    crude = np.sqrt(ndtr(-3) / len(hit))
    assert error < crude / 4


def test_two_ways_into_danger_are_both_found() -> None:
    """P(|u1| > 3.2) = 2 Phi(-3.2)."""
    sampler = adapted(Importance(target=3.2), lambda z: np.abs(z[:, 0]), 3, seed=4)
    points, log_weight = sampler.ask(4000, Space.plain(3), seed=4)
    z = ndtri(points)[:, 0]
    weight = np.exp(log_weight)
    for side in (z > 3.2, z < -3.2):
        assert side.sum() > 200
        estimate = (side * weight).mean()
        assert estimate == pytest.approx(ndtr(-3.2), rel=0.25)


def test_dimensions_without_effect_are_left_alone() -> None:
    sampler = adapted(Importance(target=2.5), lambda z: z[:, 0], 40, seed=6)
    assert sampler.proposal is not None
    moved = (sampler.proposal.mean != 0).any(axis=0)
    assert moved[0]
    assert moved.sum() <= 4


def test_danger_that_most_points_lack_is_still_found() -> None:
    sampler = adapted(Importance(), lambda z: np.where(z[:, 0] > 2, 0.4, 0.0), 2, seed=7)
    assert sampler.proposal is not None
    assert (sampler.proposal.share @ sampler.proposal.mean)[0] > 1.5


def test_every_sampler_is_registered_by_its_name() -> None:
    assert list(SAMPLERS) == [
        "covering",
        "cross_entropy",
        "grid",
        "iid",
        "importance",
        "lhs",
        "sobol",
    ]
    assert all(kind.name == name for name, kind in SAMPLERS.items())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"elite": 0.0}, "sampler.elite: expected a share between 0 and 1, got 0.0"),
        ({"defensive": 1.5}, "sampler.defensive: expected a share between 0 and 1, got 1.5"),
        ({"components": 0}, "sampler.components: expected a whole number of at least 1, got 0"),
    ],
)
def test_impossible_settings(settings: dict[str, float], said: str) -> None:
    with pytest.raises(UserError, match=said):
        Importance(**settings)  # type: ignore[arg-type]

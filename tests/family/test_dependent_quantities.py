"""Quantities that vary together, and draws that meet constraints: exact where it can be."""

import dataclasses

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri

from sim.base.errors import UserError
from sim.family import Family, Terms, load_families
from sim.sampling import SAMPLERS, Importance, pilot, sample
from sim.sampling.feasible import feasible_points, share
from sim.sampling.sampler import Sampler

CUT_IN = load_families()["cut_in"]()


def variant(**terms: object) -> Family:
    return dataclasses.replace(CUT_IN, variant=Terms(name="test", **terms))  # type: ignore[arg-type]


def test_a_correlation_is_that_of_the_normal_scores() -> None:
    family = variant(correlations=(("gap", "across", 0.6), ("across", "start", -0.3)))
    points = np.random.default_rng(1).random((40_000, family.dimensions))
    draws = family.draw(points)
    scores = {q: ndtri(getattr(CUT_IN, q).cdf(draws.values[q])) for q in ("gap", "across", "start")}
    rho = np.corrcoef([scores["gap"], scores["across"], scores["start"]])
    error = 4 / np.sqrt(40_000)
    assert abs(rho[0, 1] - 0.6) < error
    assert abs(rho[1, 2] + 0.3) < error
    assert abs(rho[0, 2]) < error
    for q in scores:
        assert stats.kstest(scores[q], "norm").pvalue > 1e-3
    np.testing.assert_allclose(family.point(draws), points, atol=1e-9)


def test_without_correlations_nothing_moves() -> None:
    points = np.random.default_rng(2).random((50, CUT_IN.dimensions))
    assert CUT_IN.copula.apply(points) is points


CONSTRAINED = variant(constraints=("gap > 0.5 * speed", "across < 1.5"))


@pytest.mark.parametrize("name", sorted(SAMPLERS))
def test_every_sampler_meets_the_constraints_by_number(name: str) -> None:
    sampler: Sampler = SAMPLERS[name]()
    whole, weight = feasible_points(CONSTRAINED, sampler, 60, seed=3)
    assert CONSTRAINED.feasible(whole).all()
    for start, n in ((0, 1), (17, 20), (59, 1)):
        part, part_weight = feasible_points(CONSTRAINED, sampler, n, seed=3, start=start)
        assert np.array_equal(part, whole[start : start + n])
        assert np.array_equal(part_weight, weight[start : start + n])


def test_draws_are_nominal_given_the_constraints() -> None:
    drawn, _ = feasible_points(CONSTRAINED, SAMPLERS["iid"](), 4000, seed=1)
    wide = np.random.default_rng(5).random((40_000, CONSTRAINED.dimensions))
    kept = wide[CONSTRAINED.feasible(wide)]
    assert abs(share(CONSTRAINED) - len(kept) / len(wide)) < 0.03
    for k in CONSTRAINED.space.scene_wide:
        assert stats.ks_2samp(drawn[:, k], kept[:, k]).pvalue > 1e-3


def test_weights_of_a_tilted_stream_still_average_to_one() -> None:
    sampler = pilot(CONSTRAINED, Importance(pilot_rounds=2, pilot_size=200), seed=4, seconds=10.0)
    episode = sample(CONSTRAINED, n=4000, seed=4, sampler=sampler)
    weight = np.exp(episode.log_weight)
    error = weight.std() / np.sqrt(len(weight))
    assert weight.std() > 0.1
    assert abs(weight.mean() - 1) < 3 * error + 0.01  # the shares behind it err by 0.6 %
    usual = sample(CONSTRAINED, n=4000, seed=5).quantities["gap_m"]
    tilted = float(np.mean(weight * (episode.quantities["gap_m"] < np.median(usual))))
    assert abs(tilted - 0.5) < 4 * np.hypot(error, 0.5 / np.sqrt(4000))


def test_impossible_constraints_give_up_with_the_share_they_saw() -> None:
    family = variant(constraints=("gap > 0.1 * speed", "gap > 60"))
    with pytest.raises(UserError) as caught:
        sample(family, n=3, seed=0)
    said = str(caught.value)
    assert said.startswith("test: constraints: 0.00% of 4,096 draws meet them, at least 0.5% must")
    assert "'gap > 60' alone is met by 0.00%" in said

"""Every sampler: points by index, inside the cube, with weights that average to one."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import kstest, qmc

from sim.base.errors import UserError
from sim.family.space import Space
from sim.sampling import SAMPLERS, Iid, Importance, Mixture, Sampler, Sobol

TILTED = Importance(
    proposal=Mixture(
        np.array([0.7, 0.3]),
        np.array([[2.0, 0.0, 0.0], [0.0, -1.5, 0.5]]),
        np.array([[0.6, 1.0, 1.0], [1.0, 0.8, 1.2]]),
    )
)
READY: list[Sampler] = [Iid(), Sobol(), Importance(), TILTED]


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

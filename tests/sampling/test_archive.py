"""The archive of failures: each is one, each stands alone, and the search adds to chance."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from sim.base.errors import UserError
from sim.family import load_families
from sim.sampling import archive, episodes_of, run_family
from sim.sampling.sample import egos
from sim.sampling.search.archive import Archive
from sim.sampling.search.ways import DIMS, log_likelihood

FAMILY = load_families()["lead_brakes"]()
BUDGET = 900


@pytest.fixture(scope="module")
def found() -> Archive:
    return archive(FAMILY, budget=BUDGET, seed=2, threads=1)


def test_every_row_is_a_way_of_its_own(found: Archive) -> None:
    assert len(found.table) >= 5
    assert not found.table.duplicated(["who", "side", "impact", "time"]).any()
    assert found.coverage == len(found.table) / np.prod(DIMS)
    assert found.budget == BUDGET
    assert found.table["log_likelihood"].is_monotonic_decreasing
    assert 0 < found.qd_score <= len(found.table)
    np.testing.assert_allclose(
        found.table["log_likelihood"], log_likelihood(FAMILY, found.points), atol=1e-6
    )


def test_every_row_fails_again_in_the_same_way(found: Archive) -> None:
    for k, row in found.table.head(4).iterrows():
        draws = FAMILY.draw(found.points[[k]])
        again = episodes_of(FAMILY, draws, seed=found.seed, start=int(row["episode"]))
        ego = egos(run_family(FAMILY, again, threads=1)).iloc[0]
        assert ego["collided"]
        assert ego["contact_side"] == row["side"]
        assert ego["impact_speed_mps"] == pytest.approx(row["impact_speed_mps"], abs=1e-6)


def test_the_search_finds_more_ways_than_chance(found: Archive) -> None:
    assert (found.table["found"] > 0).all()
    assert found.table["found"].sum() > 2 * found.table["natural_share"].sum() * BUDGET
    assert (found.table["natural_share"] == 0).any()
    assert found.nominal == int(0.4 * BUDGET)


def test_the_same_seed_gives_the_same_archive(found: Archive) -> None:
    again = archive(FAMILY, budget=BUDGET, seed=2, threads=2)
    pd.testing.assert_frame_equal(again.table, found.table)
    assert np.array_equal(again.points, found.points)


def test_likelihood_by_hand() -> None:
    """-z²/2 summed where smooth; log of p over the largest p for the choice of who brakes."""
    middle = np.full((3, FAMILY.dimensions), 0.5)
    at = next(k for k, axis in enumerate(FAMILY.space.axes) if axis.discrete)
    chance = np.diff(FAMILY.space.axes[at].cells(1))
    ends = np.cumsum(chance)
    middle[:, at] = ends[int(chance.argmax())] - 0.5 * chance.max()
    middle[1, 0] = 0.9
    middle[2, at] = 1.0 - 0.5 * chance[-1]
    told = log_likelihood(FAMILY, middle)
    assert told[0] == pytest.approx(0.0, abs=1e-12)
    assert told[1] == pytest.approx(-0.5 * ndtri(0.9) ** 2)
    assert told[2] == pytest.approx(np.log(chance[-1] / chance.max()))


def test_a_family_that_never_fails_has_an_empty_archive() -> None:
    safe = FAMILY.with_overrides({"decel": 0.1, "kept": 0.99, "lapses": 0.0, "reaction": 0.3})
    none = archive(safe, budget=500, seed=1, threads=1)
    assert len(none.table) == 0
    assert none.qd_score == 0
    assert none.budget == 500


def test_too_small_a_budget() -> None:
    with pytest.raises(UserError, match="budget: expected a whole number of at least 500, got 10"):
        archive(FAMILY, budget=10)

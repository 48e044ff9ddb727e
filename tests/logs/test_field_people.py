"""The drivers of the field: their traits go together, and their tails are long."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from sim.family.drivers import InTraffic
from sim.logs.field import Drive, FieldSettings, episode
from sim.logs.field.people import POPULATIONS
from sim.logs.field.settings import Gap
from sim.world.drivers import law_id

DRIVERS = 20_000
HASTY = [
    ("desire", "headway_s", -1),
    ("desire", "brake_mps2", +1),
    ("headway_s", "reaction_s", +1),
    ("headway_s", "brake_mps2", -1),
]


def drawn(gap: Gap) -> dict[str, np.ndarray]:
    return POPULATIONS[gap].draw(DRIVERS, np.random.default_rng(3))


@pytest.mark.parametrize(("a", "b", "sign"), HASTY)
def test_traits_go_together_more_the_larger_the_gap(a: str, b: str, sign: int) -> None:
    none, mild, strong = (
        sign * spearmanr(people[a], people[b]).statistic
        for people in (drawn("none"), drawn("mild"), drawn("strong"))
    )
    assert abs(none) < 0.03
    assert 0.12 < mild < strong


@pytest.mark.parametrize("gap", ["none", "mild", "strong"])
def test_each_trait_has_its_own_distribution_whatever_the_ties(gap: Gap) -> None:
    people = drawn(gap)
    for name, dist in POPULATIONS[gap].traits.items():
        for u in (0.1, 0.5, 0.9):
            assert np.quantile(people[name], u) == pytest.approx(float(dist.ppf(u)), rel=0.04)


@pytest.mark.parametrize("gap", ["none", "mild", "strong"])
def test_ties_are_a_correlation_matrix(gap: Gap) -> None:
    assert np.linalg.eigvalsh(POPULATIONS[gap].correlation).min() > 0.05


def test_headways_without_a_gap_are_the_families_own() -> None:
    assert POPULATIONS["none"].traits["headway_s"] == InTraffic.headway


def test_headway_tails_grow_with_the_gap() -> None:
    reach = {
        gap: np.quantile(drawn(gap)["headway_s"], 0.99) / np.median(drawn(gap)["headway_s"])
        for gap in ("none", "mild", "strong")
    }
    assert reach["none"] < reach["mild"] < reach["strong"]


@pytest.mark.parametrize(
    ("gap", "laws"), [("none", {"idm"}), ("mild", {"gipps"}), ("strong", {"gipps", "krauss"})]
)
def test_the_law_is_the_families_only_without_a_gap(gap: Gap, laws: set[str]) -> None:
    settings = FieldSettings(gap=gap)
    for name in ("motorway_a", "arterial_b"):
        played = episode(Drive(name, 0, "train"), settings)
        driven = played.drivers.held == 0
        assert set(played.drivers.law[driven]) == {law_id(law) for law in laws}

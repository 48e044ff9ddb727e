"""A check of a family says the same for every seed."""

import pytest
from marks import compiled

from sim.family import load_families
from sim.sampling.check import check

NAMES = sorted(load_families())


@compiled
@pytest.mark.parametrize(("name", "seed"), [("child_runs", 0), ("ordinary", 0), ("ordinary", 3)])
def test_what_acts_in_few_draws_is_not_called_idle(name: str, seed: int) -> None:
    wrong = [found for found in check(load_families()[name](), n=64, seed=seed) if not found.ok]
    assert not wrong


@compiled
@pytest.mark.soak
@pytest.mark.parametrize("seed", range(50))
def test_the_library_passes_with_any_seed(seed: int) -> None:
    wrong = {
        name: [found for found in check(load_families()[name](), seed=seed) if not found.ok]
        for name in NAMES
    }
    assert not {name: found for name, found in wrong.items() if found}

"""The car-following laws against their twins and their closed forms."""

import math

import naive
import numpy as np
import pytest

from sim.base.errors import UserError
from sim.laws.acc import acc
from sim.laws.follow import Law, follow
from sim.laws.gipps import gipps
from sim.laws.idm import idm
from sim.laws.krauss import krauss
from sim.laws.mobil import incentive, is_safe
from sim.world.drivers import law_id

V0, T, A, B, S0 = 33.3, 1.4, 1.4, 2.0, 2.0


def draws(n: int) -> np.ndarray:
    rng = np.random.default_rng(11)
    low = [0.0, 0.5, 0.0, 10.0, 0.5, 0.5, 0.8, 0.5]
    high = [45.0, 150.0, 45.0, 45.0, 2.5, 3.0, 4.0, 4.0]
    return rng.uniform(low, high, (n, 8))


@pytest.mark.parametrize("name", ["idm", "gipps", "krauss"])
def test_a_law_equals_its_twin(name: str) -> None:
    law = {"idm": idm, "gipps": gipps, "krauss": krauss}[name]
    twin = getattr(naive, name)
    for row in draws(300):
        args = [float(x) for x in row]
        assert law(*args) == pytest.approx(twin(*args), rel=1e-12, abs=1e-12)
        assert follow(law_id(name), *args[:3], -1.0, *args[3:], 0.9) == law(*args)
        assert follow(Law.ACC, *args[:3], -1.0, *args[3:], 0.9) == acc(
            *args[:3], -1.0, *args[3:], 0.9
        )


@pytest.mark.parametrize("speed", [5.0, 15.0, 30.0])
def test_idm_rests_at_its_equilibrium_gap(speed: float) -> None:
    gap = (S0 + speed * T) / math.sqrt(1.0 - (speed / V0) ** 4)
    assert idm(speed, gap, speed, V0, T, A, B, S0) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("law", [gipps, krauss])
def test_headway_means_the_same_in_every_law(law) -> None:
    assert law(20.0, S0 + 20.0 * T, 20.0, V0, T, A, B, S0) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("law", [idm, gipps, krauss])
def test_an_empty_road_and_contact_are_no_special_case(law) -> None:
    assert law(20.0, math.inf, 20.0, V0, T, A, B, S0) > 0.0
    assert law(20.0, 0.0, 20.0, V0, T, A, B, S0) < -B
    assert law(V0, math.inf, V0, V0, T, A, B, S0) == pytest.approx(0.0, abs=1e-12)


def test_a_free_driver_heeds_nobody() -> None:
    assert follow(Law.FREE, 20.0, 0.1, 0.0, 0.0, 20.0, T, A, B, S0, 1.0) == 0.0


def test_who_walks_stops_at_the_line_and_goes_at_its_own_pace() -> None:
    assert follow(Law.WALK, 1.4, 0.0, 0.0, 0.0, 1.4, T, A, B, S0, 1.0) == pytest.approx(-2.8)
    assert follow(Law.WALK, 1.0, math.inf, 0.0, 0.0, 1.4, T, A, B, S0, 1.0) == pytest.approx(0.8)


def test_mobil_weighs_others_and_forbids_what_is_not_safe() -> None:
    assert incentive(-1.0, 0.5, 0.2, -0.3, -0.4, 0.1, 0.2) == pytest.approx(
        naive.mobil(1.5, -0.5, 0.5, 0.2)
    )
    assert is_safe(-3.9, -3.9, 4.0)
    assert not is_safe(-4.1, 0.0, 4.0)
    assert not is_safe(0.0, -4.1, 4.0)


def test_an_unknown_law_is_told_with_the_nearest() -> None:
    with pytest.raises(UserError, match="did you mean 'krauss'"):
        law_id("kraus")

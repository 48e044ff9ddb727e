"""Families in general: from a point to quantities, overrides, mistakes, and their text."""

import numpy as np
import pytest

from sim.base.dist import Constant, Dist, Normal, Uniform
from sim.base.errors import UserError
from sim.family import FAMILIES, Draws, Family, description, listing, load_families, quantity
from sim.family import register as enter
from sim.world.road import straight
from sim.world.scene import Scene


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> object:
    """The decorator, with what it enters forgotten after the test."""
    load_families()
    monkeypatch.setattr(FAMILIES, "_things", dict(FAMILIES._things))
    return enter


def speed(**changes: object) -> Dist:
    about = {"unit": "mps", "source": "a test", "status": "engineering"} | changes
    return quantity(Uniform(10, 20), **about)  # type: ignore[arg-type, no-any-return]


@pytest.fixture
def family(register) -> Family:  # type: ignore[no-untyped-def]
    @register("two_cars")
    class TwoCars(Family):
        """Two cars.

        One behind the other.
        """

        reaction: Dist = quantity(
            Normal(1, 0.1), unit="s", source="a test", status="recalled", each=2
        )
        speed: Dist = speed()

        def build(self, draws: Draws) -> Scene:
            scene = Scene(len(draws), straight(lanes=1))
            ego = scene.car(lane=0, s=50.0, speed=draws.speed, reaction_s=draws.reaction[:, 0])
            scene.car(lane=0, ahead_of=ego, gap=30.0, speed=draws.speed)
            return scene

    return TwoCars()


def test_a_point_becomes_quantities_one_coordinate_each(family: Family) -> None:
    draws = family.draw(np.array([[0.25, 0.5, 0.5], [0.75, 0.1, 0.9]]))
    assert family.dimensions == 3
    assert draws.speed.tolist() == [12.5, 17.5]  # single values come before rows of values
    np.testing.assert_allclose(draws.reaction[0], 1.0)
    assert draws.reaction.shape == (2, 2)
    assert draws.log_weight.tolist() == [0.0, 0.0]
    with pytest.raises(AttributeError, match="no quantity 'sped'; there are: speed, reaction"):
        _ = draws.sped


def test_columns_end_in_their_unit(family: Family) -> None:
    columns = family.columns(family.draw(np.full((4, 3), 0.5)))
    assert list(columns) == ["speed_mps", "reaction_0_s", "reaction_1_s"]
    assert all(values.shape == (4,) for values in columns.values())


@pytest.mark.parametrize("u", [np.zeros((2, 3)), np.ones((2, 3)), np.full((2, 2), 0.5)])
def test_points_must_be_inside_the_right_cube(family: Family, u: np.ndarray) -> None:
    with pytest.raises(ValueError, match="u: expected"):
        family.draw(u)


def test_overrides_replace_and_pin(family: Family) -> None:
    changed = family.with_overrides({"speed": 15, "reaction": ["uniform", 0.5, 1]})
    assert changed.overrides == {"speed": 15.0, "reaction": ["uniform", 0.5, 1.0]}
    assert changed.quantities[0].dist == Constant(15)
    assert changed.quantities[0].unit == "mps"
    assert family.quantities[0].dist == Uniform(10, 20)
    assert family.with_overrides(changed.overrides) == changed


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"sped": 3}, "two_cars quantity: unknown name 'sped', did you mean 'speed'?"),
        ({"speed": ["uniform", 3, 1]}, "two_cars.speed: uniform low, high: expected low below"),
        ({"speed": "fast"}, "two_cars.speed: expected a number or a list such as"),
    ],
)
def test_wrong_overrides(family: Family, overrides: dict[str, object], said: str) -> None:
    with pytest.raises(UserError) as caught:
        family.with_overrides(overrides)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"unit": "kmh"}, "unit: unknown name 'kmh'"),
        ({"status": "guess"}, "status: unknown name 'guess'"),
        ({"source": " "}, "source: expected the origin"),
        ({"each": 0}, "each: expected a whole number of at least 1, got 0"),
    ],
)
def test_a_quantity_says_what_it_is(changes: dict[str, object], said: str) -> None:
    with pytest.raises(UserError) as caught:
        speed(**changes)
    assert str(caught.value).startswith(said)


def test_what_is_no_family_is_refused(register) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError, match="family silent: the class needs a docstring"):
        register("silent")(type("Silent", (Family,), {}))
    with pytest.raises(UserError, match="family empty: declares no quantity"):
        register("empty")(type("Empty", (Family,), {"__doc__": "Nothing."}))
    plain = {"__doc__": "A number.", "__annotations__": {"gap": float}, "gap": 3.0}
    with pytest.raises(UserError, match="family plain: gap: expected a field made by quantity"):
        register("plain")(type("Plain", (Family,), plain))
    taken = {"__doc__": "A name.", "__annotations__": {"seconds": Dist}, "seconds": speed()}
    with pytest.raises(UserError, match="a quantity cannot be called 'seconds'"):
        register("taken")(type("Taken", (Family,), taken))
    with pytest.raises(UserError, match="family cut_in: another family has that name"):
        register("cut_in")(type("Again", (Family,), {"__doc__": "Twice."}))


def test_text_fits_the_page_and_names_everything() -> None:
    lines = listing().splitlines()
    for name, family in load_families().items():
        text = description(family())
        assert any(line.startswith(name) for line in lines)
        for q in family().quantities:
            assert q.name in text
        assert max(map(len, [*text.splitlines(), *lines])) <= 100


def test_an_unknown_family_is_told_with_the_nearest() -> None:
    with pytest.raises(UserError, match="unknown name 'cutin', did you mean 'cut_in'"):
        load_families()["cutin"]

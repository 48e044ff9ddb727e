"""Scenario files: a variant reads back as it was, and every mistake names file, line and key."""

from pathlib import Path

import numpy as np
import pytest
from family_example import GOOD

from sim.base.errors import UserError
from sim.family import Family, description, load_families, load_variant, save_variant
from sim.family.trial import impossible
from sim.sampling import run_family, sample


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "wet.yaml"
    path.write_text(text)
    return path


@pytest.fixture
def variant(tmp_path: Path) -> Family:
    return load_variant(write(tmp_path, GOOD))


def test_a_variant_holds_what_the_file_says(variant: Family) -> None:
    terms = variant.terms
    assert (variant.name, terms.name, terms.title) == (
        "cut_in",
        "wet_cut_in",
        "A cut-in on a wet road",
    )
    assert variant.overrides["gap"] == ["lognormal", 7.0, 0.6]
    assert variant.overrides["across"] == load_families()["cut_in"]().overrides["across"]
    assert terms.danger == (0.1, 0.9)
    assert terms.correlations == (("across", "gap", 0.4),)
    assert terms.fitted["ks"] == {"p": 0.4}


def test_it_reads_back_as_it_was_written(variant: Family, tmp_path: Path) -> None:
    again = load_variant(save_variant(variant, tmp_path / "again.yaml", comment="two\nlines"))
    assert again == variant
    assert again.terms == variant.terms


def test_its_draws_are_those_of_the_file(variant: Family) -> None:
    episode = sample(variant, n=400, seed=5)
    q = episode.quantities
    assert set(np.round(q["speed_mps"][q["start_s"] >= 3], 6)) == {20.0}
    assert q["speed_mps"][q["start_s"] < 3].max() <= 10
    assert (q["gap_m"] > 0.2 * q["speed_mps"]).all()
    assert (q["headway_0_s"] < 3.5).all()
    assert episode.family == "wet_cut_in"
    scores = np.corrcoef(np.log(q["gap_m"]), q["across_mps"])[0, 1]
    assert 0.2 < scores < 0.55
    assert run_family(variant, episode.take(np.arange(3))).episodes["family"][0] == "wet_cut_in"


def test_its_description_tells_all_of_it(variant: Family) -> None:
    text = description(variant)
    for part in (
        "wet_cut_in: A cut-in on a wet road (a variant of cut_in)",
        "in 10% to 90%",
        "gap > 0.2 * speed",
        "across, gap: correlation 0.4",
        "collided and gap > 60",
        "ks.p: 0.4",
        "depends on start",
        "start < 3",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("closecall: logical/1", "closecall: no", 1, "expected logical/1, got 'no'"),
        ("closecall: logical/1\n", "", 1, "expected logical/1, got None"),
        ("name: wet_cut_in", "name: Wet cut-in", 2, "small letters"),
        ("name: wet_cut_in", "name: cut_in", 2, "called 'cut_in' already"),
        ("name: wet_cut_in", "name: 3", 2, "expected text, got 3"),
        ("base: cut_in", "base: cutin", 3, "did you mean 'cut_in'"),
        ("base: cut_in\n", "", 1, "base: a value is needed"),
        ("base: cut_in", "base: {_target_: os.system}", 3, "expected text"),
        ("title:", "titel:", 4, "did you mean 'title'"),
        ("gap: [log", "gapp: [log", 6, "did you mean 'gap'"),
        ("gap: [lognormal, 7.0, 0.6]", "gap: [lognormal, 7.0]", 6, "cut_in.gap: expected [lognorm"),
        ("gap: [lognormal, 7.0, 0.6]", "gap: [uniform, 9, 3]", 6, "low below high"),
        ("gap: [lognormal, 7.0, 0.6]", "gap: [lognorm, 7.0, 0.6]", 6, "did you mean 'lognormal'"),
        ("gap: [lognormal, 7.0, 0.6]", "gap: {_target_: os.system}", 6, "expected a number"),
        ("gap: [lognormal, 7.0, 0.6]", "gap: .nan", 6, "finite"),
        ("gap: [lognormal, 7.0, 0.6]", "gap: 7 m", 6, "expected a number or a list"),
        ("[given, start, [3]", "[given, stat, [3]", 7, "did you mean 'start'"),
        ("[given, start, [3]", "[given, headway, [3]", 7, "a quantity of the whole scene"),
        ("fitted: {on: [us101], n: 31, ks: {p: 0.4}}", "fitted: 3", 14, "a mapping of names"),
        ("[[across, gap, 0.4]]", "[[across, gap, 1.4]]", 8, "a number in (-1, 1)"),
        ("[[across, gap, 0.4]]", "[[across, gab, 0.4]]", 8, "did you mean 'gap'"),
        ("[[across, gap, 0.4]]", "[[across, headway, 0.4]]", 8, "quantities of the whole scene"),
        ("[[across, gap, 0.4]]", "[[across, gap, 0.4], [gap, across, 0.2]]", 8, "stands twice"),
        ("gap: [lognormal, 7.0, 0.6]", "gap: 7", 8, "gap: expected a density, got 7"),
        ("[[across, gap, 0.4]]", "[[across, speed, 0.4]]", 8, "speed: expected a density, got 20"),
        ("base: cut_in", "base: pin.yaml", 3, "stands on a family, not on a variant"),
        ("speed: [given, start, [3], [[uniform, 5, 10], 20]]", "speed: -25", 7,
         "distributions.speed: Users: speed: expected finite numbers, at least 0, got -25"),
        ("[[across, gap, 0.4]]", "[[across, gap]]", 8, "[quantity, quantity, number]"),
        (
            "[[across, gap, 0.4]]",
            "[[across, gap, 0.9], [gap, start, 0.9], [across, start, -0.9]]",
            8,
            "contradict each other",
        ),
        ('"gap > 0.2 * speed"', '"gap >> 0.2 * speed"', 9, "binop"),
        ('"gap > 0.2 * speed"', "\"__import__('os').system('touch x')\"", 9, "call at column 1"),
        ('"gap > 0.2 * speed"', '"collided"', 9, "unknown name 'collided'"),
        ('"gap > 0.2 * speed"', "3", 9, "conditions as text"),
        ("danger: [0.1, 0.9]", "danger: [0.9, 0.1]", 11, "rising order"),
        ("danger: [0.1, 0.9]", "danger: [0.1]", 11, "two shares"),
        ("danger: [0.1, 0.9]", "danger: often", 11, "a list"),
        ("min_ttc_s >= 0", "min_ttc >= 0", 12, "did you mean 'min_ttc_s'"),
        ("never:", "nevr:", 13, "did you mean 'never'"),
    ],
)  # fmt: skip
def test_mistakes_name_file_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(UserError) as caught:
        load_variant(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert "\n" not in str(caught.value)
    assert not Path("x").exists()


def test_an_empty_list_takes_the_correlations_of_the_base_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = (("gap", "across", 0.3),)
    monkeypatch.setattr(load_families()["cut_in"], "correlations", pairs)
    text = "closecall: logical/1\nname: mine\nbase: cut_in\n"
    assert load_variant(write(tmp_path, text)).terms.correlations == pairs
    free = load_variant(write(tmp_path, f"{text}correlations: []\n"))
    assert free.terms.correlations == ()
    assert load_variant(save_variant(free, tmp_path / "again.yaml")).terms.correlations == ()


def test_a_pin_of_what_the_family_correlates_is_no_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = (("gap", "across", 0.3),)
    monkeypatch.setattr(load_families()["cut_in"], "correlations", pairs)
    text = "closecall: logical/1\nname: mine\nbase: cut_in\ndistributions: {gap: 8}\n"
    assert load_variant(write(tmp_path, text)).terms.correlations == pairs


def test_only_what_leaves_no_scene_is_impossible() -> None:
    kind = load_families()["cut_in"]
    for spec in (400, ["normal", 10, 8], ["uniform", -5, 40]):
        assert impossible(kind().with_overrides({"speed": spec})) is None
    found = impossible(kind().with_overrides({"gap": 8, "speed": ["uniform", -9, -2]}))
    assert found is not None
    assert found.quantity == "speed"
    assert "at least 0, got -" in found.why
    both = impossible(kind().with_overrides({"length": -1, "speed": -2}))
    assert both is not None
    assert both.quantity in ("length", "speed")

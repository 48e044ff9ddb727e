"""What lies in `conf/` fits what the code expects, with every option of every group."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from sim.base.errors import UserError
from sim.cli.main import verb_names
from sim.config.compose import as_values, as_yaml, compose_verb, conf_folder, expand_sweep
from sim.config.parse import parse

NEEDS = {
    "calibrate": ["logs=recordings"],
    "coverage": ["path=runs/cut_in"],
    "featurize": ["path=log.xml"],
    "import": ["path=logs"],
    "new": ["name=own"],
    "replay": ["path=log.xml"],
    "score": ["path=log.xml", "model=m.skops"],
    "shrink": ["path=runs/cut_in"],
}
KEYWORDS = ("import", "list")


def settings_of(verb: str) -> Any:
    name = f"{verb}_" if verb in KEYWORDS else verb
    return import_module(f"sim.cli.verbs.{name}").Settings


def composed(verb: str, *overrides: str) -> Any:
    cls = settings_of(verb)
    return parse(cls, as_values(compose_verb(verb, cls, [*NEEDS.get(verb, []), *overrides])))


@pytest.mark.parametrize("verb", verb_names())
def test_every_verb_has_defaults_that_its_settings_take(verb: str) -> None:
    assert composed(verb) is not None


@pytest.mark.parametrize(
    "detector", ["default", "hgb", "logistic", "extra_trees", "ensemble", "hgb_or_mttc", "all"]
)
@pytest.mark.parametrize("study", ["default", "smoke", "full"])
def test_every_study_goes_with_every_choice_of_detectors(study: str, detector: str) -> None:
    chosen = composed("study", f"study={study}", f"detector={detector}").study.resolved("rear_end")
    if detector not in ("default", "all"):
        assert chosen.detectors == (detector,)
    assert chosen.fractions[-1] == 1.0


def test_a_detector_without_a_file_is_the_only_one_of_the_study() -> None:
    cls = settings_of("study")
    typed = compose_verb("study", cls, ["detector=my_module:make", "study=smoke"])
    study = as_values(typed)["study"]
    assert (study["detectors"], study["spot_detectors"]) == (["my_module:make"], [])
    with pytest.raises(UserError, match="detector: unknown name 'hbg', did you mean 'hgb'"):
        compose_verb("study", cls, ["detector=hbg"])


@pytest.mark.parametrize("gap", ["none", "mild", "strong"])
def test_the_dial_of_the_field_is_a_group_and_a_key(gap: str) -> None:
    assert composed("study", f"field={gap}").field.gap == gap
    assert composed("study", f"field.gap={gap}").field.gap == gap


def test_what_is_shown_can_be_read_again_and_is_on_one_line_a_list() -> None:
    text = as_yaml(compose_verb("generate", settings_of("generate"), ["scenario=cut_in", "n=7"]))
    assert "n: 7" in text
    assert "gap: [truncated, [lognormal," in text


def test_a_sweep_is_every_combination() -> None:
    assert len(expand_sweep(["scenario=cut_in,slow_lead", "seed=1,2,3", "n=4"])) == 6


def test_each_verb_has_a_root() -> None:
    assert sorted(path.stem for path in conf_folder().glob("*.yaml")) == verb_names()

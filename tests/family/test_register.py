"""What a class states is checked when it is registered, in whatever way Python runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from sim.base.dist import Dist, Uniform
from sim.base.errors import UserError
from sim.family import FAMILIES, Draws, Family, quantity, register
from sim.world.road import straight
from sim.world.scene import Scene

ROOT = Path(__file__).parents[2]

CONTRADICTION = """
from sim.base.errors import UserError
from sim.family import load_families
from sim.family.terms import Terms
from dataclasses import replace
family = load_families()["cut_in"]()
pairs = (("gap", "across", 0.9), ("gap", "start", 0.9), ("across", "start", -0.9))
for wrong in ({"correlations": pairs}, {"constraints": ("gap >> 1",)}):
    try:
        replace(family, variant=Terms(name="x", **wrong))
    except UserError as error:
        print(error)
"""


def test_optimised_python_checks_the_same() -> None:
    command = [sys.executable, "-O", "-c", CONTRADICTION]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    first, second = done.stdout.splitlines()
    assert "contradict each other" in first
    assert "binop" in second


def declared(**stated: object) -> type[Family]:
    """A family with some attributes more, registered for as long as it takes."""

    def build(self: Family, draws: Draws) -> Scene:
        scene = Scene(len(draws), straight(lanes=1))
        scene.car(s=10.0, speed=draws.speed)
        return scene

    speed = quantity(Uniform(1, 2), unit="mps", source="a test", status="engineering")
    body = {"__doc__": "A test.", "__annotations__": {"speed": Dist}, "speed": speed}
    made = type("Made", (Family,), body | {"build": build} | stated)
    try:
        return register("made_for_a_test")(made)
    finally:
        FAMILIES._things.pop("made_for_a_test", None)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("constraint", "constraints"), ("alwys", "always"), ("nevr", "never"), ("tag", "tags"),
     ("dangr", "danger"), ("correlation", "correlations"), ("second", "seconds")],
)  # fmt: skip
def test_a_misspelt_attribute_is_told(name: str, meant: str) -> None:
    with pytest.raises(UserError, match=f"made_for_a_test: {name}: did you mean '{meant}'"):
        declared(**{name: ()})


def test_an_author_has_names_of_his_own() -> None:
    kind = declared(LANES=3, range_m=50.0, _second=1, helper=lambda self: 3, seconds=3.0)
    assert kind.seconds == 3.0

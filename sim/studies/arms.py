"""The arms of the study: what each one trains on, one entry an arm."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sim.base.registry import Registry
from sim.features import PHYSICS, PLANE_PHYSICS
from sim.studies.recipe import Recipe

Tuned = Literal["nothing", "weight", "recorded", "simulated"]
Recordings = Literal["fraction", "none", "twice", "half_a", "half_b", "unexamined"]


@dataclass(frozen=True, kw_only=True)
class Arm:
    """A way to get scores.

    Attributes:
        role: A measurement, a control that must show nothing, or physics that learns nothing.
        real: Which real training recordings it sees: those of the fraction, none, those of twice
            the fraction, one of two disjoint halves, or also those that the examination of the
            recordings left out.
        recipe: How it trains, where that is not tuned.
        tuned: What of the recipe is chosen on validation: nothing, the weight of the simulated
            rows, or the whole recipe, from the candidates with or without simulation.
        simulated: Which episodes simulated rows come from: edge cases or ordinary traffic.
        shuffled: Whether the labels of the whole simulated set are permuted first.
        plane: Whether there is such an arm only where conflicts in the plane count.
        where: At every fraction, at the smallest and the largest, only at the largest, or once,
            as it sees no real recording.
    """

    role: Literal["arm", "control", "physics"] = "arm"
    real: Recordings = "fraction"
    recipe: Recipe = field(default_factory=Recipe)
    tuned: Tuned = "nothing"
    simulated: Literal["edge", "ordinary"] = "edge"
    shuffled: bool = False
    plane: bool = False
    where: Literal["every", "ends", "largest", "once"] = "every"


ARMS: Registry[Arm] = Registry("arm")

BEST_RECORDED, BEST_SIMULATED = "best_recorded", "best_simulated"
"""The two arms that a study compares first: each the best recipe of its family on validation."""


def _enter(name: str, arm: Arm) -> None:
    ARMS.register(name)(arm)


for _name in (*PHYSICS, *PLANE_PHYSICS):
    _enter(_name, Arm(role="physics", real="none", plane=_name in PLANE_PHYSICS, where="once"))

_enter(BEST_RECORDED, Arm(tuned="recorded"))
_enter(BEST_SIMULATED, Arm(tuned="simulated"))
_enter(
    "best_simulated_shuffled",
    Arm(role="control", tuned="simulated", shuffled=True, where="largest"),
)
_enter("real", Arm())
_enter("real_class_weight", Arm(recipe=Recipe(cure="class_weight"), where="ends"))
_enter("real_oversample", Arm(recipe=Recipe(cure="oversample"), where="largest"))
_enter("real_jitter", Arm(recipe=Recipe(cure="jitter"), where="largest"))
_enter("real_extra", Arm(real="twice"))
_enter(
    "real_ordinary_sim",
    Arm(
        simulated="ordinary",
        recipe=Recipe(weight=1.0, balance="prior_matched"),
        tuned="weight",
        where="largest",
    ),
)
_enter("real_sim_pooled", Arm(recipe=Recipe(weight=None), where="largest"))
_enter(
    "real_sim_weighted",
    Arm(recipe=Recipe(weight=1.0, balance="prior_matched"), tuned="weight"),
)
_enter(
    "real_sim_shuffled",
    Arm(
        role="control",
        recipe=Recipe(weight=1.0, balance="prior_matched"),
        tuned="weight",
        shuffled=True,
    ),
)
_enter("sim_only", Arm(real="none", recipe=Recipe(weight=None), where="once"))
_enter("real_unexamined", Arm(role="control", real="unexamined", where="largest"))
_enter("real_half_a", Arm(role="control", real="half_a", where="largest"))
_enter("real_half_b", Arm(role="control", real="half_b", where="largest"))

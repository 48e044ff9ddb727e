"""The arms of the study: what each one trains on, one entry an arm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.base.registry import Registry
from sim.features import PHYSICS, PLANE_PHYSICS


@dataclass(frozen=True, kw_only=True)
class Arm:
    """A way to get scores.

    Attributes:
        says: What it is, in words for the report.
        role: A measurement, a control that must show nothing, or physics that learns nothing.
        real: Which real training recordings it sees: those of the fraction, none, those of twice
            the fraction, or one of two disjoint halves.
        imbalance: What is done about rare positives among the real rows.
        simulated: Which simulated rows are added.
        shuffled: Whether the labels of the whole simulated set are permuted first.
        weighting: Simulated rows as they come, or prior-matched with a tuned total.
        plane: Whether there is such an arm only where conflicts in the plane count.
        where: At every fraction, only at the largest, or once, as it sees no real recording.
    """

    says: str
    role: Literal["arm", "control", "physics"] = "arm"
    real: Literal["fraction", "none", "twice", "half_a", "half_b"] = "fraction"
    imbalance: Literal["none", "class_weight", "oversample", "jitter"] = "none"
    simulated: Literal["none", "edge", "ordinary"] = "none"
    shuffled: bool = False
    weighting: Literal["as_is", "prior_matched"] = "as_is"
    plane: bool = False
    where: Literal["every", "largest", "once"] = "every"


ARMS: Registry[Arm] = Registry("arm")


def _enter(name: str, arm: Arm) -> None:
    ARMS.register(name)(arm)


_PHYSICS_SAYS = {
    "physics_ttc": "1 / time to collision with the leader",
    "physics_mttc": "1 / time to collision at the present accelerations",
    "physics_drac": "deceleration to avoid a crash at the leader's present speed",
    "physics_areq": "deceleration required, with the leader's own deceleration",
    "physics_ttc2": "1 / time to collision with the second leader",
    "physics_closing2": "the larger closing speed of both leaders over the gap",
    "physics_thw": "1 / time headway",
    "physics_ttc_2d": "1 / time to collision in the plane",
    "physics_crossing": "1 / time until somebody touches the ego or crosses its way",
}
for _name in (*PHYSICS, *PLANE_PHYSICS):
    _arm = Arm(
        says=_PHYSICS_SAYS[_name],
        role="physics",
        real="none",
        plane=_name in PLANE_PHYSICS,
        where="once",
    )
    _enter(_name, _arm)

_enter("real", Arm(says="recorded rows only"))
_enter("real_class_weight", Arm(says="recorded, classes weighted alike", imbalance="class_weight"))
_enter("real_oversample", Arm(says="recorded, positives repeated", imbalance="oversample"))
_enter("real_jitter", Arm(says="recorded, positives repeated with noise", imbalance="jitter"))
_enter("real_extra", Arm(says="twice the recordings: the yardstick", real="twice"))
_enter(
    "real_ordinary_sim",
    Arm(
        says="recorded + ordinary simulated traffic",
        simulated="ordinary",
        weighting="prior_matched",
    ),
)
_enter(
    "real_sim_pooled", Arm(says="recorded + simulated edge cases as they come", simulated="edge")
)
_enter(
    "real_sim_weighted",
    Arm(
        says="recorded + simulated edge cases, prior-matched",
        simulated="edge",
        weighting="prior_matched",
    ),
)
_enter(
    "real_sim_shuffled",
    Arm(
        says="the same with the simulated labels shuffled",
        role="control",
        simulated="edge",
        shuffled=True,
        weighting="prior_matched",
    ),
)
_enter(
    "sim_only",
    Arm(says="simulated edge cases only", real="none", simulated="edge", where="once"),
)
_enter(
    "real_half_a",
    Arm(says="one half of the recordings", role="control", real="half_a", where="largest"),
)
_enter(
    "real_half_b",
    Arm(says="the other half", role="control", real="half_b", where="largest"),
)

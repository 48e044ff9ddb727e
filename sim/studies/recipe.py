"""Recipes: how the training rows of a detector are weighted and balanced, and what is added.

An arm with a fixed recipe is one line of the report. `best_recorded` and `best_simulated` choose
theirs on validation, each from as many candidates as the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.learn import detectors

Cure = Literal["none", "class_weight", "oversample", "jitter", "smote"]
Balance = Literal["as_is", "prior_matched", "half"]
Egos = Literal["first", "all"]
Families = Literal["all", "chosen"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one detector is trained.

    Attributes:
        cure: What is done about rare positives among the recorded rows.
        positive_share: Share of the recorded weight that positives get by the cure.
        capacity: Name of one of the detector's capacities; empty for its first.
        weight: Total weight of the simulated rows in units of that of the recorded ones; 0 adds
            none, None counts every simulated row as one recorded row.
        balance: Share of positives in the weight of the simulated rows: as simulated, that of
            the recorded rows, or half.
        egos: Whether each simulated episode has one ego or all of its vehicles.
        families: All scenario families, or those that helped on validation.
        fusion: With a number f, a detector trained on recorded rows and one trained on
            simulated rows alone, whose log odds count (1 - f) and f; None trains one on both.
    """

    cure: Cure = "none"
    positive_share: float = 0.5
    capacity: str = ""
    weight: float | None = 0.0
    balance: Balance = "as_is"
    egos: Egos = "first"
    families: Families = "all"
    fusion: float | None = None

    @property
    def simulates(self) -> bool:
        """Whether simulated rows are trained on."""
        return self.weight != 0.0


UNTUNED_RECORDED = Recipe(cure="class_weight")
"""Where validation holds too few conflicts: both classes weigh alike."""
UNTUNED_SIMULATED = Recipe(cure="class_weight", weight=10.0, balance="half")
"""Where validation holds too few conflicts to choose: mostly simulation, as so few recorded
conflicts say little. With 5 % of the recordings (4 conflicts) it scored .246 at a new freeway
site, where all of the recordings without simulation scored .107."""

_CURES: tuple[tuple[Cure, float], ...] = (
    ("none", 0.5),
    ("class_weight", 0.5),
    ("class_weight", 0.2),
    ("oversample", 0.5),
    ("jitter", 0.5),
    ("smote", 0.5),
)
_CURES_OF_LARGE: tuple[tuple[Cure, float], ...] = _CURES[:2] + _CURES[-1:]
_CURES_OF_ONE: tuple[tuple[Cure, float], ...] = (
    ("class_weight", 0.1),
    ("oversample", 0.2),
    ("smote", 0.2),
)


def recorded_recipes(detector: str) -> tuple[Recipe, ...]:
    """Candidates of `best_recorded`: every cure, and some at the detector's larger capacity."""
    small, *larger = detectors.capacities(detector)
    listed = [(small, *cure) for cure in _CURES]
    listed += [(name, *cure) for name in larger[:1] for cure in _CURES_OF_LARGE]
    if not larger:
        listed += [(small, *cure) for cure in _CURES_OF_ONE]
    return tuple(
        Recipe(cure=cure, positive_share=share, capacity=capacity)
        for capacity, cure, share in listed
    )


def simulated_recipes(detector: str) -> tuple[Recipe, ...]:
    """Candidates of `best_simulated`: as many as `recorded_recipes` gives.

    The likeliest first, so that a detector with fewer candidates keeps those. In late fusion the
    recorded half may do without class weights: at four sites held out of training that raised the
    average precision of a line by 32 % (90 % interval 17 to 67 %), that of randomised trees by 0 %
    (-13 to 14 %), and of boosted trees by -3 % (-10 to 8 %).
    """
    small, *larger = detectors.capacities(detector)
    large = larger[0] if larger else None

    def added(
        weight: float,
        *,
        capacity: str | None = small,
        balance: Balance = "half",
        egos: Egos = "first",
        families: Families = "all",
        fusion: float | None = None,
        cure: Cure = "class_weight",
    ) -> Recipe | None:
        if capacity is None:
            return None
        return Recipe(
            cure="none" if balance == "prior_matched" else cure,
            capacity=capacity,
            weight=weight,
            balance=balance,
            egos=egos,
            families=families,
            fusion=fusion,
        )

    candidates = (
        added(1.0),
        added(10.0),
        added(1.0, capacity=large),
        added(10.0, capacity=large),
        added(1.0, fusion=0.5, cure="none"),
        added(1.0, fusion=0.75, cure="none"),
        added(1.0, fusion=0.5),
        added(3.0, families="chosen"),
        added(3.0, egos="all"),
        added(1.0, balance="prior_matched"),
        added(30.0),
        added(10.0, egos="all", capacity=large),
        added(0.3),
        added(3.0, balance="as_is"),
    )
    wanted = len(recorded_recipes(detector))
    return tuple(recipe for recipe in candidates if recipe is not None)[:wanted]

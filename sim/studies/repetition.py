"""What the arms of one repetition and one size share: recordings in order, rows of both kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from sim.base.rng import purpose, stream
from sim.features import FeatureTable
from sim.learn import detectors
from sim.learn.fusion import Fusion
from sim.studies import cases, splits
from sim.studies.arms import Arm
from sim.studies.cases import Cases
from sim.studies.data import StudyData
from sim.studies.recipe import Recipe
from sim.studies.settings import StudySettings

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Selection:
    """Some of the simulated episodes.

    Attributes:
        families: Of these families; None for all.
        episodes: The first so many of each family; None for all.
    """

    families: tuple[str, ...] | None = None
    episodes: int | None = None

    def of(self, table: FeatureTable) -> NDArray[np.bool_]:
        """These episodes of a table, by mask."""
        family = np.asarray(table.episode_site, dtype=str)
        kept = np.ones(len(family), dtype=np.bool_)
        if self.families is not None:
            kept &= np.isin(family, self.families)
        if self.episodes is not None:
            for name in np.unique(family):
                kept[np.flatnonzero(family == name)[self.episodes :]] = False
        return kept


@dataclass(frozen=True)
class RepetitionData:
    """What the arms of one seed and one fraction share.

    Attributes:
        data: Of the study.
        settings: Of the study.
        seed: Number of the repetition.
        ordered: Training recordings in this repetition's order.
        share: The fraction.
        families: Scenario families that a recipe with chosen families trains on.
    """

    data: StudyData
    settings: StudySettings
    seed: int
    ordered: Ints
    share: float
    families: tuple[str, ...] = ()
    _simulated: dict[object, Cases] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        data: StudyData,
        settings: StudySettings,
        seed: int,
        share: float,
        families: Sequence[str] = (),
    ) -> RepetitionData:
        """The data of one repetition and fraction."""
        ordered = splits.order(data.clips, seed)
        return cls(data, settings, seed, ordered, share, tuple(families))

    def recordings(self, arm: Arm) -> Ints | None:
        """The arm's real training recordings, the first with a positive; None: no such arm here."""
        chosen = splits.fraction(self.ordered, self.share)
        if arm.real == "twice":
            return splits.fraction(self.ordered, 2 * self.share) if self.share < 1 else None
        if arm.real in ("half_a", "half_b"):
            side = splits.halves(self.data.clips, chosen, self.seed)[arm.real == "half_b"]
            return splits.positive_first(self.data.clips, side)
        if arm.real == "unexamined" and self.data.unexamined is None:
            return None
        return chosen

    def real(self, recordings: Ints, arm: Arm | None = None) -> Cases:
        """The real training rows of some recordings."""
        table = self.data.train
        chosen = np.zeros(len(table.episode_names), dtype=np.bool_)
        chosen[recordings] = True
        if arm is not None and arm.real == "unexamined" and self.data.unexamined is not None:
            table = FeatureTable.concat([table, self.data.unexamined])
            more = len(table.episode_names) - len(chosen)
            chosen = np.append(chosen, np.ones(more, dtype=np.bool_))
        return self._drawn(table, "real", chosen)

    def simulated(self, arm: Arm, recipe: Recipe, part: Selection | None = None) -> Cases:
        """Simulated rows of a recipe, labels shuffled where the arm says so.

        Args:
            arm: Edge cases or ordinary traffic, shuffled or not.
            recipe: One ego an episode or all, all families or the chosen ones.
            part: Of the families and episodes instead of those of the recipe.
        """
        if part is None:
            chosen = recipe.families == "chosen" and self.families
            part = Selection(families=self.families if chosen else None)
        key = (arm.simulated, recipe.egos, part)
        if key not in self._simulated:
            table = self._table(arm, recipe)
            self._simulated[key] = self._drawn(table, "simulated", part.of(table))
        rows = self._simulated[key]
        return cases.shuffled(rows, self._draw("shuffle")) if arm.shuffled else rows

    def training_rows(
        self, arm: Arm, recipe: Recipe, real: Cases | None, part: Selection | None = None
    ) -> Cases:
        """Rows of both kinds, balanced and weighted as a recipe says."""
        if real is None:
            simulated = self.simulated(arm, recipe, part)
            return cases.balanced(simulated, recipe.balance, simulated).of_total(cases.TOTAL_WEIGHT)
        rows = cases.cured(real, recipe.cure, recipe.positive_share, self._draw(recipe.cure))
        if not recipe.simulates:
            return cases.mixture(rows, None, None)
        simulated = cases.balanced(self.simulated(arm, recipe, part), recipe.balance, real)
        return cases.mixture(rows, simulated, recipe.weight)

    def train(
        self,
        detector: str,
        arm: Arm,
        recipe: Recipe,
        real: Cases | None,
        part: Selection | None = None,
    ) -> Pipeline:
        """A detector trained as a recipe says.

        Args:
            detector: Name in `DETECTORS`.
            arm: What simulated rows are, and whether they are shuffled.
            recipe: How it trains.
            real: Recorded rows; None for simulated ones alone.
            part: Of the simulated episodes, instead of what the recipe says.
        """
        if recipe.fusion is None or real is None:
            rows = self.training_rows(arm, recipe, real, part)
            return self.fit(detector, recipe.capacity, rows)
        recorded = cases.cured(real, recipe.cure, recipe.positive_share, self._draw(recipe.cure))
        simulated = cases.balanced(self.simulated(arm, recipe, part), recipe.balance, real)
        return Fusion.of(
            self.fit(detector, recipe.capacity, cases.mixture(recorded, None, None)),
            self.fit(detector, recipe.capacity, cases.mixture(simulated, None, None)),
            recipe.fusion,
        )

    def fit(self, detector: str, capacity: str, rows: Cases) -> Pipeline:
        """The detector fitted on rows, with a seed of its own for each repetition."""
        seed = purpose(f"{detector}.{self.seed}") % 2**31
        made = detectors.make(detector, seed, capacity or None)
        return detectors.fit(made, rows.X, rows.y, rows.w)

    def _table(self, arm: Arm, recipe: Recipe) -> FeatureTable:
        if arm.simulated == "ordinary":
            return self.data.ordinary
        return self.data.edge_all if recipe.egos == "all" else self.data.edge

    def _drawn(self, table: FeatureTable, name: str, episodes: NDArray[np.bool_]) -> Cases:
        return cases.training_cases(
            table,
            self.seed,
            self._draw(name),
            positives_max=self.settings.positives_max,
            negatives_max=self.settings.negatives_max,
            episodes=episodes,
        )

    def _draw(self, name: str) -> np.random.Generator:
        return stream(self.seed, round(1e6 * self.share), f"study.{name}")

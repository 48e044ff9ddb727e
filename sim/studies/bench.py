"""What the arms of one repetition and one size share: recordings in order, rows of both kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from sim.base.rng import purpose, stream
from sim.learn import detectors
from sim.studies import cases, splits
from sim.studies.arms import Arm
from sim.studies.cases import Cases
from sim.studies.material import Material
from sim.studies.settings import StudySettings

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Bench:
    """What the arms of one seed and one fraction share.

    Attributes:
        material: Of the study.
        settings: Of the study.
        seed: Number of the repetition.
        ordered: Training recordings in this repetition's order.
        share: The fraction.
        pools: Simulated rows by kind, "edge" and "ordinary".
    """

    material: Material
    settings: StudySettings
    seed: int
    ordered: Ints
    share: float
    pools: Mapping[str, Cases]

    @classmethod
    def of(cls, material: Material, settings: StudySettings, seed: int, share: float) -> Bench:
        """The bench of one repetition and fraction."""
        pools = {
            kind: cases.training_cases(table, seed)
            for kind, table in (("edge", material.edge), ("ordinary", material.ordinary))
        }
        return cls(material, settings, seed, splits.order(material.clips, seed), share, pools)

    def recordings(self, arm: Arm) -> Ints | None:
        """The arm's real training recordings, the first with a positive; None: no such arm here."""
        chosen = splits.fraction(self.ordered, self.share)
        if arm.real == "twice":
            return splits.fraction(self.ordered, 2 * self.share) if self.share < 1 else None
        if arm.real in ("half_a", "half_b"):
            side = splits.halves(self.material.clips, chosen, self.seed)[arm.real == "half_b"]
            return splits.positive_first(self.material.clips, side)
        return chosen

    def real(self, recordings: Ints, arm: Arm) -> Cases:
        """The real training rows of some recordings, with the arm's cure of imbalance."""
        rows = cases.training_cases(self.material.train.select(recordings), self.seed)
        rows = cases.capped(rows, self.settings.negatives_max, self._draw("real"))
        if arm.imbalance != "none":
            rows = cases.balanced(rows, arm.imbalance, self._draw(arm.imbalance))
        return rows

    def simulated(self, arm: Arm) -> Cases:
        """The arm's simulated rows, labels shuffled where the arm says so."""
        rows = self.pools[arm.simulated]
        if arm.shuffled:
            rows = cases.shuffled(rows, self._draw("shuffle"))
        return cases.capped(rows, self.settings.negatives_max, self._draw(arm.simulated))

    def fit(self, detector: str, rows: Cases) -> Pipeline:
        """The detector fitted on rows, with a seed of its own for each repetition."""
        made = detectors.DETECTORS[detector](purpose(f"{detector}.{self.seed}") % 2**31)
        return detectors.fit(made, rows.X, rows.y, rows.w)

    def _draw(self, name: str) -> np.random.Generator:
        return stream(self.seed, round(1e6 * self.share), f"study.{name}")

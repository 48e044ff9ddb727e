"""One training run of one arm: rows, weights, tuning on validation, the fit and its threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from sim.base.rng import purpose, stream
from sim.learn import alarms, detectors, metrics
from sim.learn.exam import Exam
from sim.study import cases, splits
from sim.study.arms import Arm
from sim.study.cases import Cases
from sim.study.material import Material
from sim.study.settings import StudySettings

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Fitted:
    """A trained arm.

    Attributes:
        pipeline: The detector fitted on all of the arm's recordings.
        threshold: Carried over from validation.
        alpha: Total simulated weight in units of the real weight; NaN without simulation.
    """

    pipeline: Pipeline
    threshold: float
    alpha: float


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
            side = splits.halves(self.material.clips, chosen)[arm.real == "half_b"]
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


class Trials:
    """The arms of one bench and one detector, trained one by one.

    A shuffled arm has the weight that was chosen for the arm it controls, so that one is tuned
    once for both.
    """

    def __init__(self, bench: Bench, detector: str) -> None:
        self.bench = bench
        self.detector = detector
        self._alpha: dict[str, float] = {}

    def train(self, arm: Arm) -> Fitted | None:
        """Tune, set the threshold on validation, and fit on all of the arm's recordings.

        Returns:
            None where the arm does not exist at this size.
        """
        recordings = self.bench.recordings(arm)
        if recordings is None:
            return None
        held = splits.validation(
            self.bench.material.clips,
            recordings,
            self.bench.settings.validation_share,
            self.bench.seed,
        )
        exam = Exam.of(self.bench.material.train, np.sort(held))
        kept = self.bench.real(np.setdiff1d(recordings, held), arm)
        simulated = self.bench.simulated(arm) if arm.simulated != "none" else None
        alpha = self._tuned(arm, recordings, kept, exam)
        inner = self.bench.fit(self.detector, _mixture(kept, simulated, alpha))
        threshold = self.threshold(inner, exam)
        rows = _mixture(self.bench.real(recordings, arm), simulated, alpha)
        return Fitted(self.bench.fit(self.detector, rows), threshold, alpha)

    def train_on_simulation(self, arm: Arm) -> Fitted:
        """Fit on simulated rows alone; all real training recordings are validation."""
        pipeline = self.bench.fit(self.detector, self.bench.simulated(arm))
        threshold = self.threshold(pipeline, self.bench.material.train_exam)
        return Fitted(pipeline, threshold, np.nan)

    def threshold(self, pipeline: Pipeline, exam: Exam) -> float:
        """The threshold that keeps the budget of false alarms on validation recordings."""
        scores = detectors.score(pipeline, self.bench.material.train.X[exam.row])
        budget = self.bench.settings.threshold_budget_per_h
        return metrics.threshold_at(alarms.count(exam, scores), budget)

    def _tuned(self, arm: Arm, recordings: Ints, kept: Cases, exam: Exam) -> float:
        """The simulated weight with the best average precision on validation."""
        if arm.weighting != "prior_matched":
            return np.nan
        events = self.bench.material.clips.events[recordings].sum()
        if events < self.bench.settings.tuning_events_min or not exam.y.any():
            return 1.0
        if arm.simulated not in self._alpha:
            twin = self.bench.simulated(replace(arm, shuffled=False))
            merit = [self._merit(_mixture(kept, twin, a), exam) for a in self.bench.settings.alphas]
            self._alpha[arm.simulated] = self.bench.settings.alphas[int(np.argmax(merit))]
        return self._alpha[arm.simulated]

    def _merit(self, rows: Cases, exam: Exam) -> float:
        scores = detectors.score(
            self.bench.fit(self.detector, rows), self.bench.material.train.X[exam.row]
        )
        counts = alarms.count(exam, scores)
        whole = np.ones((1, exam.recordings))
        return float(
            metrics.average_precision(whole @ counts.positives, whole @ counts.negatives)[0]
        )


def _mixture(real: Cases, simulated: Cases | None, alpha: float) -> Cases:
    if simulated is None:
        return real
    if not np.isnan(alpha):
        simulated = cases.matched(real, simulated, alpha)
    return cases.joined(real, simulated)

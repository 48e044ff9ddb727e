"""One training run of one arm: rows, weights, tuning on validation, the fit and its threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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


class Trials:
    """The arms of one bench and one detector, trained one by one.

    A shuffled arm takes the weight that was chosen for the arm it controls, which therefore has
    to be trained before it.
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
        alpha, inner = self._tuned(arm, recordings, kept, simulated, exam)
        rows = _mixture(self.bench.real(recordings, arm), simulated, alpha)
        fitted = self.bench.fit(self.detector, rows)
        return Fitted(fitted, self.threshold(inner, exam), alpha)

    def train_on_simulation(self, arm: Arm) -> Fitted:
        """Fit on simulated rows alone; all real training recordings are validation."""
        rows = _mixture(self.bench.simulated(arm), None, np.nan)
        pipeline = self.bench.fit(self.detector, rows)
        threshold = self.threshold(pipeline, self.bench.material.train_exam)
        return Fitted(pipeline, threshold, np.nan)

    def threshold(self, pipeline: Pipeline, exam: Exam) -> float:
        """The threshold that keeps the budget of false alarms on validation recordings."""
        scores = detectors.score(pipeline, self.bench.material.train.X[exam.row])
        budget = self.bench.settings.threshold_budget_per_h
        return metrics.threshold_at(alarms.count(exam, scores), budget)

    def _tuned(
        self, arm: Arm, recordings: Ints, kept: Cases, simulated: Cases | None, exam: Exam
    ) -> tuple[float, Pipeline]:
        """The simulated weight with the best average precision on validation, and its fit."""
        events = self.bench.material.clips.events[recordings].sum()
        enough = events >= self.bench.settings.tuning_events_min and exam.y.any()
        if arm.weighting != "prior_matched":
            alpha = np.nan
        elif not enough:
            alpha = 1.0
        elif arm.shuffled and arm.simulated in self._alpha:
            alpha = self._alpha[arm.simulated]
        else:
            return self._best(arm, kept, simulated, exam)
        return alpha, self.bench.fit(self.detector, _mixture(kept, simulated, alpha))

    def _best(
        self, arm: Arm, kept: Cases, simulated: Cases | None, exam: Exam
    ) -> tuple[float, Pipeline]:
        tried = [
            (alpha, self.bench.fit(self.detector, _mixture(kept, simulated, alpha)))
            for alpha in self.bench.settings.alphas
        ]
        merit = [self._merit(pipeline, exam) for _, pipeline in tried]
        best = tried[int(np.argmax(merit))]
        self._alpha[arm.simulated] = best[0]
        return best

    def _merit(self, pipeline: Pipeline, exam: Exam) -> float:
        scores = detectors.score(pipeline, self.bench.material.train.X[exam.row])
        counts = alarms.count(exam, scores)
        whole = np.ones((1, exam.recordings))
        found = metrics.average_precision(whole @ counts.positives, whole @ counts.negatives)
        return float(found[0])


def _mixture(real: Cases, simulated: Cases | None, alpha: float) -> Cases:
    """Real rows, which weigh 1 on average, and simulated ones.

    Were the mean over all rows 1, many simulated rows of little weight would raise that of the
    real ones, and with it loosen what holds the detector back: adding 3 % of simulated weight
    cost a tenth of the average precision that way.
    """
    rows = real
    if simulated is not None:
        added = simulated if np.isnan(alpha) else cases.matched(real, simulated, alpha)
        rows = cases.joined(real, added)
    return rows.weighing(rows.w * (len(real) / real.w.sum()))

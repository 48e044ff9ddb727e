"""One arm of one repetition: tuned, given its threshold, fitted."""

from __future__ import annotations

from dataclasses import dataclass

from sklearn.pipeline import Pipeline

from sim.learn import alarms, detectors, metrics
from sim.learn.exam import Exam
from sim.studies.arms import Arm
from sim.studies.bench import Bench, Ints
from sim.studies.cases import mixture
from sim.studies.tuning import best_weight, inside


@dataclass(frozen=True)
class Fitted:
    """A trained arm.

    Attributes:
        pipeline: The detector fitted on all of the arm's recordings.
        threshold: Carried over from validation.
        alpha: Total simulated weight in units of the real weight; None if none was set.
    """

    pipeline: Pipeline
    threshold: float
    alpha: float | None = None


class Trials:
    """The arms of one bench and one detector, trained one by one.

    A shuffled arm takes the weight that was chosen for the arm it controls, which therefore has
    to be trained before it.
    """

    def __init__(self, bench: Bench, detector: str) -> None:
        self.bench = bench
        self.detector = detector
        self._chosen: dict[tuple[str, str], float] = {}

    def train(self, arm: Arm) -> dict[str, Fitted]:
        """Tune for each regime of the test, and fit on all of the arm's recordings.

        Returns:
            By regime, the same object where the same weight was chosen; nothing where the arm
            does not exist at this size.
        """
        regimes = sorted({site.regime for site in self.bench.material.sites})
        if arm.real == "none":
            return dict.fromkeys(regimes, self._simulated_only(arm))
        recordings = self.bench.recordings(arm)
        if recordings is None:
            return {}
        alphas = {regime: self._weight(arm, recordings, regime) for regime in regimes}
        fitted = {alpha: self._fit(arm, recordings, alpha) for alpha in set(alphas.values())}
        return {regime: fitted[alpha] for regime, alpha in alphas.items()}

    def _weight(self, arm: Arm, recordings: Ints, regime: str) -> float | None:
        if arm.weighting != "prior_matched":
            return None
        key = arm.simulated, regime
        if not (arm.shuffled and key in self._chosen):
            self._chosen[key] = best_weight(self.bench, self.detector, arm, recordings, regime)
        return self._chosen[key]

    def _fit(self, arm: Arm, recordings: Ints, alpha: float | None) -> Fitted:
        """Fit without validation for the threshold, then on everything."""
        simulated = self.bench.simulated(arm) if arm.simulated != "none" else None
        fold = inside(self.bench, recordings)
        kept = mixture(self.bench.real(fold.kept, arm), simulated, alpha)
        exam = Exam.of(self.bench.material.train, fold.held)
        threshold = self._threshold(self.bench.fit(self.detector, kept), exam)
        rows = mixture(self.bench.real(recordings, arm), simulated, alpha)
        return Fitted(self.bench.fit(self.detector, rows), threshold, alpha)

    def _simulated_only(self, arm: Arm) -> Fitted:
        """All real training recordings are validation here."""
        pipeline = self.bench.fit(self.detector, mixture(self.bench.simulated(arm), None, None))
        return Fitted(pipeline, self._threshold(pipeline, self.bench.material.train_exam))

    def _threshold(self, pipeline: Pipeline, exam: Exam) -> float:
        """The threshold that keeps the budget of false alarms on validation recordings."""
        scores = detectors.score(pipeline, self.bench.material.train.X[exam.row])
        budget = self.bench.settings.threshold_budget_per_h
        return metrics.threshold_at(alarms.count(exam, scores), budget)

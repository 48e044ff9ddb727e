"""One arm of one repetition: its recipe, its threshold, its fitted detector."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sklearn.pipeline import Pipeline

from sim.learn import alarms, detectors, metrics
from sim.learn.exam import Exam
from sim.studies.arms import Arm
from sim.studies.recipe import Recipe
from sim.studies.repetition import Ints, RepetitionData
from sim.studies.tuning import Choice, inside


@dataclass(frozen=True)
class Fitted:
    """A trained arm.

    Attributes:
        pipeline: The detector fitted on all of the arm's recordings.
        threshold: Carried over from validation.
        recipe: How it was trained.
    """

    pipeline: Pipeline
    threshold: float
    recipe: Recipe


@dataclass(frozen=True)
class ArmTrainer:
    """Trains the arms of one repetition with one detector.

    Attributes:
        repetition: Rows.
        detector: Name in `DETECTORS`.
        choices: What validation chose, by regime.
    """

    repetition: RepetitionData
    detector: str
    choices: dict[str, Choice]

    def train(self, arm: Arm) -> dict[str, Fitted]:
        """Fit for each regime of the test on all of the arm's recordings.

        Returns:
            By regime, the same object where the same recipe was chosen; nothing where the arm
            does not exist at this size.
        """
        regimes = self.repetition.data.regimes
        recordings = None if arm.real == "none" else self.repetition.recordings(arm)
        if recordings is None and arm.real != "none":
            return {}
        recipes = {regime: self._recipe(arm, regime) for regime in regimes}
        fitted = {recipe: self._fit(arm, recordings, recipe) for recipe in {*recipes.values()}}
        return {regime: fitted[recipe] for regime, recipe in recipes.items()}

    def _recipe(self, arm: Arm, regime: str) -> Recipe:
        choice = self.choices.get(regime)
        if arm.tuned == "nothing" or choice is None:
            return arm.recipe
        if arm.tuned == "recorded":
            return choice.recorded
        if arm.tuned == "simulated":
            return choice.simulated
        return replace(arm.recipe, weight=choice.prior_matched_weight)

    def _fit(self, arm: Arm, recordings: Ints | None, recipe: Recipe) -> Fitted:
        """Fit without validation for the threshold, then on everything."""
        data = self.repetition.data
        if recordings is None:  # all real training recordings are validation here
            pipeline = self.repetition.train(self.detector, arm, recipe, None)
            return Fitted(pipeline, self._threshold(pipeline, data.train_exam), recipe)
        fold = inside(self.repetition, recordings)
        rows = self.repetition.real(fold.kept, arm)
        held_out = self.repetition.train(self.detector, arm, recipe, rows)
        threshold = self._threshold(held_out, Exam.of(data.train, fold.held))
        rows = self.repetition.real(recordings, arm)
        return Fitted(self.repetition.train(self.detector, arm, recipe, rows), threshold, recipe)

    def _threshold(self, pipeline: Pipeline, exam: Exam) -> float:
        """The threshold that keeps the budget of false alarms on validation recordings."""
        scores = detectors.score(pipeline, self.repetition.data.train.X[exam.row])
        budget = self.repetition.settings.threshold_budget_per_h
        return metrics.threshold_at(alarms.count(exam, scores), budget)

"""The recipes that validation chooses, for arms with and without simulation alike.

For new sites every site with enough conflicts is held out in turn; for the same site other
recordings of the same sites are. A candidate's merit is the mean over the folds of the logarithm
of its average precision, each fold counting by its conflicts: precision scales with the share of
positives, which differs between sites, so ratios are averaged and not differences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.learn import alarms, detectors
from sim.learn.bootstrap import unit_weights
from sim.learn.exam import Exam
from sim.learn.precision import average_precision
from sim.studies import splits
from sim.studies.arms import ARMS, BEST_RECORDED, BEST_SIMULATED
from sim.studies.data import StudyData
from sim.studies.recipe import (
    UNTUNED_RECORDED,
    UNTUNED_SIMULATED,
    Recipe,
    recorded_recipes,
    simulated_recipes,
)
from sim.studies.repetition import Ints, RepetitionData
from sim.studies.settings import StudySettings

Floats = NDArray[np.float64]

MIN_FOLD_EVENTS = 4
"""A site with fewer conflicts is not held out: one conflict more or less would decide."""
MAX_FOLDS = 3
"""More sites than this are held out several at a time."""
AMPLE_POSITIVES = 2_000
"""With more recorded positives than this, candidates are judged on fits of so many rows of a class:
they are told apart as well, in a third of the time."""
RESAMPLES = 200
MIN_WIN_SHARE = {"new_site": 0.5, "same_site": 0.8}
"""Share of resamples of validation in which the best recipe with simulation has to be above the
best without, else the arm falls back to the latter. In the same site recorded rows are of the
very distribution that is tested, and simulation has to show that it helps."""
_LEAST = 1e-6  # keeps the logarithm of an average precision finite


@dataclass(frozen=True)
class Fold:
    """Training recordings cut into those to fit on and those to judge on."""

    kept: Ints
    held: Ints


@dataclass(frozen=True)
class TuningPiece:
    """One fold of one detector at one share of the recordings.

    Attributes:
        share: The fraction.
        detector: Name in `DETECTORS`.
        regime: For which tests.
        fold: Number of the fold.
    """

    share: float
    detector: str
    regime: str
    fold: int


@dataclass(frozen=True)
class FoldMerits:
    """Merits of all candidates on one fold.

    Attributes:
        piece: Which fold.
        events: Conflicts in it.
        merits: (A, B + 1) log average precision of each candidate, on the held recordings and
            on resamples of them.
    """

    piece: TuningPiece
    events: int
    merits: Floats


@dataclass(frozen=True)
class Choice:
    """What validation chose for one detector, share and regime.

    Attributes:
        recorded: Recipe of `best_recorded`.
        simulated: Recipe of `best_simulated`; that of `best_recorded` where it fell back.
        simulated_tried: The best recipe with simulation, whether or not it fell back.
        prior_matched_weight: Weight of the simulated rows of arms that tune nothing else.
        events: Conflicts that it rests on; 0 where nothing was tuned.
        folds: How many parts were held out.
        win_share: Share of resamples in which simulation was above none; NaN untuned.
        merit_recorded, merit_simulated: Geometric mean of the average precision over folds, of
            the best recipe without and with simulation.
        fell_back: Whether validation saw no gain of simulation.
        candidates: How many recipes each of the two was chosen from.
    """

    recorded: Recipe = UNTUNED_RECORDED
    simulated: Recipe = UNTUNED_SIMULATED
    simulated_tried: Recipe = UNTUNED_SIMULATED
    prior_matched_weight: float = 1.0
    events: int = 0
    folds: int = 0
    win_share: float = np.nan
    merit_recorded: float = np.nan
    merit_simulated: float = np.nan
    fell_back: bool = False
    candidates: int = 0

    def merit(self, arm: str) -> float:
        """Of the recipe that an arm is trained with: falling back, that without simulation."""
        without = arm == BEST_RECORDED or self.fell_back
        return self.merit_recorded if without else self.merit_simulated


def inside(repetition: RepetitionData, recordings: Ints) -> Fold:
    """Validation from the inside: other clips of the same sites."""
    share = repetition.settings.validation_share
    held = splits.validation(repetition.data.clips, recordings, share, repetition.seed)
    return Fold(np.setdiff1d(recordings, held), np.sort(held))


def folds(repetition: RepetitionData, recordings: Ints, regime: str) -> list[Fold]:
    """Validation that is to training as the test is.

    For new sites each site with conflicts is held out in turn, where the others can be trained
    on, and with many sites several at a time; for the same site, and where there is one site,
    other recordings of the same sites are. With one part of a quarter of the recordings (111
    conflicts) validation once saw .207 without and .283 with simulation, in every resample,
    where the test had .361 and .306.
    """
    clips = repetition.data.clips
    held_out = []
    if regime == "new_site":
        sites = np.unique(clips.site[recordings])
        held_out = [
            recordings[np.isin(clips.site[recordings], sites[k::MAX_FOLDS])]
            for k in range(min(len(sites), MAX_FOLDS))
        ]
    if len(held_out) < 2:
        held_out = splits.parts(clips, recordings, MAX_FOLDS, repetition.seed)
    found = [Fold(np.setdiff1d(recordings, held), np.sort(held)) for held in held_out]
    return [f for f in found if _can_judge(clips, f)] or [inside(repetition, recordings)]


def _can_judge(clips: splits.Clips, fold: Fold) -> bool:
    """Whether a fold can be trained on, and holds conflicts enough."""
    trainable = splits.positive_first(clips, fold.kept) is not None
    return trainable and bool(clips.events[fold.held].sum() >= MIN_FOLD_EVENTS)


def tuning_pieces(data: StudyData, settings: StudySettings) -> list[TuningPiece]:
    """All folds on which recipes are to be judged, where they hold enough conflicts together.

    Recipes are chosen with all recordings; those of fewer are fixed in advance, as recordings of
    a few sites hold too few conflicts to choose by (of 76, a quarter is 19).
    """
    pieces = []
    share = settings.fractions[-1]
    repetition = RepetitionData.of(data, settings, 0, share)
    recordings = splits.fraction(repetition.ordered, share)
    for regime in data.regimes:
        cuts = folds(repetition, recordings, regime)
        events = sum(int(data.clips.events[fold.held].sum()) for fold in cuts)
        if events >= settings.tuning_events_min:
            pieces += [
                TuningPiece(share, detector, regime, k)
                for detector in settings.detectors_at(share)
                for k in range(len(cuts))
            ]
    return pieces


def candidates(detector: str, settings: StudySettings) -> list[tuple[str, Recipe]]:
    """What is judged on each fold: purpose and recipe."""
    out = [("recorded", recipe) for recipe in recorded_recipes(detector)]
    out += [("simulated", recipe) for recipe in simulated_recipes(detector)]
    matched = ARMS["real_sim_weighted"].recipe
    return out + [("weight", replace(matched, weight=w)) for w in settings.alphas]


def judge_fold(
    piece: TuningPiece, data: StudyData, settings: StudySettings, families: Sequence[str] = ()
) -> FoldMerits:
    """Train every candidate on what the fold keeps and score it on what it holds out."""
    if int(data.clips.positives.sum()) > AMPLE_POSITIVES:
        settings = replace(
            settings,
            positives_max=min(settings.positives_max, AMPLE_POSITIVES),
            negatives_max=min(settings.negatives_max, AMPLE_POSITIVES),
        )
    repetition = RepetitionData.of(data, settings, 0, piece.share, families)
    recordings = splits.fraction(repetition.ordered, piece.share)
    fold = folds(repetition, recordings, piece.regime)[piece.fold]
    exam = Exam.of(data.train, fold.held)
    drawn = unit_weights(exam, RESAMPLES, 0, f"tuning.{piece.fold}")
    real, held = repetition.real(fold.kept), data.train.X[exam.row]
    merits = []
    for _, recipe in candidates(piece.detector, settings):
        pipeline = repetition.train(piece.detector, ARMS[BEST_SIMULATED], recipe, real)
        merits.append(log_precision(exam, detectors.score(pipeline, held), drawn))
    return FoldMerits(piece, exam.events, np.stack(merits))


def log_precision(exam: Exam, scores: Floats, drawn: Floats) -> Floats:
    """(B,) log average precision of scores on an exam, for each weighting of its units.

    No alarm is counted, which takes three quarters of the time of a full evaluation.
    """
    grid = alarms.threshold_grid(np.sort(scores))
    level = np.searchsorted(grid, scores, side="left").astype(np.int64)
    asked = ~exam.ignored
    counts = [
        alarms.histogram(exam, level, asked & which, len(grid)) for which in (exam.y, ~exam.y)
    ]
    found = average_precision(drawn @ counts[0], drawn @ counts[1])
    # a resample without a positive says nothing: it counts for no candidate
    return np.log(np.maximum(np.nan_to_num(found), _LEAST))


def choices_of(
    found: Iterable[FoldMerits], settings: StudySettings
) -> dict[tuple[float, str, str], Choice]:
    """The choice of every share, detector and regime that was tuned."""
    grouped: dict[tuple[float, str, str], list[FoldMerits]] = {}
    for fold in found:
        key = fold.piece.share, fold.piece.detector, fold.piece.regime
        grouped.setdefault(key, []).append(fold)
    return {key: _choice(key, parts, settings) for key, parts in grouped.items()}


def _choice(
    key: tuple[float, str, str], parts: Sequence[FoldMerits], settings: StudySettings
) -> Choice:
    listed = candidates(key[1], settings)
    events = np.array([part.events for part in parts], dtype=np.float64)
    merits = np.einsum("f,fab->ab", events / events.sum(), np.stack([p.merits for p in parts]))
    best = {purpose: _best(listed, merits, purpose) for purpose, _ in listed}
    recorded, simulated = best["recorded"], best["simulated"]
    win_share = float(np.mean(merits[simulated, 1:] > merits[recorded, 1:]))
    gained = merits[simulated, 0] > merits[recorded, 0] and win_share >= MIN_WIN_SHARE[key[2]]
    weight = listed[best["weight"]][1].weight
    assert weight is not None
    return Choice(
        recorded=listed[recorded][1],
        simulated=listed[simulated if gained else recorded][1],
        simulated_tried=listed[simulated][1],
        prior_matched_weight=weight,
        events=int(events.sum()),
        folds=len(parts),
        win_share=win_share,
        merit_recorded=float(np.exp(merits[recorded, 0])),
        merit_simulated=float(np.exp(merits[simulated, 0])),
        fell_back=not gained,
        candidates=sum(purpose == "recorded" for purpose, _ in listed),
    )


def _best(listed: Sequence[tuple[str, Recipe]], merits: Floats, purpose: str) -> int:
    rows = [k for k, (of, _) in enumerate(listed) if of == purpose]
    return rows[int(np.argmax(merits[rows, 0]))]

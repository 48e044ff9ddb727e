"""The one thing that is tuned: how much simulated rows weigh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.learn import alarms, detectors, metrics
from sim.learn.bootstrap import recording_weights
from sim.learn.exam import Exam
from sim.studies import splits
from sim.studies.arms import Arm
from sim.studies.bench import Bench, Ints
from sim.studies.cases import mixture

SURE = 0.9
"""Share of resamples in which a weight must be better than 1 to be chosen instead."""
RESAMPLES = 200
_LEAST = 1e-6  # keeps the logarithm of an average precision finite


@dataclass(frozen=True)
class Fold:
    """Training recordings cut into those to fit on and those to judge on."""

    kept: Ints
    held: Ints


def inside(bench: Bench, recordings: Ints) -> Fold:
    """Validation from the inside: other clips of the same sites."""
    share = bench.settings.validation_share
    held = splits.validation(bench.material.clips, recordings, share, bench.seed)
    return Fold(np.setdiff1d(recordings, held), np.sort(held))


def folds(bench: Bench, recordings: Ints, regime: str) -> list[Fold]:
    """Validation that is to training as the test is.

    For new sites each site with a conflict is held out in turn, where the others can be trained
    on; with one site, and for the same site, it is cut from the inside.
    """
    clips = bench.material.clips
    across = []
    if regime == "new_site":
        for site in np.unique(clips.site[recordings]):
            of_site = clips.site[recordings] == site
            kept, held = recordings[~of_site], np.sort(recordings[of_site])
            trainable = splits.positive_first(clips, kept) is not None
            if trainable and clips.positives[held].sum() > 0:
                across.append(Fold(kept, held))
    return across or [inside(bench, recordings)]


def best_weight(bench: Bench, detector: str, arm: Arm, recordings: Ints, regime: str) -> float:
    """The weight with the best average precision on validation, where that is sure enough.

    It is 1 where validation holds too few events, and where no other weight is better than 1 in
    nine of ten resamples of the held recordings: the best of four on some twenty events is
    mostly luck.
    """
    settings, clips = bench.settings, bench.material.clips
    cuts = [
        fold
        for fold in folds(bench, recordings, regime)
        if clips.events[fold.held].sum() >= settings.tuning_events_min
    ]
    if not cuts:
        return 1.0
    alphas = tuple(dict.fromkeys((1.0, *settings.alphas)))
    # precision scales with the share of positives, which differs between sites: a geometric mean
    merit = np.mean([_merits(bench, detector, arm, fold, alphas) for fold in cuts], axis=0)
    best = int(np.argmax(merit[:, 0]))
    sure = np.mean(merit[best, 1:] > merit[0, 1:]) >= SURE
    return alphas[best] if sure else 1.0


def _merits(
    bench: Bench, detector: str, arm: Arm, fold: Fold, alphas: Sequence[float]
) -> NDArray[np.float64]:
    """(A, B + 1) log average precision for each weight, on the held recordings and resamples."""
    real, simulated = bench.real(fold.kept, arm), bench.simulated(arm)
    exam = Exam.of(bench.material.train, fold.held)
    drawn = recording_weights(exam.group, RESAMPLES, bench.seed, "tuning")
    merits = []
    for alpha in alphas:
        pipeline = bench.fit(detector, mixture(real, simulated, alpha))
        scores = detectors.score(pipeline, bench.material.train.X[exam.row])
        counts = alarms.count(exam, scores)
        found = metrics.average_precision(drawn @ counts.positives, drawn @ counts.negatives)
        # a resample without a positive tells nothing: it counts for no weight
        merits.append(np.log(np.maximum(np.nan_to_num(found), _LEAST)))
    return np.stack(merits)

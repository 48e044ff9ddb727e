"""Training rows: drawn from tables, balanced, and mixed at stated total weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.features import FeatureTable, randomise_missing
from sim.learn.weights import class_weighted, interpolated, jittered, prior_matched, repeats
from sim.studies.recipe import Balance, Cure

TOTAL_WEIGHT = 12_000.0
"""Total weight of the rows of every fit, whatever the arm and the share of the recordings.

Detectors are held back (l2 of trees, C of the logistic) in units of weight. With weights that
follow the rows a positive of all recordings weighed .022 and one of 5 % of them .43, so that a
curve over shares mixed the effect of data with that of regularisation."""


@dataclass(frozen=True)
class Cases:
    """n training rows.

    Attributes:
        X: (n, d) features, NaN where missing.
        y: (n,) a conflict is about to start.
        w: (n,) how much the row counts.
    """

    X: NDArray[np.float32]
    y: NDArray[np.bool_]
    w: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.y)

    def take(self, rows: NDArray[np.int64]) -> Cases:
        """Some of the rows."""
        return Cases(self.X[rows], self.y[rows], self.w[rows])

    def weighing(self, w: NDArray[np.float64]) -> Cases:
        """The same rows with other weights."""
        return Cases(self.X, self.y, w)

    def of_total(self, total: float) -> Cases:
        """The same rows at this total weight."""
        return self.weighing(self.w * (total / self.w.sum()))


def training_cases(
    table: FeatureTable,
    seed: int,
    draw: np.random.Generator,
    *,
    positives_max: int,
    negatives_max: int,
    episodes: NDArray[np.bool_] | None = None,
) -> Cases:
    """Usable rows of a table, at most so many of each class, which count for all of the class.

    What is missing is randomised so that it is no hint.

    Args:
        table: Rows, recorded or simulated.
        seed: Of what is blanked.
        draw: Chooses the rows where there are more.
        positives_max, negatives_max: Most rows of each class.
        episodes: Of these episodes alone, by mask.
    """
    usable = np.flatnonzero(table.use if episodes is None else table.use & episodes[table.episode])
    w = table.weight[usable].astype(np.float64)
    y = table.y[usable]
    kept: list[NDArray[np.int64]] = []
    for which, most in ((y, positives_max), (~y, negatives_max)):
        rows = np.flatnonzero(which)
        if len(rows) > most:
            chosen = np.sort(draw.choice(rows, most, replace=False))
            w[chosen] *= w[rows].sum() / w[chosen].sum()
            rows = chosen
        kept.append(rows)
    at = np.sort(np.concatenate(kept))
    drawn = randomise_missing(table.take(usable[at]), seed)
    return Cases(drawn.X, drawn.y, w[at])


def shuffled(cases: Cases, draw: np.random.Generator) -> Cases:
    """The rows with their labels permuted over the whole set.

    Within a family the permutation would keep the family's share of danger, and with it a
    signal.
    """
    return Cases(cases.X, cases.y[draw.permutation(len(cases))], cases.w)


def joined(first: Cases, second: Cases) -> Cases:
    """The rows of one, then those of the other."""
    return Cases(
        np.concatenate([first.X, second.X]),
        np.concatenate([first.y, second.y]),
        np.concatenate([first.w, second.w]),
    )


def cured(cases: Cases, cure: Cure, share: float, draw: np.random.Generator) -> Cases:
    """Positives at this share of the weight: by weights, repeats, noisy or interpolated repeats."""
    if cure == "none":
        return cases
    if cure != "class_weight":
        rows = repeats(cases.y, share, draw)
        copies = cases.take(rows)
        if cure == "jitter":
            copies = Cases(jittered(cases.X, rows, draw), copies.y, copies.w)
        elif cure == "smote":
            copies = Cases(interpolated(cases.X, cases.y, rows, draw), copies.y, copies.w)
        cases = joined(cases, copies)
    return cases.weighing(class_weighted(cases.y, cases.w, share))


def balanced(simulated: Cases, balance: Balance, real: Cases) -> Cases:
    """Simulated rows with positives at their own, the recorded or half of the weight."""
    if balance == "half":
        return simulated.weighing(class_weighted(simulated.y, simulated.w))
    if balance == "prior_matched":
        w = prior_matched(real.y, real.w, simulated.y, simulated.w, 1.0)
        return simulated.weighing(w)
    return simulated


def mixture(real: Cases, simulated: Cases | None, weight: float | None) -> Cases:
    """Recorded and simulated rows at `TOTAL_WEIGHT`.

    Args:
        real: Recorded rows.
        simulated: Simulated rows; None for none.
        weight: Of all simulated rows in units of all recorded ones; None for row by row.
    """
    if simulated is None or weight == 0.0:
        return real.of_total(TOTAL_WEIGHT)
    if weight is None:
        return joined(real, simulated).of_total(TOTAL_WEIGHT)
    part = TOTAL_WEIGHT / (1.0 + weight)
    return joined(real.of_total(part), simulated.of_total(TOTAL_WEIGHT - part))

"""Training rows: taken from recordings, capped, joined, cured of imbalance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.features import FeatureTable, randomise_missing
from sim.learn.weights import class_weighted, jittered, prior_matched, repeats


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


def training_cases(table: FeatureTable, seed: int) -> Cases:
    """The usable rows of a table, with what is missing randomised so that it is no hint."""
    rows = randomise_missing(table.take(table.use), seed)
    return Cases(rows.X, rows.y, rows.weight.astype(np.float64))


def shuffled(cases: Cases, draw: np.random.Generator) -> Cases:
    """The rows with their labels permuted over the whole set.

    Within a family the permutation would keep the family's share of danger, and with it a
    signal.
    """
    return Cases(cases.X, cases.y[draw.permutation(len(cases))], cases.w)


def capped(cases: Cases, negatives_max: int, draw: np.random.Generator) -> Cases:
    """All positives and at most so many negatives, which keep the weight of all negatives."""
    negative = np.flatnonzero(~cases.y)
    if len(negative) <= negatives_max:
        return cases
    kept = np.sort(draw.choice(negative, negatives_max, replace=False))
    w = cases.w.copy()
    w[kept] *= cases.w[negative].sum() / cases.w[kept].sum()
    return cases.weighing(w).take(np.sort(np.concatenate([np.flatnonzero(cases.y), kept])))


def joined(real: Cases, simulated: Cases) -> Cases:
    """Real rows, then simulated ones."""
    return Cases(
        np.concatenate([real.X, simulated.X]),
        np.concatenate([real.y, simulated.y]),
        np.concatenate([real.w, simulated.w]),
    )


def matched(real: Cases, simulated: Cases, alpha: float) -> Cases:
    """The simulated rows with the real share of positives and alpha times the real weight."""
    return simulated.weighing(prior_matched(real.y, real.w, simulated.y, simulated.w, alpha))


def mixture(real: Cases, simulated: Cases | None, alpha: float | None) -> Cases:
    """Real rows, which weigh 1 on average, and simulated ones: as they come, or matched.

    Were the mean over all rows 1, many simulated rows of little weight would raise that of the
    real ones, and with it loosen what holds the detector back: adding 3 % of simulated weight
    cost a tenth of the average precision that way.
    """
    rows = real
    if simulated is not None:
        added = simulated if alpha is None else matched(real, simulated, alpha)
        rows = joined(real, added)
    return rows.weighing(rows.w * (len(real) / real.w.sum()))


def balanced(cases: Cases, cure: str, draw: np.random.Generator) -> Cases:
    """Both classes at the same weight: by weights alone, by repeats, or by noisy repeats."""
    if cure in ("oversample", "jitter"):
        rows = repeats(cases.y, draw)
        copies = cases.take(rows)
        if cure == "jitter":
            copies = Cases(jittered(cases.X, rows, draw), copies.y, copies.w)
        cases = joined(cases, copies)
    return cases.weighing(class_weighted(cases.y, cases.w))

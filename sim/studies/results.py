"""The outcomes of all jobs as one table, with intervals and the average over sites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.learn.bootstrap import average_seeds, interval, seed_weights
from sim.studies.jobs import Outcome

Floats = NDArray[np.float64]

MACRO = "macro"
"""The site that stands for the average over the sites of a regime."""


@dataclass(frozen=True)
class Cell:
    """One place in the results; `share` is None for what sees no real recording."""

    arm: str
    detector: str
    share: float | None
    regime: str
    site: str
    metric: str


@dataclass(frozen=True)
class Samples:
    """The values of every cell: (S, B + 1) by repetition and resample, NaN where there is none.

    Attributes:
        values: By cell. Physics, which does not vary, has one line.
        shares: (B + 1, S) resampled shares of the repetitions.
    """

    values: Mapping[Cell, Floats]
    shares: Floats

    @classmethod
    def of(
        cls, outcomes: Iterable[Outcome], regimes: Mapping[str, str], seeds: int, seed: int
    ) -> Samples:
        """Collect outcomes and add the average over the sites of each regime."""
        lines: dict[Cell, dict[int, Floats]] = defaultdict(dict)
        for o in outcomes:
            share = None if np.isnan(o.share) else o.share
            for metric, value in o.values.items():
                cell = Cell(o.arm, o.detector, share, regimes[o.site], o.site, metric)
                lines[cell][o.seed] = value
        resamples = len(next(iter(next(iter(lines.values())).values()))) - 1
        values = {cell: _stacked(by_seed, cell, seeds) for cell, by_seed in lines.items()}
        values.update(_macro(values))
        return cls(values, seed_weights(seeds, resamples, seed))

    def averaged(self, cell: Cell) -> Floats:
        """(B + 1,) mean over the repetitions of each resample."""
        return average_seeds(self.values[cell], self.shares)

    def difference(self, cell: Cell, baseline: Cell) -> Floats:
        """(B + 1,) the paired difference of two cells: same recordings, same repetitions."""
        return average_seeds(self.values[cell] - self.values[baseline], self.shares)


def _stacked(by_seed: Mapping[int, Floats], cell: Cell, seeds: int) -> Floats:
    if cell.detector == "none":
        return np.stack([by_seed[0]])
    nothing = np.full_like(next(iter(by_seed.values())), np.nan)
    return np.stack([by_seed.get(k, nothing) for k in range(seeds)])


def _macro(values: Mapping[Cell, Floats]) -> Iterator[tuple[Cell, Floats]]:
    sites: dict[Cell, list[Floats]] = defaultdict(list)
    for cell, value in values.items():
        place = Cell(cell.arm, cell.detector, cell.share, cell.regime, MACRO, cell.metric)
        sites[place].append(value)
    for place, stack in sites.items():
        known = np.isfinite(stack).sum(axis=0)
        total = np.nansum(stack, axis=0)
        yield place, np.divide(total, known, out=np.full(total.shape, np.nan), where=known > 0)


def results_table(samples: Samples) -> pd.DataFrame:
    """One row a cell: mean, low, high and the repetitions it rests on."""
    rows = []
    for cell, value in sorted(samples.values.items(), key=lambda item: _key(item[0])):
        found = interval(samples.averaged(cell))
        seeds = int(np.isfinite(value[:, 0]).sum())
        rows.append((*_columns(cell), found.value, found.low, found.high, seeds))
    names = [*COLUMNS, "mean", "low", "high", "seeds"]
    return pd.DataFrame(rows, columns=names).astype({"fraction": float})


def values_table(samples: Samples) -> pd.DataFrame:
    """One row a cell and repetition, on the recordings as they are."""
    rows = [
        (*_columns(cell), seed, float(line[0]))
        for cell, value in sorted(samples.values.items(), key=lambda item: _key(item[0]))
        for seed, line in enumerate(value)
    ]
    names = [*COLUMNS, "seed", "value"]
    return pd.DataFrame(rows, columns=names).astype({"fraction": float})


COLUMNS = ["arm", "detector", "fraction", "regime", "site", "metric"]


def _columns(cell: Cell) -> tuple[str, str, float | None, str, str, str]:
    return cell.arm, cell.detector, cell.share, cell.regime, cell.site, cell.metric


def _key(cell: Cell) -> tuple[str, str, str, str, str, float]:
    share = -1.0 if cell.share is None else cell.share
    return cell.regime, cell.site, cell.metric, cell.arm, cell.detector, share

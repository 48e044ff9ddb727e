"""The outcomes of all jobs as one table, with intervals and the average over sites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.learn.bootstrap import Interval, average_seeds, interval, seed_weights
from sim.learn.units import Support
from sim.studies.data import MACRO, POOLED, Site
from sim.studies.jobs import Outcome

Floats = NDArray[np.float64]

CHOSEN = "chosen"
"""The detector that stands for the one with the best validation."""


@dataclass(frozen=True)
class Cell:
    """One place in the results; `share` is None for what sees no real recording."""

    arm: str
    detector: str
    share: float | None
    regime: str
    site: str
    kind: str
    slice: str
    metric: str


COLUMNS = ["arm", "detector", "fraction", "regime", "site", "kind", "slice", "metric"]


@dataclass(frozen=True)
class Samples:
    """The values of every cell: (S, B + 1) by repetition and resample, NaN where there is none.

    Attributes:
        values: By cell. Physics, which does not vary, has one line.
        shares: (B + 1, S) resampled shares of the repetitions.
        support: Conflicts and effective units by (regime, site, kind, slice).
    """

    values: Mapping[Cell, Floats]
    shares: Floats
    support: Mapping[tuple[str, str, str, str], Support]

    @classmethod
    def of(
        cls,
        outcomes: Iterable[Outcome],
        sites: Iterable[Site],
        seeds: int,
        seed: int,
        chosen: Mapping[tuple[str, str, float], str],
    ) -> Samples:
        """Collect outcomes; add the average over sites and the detector that was chosen.

        Args:
            outcomes: Of all jobs.
            sites: All sites.
            seeds: Number of repetitions.
            seed: Of the resamples of seeds.
            chosen: Detector by arm, regime and share.
        """
        lines: dict[Cell, dict[int, Floats]] = defaultdict(dict)
        for o in outcomes:
            share = None if np.isnan(o.share) else o.share
            for metric, value in o.values.items():
                place = (o.regime, o.site, o.kind, o.slice)
                lines[Cell(o.arm, o.detector, share, *place, metric)][o.seed] = value
        resamples = len(next(iter(next(iter(lines.values())).values()))) - 1
        values = {cell: _stacked(by_seed, cell, seeds) for cell, by_seed in lines.items()}
        values.update([*_chosen(values, chosen)])
        sites = [*sites]
        averaged = {site.key for site in sites if site.averaged}
        values.update([*_macro(values, averaged)])
        return cls(values, seed_weights(seeds, resamples, seed), _support(sites))

    def averaged(self, cell: Cell) -> Interval:
        """Mean over the repetitions with its interval."""
        drawn = average_seeds(self.values[cell], self.shares)
        return interval(drawn, metric=cell.metric, support=self._support_of(cell))

    def difference(self, cell: Cell, baseline: Cell) -> Interval:
        """The paired difference of two cells: same recordings, same repetitions.

        0 without a smallest detectable effect where the two arms are one, as after a fall back:
        that they agree says nothing of what the test could have seen.
        """
        if self._are_one(cell, baseline):
            return Interval(0.0, 0.0, 0.0, np.nan)
        drawn = average_seeds(self.values[cell] - self.values[baseline], self.shares)
        support = self._support_of(cell)
        return interval(drawn, metric=cell.metric, difference=True, support=support)

    def _are_one(self, cell: Cell, baseline: Cell) -> bool:
        """Whether two arms gave every row the same score: average precision tells any two apart."""
        a, b = (self.values.get(replace(c, metric="average_precision")) for c in (cell, baseline))
        return a is not None and b is not None and np.array_equal(a, b, equal_nan=True)

    def _support_of(self, cell: Cell) -> Support | None:
        return self.support.get((cell.regime, cell.site, cell.kind, cell.slice))


def _support(sites: Iterable[Site]) -> dict[tuple[str, str, str, str], Support]:
    """What every exam rests on; an average of sites rests on all of them together."""
    out: dict[tuple[str, str, str, str], Support] = {}
    for site in sites:
        for kind, words, exam in (
            ("", "", site.exam),
            *((part.kind, part.slice, part.exam) for part in site.parts),
        ):
            out[site.regime, site.name, kind, words] = exam.support
            if site.averaged:
                place = site.regime, MACRO, kind, words
                out[place] = out.get(place, Support(0, 0.0)) + exam.support
    return out


def _stacked(by_seed: Mapping[int, Floats], cell: Cell, seeds: int) -> Floats:
    if cell.detector == "none":
        return np.stack([by_seed[0]])
    nothing = np.full_like(next(iter(by_seed.values())), np.nan)
    return np.stack([by_seed.get(k, nothing) for k in range(seeds)])


def _chosen(
    values: Mapping[Cell, Floats], chosen: Mapping[tuple[str, str, float], str]
) -> Iterator[tuple[Cell, Floats]]:
    for cell, value in values.items():
        share = np.nan if cell.share is None else cell.share
        if chosen.get((cell.arm, cell.regime, share)) == cell.detector:
            yield replace(cell, detector=CHOSEN), value


def _macro(
    values: Mapping[Cell, Floats], averaged: set[tuple[str, str]]
) -> Iterator[tuple[Cell, Floats]]:
    sites: dict[Cell, list[Floats]] = defaultdict(list)
    for cell, value in values.items():
        if (cell.regime, cell.site) in averaged:
            sites[replace(cell, site=MACRO)].append(value)
    for place, stack in sites.items():
        known = np.isfinite(stack).sum(axis=0)
        total = np.nansum(stack, axis=0)
        yield place, np.divide(total, known, out=np.full(total.shape, np.nan), where=known > 0)


def results_table(samples: Samples) -> pd.DataFrame:
    """One row a cell: mean, low, high and the repetitions it rests on."""
    rows = []
    for cell, value in sorted(samples.values.items(), key=lambda item: _key(item[0])):
        found = samples.averaged(cell)
        seeds = int(np.isfinite(value[:, 0]).sum())
        rows.append((*columns(cell), found.value, found.low, found.high, seeds))
    names = [*COLUMNS, "mean", "low", "high", "seeds"]
    return pd.DataFrame(rows, columns=names).astype({"fraction": float})


def values_table(samples: Samples) -> pd.DataFrame:
    """One row a cell and repetition, on the recordings as they are."""
    rows = [
        (*columns(cell), seed, float(line[0]))
        for cell, value in sorted(samples.values.items(), key=lambda item: _key(item[0]))
        for seed, line in enumerate(value)
    ]
    names = [*COLUMNS, "seed", "value"]
    return pd.DataFrame(rows, columns=names).astype({"fraction": float})


def columns(cell: Cell) -> tuple[str | float | None, ...]:
    """A cell as the columns `COLUMNS`; no kind and no slice are null."""
    place = (cell.regime, cell.site, cell.kind or None, cell.slice or None, cell.metric)
    return (cell.arm, cell.detector, cell.share, *place)


def _key(cell: Cell) -> tuple[str, ...]:
    share = "" if cell.share is None else f"{cell.share:012.9f}"
    pooled = "" if cell.site in (POOLED, MACRO) else cell.site
    place = (cell.regime, pooled, cell.site, cell.kind, cell.slice)
    return (*place, cell.metric, cell.arm, cell.detector, share)

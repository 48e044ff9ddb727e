"""The comparisons that a study answers with, each with the smallest effect it could have seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from sim.studies.arms import ARMS, BEST_RECORDED, BEST_SIMULATED
from sim.studies.results import CHOSEN, COLUMNS, Cell, Samples, columns

BASELINE = "real"

PRIMARY = (
    *("average_precision", "recall_at_6_fah", "recall_at_30_fah", "lead_time_s"),
    *("recall_at_6_fah_1s", "recall_at_30_fah_1s", "recall_at_30_fah_15s"),
)
"""Metrics of the comparisons with physics and of those by kind of conflict: with all metrics at
all fractions these were 85 of 100 thousand rows."""


def pairs() -> list[tuple[str, str]]:
    """Arm and baseline of every comparison: a list settled before anything is run."""
    physics = [name for name, arm in ARMS.items() if arm.role == "physics"]
    return [
        (BEST_SIMULATED, BEST_RECORDED),
        *((BEST_SIMULATED, name) for name in physics),
        (BEST_SIMULATED, "best_simulated_shuffled"),
        *((BEST_RECORDED, name) for name in physics),
        *((name, BASELINE) for name in ARMS if name != BASELINE),
        ("real_sim_weighted", "real_sim_shuffled"),
        ("real_sim_weighted", "real_class_weight"),
        ("real_sim_weighted", "real_oversample"),
        *(("real_sim_weighted", name) for name in physics),
        ("real_half_a", "real_half_b"),
    ]


def comparisons_table(samples: Samples) -> pd.DataFrame:
    """One row a comparison, detector, fraction, site, part and metric, where both sides exist."""
    by_arm: dict[str, dict[tuple[str, ...], list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for cell in samples.values:
        if cell.metric != "prevalence":
            by_arm[cell.arm][_place(cell)].append(cell)
    largest = max(cell.share for cell in samples.values if cell.share is not None)
    rows = []
    for arm, baseline in pairs():
        for a, b, named in _matches(by_arm[arm], by_arm[baseline]):
            if not _wanted(named, baseline, largest):
                continue
            found = samples.difference(a, b)
            of = (found.value, found.low, found.high, found.detectable)
            rows.append((arm, baseline, *columns(named)[1:], *of))
    names = ["arm", "baseline", *COLUMNS[1:], "difference", "low", "high", "detectable"]
    return pd.DataFrame(rows, columns=names).astype({"fraction": float})


def fewer_recordings_table(samples: Samples) -> pd.DataFrame:
    """`best_simulated` at each fraction minus `best_recorded` at the largest, paired.

    Whether simulation makes up for recordings: same repetitions and resamples, fewer recordings.
    """
    shares = sorted({cell.share for cell in samples.values if cell.share is not None})
    rows = []
    for cell in samples.values:
        if cell.arm != BEST_SIMULATED or cell.metric not in PRIMARY or cell.kind or cell.slice:
            continue
        baseline = replace(cell, arm=BEST_RECORDED, share=shares[-1])
        if baseline in samples.values and cell.share != shares[-1]:
            found = samples.difference(cell, baseline)
            of = (found.value, found.low, found.high, found.detectable)
            rows.append((BEST_SIMULATED, BEST_RECORDED, shares[-1], *columns(cell)[1:], *of))
    names = ["arm", "baseline", "baseline_fraction", *COLUMNS[1:]]
    return pd.DataFrame(rows, columns=[*names, "difference", "low", "high", "detectable"])


def _wanted(cell: Cell, baseline: str, largest: float) -> bool:
    """Whether a comparison is made: some are of full size and primary metrics alone."""
    physics = ARMS[baseline].role == "physics"
    if physics and cell.share != largest:
        return False
    return cell.metric in PRIMARY or not (physics or cell.kind or cell.slice)


def _place(cell: Cell) -> tuple[str, ...]:
    return cell.regime, cell.site, cell.kind, cell.slice, cell.metric


def _matches(
    arm: dict[tuple[str, ...], list[Cell]], baseline: dict[tuple[str, ...], list[Cell]]
) -> Iterator[tuple[Cell, Cell, Cell]]:
    """Cells to subtract, and the one of them that names detector and fraction.

    What is not trained, or not on real recordings, is compared at every fraction.
    """
    for place, cells in arm.items():
        for a in cells:
            for b in baseline.get(place, ()):
                if _comparable(a, b):
                    yield a, b, b if a.share is None else a


def _comparable(a: Cell, b: Cell) -> bool:
    """Whether two cells of one place are of the same detector and share.

    Physics is compared with a detector that was chosen too, which has no other arms.
    """
    detectors = {a.detector, b.detector}
    same = len(detectors) == 1 or "none" in detectors
    if CHOSEN in detectors and same and "none" in detectors:
        return a.detector == CHOSEN
    return same and (a.share == b.share or None in (a.share, b.share))

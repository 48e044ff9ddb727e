"""The comparisons that a study answers with, each with the smallest effect it could have seen."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.learn.bootstrap import interval
from sim.studies.arms import ARMS
from sim.studies.results import Cell, Samples

BASELINE = "real"


def pairs() -> list[tuple[str, str]]:
    """Arm and baseline of every comparison: a list settled before anything is run."""
    physics = [name for name, arm in ARMS.items() if arm.role == "physics"]
    return [
        *((name, BASELINE) for name in ARMS if name != BASELINE),
        ("real_sim_weighted", "real_sim_shuffled"),
        ("real_sim_weighted", "real_class_weight"),
        ("real_sim_weighted", "real_oversample"),
        *(("real_sim_weighted", name) for name in physics),
        ("real_half_a", "real_half_b"),
    ]


def comparisons_table(samples: Samples) -> pd.DataFrame:
    """One row a comparison, detector, fraction, site and metric, where both sides exist."""
    rows = []
    for arm, baseline in pairs():
        for a, b, named in _matches(samples, arm, baseline):
            found = interval(samples.difference(a, b))
            place = (arm, baseline, named.detector, named.share, a.regime, a.site, a.metric)
            rows.append((*place, found.value, found.low, found.high, found.detectable))
    names = ["arm", "baseline", "detector", "fraction", "regime", "site", "metric"]
    names += ["difference", "low", "high", "detectable"]
    return pd.DataFrame(rows, columns=names).astype({"fraction": float})


def _matches(samples: Samples, arm: str, baseline: str) -> Iterator[tuple[Cell, Cell, Cell]]:
    """Cells to subtract, and the one of them that names detector and fraction.

    What is not trained, or not on real recordings, is compared at every fraction.
    """
    for a in (cell for cell in samples.values if cell.arm == arm and cell.metric != "prevalence"):
        for b in (cell for cell in samples.values if cell.arm == baseline):
            if _comparable(a, b):
                yield a, b, b if a.share is None else a


def _comparable(a: Cell, b: Cell) -> bool:
    return (
        (a.regime, a.site, a.metric) == (b.regime, b.site, b.metric)
        and (a.detector == b.detector or "none" in (a.detector, b.detector))
        and (a.share == b.share or None in (a.share, b.share))
    )

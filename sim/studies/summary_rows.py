"""Which rows of the results a summary holds, and with how many digits; the tables hold all.

A default study has some 130,000 rows of results and comparisons, most of them single sites by kind
of conflict and physics scores by speed. As JSON they were 29 MB, of which a report reads a tenth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.studies.arms import ARMS, BEST_RECORDED, BEST_SIMULATED
from sim.studies.data import MACRO, POOLED
from sim.studies.results import CHOSEN

Bools = NDArray[np.bool_]

DIGITS = 6
"""Significant digits: three more than the narrowest interval of a study tells apart."""
ANSWERED = ("average_precision", "recall_at_30_fah", "recall_at_30_fah_1s", "lead_time_s")
"""Metrics of single sites, of the average over them and of parts of the conflicts."""
BEST = (BEST_RECORDED, BEST_SIMULATED)


def summary_results(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `results_table` that a summary holds.

    All of the pool of a regime; of the average over sites and of single sites the best arms with
    the detector that was chosen, and physics, in the metrics of the answer and the prevalence; of
    parts of the conflicts the best arms at the pool.
    """
    pool, macro, whole = _places(table)
    best = _among(table, "arm", BEST) & (table["detector"] == CHOSEN).to_numpy()
    short = _among(table, "metric", ANSWERED)
    prior = (table["metric"] == "prevalence").to_numpy()
    at_site = (best | _physics(table["arm"])) & _full(table) & (short | prior)
    of_average = short & ~_physics(table["arm"])
    kept = whole & (pool | at_site | (macro & of_average))
    return table[kept | (~whole & pool & best & short)]


def summary_comparisons(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `comparisons_table` that a summary holds.

    All of the pool of a regime; elsewhere the best arm with simulation in the metrics of the
    answer: at sites and on average minus the best without, and for parts of the conflicts at the
    pool also minus its control and physics.
    """
    pool, _, whole = _places(table)
    main = (table["arm"] == BEST_SIMULATED).to_numpy() & _among(table, "metric", ANSWERED)
    gain = main & (table["baseline"] == BEST_RECORDED).to_numpy()
    chosen = (table["detector"] == CHOSEN).to_numpy()
    at_site = gain & chosen & _full(table)
    rivals = main & (chosen | ~_physics(table["baseline"]))
    return table[(whole & (pool | at_site)) | (~whole & pool & rivals)]


def _places(table: pd.DataFrame) -> tuple[Bools, Bools, Bools]:
    """Whether rows are of a pool, of the average over sites, and of all conflicts."""
    site = table["site"]
    whole = table["kind"].isna() & table["slice"].isna()
    return (site == POOLED).to_numpy(), (site == MACRO).to_numpy(), whole.to_numpy()


def _among(table: pd.DataFrame, column: str, names: tuple[str, ...]) -> Bools:
    return np.asarray(table[column].isin(names), dtype=np.bool_)


def _physics(arms: pd.Series[Any]) -> Bools:
    names = [name for name, arm in ARMS.items() if arm.role == "physics"]
    return np.asarray(arms.isin(names), dtype=np.bool_)


def _full(table: pd.DataFrame) -> Bools:
    """Whether rows are of the largest share of the recordings, or of none."""
    share = table["fraction"]
    return np.asarray(share.isna() | (share == share.max()), dtype=np.bool_)


def rounded(value: Any) -> Any:
    """Plain values with floats at `DIGITS` significant digits.

    >>> rounded({"mean": 0.12345678, "seeds": 3, "ends": [1234567.8, None]})
    {'mean': 0.123457, 'seeds': 3, 'ends': [1234570.0, None]}
    """
    if isinstance(value, Mapping):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value

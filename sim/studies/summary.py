"""The summary of a study, as other programs read it: `summary.json`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.features import FeatureTable
from sim.learn.exam import Exam
from sim.studies.material import Material

SCHEMA = 1


def summarise(
    material: Material,
    kind: str,
    results: pd.DataFrame,
    comparisons: pd.DataFrame,
    cost: Mapping[str, float],
) -> dict[str, Any]:
    """Everything a study found, with plain values; NaN as None.

    Args:
        material: What the logs were.
        kind: "field" or "recorded".
        results: From `results_table`.
        comparisons: From `comparisons_table`.
        cost: `seconds`, `cpu_seconds` and `peak_mb`.
    """
    return {
        "schema": SCHEMA,
        "logs": {
            "kind": kind,
            "train": {**extent(material.train_exam), "recordings": _uncut(material.train)},
            "kinds": {"train": _kinds(material.train), "test": _kinds(material.test)},
            "test": {site.name: extent(site.exam) for site in material.sites},
        },
        "results": _records(results),
        "comparisons": _records(comparisons),
        **{name: round(value, 1) for name, value in cost.items()},
    }


def _kinds(table: FeatureTable) -> dict[str, int]:
    """How many conflicts of each kind can be caught."""
    caught = table.events.loc[table.events["observable"], "kind"]
    return {str(kind): int(n) for kind, n in caught.value_counts().sort_index().items()}


def _uncut(table: FeatureTable) -> int:
    """How many recordings the clips of a table were cut from."""
    return len({name.split("#")[0] for name in table.episode_names})


def extent(exam: Exam) -> dict[str, float]:
    """Recordings, ego-hours in use and conflicts that can be caught."""
    return {
        "recordings": exam.recordings,
        "hours": round(float(exam.hours.sum()), 4),
        "events": exam.events,
    }


def _records(table: pd.DataFrame) -> Sequence[dict[str, Any]]:
    rows = table.to_dict("records")
    return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value

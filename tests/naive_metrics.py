"""The study's metrics once more, from a table of scores and one of conflicts alone.

It follows docs/statistics.md and shares nothing with the package: any threshold between two
scores is tried, and every ego is walked through in plain Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import naive_alarms as naive
import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score

HOLD_S, REFRACTORY_S = 0.4, 5.0
LEADS = {"05s": 0.5, "1s": 1.0, "15s": 1.5}
WHO = ["recording", "ego_id"]


def recomputed(
    scores: pd.DataFrame,
    events: pd.DataFrame,
    *,
    stride_s: float,
    budgets: tuple[float, ...],
    kind: str | None = None,
) -> dict[str, float]:
    """Metrics of one arm, detector, seed and site.

    Args:
        scores: recording, ego_id, t_s, y, use, weight, score; one line a scored row.
        events: recording, ego_id, start_s, category; one line a conflict.
        stride_s: A row stands for this long.
        budgets: False alarms an hour, 30 among them.
        kind: Only conflicts of this category are asked for; alarms before others are not false.
    """
    rows = scores[scores["use"]].sort_values([*WHO, "t_s"])
    asked = events if kind is None else events[events["category"] == kind]
    out = {"average_precision": _average_precision(rows, asked)}
    egos = [_Ego.of(mine, _starts(events, who), _starts(asked, who)) for who, mine in _by_ego(rows)]
    hours = rows["weight"].sum() * stride_s / 3600.0
    thresholds = [-np.inf, *sorted(set(rows["score"]))]
    curve = [[ego.operated(c, stride_s) for ego in egos] for c in thresholds]
    for budget in budgets:
        at = next(c for c in curve if sum(false for false, _ in c) / hours <= budget + 1e-9)
        leads = [lead for _, of_ego in at for lead in of_ego]
        out[f"recall_at_{budget:g}_fah"] = _share(leads, 0.0)
        for name, least in LEADS.items():
            out[f"recall_at_{budget:g}_fah_{name}"] = _share(leads, least)
        caught = [lead for lead in leads if lead > 0]
        if budget == 30.0:
            out["lead_time_s"] = median(caught) if caught else np.nan
    return out


@dataclass(frozen=True)
class _Ego:
    rows: list[tuple[float, float]]
    weight: float
    starts: list[float]
    asked: list[float]

    @classmethod
    def of(cls, mine: pd.DataFrame, starts: list[float], asked: list[float]) -> _Ego:
        seen = list(zip(mine["t_s"].tolist(), mine["score"].tolist()))
        possible = [
            start for start in asked if any(0.5 - 1e-6 <= start - t <= 3.0 + 1e-6 for t, _ in seen)
        ]
        return cls(seen, mine["weight"].iloc[0], starts, possible)

    def operated(self, threshold: float, stride_s: float) -> tuple[float, list[float]]:
        """Weight of the false alarms, and the lead of each conflict that can be caught."""
        times = naive.alarmed_times(self.rows, threshold, stride_s, HOLD_S)
        false = naive.false_alarms(times, self.starts, REFRACTORY_S)
        return self.weight * false, [naive.lead(times, start) for start in self.asked]


def _by_ego(rows: pd.DataFrame) -> list[tuple[tuple[str, int], pd.DataFrame]]:
    return [(who, mine) for who, mine in rows.groupby(WHO)]


def _average_precision(rows: pd.DataFrame, asked: pd.DataFrame) -> float:
    starts = {who: list(mine["start_s"]) for who, mine in asked.groupby(WHO)}
    mine = [
        any(0.5 - 1e-6 <= s - t <= 3.0 + 1e-6 for s in starts.get((r, e), []))
        for r, e, t in zip(rows["recording"], rows["ego_id"], rows["t_s"])
    ]
    kept = ~rows["y"].to_numpy() | np.array(mine)
    return float(
        average_precision_score(
            rows["y"][kept], rows["score"][kept], sample_weight=rows["weight"][kept]
        )
    )


def _starts(events: pd.DataFrame, who: tuple[str, int]) -> list[float]:
    mine = (events["recording"] == who[0]) & (events["ego_id"] == who[1])
    return sorted(events.loc[mine, "start_s"])


def _share(leads: list[float], least: float) -> float:
    return float(np.mean([lead > 0 and lead >= least - 1e-6 for lead in leads]))

"""The picture of what drives a family's danger: indices, and a curve for the strongest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from sim.family import UNITS, Family
from sim.report.png import save_png
from sim.sampling.search.sensitivity import Sensitivity

CURVES, COLUMNS = 8, 4
"""Quantities that get a curve, the strongest, and how many stand side by side."""
TOTAL, FIRST = "#c2410c", "#1d4ed8"


def picture(found: Sensitivity, family: Family, path: Path, *, title: str) -> Path:
    """Draw the indices of all quantities and the curves of the strongest.

    Args:
        found: What was measured.
        family: Whose quantities they are.
        path: The .png to make.
        title: Over the picture.
    """
    chart = alt.vconcat(
        _bars(found.indices),
        _curves(found, family),
        spacing=26,
        title=alt.Title(title, fontSize=17),
    ).resolve_scale(color="independent")
    return save_png(chart, path)


def _bars(indices: pd.DataFrame) -> Any:
    """Total index as a bar with its interval, first order as a tick."""
    order = indices["quantity"].tolist()
    indices = indices.assign(first=indices["first"].clip(lower=0.0))  # below 0 by chance alone
    y = alt.Y("quantity:N", sort=order, axis=alt.Axis(title=None, labelLimit=200))
    x_title = "share of the variance: total index with 95 % interval; blue, what it does alone"
    base = alt.Chart(indices).encode(y=y)
    bars = base.mark_bar(color=TOTAL, opacity=0.75, height=10).encode(
        x=alt.X(
            "total:Q", title=x_title, scale=alt.Scale(domainMin=0.0), axis=alt.Axis(tickCount=8)
        )
    )
    spread = base.mark_rule(color="#7c2d12", strokeWidth=1.5).encode(
        x="total_low:Q", x2="total_high:Q"
    )
    alone = base.mark_tick(color=FIRST, thickness=3, height=14).encode(x="first:Q")
    return (bars + spread + alone).properties(width=720, height=17 * len(order))


def _curves(found: Sensitivity, family: Family) -> Any:
    """A panel for each of the strongest quantities, all with one scale of shares."""
    known = set(found.curves["quantity"])
    strongest = [q for q in found.indices["quantity"] if q in known][:CURVES]
    top = min(1.02, max(0.1, float(found.curves["event_high"].max()) * 1.05))
    panels = []
    for k, name in enumerate(strongest):
        table = found.curves[found.curves["quantity"] == name].drop_duplicates("at")
        law = next(q for q in family.quantities if q.name == name)
        first = "share with the event" if k % COLUMNS == 0 else None
        y = {"title": first, "scale": alt.Scale(domain=[0, top]), "axis": _axis()}
        drawn = _points(table, y) if law.steps and law.each == 1 else _line(table, y)
        about = alt.Title(f"{name} [{UNITS[law.unit]}]", fontSize=11, anchor="middle", offset=6)
        panels.append(drawn.properties(width=145, height=105, title=about))
    return alt.concat(*panels, columns=COLUMNS, spacing=24)


def _line(table: pd.DataFrame, y: dict[str, Any]) -> Any:
    """A curve of a quantity that takes any value, in the band of its interval."""
    x = alt.X("at:Q", title=None, scale=alt.Scale(zero=False, nice=False, padding=6), axis=_axis())
    base = alt.Chart(table).encode(x=x)
    band = base.mark_area(color=TOTAL, opacity=0.18).encode(
        y=alt.Y("event_low:Q", **y), y2="event_high:Q"
    )
    curve = base.encode(y=alt.Y("event:Q", **y))
    marks = curve.mark_point(color=TOTAL, filled=True, size=28, opacity=1)
    return band + curve.mark_line(color=TOTAL, strokeWidth=2) + marks


def _points(table: pd.DataFrame, y: dict[str, Any]) -> Any:
    """A point and its interval at each value of a quantity that has but a few."""
    axis = alt.Axis(labelAngle=0, labelOverlap=True, format="~g")
    base = alt.Chart(table).encode(x=alt.X("at:O", title=None, axis=axis))
    spread = base.mark_rule(color=TOTAL, strokeWidth=2, opacity=0.45).encode(
        y=alt.Y("event_low:Q", **y), y2="event_high:Q"
    )
    return spread + base.encode(y=alt.Y("event:Q", **y)).mark_point(
        color=TOTAL, filled=True, size=45, opacity=1
    )


def _axis() -> alt.Axis:
    """Few ticks; labels that stay below them, so that those of neighbours keep apart."""
    return alt.Axis(tickCount=3, labelFlush=False, labelOverlap=True, labelBound=False)

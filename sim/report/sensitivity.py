"""The picture of what drives a family's danger: indices, and a curve for the strongest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from sim.report.png import save_png
from sim.sampling.search.sensitivity import Sensitivity

CURVES = 8
"""Quantities that get a curve: the strongest."""
TOTAL, FIRST = "#c2410c", "#1d4ed8"


def picture(found: Sensitivity, units: dict[str, str], path: Path, *, title: str) -> Path:
    """Draw the indices of all quantities and the curves of the strongest.

    Args:
        found: What was measured.
        units: Quantity to its unit, as people read it.
        path: The .png to make.
        title: Over the picture.
    """
    chart = alt.vconcat(
        _bars(found.indices), _curves(found, units), spacing=26, title=alt.Title(title, fontSize=17)
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
    return (bars + spread + alone).properties(width=640, height=17 * len(order))


def _curves(found: Sensitivity, units: dict[str, str]) -> Any:
    strongest = [q for q in found.indices["quantity"] if q in set(found.curves["quantity"])][
        :CURVES
    ]
    table = found.curves[found.curves["quantity"].isin(strongest)].copy()
    table["panel"] = [f"{q} [{units[q]}]" for q in table["quantity"]]
    panels = [f"{q} [{units[q]}]" for q in strongest]
    top = max(0.1, float(table["event"].max()) * 1.08)
    base = alt.Chart().encode(
        x=alt.X("at:Q", title=None, scale=alt.Scale(zero=False, nice=False)),
        y=alt.Y("event:Q", title="share with the event", scale=alt.Scale(domain=[0, top])),
    )
    lines = base.mark_line(color=TOTAL, strokeWidth=2) + base.mark_point(
        color=TOTAL, filled=True, size=28, opacity=1
    )
    return (
        lines.properties(width=145, height=105)
        .facet(facet=alt.Facet("panel:N", sort=panels, title=None), columns=4, data=table)
        .resolve_scale(x="independent")
    )

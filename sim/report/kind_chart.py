"""Recall without and with simulation over the recorded conflicts of each kind of danger."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from sim.report import names
from sim.report.svg import ROLE_COLOURS, draw

SIDES = {"without": ("real", [5, 3]), "with": ("simulation", [1, 0])}
"""Colour and dashes of each side."""
COLUMNS = 3


def draw_curves(curves: Sequence[Mapping[str, Any]], regime: str, metric: str) -> str | None:
    """SVG text of a panel a kind; None where nothing was measured.

    A bar spans the level without simulation plus the interval of the paired gain.
    """
    table = curve_table(curves, regime, metric)
    if not len(table):
        return None
    order = [str(n) for n in sorted(table["count"].unique())]
    title = alt.Axis(title="recorded conflicts of the kind", labelAngle=0, titleFontSize=11)
    x = alt.X("recorded:O", sort=order, axis=title)
    y = alt.Y("level:Q", axis=alt.Axis(title=None, tickCount=4), scale=alt.Scale(zero=True))
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart().encode(x=x, color=colour)
    line = base.mark_line(strokeWidth=2.2).encode(
        y=y, detail="side:N", strokeDash=alt.StrokeDash("dash:N", scale=None)
    )
    point = base.mark_point(filled=True, size=42, opacity=1).encode(y=y)
    bar = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=1.6, opacity=0.7)
        .encode(y=alt.Y("low:Q"), y2="high:Q")
    )
    panel = alt.layer(bar, line, point, data=table).properties(width=185, height=120)
    kinds = names.in_order({*table["kind"]}, dict.fromkeys(names.KINDS.values()))
    header = alt.Header(labelFontWeight="bold", labelFontSize=12)
    facets = panel.facet(
        facet=alt.Facet("kind:N", title=None, sort=kinds, header=header), columns=COLUMNS
    ).resolve_scale(x="independent")
    return draw(facets, f"kinds-{regime}")


def curve_table(curves: Sequence[Mapping[str, Any]], regime: str, metric: str) -> pd.DataFrame:
    """A row a kind, count and side: level, and for the side with simulation the bar, in percent."""
    rows = []
    for row in curves:
        if (row["regime"], row["metric"], row["labels"]) != (regime, metric, "best"):
            continue
        for side, (role, dash) in SIDES.items():
            if row[side] is None:
                continue
            low, high = (_end(row, end) if side == "with" else math.nan for end in ("low", "high"))
            rows.append(
                {
                    "kind": names.kind(row["kind"]),
                    "count": row["recorded_conflicts"],
                    "recorded": str(row["recorded_conflicts"]),
                    "side": side,
                    "level": 100.0 * row[side],
                    "low": low,
                    "high": high,
                    "colour": ROLE_COLOURS[role],
                    "dash": dash,
                }
            )
    return pd.DataFrame(rows)


def _end(row: Mapping[str, Any], end: str) -> float:
    """An end of the bar, within what a share can be."""
    if row[end] is None or row["without"] is None:
        return math.nan
    return 100.0 * min(max(float(row["without"] + row[end]), 0.0), 1.0)

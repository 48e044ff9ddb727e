"""The answer by kind of danger: a row each, and the gain over the recorded conflicts of a kind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import altair as alt
import pandas as pd

from sim.report import names, units
from sim.report.findings import Findings
from sim.report.svg import ROLE_COLOURS, draw
from sim.report.tables import difference_cell, none, table
from sim.report.values import Difference
from sim.studies.data import MIN_PART_EVENTS

JUDGED = "recall_at_30_fah"
NOTE = (
    "One detector a kind of danger, trained on the recorded conflicts of that kind alone, without "
    "and with as much weight of the episodes of its families; both recipes are fixed in advance. "
    "With none recorded, what there is without simulation is a detector of all other kinds. "
    f"Gains are in {names.metric(JUDGED).title}, pooled; exploratory."
)

Row = Mapping[str, Any]


def kinds(findings: Findings) -> str:
    """A table a regime with a chart beside it; empty where the study has no such section."""
    rows: Sequence[Row] = findings.summary.get("kinds", ())
    if not rows:
        return ""
    parts = [f'<p class="quiet">{NOTE}</p>']
    for regime in findings.regimes:
        mine = [row for row in rows if row["regime"] == regime]
        if not mine:
            continue
        chart = _chart(findings.summary.get("kind_curves", ()), regime)
        figure = "" if chart is None else _figure(chart, regime)
        head = f"<h3>{escape(names.regime(regime))}</h3>"
        parts.append(f"{head}{_table(mine)}{_sentences(mine)}{figure}")
    return "".join(parts)


def _table(rows: Sequence[Row]) -> str:
    head = (
        "kind of danger",
        "trained on",
        "tested on",
        "gain with all recorded",
        "pays",
        "carried by",
    )
    unit = names.metric(JUDGED).unit
    cells = []
    for row in rows:
        gain = row["gain"]
        cells.append(
            [
                escape(_title(row["kind"])),
                units.number(row["trained_conflicts"]),
                units.number(row["tested_conflicts"]),
                none() if gain is None else difference_cell(_difference(gain), unit),
                _pays(row),
                escape(str(row["carried_by"] or "-")),
            ]
        )
    return table(head, cells)


def _title(kind: str) -> str:
    """Of a category; `crossing` also names one of the ways in which conflicts are found."""
    return "with crossing traffic" if kind == "crossing" else names.kind(kind)


def _pays(row: Row) -> str:
    """Up to how many recorded conflicts of the kind simulation helped."""
    if row["pays"] == "not measured":
        few = row["tested_conflicts"] < MIN_PART_EVENTS
        return "too few to tell" if few else "no family has this danger"
    if row["pays"] == "never":
        return "not shown"
    if row["pays"] == "throughout":
        return "with all recorded, too"
    return f"up to {units.count(row['pays_until'], 'recorded conflict')}"


def _sentences(rows: Sequence[Row]) -> str:
    found = sentence(rows)
    return f"<p>{escape(found)}</p>" if found else ""


def sentence(rows: Sequence[Row]) -> str:
    """For which kinds simulation pays, and how long, in one sentence."""
    paying = [row for row in rows if row["pays_until"] is not None]
    if not paying:
        return "No kind is shown to gain from simulation."
    told = [f"{_title(row['kind'])} ({_pays(row)})" for row in paying]
    return f"Simulation is shown to help in conflicts {units.listing(told)}."


def _difference(gain: Row) -> Difference:
    values = (gain["difference"], gain["low"], gain["high"], gain["detectable"])
    return Difference(*(math.nan if value is None else float(value) for value in values))


def _chart(curves: Sequence[Row], regime: str) -> str | None:
    """Recall without and with simulation over the recorded conflicts of each kind."""
    lines = [
        {
            "kind": _title(row["kind"]),
            "recorded": str(row["recorded_conflicts"]),
            "order": row["recorded_conflicts"],
            "recall": 100.0 * row[side],
            "colour": ROLE_COLOURS[role],
        }
        for row in curves
        for side, role in (("without", "real"), ("with", "simulation"))
        if row["regime"] == regime
        and row["metric"] == JUDGED
        and row["families"] == "all"
        and row[side] is not None
    ]
    if not lines:
        return None
    data = pd.DataFrame(lines)
    order = [str(n) for n in sorted(data["order"].unique())]
    chart = (
        alt.Chart(data)
        .mark_line(point=alt.OverlayMarkDef(size=40, filled=True), strokeWidth=2.2)
        .encode(
            x=alt.X("recorded:O", sort=order, axis=alt.Axis(title=None, labelAngle=0)),
            y=alt.Y("recall:Q", axis=alt.Axis(title=None, tickCount=4)),
            color=alt.Color("colour:N", scale=None),
        )
        .properties(width=150, height=110)
        .facet(facet=alt.Facet("kind:N", title=None), columns=4)
        .resolve_scale(x="independent")
    )
    return draw(chart, f"kinds-{regime}")


def _figure(svg: str, regime: str) -> str:
    title = f"{names.regime(regime)}: {names.metric(JUDGED).title} (%) over recorded conflicts"
    label = escape(title, quote=True)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    caption = f"{title} of the kind; orange with simulation, blue without"
    return f"<figure><figcaption>{escape(caption)}</figcaption>{svg}</figure>"

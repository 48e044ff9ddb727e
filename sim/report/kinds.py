"""The answer by kind of danger: a row and a sentence each, for the chosen recipe and over n."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from sim.report import kind_chart, names, units
from sim.report.findings import HEADLINE, LEAD_TIME, Findings
from sim.report.tables import difference_cell, none, table
from sim.report.values import Difference

JUDGED = "recall_at_30_fah"
CHOSEN_NOTE = (
    "The recipes that validation chose over the conflicts of all kinds together: no kind alone "
    "holds enough to choose by. Gains at the pooled sites; &ldquo;sees&rdquo; is the smallest "
    "effect that the test can detect. The group is the one of the scenario families that alone "
    "adds most to the recall of the kind, with its interval; exploratory."
)
OWN_NOTE = (
    "The main detector on training recordings thinned to so many conflicts of the kind, without "
    "and with as much weight of the episodes of its families; recipes are fixed in advance. Either "
    "side is the better of two detectors, one of all kinds of danger and one of that kind alone. "
    f"Gains are in {names.metric(JUDGED).title}, pooled; exploratory."
)

Row = Mapping[str, Any]


def kinds(findings: Findings) -> str:
    """Two tables, a sentence a kind and a chart for each regime; empty where there are no kinds."""
    return "".join(_regime(findings, regime) for regime in findings.regimes)


def rows_of(findings: Findings, regime: str) -> list[Row]:
    """The rows of a regime."""
    return [row for row in findings.summary.get("kinds") or () if row["regime"] == regime]


def _regime(findings: Findings, regime: str) -> str:
    rows = rows_of(findings, regime)
    if not rows:
        return ""
    title = names.regime(regime)
    parts = [
        f'<h3>{escape(title)}</h3><p class="quiet">{CHOSEN_NOTE}</p>{_chosen(rows)}',
        "".join(f"<p>{escape(kind_sentence(row))}</p>" for row in rows),
    ]
    if any(row["pays"] != "not measured" for row in rows):
        parts.append(f'<p class="quiet">{OWN_NOTE}</p>{_own(rows)}')
    chart = kind_chart.draw_curves(findings.summary.get("kind_curves") or (), regime, JUDGED)
    if chart is not None:
        parts.append(_figure(chart, f"{title}: {names.metric(JUDGED).title} (%)"))
    return "".join(parts)


def _chosen(rows: Sequence[Row]) -> str:
    metrics = (*HEADLINE, LEAD_TIME)
    body = []
    for row in rows:
        best = row["best"]
        cells = [_gain_cell(best.get(metric), metric) for metric in metrics]
        counts = [units.number(row[f"{side}_conflicts"]) for side in ("trained", "tested")]
        body.append([escape(names.kind(row["kind"])), *counts, *cells, _group(row)])
    titles = [escape(names.metric(metric).title) for metric in metrics]
    return table(["conflicts", "trained on", "tested on", *titles, "group"], body)


def _gain_cell(gain: Row | None, metric: str) -> str:
    return none() if gain is None else difference_cell(_difference(gain), names.metric(metric).unit)


def _group(row: Row) -> str:
    group = row.get("group")
    if not group:
        return none()
    ends = (group["difference"], group["difference_low"], group["difference_high"], None)
    cell = difference_cell(Difference(*map(_number, ends)), names.metric(JUDGED).unit)
    return f"{escape(str(group['name']).replace('_', ' '))}<br>{cell}"


def _own(rows: Sequence[Row]) -> str:
    unit = names.metric(JUDGED).unit
    body = [
        [
            escape(names.kind(row["kind"])),
            none() if row["gain"] is None else difference_cell(_difference(row["gain"]), unit),
            escape(_pays(row)),
            _saturation(row),
            escape(str(row["carried_by"] or units.NONE).replace("_", " ")),
        ]
        for row in rows
    ]
    head = ["conflicts", "gain with all recorded", "simulation pays", "stops paying at"]
    return table([*head, "family that alone adds most"], body)


def _saturation(row: Row) -> str:
    if row["pays"] == "not measured":
        return none()
    at = row["saturates_at"]
    return "not identified" if at is None else units.number(at)


def _pays(row: Row) -> str:
    """Up to how many recorded conflicts of the kind simulation helped."""
    if row["pays"] == "not measured":
        return row["reason"] or "not measured"
    if row["pays"] == "never":
        return "not shown"
    at, tried = row["pays_at"], row["tried"]
    if at != tried[: len(at)]:  # not at all of the smaller numbers
        told = [units.number(n) for n in at]
        return f"with {units.listing(told)} recorded, of {len(tried)} numbers tried"
    if row["pays"] == "throughout":
        return "with all recorded, too"
    if at == [0]:
        return "with none recorded"
    return f"up to {units.count(row['pays_until'], 'recorded conflict')}"


def kind_sentence(row: Row) -> str:
    """What is found for one kind, in one sentence."""
    opening = f"Conflicts {names.kind(row['kind'])}:"
    if row["reason"] and not row["best"]:
        return f"{opening} no answer, as {row['reason']}."
    chosen = _said(row["best"].get(JUDGED))
    if row["pays"] == "not measured":
        return f"{opening} {chosen}."
    own = {
        "never": "at no number of recorded conflicts is simulation of the kind shown to help",
    }.get(row["pays"], f"simulation of the kind helps {_pays(row)}")
    return f"{opening} {chosen}; {own}."


def _said(gain: Row | None) -> str:
    title = names.metric(JUDGED).title
    if gain is None:
        return f"{title} was not compared"
    d = _difference(gain)
    if d.value == d.low == d.high == 0.0:
        return "the chosen recipe adds no simulation"
    if not d.identified:
        return f"with the chosen recipe the gain in {title} is not identified"
    unit = names.metric(JUDGED).unit
    low, high = (units.difference(end, unit) for end in (d.low, d.high))
    verb = {1: "raises", -1: "lowers", 0: "is not shown to change"}[d.sign]
    value = f"{units.difference(d.value, unit)} {units.measure(unit)}".strip()
    return f"with the chosen recipe simulation {verb} {title} ({value}, {low} to {high})"


def sentence(rows: Sequence[Row]) -> str:
    """For which kinds simulation pays, and how long, in one sentence."""
    paying = [row for row in rows if row["pays_until"] is not None]
    raised = [row for row in rows if _sign(row["best"].get(JUDGED)) > 0]
    told = [f"{names.kind(row['kind'])} ({_pays(row)})" for row in paying]
    parts = [f"Simulation of the kind helps in conflicts {units.listing(told)}"] if told else []
    if raised:
        listed = units.listing([names.kind(row["kind"]) for row in raised])
        parts.append(f"{'t' if parts else 'T'}he chosen recipe gains in conflicts {listed}")
    return "; ".join(parts) + "." if parts else "No kind is shown to gain from simulation."


def _sign(gain: Row | None) -> int:
    return 0 if gain is None else _difference(gain).sign


def _difference(gain: Row) -> Difference:
    return Difference(*(_number(gain[k]) for k in ("difference", "low", "high", "detectable")))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _figure(svg: str, title: str) -> str:
    label = escape(title, quote=True)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    caption = (
        f"{title} over the recorded conflicts of each kind: solid with simulation, dashed without. "
        "A bar is the level without plus the 95 % interval of the gain: clear of the dashed line, "
        "the gain is clear of zero."
    )
    return f"<figure><figcaption>{escape(caption)}</figcaption>{svg}</figure>"

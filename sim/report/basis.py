"""What the numbers rest on: hours, conflicts, units of resampling, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from sim.report import conflict, exposure, names, units
from sim.report.exposure import UNKNOWN, Exposure
from sim.report.findings import Findings
from sim.report.tables import difference_cell, none, table

KINDS_OF_LOGS = {
    "field": "The logs are <b>field-style</b>: simulated by other car-following laws and another "
    "sensor than the scenario families, with danger that emerges and is not scripted. They stand "
    "in for recordings and are none; what holds here has yet to be shown on recorded traffic.",
    "recorded": "The logs are <b>recorded</b> from real traffic.",
}
UNIT_NOTE = (
    "Intervals draw the unit of resampling again: recordings where a site has at least ten, else "
    "egos, else blocks of at least 60 s of driving. Effective hours are those of the weights: "
    "equal to the hours where every row was scored."
)
MAX_EXAMPLES = 3
"""Findings of each check that the page shows; all are in summary.json."""

UNEXAMINED = "real_unexamined"


def basis(findings: Findings) -> str:
    """Hours and conflicts a site, by kind, what was left out and what that is worth."""
    text = KINDS_OF_LOGS.get(findings.kind, f"The logs are of the kind {escape(findings.kind)}.")
    what = conflict.definition(findings.summary), conflict.kinds(findings.summary)
    told = f"{conflict.form(findings.summary)}: {what[0][0].lower()}{what[0][1:]} {what[1]}"
    return (
        f"<p>{text}</p><p>It rests on {escape(told)}</p>{_exposure(findings)}"
        f'<p class="quiet">{UNIT_NOTE}</p>{_left_out(findings)}'
    )


def _exposure(findings: Findings) -> str:
    rows = [_row("training", "all training sites", findings.train)]
    for regime in findings.regimes:
        part = escape(f"test, {names.regime(regime).lower()}")
        for site in findings.sites(regime):
            rows.append(_row(part, escape(site), findings.test.get(site, UNKNOWN)))
        rows.append(_row(part, "<i>pooled</i>", findings.exposure(regime)))
    numbers = ["recordings", "ego-hours", "effective hours", "conflicts", "units"]
    head = ["part", "site", "conflicts by kind", "unit of resampling", *numbers]
    return table([*head, "effective units with conflicts"], rows, text_columns=4)


def _row(part: str, site: str, seen: Exposure) -> list[str]:
    kinds = ", ".join(f"{n} {names.kind(kind)}" for kind, n in seen.kinds.items())
    return [
        part,
        site,
        f'<small class="text">{escape(kinds)}</small>' if kinds else none(),
        escape(exposure.UNITS.get(seen.unit, (seen.unit,))[0]) or none(),
        units.number(seen.recordings),
        units.number(seen.hours, 1),
        units.number(seen.effective_hours, 1),
        units.number(seen.events),
        units.number(seen.units),
        units.number(seen.units_with_events, 1),
    ]


def _left_out(findings: Findings) -> str:
    """What the examination and the separation of the sides left out, and what it is worth."""
    logs = findings.summary["logs"]
    left = dict(logs.get("left_out") or {})
    examined = [dict(found) for found in left.get("examined") or ()]
    groups = int(left.get("group_on_both_sides") or 0)
    parts = ["<h3>What was left out, and why</h3>"]
    if groups:
        parts.append(
            f"<p>{units.count(groups, 'training recording')} of a group that is tested too: left "
            "out of training, so that no drive stands on both sides.</p>"
        )
    parts.append(_thinned(logs.get("kept_share_of_quiet_blocks") or {}))
    if examined:
        parts.append(_checks(examined))
    elif "left_out" in logs:
        parts.append("<p>No recording was left out by an examination.</p>")
    parts.append(_worth(findings))
    return "".join(parts)


def _thinned(shares: Mapping[str, Any]) -> str:
    kept = {side: float(share) for side, share in shares.items() if float(share) < 1.0}
    if not kept:
        return "<p>Every row of driving was used: none was sampled away.</p>" if shares else ""
    said = units.listing([f"{units.percent(share)} of {side}" for side, share in kept.items()])
    return (
        f"<p>Blocks of driving without a conflict were sampled: {said} were kept, and weigh for "
        "those that were not.</p>"
    )


def _checks(examined: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for check in dict.fromkeys(str(found["check"]) for found in examined):
        of = [found for found in examined if str(found["check"]) == check]
        whole = sum(found["covers"] == "recording" and bool(found["rows"]) for found in of)
        rows.append(
            [
                escape(check.replace("_", " ")),
                _examples(of),
                units.number(len(of)),
                units.number(len({str(found["recording"]) for found in of})),
                units.number(whole),
                units.number(sum(int(found["rows"]) for found in of)),
            ]
        )
    counts = ["findings", "recordings", "left out whole", "rows left out"]
    return table(["check", "for example", *counts], rows, text_columns=2)


def _examples(found: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for one in found[:MAX_EXAMPLES]:
        track = f", road user {one['track']}" if one.get("track") is not None else ""
        place = f"{one['recording']}{track}"
        lines.append(f"<b>{escape(place)}</b>: {escape(str(one['reason']))}")
    more = len(found) - MAX_EXAMPLES
    if more > 0:
        lines.append(f"and {units.number(more)} more")
    return "".join(f'<small class="text">{line}</small>' for line in lines)


def _worth(findings: Findings) -> str:
    """The arm without the examination, beside that with it."""
    if UNEXAMINED not in findings.arms:
        return ""
    rows = []
    for regime in findings.regimes:
        cells = [
            difference_cell(
                findings.difference(UNEXAMINED, "real", metric, regime, findings.full),
                names.metric(metric).unit,
            )
            for metric in findings.headline()
        ]
        rows.append([escape(names.regime(regime)), *cells])
    head = ["regime", *(escape(names.metric(metric).title) for metric in findings.headline())]
    return (
        "<p>What the examination is worth: real logs with the recordings that it left out, minus "
        f"real logs without them (below zero: leaving them out helps).</p>{table(head, rows)}"
    )

"""The page's tables. Every name that came from data is escaped here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from sim.report import names, units
from sim.report.findings import BASE_ARM, MAIN_ARM, Findings, best_physics
from sim.report.values import Difference, Score
from sim.report.verdict import CONTROLS

OPEN = "interval not identified"
"""What stands in the place of an interval where too few units hold conflicts."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, text_columns: int = 1) -> str:
    """An HTML table of ready-made cells; columns after the text ones are numbers.

    A row of one cell is a heading over the rows after it.
    """

    def cells(tag: str, row: Sequence[str]) -> str:
        kinds = ["" if i < text_columns else ' class="n"' for i in range(len(row))]
        return "".join(f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(kinds, row))

    def line(row: Sequence[str]) -> str:
        if len(row) == 1:
            return f'<tr class="group"><td colspan="{len(head)}">{row[0]}</td></tr>'
        return f"<tr>{cells('td', row)}</tr>"

    body = "\n".join(map(line, rows))
    return (
        f'<div class="scroll"><table><thead><tr>{cells("th", head)}</tr></thead>'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def none() -> str:
    """A dash where there is no number."""
    return f'<span class="none">{units.NONE}</span>'


def score_cell(score: Score | None, unit: names.Unit) -> str:
    """A mean over its interval."""
    if score is None or math.isnan(score.mean):
        return none()
    shown = units.score(score.mean, unit)
    if not (math.isfinite(score.low) and math.isfinite(score.high)):
        return f'{shown}<small class="caution">{OPEN}</small>'
    low, high = (units.score(v, unit) for v in (score.low, score.high))
    short = low.split(units.HARD)[0].removesuffix("/h")
    return f"{shown}<small>{short}\N{EN DASH}{high}</small>"


def difference_cell(d: Difference | None, unit: names.Unit, *, sees: bool = True) -> str:
    """A difference over its interval and, on demand, the smallest detectable effect."""
    if d is None or math.isnan(d.value):
        return none()
    value = units.difference(d.value, unit)
    if not d.identified:
        return f'{value}<small class="caution">{OPEN}</small>'
    low, high = (units.difference(v, unit) for v in (d.low, d.high))
    shown = f"<b>{value}</b>" if d.sign else value
    least = units.difference(d.detectable, unit, sign=False)
    seen = f"<small>sees {least}</small>" if sees and math.isfinite(d.detectable) else ""
    return f"{shown}<small>{low} to {high}</small>{seen}"


def key_comparisons(findings: Findings, regime: str, metric: str) -> str:
    """Best with simulation against best without, each control and the best physics score."""
    sizes = sorted({*findings.fractions[:1], *findings.fractions[-1:]}, reverse=True)
    unit = names.metric(metric).unit
    physics = best_physics(findings, metric, regime)
    rivals = [BASE_ARM, *CONTROLS, *([physics] if physics else [])]
    rows = []
    for rival in rivals:
        found = [findings.difference(MAIN_ARM, rival, metric, regime, size) for size in sizes]
        rows.append([escape(names.arm(rival).title), *(difference_cell(d, unit) for d in found)])
    head = ["against", *(f"{units.percent(size)} of the recordings" for size in sizes)]
    return table(head, rows)


Sized = tuple[Score | None, float | None]
"""A score and the share of the real logs behind it."""


def _at_largest(findings: Findings, arm: str, metric: str, regime: str) -> Sized:
    """The score of an arm at the largest size at which it was run."""
    for size in reversed(findings.fractions):
        score = findings.score(arm, metric, regime, size)
        if score is not None:
            return score, size
    return findings.score(arm, metric, regime, None), None


def _sized(found: Sized, unit: names.Unit, full: float | None) -> str:
    score, size = found
    note = f"<small>at {units.percent(size)}</small>" if size not in (full, None) else ""
    return score_cell(score, unit) + note


def every_arm(findings: Findings, metric: str) -> str:
    """Every arm that was run, what it is, and its score at its largest size in each regime."""
    unit = names.metric(metric).unit
    size = findings.fractions[-1] if findings.fractions else None
    rows = []
    for name in findings.arms:
        about = names.arm(name)
        scores = [_at_largest(findings, name, metric, regime) for regime in findings.regimes]
        first = f"{escape(about.title)}<small><code>{escape(name)}</code></small>"
        rows.append([first, escape(about.note), *(_sized(s, unit, size) for s in scores)])
    head = ["arm", "what it is", *(escape(names.regime(r)) for r in findings.regimes)]
    return table(head, rows, text_columns=2)

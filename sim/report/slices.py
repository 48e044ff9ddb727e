"""Scores by kind of danger, by speed of the ego and by deceleration required."""

from __future__ import annotations

from html import escape

from sim.report import names, units
from sim.report.findings import BASE_ARM, MAIN_ARM, Findings
from sim.report.tables import difference_cell, score_cell, table
from sim.studies.data import MIN_PART_EVENTS

NOTE = (
    f"Parts with at least {MIN_PART_EVENTS} conflicts, at the pooled sites: every row counts for "
    "false alarms, the conflicts of the part alone are to be caught. Speed is the ego's when the "
    "conflict starts; DRAC, the deceleration required, is the largest in the conflict."
)


def slices(findings: Findings) -> str:
    """A table a regime, or a sentence where no part holds enough conflicts."""
    parts = [_table(findings, regime) for regime in findings.regimes if findings.parts(regime)]
    if not parts:
        return f"<p>No kind, speed or deceleration holds {MIN_PART_EVENTS} conflicts.</p>"
    return f'<p class="quiet">{NOTE}</p>{"".join(parts)}'


def _table(findings: Findings, regime: str) -> str:
    metrics = findings.headline()[:2]
    kinds = findings.exposure(regime).kinds
    rows = []
    for kind, words in sorted(findings.parts(regime), key=_order):
        title = words or names.kind(kind)
        count = units.number(kinds[kind]) if kind in kinds else f"{MIN_PART_EVENTS} or more"
        rows.append([escape(title), count, *_cells(findings, regime, (kind, words), metrics)])
    head = ["conflicts", "number"]
    for metric in metrics:
        title = escape(names.metric(metric).title)
        head += [f"{title}: without simulation", "with simulation", "gain"]
    return f"<h3>{escape(names.regime(regime))}</h3>{table(head, rows)}"


def _order(part: tuple[str, str]) -> tuple[bool, str, int, str]:
    """Kinds first; bands upwards, the open one at the bottom before the others."""
    kind, words = part
    quantity = words.split(" ")[0]
    place = 0 if "<" in words else 2 if ">" in words else 1
    return bool(words), kind + quantity, place, words


def _cells(findings: Findings, regime: str, part: tuple[str, str], metrics: list[str]) -> list[str]:
    cells = []
    for metric in metrics:
        unit, place = names.metric(metric).unit, (metric, regime, findings.full)
        for arm in (BASE_ARM, MAIN_ARM):
            cells.append(score_cell(findings.score(arm, *place, part=part), unit))
        cells.append(
            difference_cell(findings.difference(MAIN_ARM, BASE_ARM, *place, part=part), unit)
        )
    return cells

"""Which families help: their value on validation, alone and left out, and an allocation by it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from sim.report import names, units
from sim.report.amount import Sized, sized_of, sizes_of, variant_cell
from sim.report.findings import Findings
from sim.report.tables import none, table

NOTE = (
    "Shapley value: by how much a group of families multiplies average precision on validation, "
    "on average over the orders in which groups can be added. It is of validation alone; the test "
    "logs have no part in it."
)
EXPLORATORY = (
    "Each group alone beside the recordings, and all but that one, on the test logs. Exploratory: "
    "nothing was chosen by it, and of twenty such intervals one is clear of zero by chance. "
    "Each cell: score, then the paired difference to the best without simulation."
)


def family_values(findings: Findings) -> str:
    """The section; says so where families were not valued."""
    found = findings.summary.get("families")
    if not found:
        return "<p>Families were not valued in this study.</p>"
    return "".join(
        [
            f"<p>{escape(chosen_sentence(findings))}</p>",
            _groups(found),
            f'<p class="quiet">{EXPLORATORY}</p>' if found.get("variants") else "",
            *(_tested(findings, found, regime) for regime in findings.regimes),
        ]
    )


def chosen_sentence(findings: Findings) -> str:
    """Which families validation chose, and on how many conflicts."""
    found = findings.summary.get("families")
    if not found:
        return "Families were not valued in this study."
    conflicts = int(found["validated_on_conflicts"])
    if conflicts == 0:
        return "Validation holds too few conflicts to say which families help; all were used."
    groups = found["groups"]
    helping = [str(g["name"]) for g in groups if g["shapley"] > 0]
    on = f"on {units.count(conflicts, 'validation conflict')}"
    if not helping:
        return f"No group of families helped {on}; all were used."
    ranked = sorted(groups, key=lambda g: -g["shapley"])
    said = [f"{g['name']} ({_factor(g['shapley'])})" for g in ranked if g["shapley"] > 0]
    others = len(groups) - len(helping)
    rest = f"; {others} of {len(groups)} groups did not help" if others else ""
    return f"Helped, {on}: {units.listing([s.replace('_', ' ') for s in said])}{rest}."


def _factor(value: object) -> str:
    """A change of log average precision as a change in percent.

    >>> _factor(0.0953), _factor(None)
    ('+10 %', '—')
    """
    if not isinstance(value, int | float):
        return units.NONE
    return f"{units.number(100 * math.expm1(value), sign=True)} %"


def _groups(found: Mapping[str, Any]) -> str:
    if not int(found["validated_on_conflicts"]):
        return ""
    rows = [
        [
            escape(str(group["name"]).replace("_", " ")),
            escape(", ".join(str(f).replace("_", " ") for f in group["families"])),
            *(_factor(group[key]) for key in ("shapley", "alone", "left_out")),
        ]
        for group in sorted(found["groups"], key=lambda g: -g["shapley"])
    ]
    head = ["group", "families", "Shapley value", "alone", "lost when left out"]
    return f'<p class="quiet">{NOTE}</p>{table(head, rows, text_columns=2)}'


def _tested(findings: Findings, found: Mapping[str, Any], regime: str) -> str:
    metrics = findings.headline()[:2]
    variants = found.get("variants") or ()
    by_metric = {metric: sized_of(variants, metric, regime) for metric in metrics}
    if not any(by_metric.values()):
        return ""
    title = escape(names.regime(regime))
    return (
        f"<details><summary>{title}: each group alone and left out</summary>"
        f"{_families(findings, by_metric, regime)}</details>"
        f"{_allocation(by_metric, title)}"
    )


def _families(findings: Findings, by_metric: Mapping[str, list[Sized]], regime: str) -> str:
    rows = [["all families", *_cells(_largest(findings, by_metric, regime), two=True)]]
    listed = next(iter(by_metric.values()))
    for name in dict.fromkeys(v.name for v in listed if v.what == "alone"):
        cells = []
        for metric, found in by_metric.items():
            for what in ("alone", "without"):
                cells += _cells({metric: [v for v in found if (v.what, v.name) == (what, name)]})
        rows.append([escape(name.replace("_", " ")), *cells])
    head = ["family"]
    for metric in by_metric:
        title = escape(names.metric(metric).title)
        head += [f"{title}: alone", f"{title}: all but it"]
    return table(head, rows)


def _largest(
    findings: Findings, by_metric: Mapping[str, Sequence[Sized]], regime: str
) -> dict[str, list[Sized]]:
    return {metric: sizes_of(findings, metric, regime)[-1:] for metric in by_metric}


def _cells(found: Mapping[str, Sequence[Sized]], *, two: bool = False) -> list[str]:
    """A cell a metric, or, for what stands for both columns of it, that and a dash."""
    cells = []
    for metric, variants in found.items():
        unit = names.metric(metric).unit
        cells.append(variant_cell(variants[0], unit) if variants else none())
        cells += [none()] if two else []
    return cells


def _allocation(by_metric: Mapping[str, list[Sized]], title: str) -> str:
    titles = {"chosen": "the chosen families only", "even": "all families alike"}
    rows = []
    for name, words in titles.items():
        of = {
            metric: [v for v in found if (v.what, v.name) == ("allocated", name)]
            for metric, found in by_metric.items()
        }
        if any(of.values()):
            rows.append([words, *_cells(of)])
    if not rows:
        return ""
    head = [
        "the same number of episodes goes to",
        *(escape(names.metric(m).title) for m in by_metric),
    ]
    return f"<h3>{title}: allocation of a fixed number of episodes</h3>{table(head, rows)}"

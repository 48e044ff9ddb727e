"""Every comparison of the study, folded away by regime, site, part, metric and detector."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from sim.report import names, units
from sim.report.findings import BASE_ARM, HEADLINE, MACRO, MAIN_ARM, POOLED, Findings
from sim.report.tables import difference_cell, table
from sim.report.values import Difference, Key

MAX_CELLS = 3500
"""Comparisons shown on the page; the rest is left to summary.json."""

Filter = Callable[[tuple[str, Key]], bool]
Place = tuple[str, str, str, str, str, str]
"""Regime, site, kind, slice, metric and detector."""
Block = dict[tuple[str, str], dict[float | None, Difference]]
"""Rows (arm, baseline) with one difference a size."""
TITLES = {POOLED: "pooled", MACRO: "average of sites"}


def comparisons(findings: Findings) -> str:
    """Every comparison, folded by place; sizes side by side."""
    cells = findings.differences
    keep = next((k for k in _filters(findings) if sum(map(k, cells)) <= MAX_CELLS), _headline)
    shown = {key: d for key, d in cells.items() if keep(key)}
    blocks: dict[Place, Block] = {}
    for (baseline, key), d in shown.items():
        place = (key.regime, key.site, key.kind, key.slice, key.metric, key.detector)
        blocks.setdefault(place, {}).setdefault((key.arm, baseline), {})[key.fraction] = d
    parts = [_block(key, blocks[key]) for key in sorted(blocks, key=_block_order)]
    if len(shown) < len(cells):
        parts.append(
            f"<p>{units.number(len(shown))} of the {units.number(len(cells))} comparisons of "
            "<code>summary.json</code> are above; those of every size, site, part and metric are "
            "in <code>comparisons.parquet</code>.</p>"
        )
    return "\n".join(parts)


def _filters(findings: Findings) -> list[Filter]:
    """What the page keeps, from everything to less, until it is few enough."""

    def full(key: Key) -> bool:
        return key.fraction in (findings.full, None)

    def pool(key: Key) -> bool:
        return key.site == POOLED and not key.kind and not key.slice

    def answers(key: Key) -> bool:
        return key.metric in HEADLINE

    return [
        lambda cell: True,
        lambda cell: pool(cell[1]) or full(cell[1]),
        lambda cell: (pool(cell[1]) or full(cell[1])) and answers(cell[1]),
        lambda cell: full(cell[1]) and answers(cell[1]) and (pool(cell[1]) or _headline(cell)),
    ]


def _headline(cell: tuple[str, Key]) -> bool:
    """The comparison that the study answers with."""
    baseline, key = cell
    return (key.arm, baseline) == (MAIN_ARM, BASE_ARM) and key.metric in HEADLINE


def _block_order(place: Place) -> tuple[int, int, str, str, str, int, int]:
    regime, site, kind, words, metric, detector = place

    def position(name: str, known: Mapping[str, object]) -> int:
        return [*known].index(name) if name in known else len(known)

    return (
        position(regime, names.REGIMES),
        position(site, TITLES),
        site,
        kind,
        words,
        position(metric, names.METRICS),
        position(detector, names.DETECTORS),
    )


def _block(place: Place, rows: Block) -> str:
    regime, site, kind, words, metric, detector = place
    unit = names.metric(metric).unit
    sizes = sorted({s for row in rows.values() for s in row}, key=lambda s: 2.0 if s is None else s)
    parts = [f"conflicts {names.kind(kind)}" if kind else "", words]
    titles = [
        names.regime(regime),
        TITLES.get(site, site),
        *filter(None, parts),
        names.metric(metric).title,
        names.detector(detector),
    ]
    body = [
        [
            escape(names.arm(arm).title),
            escape(names.arm(baseline).title),
            *(difference_cell(row.get(size), unit) for size in sizes),
        ]
        for (arm, baseline), row in rows.items()
    ]
    head = ["arm", "minus", *(units.percent(s) if s is not None else "no recording" for s in sizes)]
    summary = escape(" · ".join(titles))
    inside = table(head, body, text_columns=2)
    return f"<details><summary>{summary}</summary>{inside}</details>"

"""Every comparison of the study, folded away by regime, site, metric and detector."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from sim.report import names, units
from sim.report.findings import MACRO, Difference, Findings
from sim.report.tables import difference_cell, table

MAX_CELLS = 3000
"""Comparisons shown on the page before the single sites are left to summary.json."""

Block = dict[tuple[str, str], dict[float | None, Difference]]
"""Rows (arm, baseline) with one difference a size."""


def comparisons(findings: Findings) -> str:
    """Every comparison, folded by regime, site, metric and detector; sizes side by side."""
    cells = findings.differences
    sites = {key[4] for _, key in cells}
    shown = sites if len(cells) <= MAX_CELLS else {MACRO}
    blocks: dict[tuple[str, str, str, str], Block] = {}
    for (baseline, (arm, detector, size, regime, site, metric)), d in cells.items():
        if site in shown:
            block = blocks.setdefault((regime, site, metric, detector), {})
            block.setdefault((arm, baseline), {})[size] = d
    parts = [_block(key, blocks[key]) for key in sorted(blocks, key=_block_order)]
    if shown != sites:
        parts.append(
            f"<p>All {len(cells)} comparisons, those of single sites included, are in "
            "<code>summary.json</code>; the averages of each regime are above.</p>"
        )
    return "\n".join(parts)


def _block_order(key: tuple[str, str, str, str]) -> tuple[int, bool, str, int, int]:
    regime, site, metric, detector = key

    def place(name: str, known: Mapping[str, object]) -> int:
        return [*known].index(name) if name in known else len(known)

    return (
        place(regime, names.REGIMES),
        site != MACRO,
        site,
        place(metric, names.METRICS),
        place(detector, names.DETECTORS),
    )


def _block(key: tuple[str, str, str, str], rows: Block) -> str:
    regime, site, metric, detector = key
    unit = names.metric(metric).unit
    sizes = sorted({s for row in rows.values() for s in row}, key=lambda s: 2.0 if s is None else s)
    titles = [
        names.regime(regime),
        "average of sites" if site == MACRO else site,
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
    head = ["arm", "minus", *(units.percent(s) if s is not None else "no real logs" for s in sizes)]
    summary = escape(" · ".join(titles))
    inside = table(head, body, text_columns=2)
    return f"<details><summary>{summary}</summary>{inside}</details>"

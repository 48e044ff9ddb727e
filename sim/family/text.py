"""Families in plain text, 100 columns wide, for people in a terminal."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Sequence

from sim.family.core import Family
from sim.family.discover import load_families
from sim.family.quantity import STATUSES, UNITS, Quantity

WIDTH = 100

Row = tuple[str, ...]


def title(family: type[Family]) -> str:
    """The first line of its docstring, without the full stop."""
    return inspect.cleandoc(family.__doc__ or "").splitlines()[0].rstrip(".")


def listing() -> str:
    """All families, a line each: name, seconds, number of quantities, share of crashes, title."""
    rows: list[Row] = [("family", "seconds", "quantities", "of crashes", "what happens")]
    for name, family in load_families().items():
        count = str(len(family().quantities))
        rows.append((name, f"{family.seconds:g}", count, _share(family), title(family)))
    return _table(rows)


def description(family: Family) -> str:
    """All there is to know about one family before it runs."""
    story = inspect.cleandoc(family.__doc__ or "")
    kind = type(family)
    low, high = kind.conflicts
    facts = [
        ("episode", f"{kind.seconds:g} s"),
        ("conflicts", f"in {low:.0%} to {high:.0%} of the episodes under nominal sampling"),
        ("NHTSA type", kind.crashes or "none"),
        ("tags", ", ".join(kind.tags) or "none"),
    ]
    if kind.crash_share is not None:
        share = f"{_share(kind)} of those reported to the police (DOT HS 810 767)"
        facts.insert(3, ("of crashes", share))
    used = {q.status for q in family.quantities}
    legend = "; ".join(f"{name}: {meaning}" for name, meaning in STATUSES.items() if name in used)
    parts = [
        f"{kind.name}: {story}",
        "\n".join(f"{label:<12}{text}" for label, text in facts),
        _quantity_table(family.quantities),
        textwrap.fill(legend, WIDTH),
        f"Replace a distribution by a list or pin it by a number: "
        f"scenario.{family.quantities[0].name}={_compact(family.quantities[0])}",
    ]
    return "\n\n".join(parts) + "\n"


def _share(family: type[Family]) -> str:
    return "-" if family.crash_share is None else f"{100 * family.crash_share:.2f} %"


def _compact(q: Quantity) -> str:
    return str(q.dist).replace(" ", "")


def _quantity_table(quantities: tuple[Quantity, ...]) -> str:
    rows: list[Row] = [("quantity", "unit", "5 %", "median", "95 %", "status", "distribution")]
    for q in quantities:
        name = q.name if q.each == 1 else f"{q.name} ({q.each} times)"
        spread = (f"{x:.3g}" for x in q.dist.ppf([0.05, 0.5, 0.95]))
        rows.append((name, UNITS[q.unit], *spread, q.status, str(q.dist)))
    sources = [("source of", ""), *((q.name, q.source) for q in quantities)]
    return f"{_table(rows)}\n\n{_table(sources)}"


def _table(rows: Sequence[Row]) -> str:
    """Left-aligned columns; the last one is wrapped at the width of the page."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]) - 1)]
    indent = sum(widths) + 2 * len(widths)
    lines = []
    for row in rows:
        head = "".join(cell.ljust(width + 2) for cell, width in zip(row, widths))
        text = textwrap.wrap(row[-1], WIDTH - indent, break_long_words=False) or [""]
        lines.append((head + text[0]).rstrip())
        lines += [" " * indent + line for line in text[1:]]
    return "\n".join(lines)

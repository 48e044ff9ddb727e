"""Families in plain text, 100 columns wide, for people in a terminal."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from sim.base.dist import Dist, Given
from sim.base.errors import expected, unknown
from sim.family.core import Family, title
from sim.family.discover import load_families
from sim.family.event import EVENTS
from sim.family.quantity import STATUSES, UNITS, Quantity

WIDTH = 100

Row = tuple[str, ...]


def listing(tags: Sequence[str] = ()) -> str:
    """Families with all of these tags, a line each: name, event, quantities, share, title.

    Raises:
        UserError: No family has that tag, or all of them.
    """
    rows: list[Row] = [("family", "event", "quantities", "of crashes", "what happens")]
    for name, family in _tagged(tags).items():
        count = str(len(family().quantities))
        rows.append((name, family.event, count, _share(family), title(family)))
    return table(rows)


def _tagged(tags: Sequence[str]) -> dict[str, type[Family]]:
    families = dict(load_families())
    known = {tag for family in families.values() for tag in family.tags}
    for tag in tags:
        if tag not in known:
            raise unknown("tag", tag, known)
    found = {name: family for name, family in families.items() if {*tags} <= {*family.tags}}
    if not found:
        raise expected("tag", "tags that one family has together", list(tags))
    return found


def description(family: Family) -> str:
    """All there is to know about one family before it runs."""
    kind, terms = type(family), family.terms
    head, *story = inspect.cleandoc(kind.__doc__ or "").splitlines()
    if family.variant is not None:
        own = f"{terms.title} (a variant of {kind.name})" if terms.title else f"of {kind.name}"
        head, story = own, ["", *textwrap.wrap(f"{kind.name}: {head}", WIDTH), *story]
    used = {q.status for q in family.quantities}
    legend = "; ".join(f"{name}: {meaning}" for name, meaning in STATUSES.items() if name in used)
    first = family.quantities[0]
    parts = [
        "\n".join([textwrap.fill(f"{terms.name}: {head}", WIDTH), *story]),
        table(list(_facts(family))),
        *_stated(family),
        _quantity_table(family.quantities),
        textwrap.fill(legend, WIDTH),
        "Replace a distribution by a list or pin it by a number:\n"
        f"    scenario.{first.name}={str(first.dist).replace(' ', '')}",
    ]
    return "\n\n".join(parts) + "\n"


def _facts(family: Family) -> Iterator[Row]:
    kind, band = type(family), family.terms.danger
    yield "episode", f"{kind.seconds:g} s"
    yield "danger is", EVENTS[kind.event].says
    if band is None:
        yield "how often", "not said; closecall check measures it"
    else:
        yield (
            "how often",
            f"in {band[0]:.0%} to {band[1]:.0%} of the episodes, sampled as in nature",
        )
    yield "NHTSA type", kind.crashes or "none"
    if kind.crash_share is not None:
        yield "of crashes", f"{_share(kind)} of those reported to the police (DOT HS 810 767)"
    yield "tags", ", ".join(kind.tags) or "none"


def _stated(family: Family) -> Iterator[str]:
    """Constraints, correlations, expectations and what it was fitted on, where there are any."""
    terms = family.terms
    rows: list[Row] = [("always drawn with", text) for text in terms.constraints]
    rows += [
        ("vary together", f"{a}, {b}: correlation {rho:g}") for a, b, rho in terms.correlations
    ]
    rows += [("must always", text) for text in terms.always]
    rows += [("must never", text) for text in terms.never]
    rows += [("fitted on", text) for text in _flat(terms.fitted)]
    if rows:
        yield table(rows)


def _flat(about: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    for key, value in about.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}: {value}"


def _share(family: type[Family]) -> str:
    return "-" if family.crash_share is None else f"{100 * family.crash_share:.2f} %"


def _quantity_table(quantities: tuple[Quantity, ...]) -> str:
    rows: list[Row] = [("quantity", "unit", "5 %", "median", "95 %", "status", "distribution")]
    for q in quantities:
        name = q.name if q.each == 1 else f"{q.name} ({q.each} times)"
        if isinstance(q.dist, Given):
            head = (name, UNITS[q.unit], "", "", "", q.status, f"depends on {q.dist.on}")
            rows += [head, *(_spread(case, "", "", law) for case, law in _cases(q.dist))]
        else:
            rows.append(_spread(name, UNITS[q.unit], q.status, q.dist))
    sources = [("source of", ""), *((q.name, q.source) for q in quantities)]
    return f"{table(rows)}\n\n{table(sources)}"


def _spread(name: str, unit: str, status: str, dist: Dist) -> Row:
    low, middle, high = (f"{x:.3g}" for x in dist.ppf([0.05, 0.5, 0.95]))
    return name, unit, low, middle, high, status, str(dist)


def _cases(given: Given) -> Iterator[tuple[str, Dist]]:
    """Each of its distributions and when it holds."""
    yield f"  {given.on} < {given.edges[0]:g}", given.laws[0]
    for edge, law in zip(given.edges, given.laws[1:]):
        yield f"  {given.on} >= {edge:g}", law


def table(rows: Sequence[Row]) -> str:
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

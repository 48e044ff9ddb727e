"""The report of a study: one HTML page that needs no network and no script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from sim.base.store import write_text
from sim.report import (
    amount,
    basis,
    conflict,
    extras,
    family_values,
    kinds,
    names,
    plots,
    recipes,
    sites,
    slices,
    tables,
    units,
)
from sim.report.comparisons import comparisons
from sim.report.findings import HEADLINE, PRIMARY, Findings
from sim.report.headline import headline

CURVE_METRICS = HEADLINE[:2]


def write(summary: Mapping[str, Any], *, out: Path) -> Path:
    """Write the report of a study.

    Args:
        summary: `summary.json` as read, schema 2; "recipes", "sizes", "families", "audit",
            "cost" and "settings" are shown where they are there.
        out: The file to write, or a folder, where the page becomes `report.html`.

    Returns:
        The path of the page.

    Raises:
        UserError: The summary is of another schema or lacks a part.
    """
    path = out / "report.html" if out.is_dir() else out
    write_text(page(summary), path)
    return path


def page(summary: Mapping[str, Any]) -> str:
    """The page as text; a pure function of the summary."""
    findings = Findings.of(summary)
    css = resources.files("sim.report").joinpath("page.css").read_text(encoding="utf-8")
    body = "\n".join(
        [
            _header(findings),
            "<main>",
            _section("By kind of danger", kinds.kinds(findings)),
            _section("Each site", sites.per_site(findings)),
            _section("What it rests on", basis.basis(findings)),
            _section("How much is enough", _amount(findings)),
            _section("Which families", family_values.family_values(findings)),
            _section("What the recipe was, and on what it was chosen", recipes.recipes(findings)),
            _section("What it cost", extras.cost(summary)),
            _section("By kind, speed and deceleration, chosen recipes", slices.slices(findings)),
            _key(findings),
            _arms(findings),
            _section("Every arm that was run", tables.every_arm(findings, PRIMARY)),
            _section("How to read this", _definitions(findings)),
            _section("Every comparison", _comparisons(findings)),
            _section("Audit of what the sensor missed", extras.audit(summary)),
            _section("Settings", extras.settings(summary)),
            "</main>",
        ]
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Closecall: the study</title>\n<style>\n{css}</style></head>\n"
        f"<body>\n{body}\n{_footer(summary)}\n</body></html>\n"
    )


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{title}</h2>\n{inside}</section>" if inside else ""


def _header(findings: Findings) -> str:
    kind = {"field": "field-style logs (simulated)", "recorded": "recorded logs"}.get(
        findings.kind, findings.kind
    )
    form = conflict.form(findings.summary)
    return (
        f'<header><p class="kicker">Closecall study of {escape(form)}, on {escape(kind)}</p>\n'
        "<h1>What are simulated edge cases worth?</h1>\n"
        f"{headline(findings)}</header>"
    )


def _key(findings: Findings) -> str:
    parts = [
        f"<div><h3>{escape(names.regime(r))}</h3>"
        f"{tables.key_comparisons(findings, r, PRIMARY)}</div>"
        for r in findings.regimes
    ]
    note = (
        f'<p class="quiet">Difference in {names.metric(PRIMARY).title} between the best arm with '
        "simulation and the arm named, pooled; below it the 95 % interval and the smallest effect "
        "that the test sees reliably (&ldquo;sees&rdquo;). Bold: the interval is clear of "
        "zero.</p>"
    )
    return _section(
        "Simulation against what it must beat",
        f'{note}<div class="wide">{"".join(parts)}</div>',
    )


def _amount(findings: Findings) -> str:
    by_size = _charts(
        findings,
        plots.size_curve,
        "Against the number of simulated episodes a family; the level is the best without "
        "simulation. Bands and whiskers are 95 % intervals.",
    )
    by_share = _charts(
        findings,
        plots.share_curve,
        "Against the share of the recordings, the detector that validation chose. Horizontal "
        "lines use no recording.",
    )
    keys = "".join(
        f'<li><i style="--colour:{colour};--style:{style}"></i>{escape(title)}</li>'
        for title, colour, style in plots.legend(findings)
    )
    legend = f'<ul class="legend">{keys}</ul>' if by_size or by_share else ""
    return f"{amount.amount(findings)}{legend}{by_size}{by_share}"


def _charts(findings: Findings, plot: Callable[[Findings, str, str], str | None], note: str) -> str:
    figures = [
        _figure(svg, f"{names.regime(regime)}: {names.metric(metric).title}{_in(metric)}")
        for metric in CURVE_METRICS
        for regime in findings.regimes
        if (svg := plot(findings, metric, regime)) is not None
    ]
    if not figures:
        return ""
    return f'<p class="quiet">{note}</p><div class="charts">{"".join(figures)}</div>'


def _in(metric: str) -> str:
    return {"share": " (%)", "seconds": " (s)"}.get(names.metric(metric).unit, "")


def _figure(svg: str, caption: str) -> str:
    label = escape(caption, quote=True)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    return f"<figure><figcaption>{escape(caption)}</figcaption>{svg}</figure>"


def _arms(findings: Findings) -> str:
    figures = [
        _figure(svg, names.regime(regime))
        for regime in findings.regimes
        if (svg := plots.arms(findings, PRIMARY, regime)) is not None
    ]
    roles = {
        "physics": "physics, no training",
        "real": "real logs only",
        "control": "controls",
        "simulation": "simulation",
    }
    keys = "".join(
        f'<li><b style="--colour:var(--{role})"></b>{title}</li>' for role, title in roles.items()
    )
    sizes = findings.fractions
    detector = escape(names.detector(findings.main_detector))
    small = f", ring: {units.percent(sizes[0])} of them" if len(sizes) > 1 else ""
    return _section(
        "Arms against physics and controls",
        f'<p class="quiet">Pooled conflicts; the best without and with simulation with the '
        f"detector that validation chose, other trained arms with {detector}. Disc: all the "
        f"recordings{small}; lines are 95 % intervals. Overlapping intervals do not mean that two "
        "arms are alike: they were tested on the same recordings, and the comparisons above are "
        "paired.</p>"
        f'<ul class="legend">{keys}</ul><div class="wide">{"".join(figures)}</div>',
    )


def _definitions(findings: Findings) -> str:
    shown = [(names.metric(m).title, names.metric(m).note) for m in findings.metrics]
    what = ("conflict", conflict.definition(findings.summary))
    terms = [what, *extras.TERMS, *shown]
    rows = "\n".join(
        f"<dt>{escape(t[0].upper() + t[1:])}</dt><dd>{escape(d)}</dd>" for t, d in terms
    )
    return f"<dl>{rows}</dl>"


def _comparisons(findings: Findings) -> str:
    return (
        '<p class="quiet">Each cell: the difference, its 95 % interval and the smallest effect '
        "that the test can detect (&ldquo;sees&rdquo;). "
        "The intervals are those of single comparisons: of twenty such, one is clear of zero "
        "by chance. Only the answer above was planned; the rest is exploratory.</p>"
        + comparisons(findings)
    )


def _footer(summary: Mapping[str, Any]) -> str:
    version = summary.get("version")
    made = f"Closecall {escape(str(version))}" if version else "Closecall"
    files = "summary.json, results.parquet, means.parquet and comparisons.parquet"
    beside = f"The same numbers are in {files} beside this page."
    return f"<footer><p>{made}. {beside}</p></footer>"

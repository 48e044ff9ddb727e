"""The report of a study: one HTML page that needs no network and no script."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from sim.base.store import write_text
from sim.report import conflict, extras, names, plots, tables, units
from sim.report.answer import answer
from sim.report.comparisons import comparisons
from sim.report.findings import PRIMARY, Findings
from sim.report.verdict import judge

CURVE_METRICS = (PRIMARY, "recall_at_6_fah", "average_precision")


def write(summary: Mapping[str, Any], *, out: Path) -> Path:
    """Write the report of a study.

    Args:
        summary: `summary.json` as read, schema 1; "audit", "cost" and "settings" are shown
            where they are there.
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
            _key(findings),
            _curves(findings),
            _arms(findings),
            _section("Each site", _per_site(findings)),
            _section("What it rests on", _basis(findings)),
            _section("What it cost", extras.cost(summary)),
            _section("How to read this", _definitions(findings)),
            _section("Every arm that was run", tables.every_arm(findings, PRIMARY)),
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
    sentences = "\n".join(f"<p>{escape(sentence)}</p>" for sentence in answer(findings))
    rulings = "\n".join(_ruling(findings, regime) for regime in names.REGIMES)
    return (
        f'<header><p class="kicker">Closecall study of {escape(form)}, on {escape(kind)}</p>\n'
        "<h1>What are simulated edge cases worth?</h1>\n"
        f'<ul class="rulings">{rulings}</ul>\n<div class="answer">{sentences}</div></header>'
    )


def _ruling(findings: Findings, regime: str) -> str:
    verdict = judge(findings, regime)
    look = {"gain": "yes", "loss": "loss", "no gain": "no"}.get(verdict.ruling, "open")
    text = verdict.ruling[0].upper() + verdict.ruling[1:]
    size = units.percent(verdict.fraction)
    under = f"with {size} of the real logs" if verdict.gain else "no such comparison"
    return (
        f'<li class="{look}"><span>{names.regime(regime)}</span>'
        f"<strong>{text}</strong><span>{under}</span></li>"
    )


def _key(findings: Findings) -> str:
    parts = [
        f"<div><h3>{escape(names.regime(r))}</h3>"
        f"{tables.key_comparisons(findings, r, PRIMARY)}</div>"
        for r in findings.regimes
    ]
    unit = units.measure(names.metric(PRIMARY).unit)
    note = (
        f'<p class="quiet">Difference in {names.metric(PRIMARY).title}, in {unit}, between the '
        "arm with weighted simulation and the arm named; below it the 95 % interval and the "
        "smallest effect that the test sees reliably (&ldquo;sees&rdquo;). "
        "Bold: the interval is clear of zero.</p>"
    )
    return _section(
        "Weighted simulation against what it must beat",
        f'{note}<div class="wide">{"".join(parts)}</div>',
    )


def _curves(findings: Findings) -> str:
    figures = [
        _figure(svg, f"{names.regime(regime)}: {names.metric(metric).title}{_in(metric)}")
        for metric in CURVE_METRICS
        for regime in findings.regimes
        if (svg := plots.curve(findings, metric, regime)) is not None
    ]
    if not figures:
        return ""
    keys = "".join(
        f'<li><i style="--colour:{colour};--style:{style}"></i>{escape(title)}</li>'
        for title, colour, style in plots.legend(findings)
    )
    detector = names.detector(findings.main_detector)
    return _section(
        "Score against the share of real logs",
        f'<p class="quiet">Means over seeds and the average of sites, {escape(detector)}; bands '
        "are 95 % intervals. Horizontal lines use no real log.</p>"
        f'<ul class="legend">{keys}</ul><div class="charts">{"".join(figures)}</div>',
    )


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
    small = f", ring: {units.percent(sizes[0])} of them" if len(sizes) > 1 else ""
    return _section(
        "Arms against physics and controls",
        f'<p class="quiet">Disc: all the real logs{small}; lines are 95 % intervals. Overlapping '
        "intervals do not mean that two arms are alike: they saw the same recordings, and the "
        "comparisons above are paired.</p>"
        f'<ul class="legend">{keys}</ul><div class="wide">{"".join(figures)}</div>',
    )


def _per_site(findings: Findings) -> str:
    return (
        f'<p class="quiet">{names.metric(PRIMARY).title.capitalize()} with all the real logs. A '
        "detector can only be trusted as far as its worst site; averages within a regime weigh "
        f"every site alike.</p>{tables.per_site(findings, PRIMARY)}"
    )


def _basis(findings: Findings) -> str:
    words = {
        "field": "The logs are <b>field-style</b>: simulated by other car-following laws and "
        "another sensor than the scenario families, with danger that emerges and is not "
        "scripted. They stand in for recordings and are none; what holds here has yet to be "
        "shown on recorded traffic.",
        "recorded": "The logs are <b>recorded</b> from real traffic.",
    }
    text = words.get(findings.kind, f"The logs are of the kind {escape(findings.kind)}.")
    what = conflict.definition(findings.summary), conflict.kinds(findings.summary)
    told = f"{conflict.form(findings.summary)}: {what[0][0].lower()}{what[0][1:]} {what[1]}"
    return f"<p>{text}</p><p>It rests on {escape(told)}</p>{tables.exposure(findings)}"


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
    beside = "The same numbers are in summary.json and results.parquet beside this page."
    return f"<footer><p>{made}. {beside}</p></footer>"

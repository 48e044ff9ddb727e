"""The page's tables. Every name that came from data is escaped here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from sim.report import names, units
from sim.report.findings import MACRO, MAIN_ARM, Difference, Exposure, Findings, Score, best_physics
from sim.report.verdict import CONTROLS


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


def score_cell(score: Score | None, unit: names.Unit) -> str:
    """A mean over its interval."""
    if score is None or math.isnan(score.mean):
        return f'<span class="none">{units.NONE}</span>'
    low, high = (units.score(v, unit) for v in (score.low, score.high))
    short = low.split(units.HARD)[0].removesuffix("/h")
    return f"{units.score(score.mean, unit)}<small>{short}\N{EN DASH}{high}</small>"


def difference_cell(d: Difference | None, unit: names.Unit) -> str:
    """A difference over its interval and the smallest detectable effect."""
    if d is None or math.isnan(d.value):
        return f'<span class="none">{units.NONE}</span>'
    value, low, high = (units.difference(v, unit) for v in (d.value, d.low, d.high))
    clear = d.low > 0 or d.high < 0
    shown = f"<b>{value}</b>" if clear else value
    least = units.difference(d.detectable, unit, sign=False)
    return f"{shown}<small>{low} to {high}</small><small>sees {least}</small>"


def key_comparisons(findings: Findings, regime: str, metric: str) -> str:
    """Weighted simulation against real logs, each control and the best physics score."""
    sizes = sorted({*findings.fractions[:1], *findings.fractions[-1:]}, reverse=True)
    unit = names.metric(metric).unit
    physics = best_physics(findings, metric, regime)
    rivals = ["real", *CONTROLS, *([physics] if physics else [])]
    rows = []
    for rival in rivals:
        found = [findings.difference(MAIN_ARM, rival, metric, regime, size) for size in sizes]
        rows.append([escape(names.arm(rival).title), *(difference_cell(d, unit) for d in found)])
    head = ["against", *(f"{units.percent(size)} of the real logs" for size in sizes)]
    return table(head, rows)


def per_site(findings: Findings, metric: str) -> str:
    """One row a regime and site: what it rests on and how the main arms did, at full size."""
    unit = names.metric(metric).unit
    arms = [a for a in ("real", *CONTROLS, MAIN_ARM) if a in findings.arms]
    size = findings.fractions[-1] if findings.fractions else None
    rows: list[list[str]] = []
    for regime in findings.regimes:
        rows.append([escape(names.regime(regime))])
        for site in [*findings.sites(regime), MACRO]:
            rows.append(_site_row(findings, metric, regime, site, arms, size, unit))
    head = ["site", "conflicts", "hours", "prevalence", "best physics"]
    titles = [escape(names.arm(a).title) for a in arms]
    return table([*head, *titles, "gain over real"], rows)


def _site_row(
    findings: Findings,
    metric: str,
    regime: str,
    site: str,
    arms: list[str],
    size: float | None,
    unit: names.Unit,
) -> list[str]:
    unknown = Exposure(math.nan, math.nan, math.nan)
    seen = findings.exposure(regime) if site == MACRO else findings.test.get(site, unknown)
    prior = findings.score("real", "prevalence", regime, size, site=site)
    physics = best_physics(findings, metric, regime, site)
    best = findings.score(physics, metric, regime, None, site=site) if physics else None
    best_name = f'<small class="wrap">{escape(names.arm(physics).title)}</small>' if physics else ""
    gain = findings.difference(MAIN_ARM, "real", metric, regime, size, site=site)
    return [
        "<i>average</i>" if site == MACRO else escape(site),
        units.number(seen.events),
        units.number(seen.hours, 1),
        units.number(prior.mean, 4) if prior else units.NONE,
        score_cell(best, unit) + best_name,
        *(score_cell(findings.score(a, metric, regime, size, site=site), unit) for a in arms),
        difference_cell(gain, unit),
    ]


def exposure(findings: Findings) -> str:
    """The recordings, hours and conflicts behind every number."""

    def row(part: str, site: str, seen: Exposure) -> list[str]:
        return [
            part,
            site,
            units.number(seen.recordings),
            units.number(seen.hours, 1),
            units.number(seen.events),
        ]

    rows = [row("training", "all training sites", findings.train)]
    for regime in findings.regimes:
        part = f"test, {names.regime(regime).lower()}"
        unknown = Exposure(math.nan, math.nan, math.nan)
        for site in findings.sites(regime):
            rows.append(row(escape(part), escape(site), findings.test.get(site, unknown)))
    head = ["part", "site", "recordings", "ego-hours", "conflicts"]
    return table(head, rows, text_columns=2)


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

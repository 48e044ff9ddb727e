"""Each test site beside the pool of its regime."""

from __future__ import annotations

from html import escape

from sim.report import exposure, names, units
from sim.report.exposure import UNKNOWN, Exposure
from sim.report.findings import BASE_ARM, MACRO, MAIN_ARM, POOLED, Findings, best_physics
from sim.report.tables import difference_cell, none, score_cell, table
from sim.report.verdict import MIN_EVENTS

NOTE = (
    f"Sites with fewer than {MIN_EVENTS} conflicts are listed, not averaged: they are neither in "
    "the pool nor in the average of sites. The pool is one exam on all conflicts together, so a "
    "site counts by its conflicts; the average of sites weighs each alike. A detector can be "
    "relied on only as far as its worst site."
)
SPAN = (POOLED, MACRO)
TITLES = {POOLED: "pooled", MACRO: "average of sites"}


def per_site(findings: Findings) -> str:
    """One table a headline metric: a row for the pool, the average and each site."""
    shown = findings.headline()[:2]
    tables = [
        f"<h3>{escape(names.metric(metric).title.capitalize())}</h3>{_table(findings, metric)}"
        for metric in shown
    ]
    return f'<p class="quiet">{NOTE}</p>{"".join(tables)}'


def _table(findings: Findings, metric: str) -> str:
    rows: list[list[str]] = []
    for regime in findings.regimes:
        rows.append([escape(names.regime(regime))])
        known = {key.site for key in findings.scores if key.regime == regime}
        shown = [site for site in SPAN if site in known] + findings.sites(regime)
        rows += [_row(findings, metric, regime, site) for site in shown]
    head = ["site", "conflicts", "gain", "without simulation", "with simulation"]
    return table([*head, "best physics", "prevalence", "ego-hours"], rows)


def _row(findings: Findings, metric: str, regime: str, site: str) -> list[str]:
    unit, size = names.metric(metric).unit, findings.full
    seen = _exposure(findings, regime, site)
    prior = findings.score(BASE_ARM, "prevalence", regime, size, site=site)
    physics = best_physics(findings, metric, regime, site)
    best = findings.score(physics, metric, regime, None, site=site) if physics else None
    named = f'<small class="wrap">{escape(names.arm(physics).title)}</small>' if physics else ""
    place = (metric, regime, size)
    return [
        _title(site, seen),
        _conflicts(seen),
        difference_cell(findings.difference(MAIN_ARM, BASE_ARM, *place, site=site), unit),
        *(score_cell(findings.score(a, *place, site=site), unit) for a in (BASE_ARM, MAIN_ARM)),
        score_cell(best, unit) + named,
        units.number(prior.mean, 4) if prior else none(),
        units.number(seen.hours, 1),
    ]


def _exposure(findings: Findings, regime: str, site: str) -> Exposure:
    if site in SPAN:
        return findings.exposure(regime)
    return findings.test.get(site, UNKNOWN)


def _title(site: str, seen: Exposure) -> str:
    if site in SPAN:
        return f"<i>{TITLES[site]}</i>"
    few = "" if seen.averaged else '<small class="caution">listed, not averaged</small>'
    return f"{escape(site)}{few}"


def _conflicts(seen: Exposure) -> str:
    count = units.number(seen.events)
    if exposure.is_few(seen):
        count = f"<b>only {count}</b>"
    units_text = exposure.holders(seen)
    return f'{count}<small class="wrap">{escape(units_text)}</small>' if units_text else count

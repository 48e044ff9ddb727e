"""The answer for a terminal: does simulation help, which and how many, on what it rests."""

from __future__ import annotations

import math

from sim.report import exposure, family_values, kinds, names, units
from sim.report.amount import saturation, sizes_of
from sim.report.answer import PLACES, interval, sized
from sim.report.findings import MAIN_ARM, PRIMARY, Findings
from sim.report.recipes import words
from sim.report.verdict import Verdict, judge


def three_lines(findings: Findings) -> tuple[str, str, str]:
    """Would simulation help? Which and how much? Where does it stop, on what does this rest?"""
    verdicts = [judge(findings, regime) for regime in findings.regimes]
    helps = "; ".join(map(_helps, verdicts))
    if by_kind := _kinds(findings):
        helps = f"{helps}. {by_kind}"
    which = family_values.chosen_sentence(findings).removesuffix(".")
    stops = "; ".join(_stops(findings, verdict) for verdict in verdicts)
    return (
        _line(f"Does simulation help? {helps}."),
        _line(f"Which, how much? {which}. {_recipes(findings, verdicts)}."),
        _line(f"Where does it stop, on what does this rest? {stops}."),
    )


def _kinds(findings: Findings) -> str:
    """Which kinds of danger gain, a sentence a regime with enough conflicts of any."""
    told = []
    for regime in findings.regimes:
        rows = [row for row in kinds.rows_of(findings, regime) if row["best"]]
        if len(rows) > 1:
            told.append(f"By kind, at {PLACES[regime]}: {kinds.sentence(rows).removesuffix('.')}")
    return ". ".join(told)


def _line(text: str) -> str:
    return text.replace(units.HARD, " ")


def _helps(verdict: Verdict) -> str:
    place = PLACES[verdict.regime]
    gain = verdict.gain
    if gain is None:
        return f"at {place} not tested"
    about = names.metric(verdict.metric)
    if verdict.fell_back:
        return f"at {place} {verdict.ruling} (validation saw none, so none is added)"
    ends = ""
    if verdict.without is not None and verdict.with_sim is not None:
        a, b = (units.score(s.mean, about.unit) for s in (verdict.without, verdict.with_sim))
        ends = f", {about.title} {a} without, {b} with"
    spread = f" ({units.difference(gain.value, about.unit)}, interval {interval(gain, about.unit)})"
    return f"at {place} {verdict.ruling}{ends}{spread}"


def _recipes(findings: Findings, verdicts: list[Verdict]) -> str:
    """The recipe of each regime, once where they are the same."""
    places: dict[str, list[str]] = {}
    for verdict in verdicts:
        if recipe := findings.recipe(MAIN_ARM, verdict.regime):
            places.setdefault(words(recipe), []).append(PLACES[verdict.regime])
    if not places:
        return "The recipe is not recorded"
    told = [f"at {units.listing(at)}: {recipe}" for recipe, at in places.items()]
    return f"Recipe {'; '.join(told)}"


def _stops(findings: Findings, verdict: Verdict) -> str:
    sizes = sizes_of(findings, PRIMARY, verdict.regime)
    enough = saturation(sizes)
    if enough is None:
        stop = "saturation not identified"
    elif not any(each.gain.sign > 0 for each in sizes):
        stop = (
            f"no size from {units.number(sizes[0].episodes)} to "
            f"{units.number(sizes[-1].episodes)} episodes a family is shown to help"
        )
    elif math.isinf(enough):
        stop = f"no saturation up to {units.number(sizes[-1].episodes)} episodes a family"
    else:
        stop = f"saturates from {units.number(enough)} episodes a family on"
    seen = verdict.exposure
    rests = f"rests on {exposure.conflicts(seen)} in {units.hours(seen.hours)}"
    least = ""
    if verdict.gain is not None and verdict.gain.identified and not verdict.fell_back:
        least = f", sees {sized(verdict.gain.detectable, names.metric(verdict.metric).unit)}"
    return f"at {PLACES[verdict.regime]} {stop}, {rests}{least}"

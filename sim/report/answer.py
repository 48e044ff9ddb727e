"""The answer in sentences: what simulation adds in each regime, and what that rests on."""

from __future__ import annotations

import math

from sim.report import conflict, exposure, names, units
from sim.report.findings import PRIMARY, Findings
from sim.report.values import Difference
from sim.report.verdict import Verdict, judge

PLACES = {"new_site": "new sites", "same_site": "the same site"}
SPOKEN = {"best_simulated_shuffled": "shuffled simulation"}
MAX_NAMED = 4
"""More sites than this are counted instead of named."""


def answer(findings: Findings, *, metric: str = PRIMARY) -> tuple[str, str, str]:
    """Three sentences that claim no more than the comparisons show; a pure function."""
    verdicts = {name: judge(findings, name, metric=metric) for name in names.REGIMES}
    return (
        regime_sentence(findings, verdicts["new_site"]),
        regime_sentence(findings, verdicts["same_site"]),
        basis_sentence(findings, list(verdicts.values())),
    )


def regime_sentence(findings: Findings, verdict: Verdict) -> str:
    """What was found in one regime, or for one kind of danger there, with its interval."""
    opening = _where(findings, verdict)
    if verdict.gain is None or verdict.ruling == "not tested":
        if verdict.regime not in findings.regimes:
            return f"{opening} nothing was tested in this study."
        return f"{opening} there is no answer: {verdict.why}."
    if verdict.fell_back and verdict.ruling == "no gain":
        return f"{opening} no gain: {verdict.why}. {_level(verdict)}"
    return f"{opening} {_change(verdict, verdict.gain)}: {_ruling(verdict, verdict.gain)}."


def where(findings: Findings, regime: str) -> str:
    """The sites that a regime's pooled numbers rest on, as "At new sites (harbour, ridge)"."""
    sites = [site for site in findings.sites(regime) if _pooled(findings, site)]
    sites = sites or findings.sites(regime)
    place = f"At {PLACES[regime]}"
    if not sites:
        return place
    named = units.listing(sites) if len(sites) <= MAX_NAMED else f"{len(sites)} sites"
    return f"{place} ({named})"


def _pooled(findings: Findings, site: str) -> bool:
    return site in findings.test and findings.test[site].averaged


def _where(findings: Findings, verdict: Verdict) -> str:
    place = where(findings, verdict.regime)
    if not place.endswith(")"):
        return f"{place},"
    seen = verdict.exposure
    kind = f" {names.kind(verdict.kind)}" if verdict.kind else ""
    rests = f"{exposure.conflicts(seen)}{kind} in {units.hours(seen.hours)}"
    return f"{place[:-1]}; {rests}),"


def _level(verdict: Verdict) -> str:
    if verdict.with_sim is None:
        return ""
    about = names.metric(verdict.metric)
    level = units.score(verdict.with_sim.mean, about.unit)
    return f"Its {about.title} is {level}."


def _change(verdict: Verdict, gain: Difference) -> str:
    about = names.metric(verdict.metric)
    verb = {1: "raised", -1: "lowered", 0: "moved"}[gain.sign]
    share = verdict.fraction
    logs = "all recordings" if share in (1, None) else f"{units.percent(share)} of the recordings"
    ends = ""
    if verdict.without is not None and verdict.with_sim is not None:
        a, b = (units.score(s.mean, about.unit) for s in (verdict.without, verdict.with_sim))
        ends = f" from {a} to {b}"
    sized = f"{units.difference(gain.value, about.unit)} {units.measure(about.unit)}".rstrip()
    spread = f", 95{units.HARD}% interval {interval(gain, about.unit)}" if gain.identified else ""
    return f"adding simulation to {logs} {verb} {about.title}{ends} ({sized}{spread})"


def interval(d: Difference, unit: names.Unit) -> str:
    """The ends of an interval, or that there is none."""
    if not d.identified:
        return "not identified"
    return f"{units.difference(d.low, unit)} to {units.difference(d.high, unit)}"


def _ruling(verdict: Verdict, gain: Difference) -> str:
    unit = names.metric(verdict.metric).unit
    controls = _controls(verdict)
    if verdict.ruling == "gain":
        return f"a gain, {controls}"
    if verdict.ruling == "gain not above controls":
        return f"a gain that cannot be attributed to what was simulated, {controls}"
    if verdict.ruling == "no gain":
        return f"no gain, where one of {sized(gain.detectable, unit)} would have shown; {controls}"
    if verdict.ruling == "loss":
        return f"a loss; {controls}"
    return f"not identified, because {verdict.why}; {controls}"


def sized(value: float, unit: names.Unit) -> str:
    """The size of an effect with what it is counted in."""
    return f"{units.difference(value, unit, sign=False)} {units.measure(unit)}".strip()


def _controls(verdict: Verdict) -> str:
    def spoken(name: str) -> str:
        if name == verdict.physics:
            title = names.arm(name).title
            lowered = title[0].lower() + title[1:] if title[1:2].islower() else title
            return f"the best physics score ({lowered})"
        return SPOKEN[name]

    parts = []
    if verdict.beaten:
        parts.append(f"shown to be above {units.listing([*map(spoken, verdict.beaten)])}")
    if verdict.unbeaten:
        parts.append(f"not shown to be above {units.listing([*map(spoken, verdict.unbeaten)])}")
    if verdict.above_it:
        parts.append(f"below {units.listing([*map(spoken, verdict.above_it)])}")
    without = [*map(spoken, verdict.missing)]
    if verdict.physics is None:
        without.append("physics")
    if without:
        parts.append(f"not compared with {units.listing(without)}")
    return ", ".join(parts)


def basis_sentence(findings: Findings, verdicts: list[Verdict]) -> str:
    """What the answer rests on, what it could not have seen, and whether its controls held."""
    kind = {
        "field": "field-style logs, which are simulated by other laws and are not recordings",
        "recorded": "recorded logs",
    }.get(findings.kind, f"{findings.kind} logs")
    train = findings.train
    parts = [
        f"This rests on {conflict.form(findings.summary)} in {kind}, with "
        f"{units.count(train.recordings, 'recording')} "
        f"({units.hours(train.hours)}, {units.count(train.events, 'conflict')}) to train on and "
        f"{units.count(findings.seeds, 'seed')}",
        _smallest(verdicts),
        _detectors(verdicts),
        _halves(findings, verdicts),
    ]
    return "; ".join(part for part in parts if part) + "."


def _smallest(verdicts: list[Verdict]) -> str:
    sizes = [
        f"{sized(v.gain.detectable, names.metric(v.metric).unit)} at {PLACES[v.regime]}"
        for v in verdicts
        if v.gain is not None and math.isfinite(v.gain.detectable) and not v.fell_back
    ]
    return f"the smallest detectable effect is {units.listing(sizes)}" if sizes else ""


def _detectors(verdicts: list[Verdict]) -> str:
    claims = [v for v in verdicts if v.ruling in ("gain", "gain not above controls", "loss")]
    if not claims:
        return ""
    if all(v.detectors <= 1 for v in claims):
        return "one detector was tried, so no other confirms it"
    said = [f"{v.agree} of {v.detectors} detectors at {PLACES[v.regime]}" for v in claims]
    return f"the difference is clear of zero for {units.listing(said)}"


def _halves(findings: Findings, verdicts: list[Verdict]) -> str:
    """The A/A control: two halves of the same logs must not differ beyond chance."""
    failed, ran = [], False
    for v in verdicts:
        for size in (*findings.fractions, None):
            d = findings.difference("real_half_a", "real_half_b", v.metric, v.regime, size)
            ran = ran or (d is not None and d.identified)
            if d is not None and d.sign:
                failed.append(f"{names.regime(v.regime).lower()}, {units.percent(size)}")
    if failed:
        return (
            f"the A/A control failed ({units.listing(failed)}: two halves of the same logs "
            "differ), so treat every difference here with doubt"
        )
    return "the A/A control held" if ran else ""

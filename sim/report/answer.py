"""The answer in three sentences: new sites, the same site, and what both rest on."""

from __future__ import annotations

import math

from sim.report import conflict, names, units
from sim.report.findings import PRIMARY, Difference, Findings
from sim.report.verdict import Verdict, judge

SPOKEN = {
    "real_sim_shuffled": "shuffled simulation",
    "real_class_weight": "class weights",
    "real_oversample": "oversampling",
}


def answer(findings: Findings, *, metric: str = PRIMARY) -> tuple[str, str, str]:
    """Three sentences that claim no more than the comparisons show; a pure function."""
    verdicts = {name: judge(findings, name, metric=metric) for name in names.REGIMES}
    return (
        regime_sentence(findings, verdicts["new_site"], metric),
        regime_sentence(findings, verdicts["same_site"], metric),
        basis_sentence(findings, list(verdicts.values()), metric),
    )


def regime_sentence(findings: Findings, verdict: Verdict, metric: str) -> str:
    """What was found in one regime, with its interval."""
    opening = _where(findings, verdict)
    if verdict.gain is None or verdict.ruling == "not tested":
        if verdict.regime not in findings.regimes:
            return f"{opening} nothing was tested in this study."
        return f"{opening} there is no answer: {verdict.why}."
    unit = names.metric(metric).unit
    change = _change(verdict, metric)
    return f"{opening} {change}: {_ruling(verdict, verdict.gain, unit)}."


def _where(findings: Findings, verdict: Verdict) -> str:
    place = {"new_site": "At new sites", "same_site": "At the same site"}[verdict.regime]
    sites = findings.sites(verdict.regime)
    if not sites:
        return f"{place},"
    named = units.listing(sites) if len(sites) <= 4 else f"{len(sites)} sites"
    seen = verdict.exposure
    return (
        f"{place} ({named}; {units.count(seen.events, 'conflict')} in {units.hours(seen.hours)}),"
    )


def _change(verdict: Verdict, metric: str) -> str:
    gain = verdict.gain
    assert gain is not None
    about = names.metric(metric)
    verb = "raised" if gain.low > 0 else "lowered" if gain.high < 0 else "moved"
    share = verdict.fraction
    logs = "all real logs" if share == 1 or share is None else f"{units.percent(share)} of the logs"
    ends = ""
    if verdict.without is not None and verdict.with_sim is not None:
        a, b = (units.score(s.mean, about.unit) for s in (verdict.without, verdict.with_sim))
        ends = f" from {a} to {b}"
    sized = f"{units.difference(gain.value, about.unit)} {units.measure(about.unit)}".rstrip()
    return (
        f"adding weighted simulated edge cases to {logs} {verb} {about.title}{ends} "
        f"({sized}, 95{units.HARD}% interval {_interval(gain, about.unit)})"
    )


def _interval(d: Difference, unit: names.Unit) -> str:
    return f"{units.difference(d.low, unit)} to {units.difference(d.high, unit)}"


def _ruling(verdict: Verdict, gain: Difference, unit: names.Unit) -> str:
    controls = _controls(verdict)
    if verdict.ruling == "gain":
        return f"a gain, {controls}"
    if verdict.ruling == "gain not above controls":
        return f"a gain that cannot be put down to what was simulated, {controls}"
    smallest = f"{units.difference(gain.detectable, unit, sign=False)} {units.measure(unit)}"
    if verdict.ruling == "no gain":
        return f"no gain, where one of {smallest.strip()} would have shown; {controls}"
    if verdict.ruling == "loss":
        return f"a loss; {controls}"
    return f"not identified, for {verdict.why}; {controls}"


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


def basis_sentence(findings: Findings, verdicts: list[Verdict], metric: str) -> str:
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
        _smallest(verdicts, metric),
        _detectors(verdicts),
        _halves(findings, verdicts, metric),
    ]
    return "; ".join(part for part in parts if part) + "."


def _smallest(verdicts: list[Verdict], metric: str) -> str:
    unit = names.metric(metric).unit
    sizes = [
        f"{units.difference(v.gain.detectable, unit, sign=False)} {units.measure(unit)}".strip()
        + _at(v.regime)
        for v in verdicts
        if v.gain is not None and math.isfinite(v.gain.detectable)
    ]
    return f"the smallest detectable effect is {units.listing(sizes)}" if sizes else ""


def _at(regime: str) -> str:
    return {"new_site": " at new sites", "same_site": " at the same site"}[regime]


def _detectors(verdicts: list[Verdict]) -> str:
    claims = [v for v in verdicts if v.ruling in ("gain", "gain not above controls", "loss")]
    if not claims:
        return ""
    if all(v.detectors == 1 for v in claims):
        return "one detector was tried, so no other confirms it"
    said = [f"{v.agree} of {v.detectors} detectors{_at(v.regime)}" for v in claims]
    return f"the difference is clear of zero for {units.listing(said)}"


def _halves(findings: Findings, verdicts: list[Verdict], metric: str) -> str:
    """The A/A control: two halves of the same logs must not differ beyond chance."""
    failed, ran = [], False
    for v in verdicts:
        for size in (*findings.fractions, None):
            d = findings.difference("real_half_a", "real_half_b", metric, v.regime, size)
            ran = ran or d is not None
            if d is not None and not d.low <= 0 <= d.high:
                failed.append(f"{names.regime(v.regime).lower()}, {units.percent(size)}")
    if failed:
        return (
            f"the A/A control failed ({units.listing(failed)}: two halves of the same logs "
            "differ), so treat every difference here with doubt"
        )
    return "the A/A control held" if ran else ""

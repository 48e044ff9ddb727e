"""The top of the page: the gain in each regime and kind of danger, and what it rests on."""

from __future__ import annotations

from html import escape

from sim.report import exposure, names, units
from sim.report.answer import basis_sentence, interval, regime_sentence
from sim.report.findings import BASE_ARM, LEAD_TIME, MAIN_ARM, Findings
from sim.report.tables import difference_cell, none, score_cell, table
from sim.report.values import Difference
from sim.report.verdict import Verdict, judge

LOOKS = {"gain": "yes", "loss": "loss", "no gain": "no"}


def headline(findings: Findings) -> str:
    """A card a regime and, below it, the gain in each metric, for all conflicts and by kind."""
    cards = "\n".join(_card(findings, regime) for regime in names.REGIMES)
    verdicts = [judge(findings, regime) for regime in names.REGIMES]
    basis = escape(basis_sentence(findings, verdicts))
    blocks = "\n".join(_regime(findings, regime) for regime in findings.regimes)
    untested = "\n".join(
        f'<div class="answer"><p>{escape(regime_sentence(findings, verdict))}</p></div>'
        for verdict in verdicts
        if verdict.regime not in findings.regimes
    )
    return (
        f'<ul class="rulings">{cards}</ul>\n{blocks}\n{untested}\n'
        f'<div class="answer"><p>{basis}</p></div>'
    )


def _card(findings: Findings, regime: str) -> str:
    verdict = judge(findings, regime)
    text = verdict.ruling[0].upper() + verdict.ruling[1:]
    lines = ["no such comparison"]
    if verdict.gain is not None:
        seen = verdict.exposure
        rests = f"on {exposure.conflicts(seen)} in {units.hours(seen.hours)}"
        lines = [_size(verdict, verdict.gain), rests]
    under = "<br>".join(f"<span>{escape(line)}</span>" for line in lines)
    return (
        f'<li class="{LOOKS.get(verdict.ruling, "open")}"><span>{names.regime(regime)}</span>'
        f"<strong>{text}</strong>{under}</li>"
    )


def _size(verdict: Verdict, gain: Difference) -> str:
    if verdict.fell_back:
        return "validation saw none: the arm with simulation is the one without"
    about = names.metric(verdict.metric)
    value = f"{about.title} {units.difference(gain.value, about.unit)}"
    return f"{value}, 95{units.HARD}% interval {interval(gain, about.unit)}"


def _regime(findings: Findings, regime: str) -> str:
    parts = [_block(findings, judge(findings, regime), f"{names.regime(regime)}, all conflicts")]
    for kind in kinds_of(findings, regime):
        title = f"{names.regime(regime)}, conflicts {names.kind(kind)}"
        parts.append(_block(findings, judge(findings, regime, kind=kind), title))
    return "\n".join(parts)


def kinds_of(findings: Findings, regime: str) -> list[str]:
    """Kinds of danger with scores of their own; none where one kind is all there is."""
    found = {kind for kind, words in findings.parts(regime) if kind and not words}
    known = findings.exposure(regime).kinds
    if len([kind for kind, n in known.items() if n]) == 1:
        return []
    return names.in_order(found, names.KINDS)


def _block(findings: Findings, verdict: Verdict, title: str) -> str:
    sentence = escape(regime_sentence(findings, verdict))
    return (
        f'<section class="answer"><h3>{escape(title)}</h3><p>{sentence}</p>'
        f"{_table(findings, verdict)}</section>"
    )


def _table(findings: Findings, verdict: Verdict) -> str:
    rows = [_row(findings, verdict, metric) for metric in findings.headline()]
    if LEAD_TIME in findings.metrics:
        rows.append(_row(findings, verdict, LEAD_TIME))
    head = ["metric", "gain, 95 % interval", "without simulation", "with simulation"]
    return table([*head, "smallest effect it sees", "verdict"], rows)


def _row(findings: Findings, verdict: Verdict, metric: str) -> list[str]:
    regime, part = verdict.regime, (verdict.kind, "")
    about = names.metric(metric)
    place = (metric, regime, findings.full)
    scores = [findings.score(arm, *place, part=part) for arm in (BASE_ARM, MAIN_ARM)]
    gain = findings.difference(MAIN_ARM, BASE_ARM, *place, part=part)
    least = none()
    if gain is not None and gain.detectable > 0:  # not for two arms that are one
        size = units.difference(gain.detectable, about.unit, sign=False)
        least = f"{size} {units.measure(about.unit)}".strip()
    ruling = ""
    if metric != LEAD_TIME:
        ruling = judge(findings, regime, metric=metric, kind=verdict.kind).ruling
    look = "wrap caution" if exposure.is_few(verdict.exposure) else "wrap"
    rests = escape(exposure.conflicts(verdict.exposure))
    return [
        f'{escape(_first_upper(about.title))}<small class="{look}">{rests}</small>',
        difference_cell(gain, about.unit, sees=False),
        *(score_cell(score, about.unit) for score in scores),
        least,
        ruling,
    ]


def _first_upper(text: str) -> str:
    return text[0].upper() + text[1:]

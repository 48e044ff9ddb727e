"""How much is enough: scores by simulated episodes a family and by share of the recordings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

from sim.report import names, units
from sim.report.answer import PLACES, sized
from sim.report.exposure import number
from sim.report.findings import BASE_ARM, CHOSEN, MAIN_ARM, POOLED, Findings
from sim.report.tables import difference_cell, score_cell, table
from sim.report.values import Difference, Score

MIN_SIZES = 2


@dataclass(frozen=True)
class Sized:
    """The arm with simulation, trained on a part of the episodes.

    Attributes:
        name: Episodes a family, or the part's name.
        what: size, alone, without or allocated.
        episodes: A family; NaN for all.
        score: Of the arm.
        gain: Over the arm without simulation, paired.
        detector: Which was trained.
    """

    name: str
    what: str
    episodes: float
    score: Score
    gain: Difference
    detector: str


def sized_of(rows: Sequence[Mapping[str, Any]], metric: str, regime: str) -> list[Sized]:
    """The variants of one metric and regime whose conflicts are all counted."""
    out = []
    for row in rows:
        whole = not row.get("kind") and not row.get("slice")
        if (row["metric"], row["regime"]) == (metric, regime) and whole:
            mean, low, high = (number(row[k]) for k in ("mean", "low", "high"))
            score = Score(mean, low, high, seeds=0)
            ends = ("difference", "difference_low", "difference_high", "detectable")
            gain = Difference(*(number(row[k]) for k in ends))
            episodes = number(row.get("episodes"))
            name, what = str(row["name"]), str(row["what"])
            out.append(Sized(name, what, episodes, score, gain, str(row["detector"])))
    return out


def sizes_of(findings: Findings, metric: str, regime: str) -> list[Sized]:
    """The arm with simulation by episodes a family, upwards."""
    found = sized_of(findings.summary.get("sizes") or (), metric, regime)
    return sorted(found, key=lambda each: each.episodes)


def per_doubling(sizes: Sequence[Sized]) -> list[float]:
    """What a doubling of the episodes gains between each size and the next."""
    return [
        (b.score.mean - a.score.mean) / math.log2(b.episodes / a.episodes)
        for a, b in pairwise(sizes)
    ]


def saturation(sizes: Sequence[Sized]) -> float | None:
    """The smallest size from which on no doubling gains as much as the test can detect.

    Returns:
        Episodes a family; infinity where the last doubling still gains that much; None where it
        is not identified: fewer than two sizes, or no smallest detectable effect.
    """
    least = max((s.gain.detectable for s in sizes), default=math.nan)
    known = all(math.isfinite(s.gain.detectable) and math.isfinite(s.score.mean) for s in sizes)
    if len(sizes) < MIN_SIZES or not known:
        return None
    growing = [k for k, gained in enumerate(per_doubling(sizes)) if gained >= least]
    first = growing[-1] + 1 if growing else 0
    return sizes[first].episodes if first < len(sizes) - 1 else math.inf


def saturation_sentence(findings: Findings, metric: str, regime: str) -> str:
    """Where it stops, in words."""
    sizes = sizes_of(findings, metric, regime)
    about = names.metric(metric)
    place = f"At {PLACES[regime]}, {about.title}:"
    found = saturation(sizes)
    if found is None:
        return f"{place} how many episodes are enough is not identified."
    least = sized(max(s.gain.detectable for s in sizes), about.unit)
    tried = f"{units.number(sizes[0].episodes)} to {units.number(sizes[-1].episodes)} tried"
    if math.isinf(found):
        head = f"{place} no saturation seen up to {units.number(sizes[-1].episodes)} episodes"
        text = f"{head} a family; the last doubling still gains at least {least}."
    else:
        text = (
            f"{place} from {units.number(found)} episodes a family on, a doubling gains less than "
            f"{least}, the smallest effect this test sees ({tried})."
        )
    if not any(s.gain.sign > 0 for s in sizes):
        text += " At no size is simulation shown to be above the best without."
    return text


def amount(findings: Findings) -> str:
    """Sentences and tables on the number of episodes, and on the share of the recordings."""
    return _sizes(findings) + _shares(findings)


def _sizes(findings: Findings) -> str:
    metrics = [m for m in findings.headline() if any(sizes_of(findings, m, r) for r in _all())]
    if not metrics:
        return "<p>Sizes of the simulated set were not tried in this study.</p>"
    told, tables = [], []
    for regime in findings.regimes:
        if not sizes_of(findings, metrics[0], regime):
            continue
        told += [saturation_sentence(findings, metric, regime) for metric in metrics[:2]]
        rows = [_size_row(findings, k, metrics, regime) for k in _episodes(findings, regime)]
        detector = sizes_of(findings, metrics[0], regime)[0].detector
        title = f"{names.regime(regime)}, {names.detector(detector)}"
        head = ["episodes a family", *(escape(names.metric(m).title) for m in metrics)]
        tables.append(f"<div><h3>{escape(title)}</h3>{table(head, rows)}</div>")
    sentences = "".join(f"<p>{escape(sentence)}</p>" for sentence in told)
    note = (
        '<p class="quiet">The recipe with simulation that validation ranked first, whether or not '
        "it fell back, trained on a part of the episodes. Each cell: score, then the paired "
        "difference to the best without simulation.</p>"
    )
    return f'{sentences}<div class="wide">{"".join(tables)}</div>{note}'


def _all() -> list[str]:
    return [*names.REGIMES]


def _episodes(findings: Findings, regime: str) -> list[float]:
    found = {s.episodes for m in findings.headline() for s in sizes_of(findings, m, regime)}
    return sorted(found)


def _size_row(
    findings: Findings, episodes: float, metrics: Sequence[str], regime: str
) -> list[str]:
    cells = [units.number(episodes)]
    for metric in metrics:
        unit = names.metric(metric).unit
        found = [s for s in sizes_of(findings, metric, regime) if s.episodes == episodes]
        cells.append(variant_cell(found[0], unit) if found else units.NONE)
    return cells


def variant_cell(found: Sized, unit: names.Unit) -> str:
    """A score over its difference to the best without simulation."""
    return f"{score_cell(found.score, unit)}<hr>{difference_cell(found.gain, unit, sees=False)}"


def _shares(findings: Findings) -> str:
    """With how few recordings simulation keeps up with all of them."""
    if len(findings.fractions) < MIN_SIZES:
        return ""
    least = findings.fractions[0]
    lines = []
    for regime in findings.regimes:
        for metric in findings.headline()[:2]:
            few = findings.score(MAIN_ARM, metric, regime, least)
            whole = findings.score(BASE_ARM, metric, regime, findings.full)
            if few is not None and whole is not None:
                unit = names.metric(metric).unit
                lines.append(
                    f"At {PLACES[regime]}, {units.percent(least)} of the recordings with "
                    f"simulation reach {names.metric(metric).title} "
                    f"{units.score(few.mean, unit)}; {units.percent(findings.full)} without it "
                    f"reach {units.score(whole.mean, unit)}"
                    f"{_paired(findings, metric, regime, least)}."
                )
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _paired(findings: Findings, metric: str, regime: str, fraction: float) -> str:
    """The paired difference of simulation on few recordings and all of them without it."""
    wanted = (metric, regime, fraction, POOLED, CHOSEN)
    for row in findings.summary.get("fewer_recordings") or ():
        if tuple(row[k] for k in ("metric", "regime", "fraction", "site", "detector")) == wanted:
            ends = [number(row[k]) for k in ("difference", "low", "high")]
            unit = names.metric(metric).unit
            if all(map(math.isfinite, ends)):
                value, low, high = (units.difference(end, unit) for end in ends)
                return f" (paired difference {value}, 95{units.HARD}% interval {low} to {high})"
    return " (the difference is not identified)"

"""A calibration in plain text, 100 columns wide, for people in a terminal."""

from __future__ import annotations

import math

from sim.base.dist import Empirical
from sim.calibrate.measurements import EVENTS, MEASUREMENTS, Measurement
from sim.calibrate.outcome import Calibration, Fitted, sites
from sim.family import UNITS
from sim.family.text import table

VERDICTS: dict[str, str] = {
    "fits": "as far as the sample can tell",
    "close": "rejected, but nowhere farther than 0.05 off",
    "off": "rejected, and the best law still differs",
    "table": "a histogram, as no law did better",
}


def calibration_text(found: Calibration) -> str:
    """What was fitted, to how much, and how well it goes."""
    used = found.evidence.used
    hours = sum(source.hours for source in used)
    head = (
        f"{found.family.terms.name}: {len(found.fitted)} of "
        f"{len(found.family.quantities)} quantities fitted to {len(used)} recordings in "
        f"{len(found.evidence.groups)} groups of {', '.join(sites(found.evidence))}, "
        f"{hours:.1f} road-user hours"
    )
    parts = [head, _fits(found), *_correlations(found), _left(found)]
    odd = len(found.evidence.sources) - len(used)
    if odd:
        parts.append(f"{odd} clips in which everybody brakes throughout were not measured.")
    return "\n\n".join(part for part in parts if part)


def _fits(found: Calibration) -> str:
    head = ("quantity", "unit", "n", "outside", "prior", "fitted", "95 %", "p", "fit")
    rows = [head, *(_row(each) for each in found.fitted)]
    used = {each.verdict for each in found.fitted}
    legend = "; ".join(f"{name}: {says}" for name, says in VERDICTS.items() if name in used)
    note = (
        "prior and fitted: the medians, the fitted one with its 95 % interval; p: Anderson-Darling"
    )
    laws = [(each.quantity.name, _law(each)) for each in found.fitted]
    return f"{table(rows)}\n\n{note}\n{legend}\n\n{table([('quantity', 'law'), *laws])}"


def _row(each: Fitted) -> tuple[str, ...]:
    q, fit = each.quantity, each.fit
    prior = float(q.dist.ppf([0.5])[0])  # type: ignore[call-arg]
    median, low, high = fit.quantiles[1]
    p = "-" if fit.fitness is None else f"{fit.fitness.p:.3f}"
    counts = (f"{len(each.values):,}", f"{each.outside:,}")
    interval = f"{low:.3g} to {high:.3g}"
    medians = (f"{prior:.3g}", f"{median:.3g}", interval)
    return (q.name, UNITS[q.unit], *counts, *medians, p, each.verdict)


def _law(each: Fitted) -> str:
    dist = each.fit.best.dist
    if not isinstance(dist, Empirical):
        return str(dist)
    ends = dist.support
    return f"[empirical, {len(dist.weights)} cells from {ends[0]:.3g} to {ends[1]:.3g}]"


def measurements_text() -> str:
    """All measurements by event, as the tables of a page in Markdown."""
    parts = []
    for name, event in EVENTS.items():
        found = [MEASUREMENTS[column] for column in event.columns]
        rows = [f"| `{m.name}` | {UNITS[m.unit]} | {m.says} | {_least(m)} |" for m in found]
        head = "| measurement | unit | what | from |\n|---|---|---|---|"
        parts.append("\n".join([f"**`{name}`**: {event.says}.", "", head, *rows]))
    return "\n\n".join(parts)


def _least(measurement: Measurement) -> str:
    return f"{measurement.least:g}" if math.isfinite(measurement.least) else ""


def _correlations(found: Calibration) -> list[str]:
    if not found.pairs:
        return []
    rows = [("correlation", "rho", "95 %", "n", "p (Holm)", "")]
    rows += [
        (
            f"{pair.first}, {pair.second}",
            f"{pair.rho:.2f}",
            f"{pair.low:.2f} to {pair.high:.2f}",
            str(pair.n),
            f"{pair.holm:.3f}",
            "kept" if pair in found.kept else "not shown",
        )
        for pair in found.pairs
    ]
    return [table(rows)]


def _left(found: Calibration) -> str:
    told = [each for each in found.left if each.quantity.measured]
    plain = [each.quantity.name for each in found.left if not each.quantity.measured]
    lines = [f"{each.quantity.name} stays: {each.why}" for each in told]
    if plain:
        lines.append(f"no measurement: {', '.join(plain)}")
    return "\n".join(lines)

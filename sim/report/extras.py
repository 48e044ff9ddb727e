"""The parts of the page beside the scores: terms, cost, audit and settings."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from sim.report import units
from sim.report.tables import table

TERMS: tuple[tuple[str, str], ...] = (
    (
        "alarm",
        "A score over the threshold for 0.4 s, then silence for 5 s for that road user. A "
        "conflict is caught if an alarm came 0.5 to 3 s before its start; every other alarm is "
        "false.",
    ),
    (
        "false alarms per hour",
        "Per ego-hour: hours of driving of every road user that took its turn as the ego, without "
        "the time inside conflicts and 1 s after.",
    ),
    (
        "new sites, same site",
        "A site is new when no recording of it was trained on. At the same site the test "
        "recordings are others than the training ones, but of a place that was seen. The two are "
        "never averaged.",
    ),
    (
        "pooled",
        "All conflicts of the sites of a regime with at least 15 conflicts, as one exam; a site "
        "counts by its conflicts.",
    ),
    (
        "effective recordings, egos or blocks",
        "The number of units with equally many conflicts each that would say as much: (sum of "
        "e)²/sum of e² for units with e conflicts. Twenty conflicts of one drive count as one.",
    ),
    (
        "interval",
        "95 %, from a paired bootstrap that draws seeds and the units of resampling again "
        "(recordings, else egos, else blocks of driving); rows are never drawn, as neighbouring "
        "rows are not independent. With fewer than 4 effective units that hold conflicts it is "
        "not identified, and none is stated.",
    ),
    (
        "smallest detectable effect",
        "The difference that such a test would find four times in five. A smaller one is not "
        "claimed, whatever its interval.",
    ),
    (
        "gain",
        "Best with simulation above best without, with an interval clear of zero, at least as "
        "large as the smallest detectable effect, for most detectors tried, and clear of "
        "shuffled simulation, on 15 conflicts or more. No gain: the interval holds zero and a "
        "gain of 0.05 in average precision or 10 points in recall would have shown; or validation "
        "saw none, so that the arm with simulation is the one without. Loss: as a gain, below "
        "zero. Not identified: none of these can be claimed.",
    ),
)
"""What the words on the page mean, beside the metrics and what a conflict is."""

COST_COLOURS = ("simulation", "physics", "real", "control", "other")


def cost(summary: Mapping[str, Any]) -> str:
    """CPU-seconds by part, elapsed time and peak memory."""
    total = float(summary.get("cpu_seconds", math.nan))
    parts = {str(k): float(v) for k, v in dict(summary.get("cost") or {}).items()}
    named = sum(parts.values())
    if parts and total > named:
        parts["everything else"] = total - named
    rows = [[_spaced(k), units.number(v, 1), _share(v, total)] for k, v in parts.items()]
    rows.append(["all, CPU-seconds", units.number(total, 1), _share(total, total)])
    peak = float(summary.get("peak_mb", math.nan))
    elapsed = float(summary.get("seconds", math.nan))
    rest = f"Elapsed {units.number(elapsed, 1)} s, peak memory {units.number(peak)} MB."
    shown = table(["part", "CPU-seconds", "share"], rows)
    return f"{_bar(parts)}{shown}<p>{rest}</p>"


def _share(part: float, total: float) -> str:
    return f"{units.number(100 * part / total)} %" if total > 0 else units.NONE


def _bar(parts: Mapping[str, float]) -> str:
    if not parts:
        return ""
    colours = [f"var(--{COST_COLOURS[i % len(COST_COLOURS)]})" for i in range(len(parts))]
    pieces = "".join(
        f'<i style="flex:{max(value, 0.0):.6g};--colour:{colour}"></i>'
        for value, colour in zip(parts.values(), colours)
    )
    keys = "".join(
        f'<li><b style="--colour:{colour}"></b>{_spaced(name)}</li>'
        for name, colour in zip(parts, colours)
    )
    return f'<div class="bar">{pieces}</div><ul class="legend">{keys}</ul>'


def _spaced(name: str) -> str:
    return escape(name.replace("_", " "))


def audit(summary: Mapping[str, Any]) -> str:
    """Whether something was missing more often before conflicts than elsewhere, by site.

    Accepts records, `[{"site": ..., ...}]`, or a table by site, `{site: {name: value}}`.
    """
    found = summary.get("audit")
    if not found:
        return ""
    note = (
        '<p class="quiet">Where a flag is set much oftener in positive rows of one site than in '
        "the rest, a detector can score by the flag alone and not by what it saw.</p>"
    )
    return note + _records(_as_records(found))


def _as_records(found: object) -> list[dict[str, Any]]:
    if isinstance(found, Mapping):
        return [
            {"": name, **(inner if isinstance(inner, Mapping) else {"value": inner})}
            for name, inner in found.items()
        ]
    if isinstance(found, Sequence) and not isinstance(found, str):
        return [dict(row) for row in found if isinstance(row, Mapping)]
    return [{"": str(found)}]


def _records(records: Sequence[Mapping[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for record in records for name in record))
    texts = [c for c in columns if any(isinstance(r.get(c), str) for r in records)]
    ordered = texts + [c for c in columns if c not in texts]
    rows = [[_value(record.get(c)) for c in ordered] for record in records]
    return table([_spaced(c) for c in ordered], rows, text_columns=len(texts))


def _value(value: object) -> str:
    if value is None:
        return units.NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return units.number(value)
    if isinstance(value, float):
        return units.number(value, 3)
    return escape(str(value))


def settings(summary: Mapping[str, Any]) -> str:
    """The resolved configuration, folded away."""
    found = summary.get("settings")
    if not found:
        return ""
    text = found if isinstance(found, str) else json.dumps(found, indent=2, default=str)
    return f"<details><summary>What was run</summary><pre>{escape(text)}</pre></details>"

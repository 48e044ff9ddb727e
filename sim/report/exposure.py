"""What numbers rest on: recordings, hours, conflicts, and the units that a resample draws."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.report import units
from sim.studies.data import MIN_SITE_EVENTS

UNITS = {
    "recording": ("recording", "recordings"),
    "ego": ("ego", "egos"),
    "block": ("block of driving", "blocks of driving"),
    "mixed": ("recording or ego", "recordings or egos"),
}
"""What the bootstrap draws again, one and many, by its name in the summary."""


@dataclass(frozen=True)
class Exposure:
    """What a number rests on; NaN where unknown.

    Attributes:
        recordings: Number of them.
        hours: Ego-hours: of each road user that took its turn as the ego.
        effective_hours: The same at the weight of independent hours.
        events: Conflicts that can be caught.
        unit: What the bootstrap draws again: recording, ego, block or mixed.
        units: How many of them.
        units_with_events: Effective number of those that hold conflicts.
        kinds: Conflicts by kind of danger.
        averaged: Whether a site counts in the pool of its regime.
    """

    recordings: float = math.nan
    hours: float = math.nan
    effective_hours: float = math.nan
    events: float = math.nan
    unit: str = ""
    units: float = math.nan
    units_with_events: float = math.nan
    kinds: Mapping[str, int] = field(default_factory=dict)
    averaged: bool = True


UNKNOWN = Exposure()


def exposure_of(entry: Mapping[str, Any]) -> Exposure:
    """Read from an entry of the summary's logs."""
    counts = ("recordings", "hours", "effective_hours", "events", "units", "units_with_events")
    return Exposure(
        **{name: number(entry.get(name)) for name in counts},
        unit=str(entry.get("unit") or ""),
        kinds=dict(entry.get("kinds") or {}),
        averaged=bool(entry.get("averaged", True)),
    )


def number(value: object) -> float:
    """A number of the summary; NaN for null."""
    return float(value) if isinstance(value, int | float) else math.nan


def conflicts(seen: Exposure) -> str:
    """Conflicts and the units that hold them, as they stand beside a number.

    >>> conflicts(Exposure(events=88, unit="ego", units_with_events=61.3))
    '88 conflicts (in 61 effective egos)'
    >>> conflicts(Exposure(events=4))
    'only 4 conflicts'
    """
    held, few = holders(seen), "only " if is_few(seen) else ""
    return few + units.count(seen.events, "conflict") + (f" ({held})" if held else "")


def is_few(seen: Exposure) -> bool:
    """Whether there are too few conflicts to claim anything."""
    return seen.events < MIN_SITE_EVENTS


def holders(seen: Exposure) -> str:
    """The effective number of units that hold the conflicts; empty where unknown.

    >>> holders(Exposure(unit="recording", units_with_events=1.2))
    'in 1 effective recording'
    """
    if not math.isfinite(seen.units_with_events) or not seen.unit:
        return ""
    count = round(seen.units_with_events)
    one, many = UNITS.get(seen.unit, (seen.unit, seen.unit))
    return f"in {units.number(count)} effective {one if count == 1 else many}"

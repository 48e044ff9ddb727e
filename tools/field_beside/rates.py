"""Conflicts an hour by kind, beside those of the 100-Car naturalistic driving study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from sim.features import LabelSettings, find_conflicts
from sim.features.category import CATEGORIES
from sim.features.foreseen import of_egos
from sim.features.parts import ego_rows
from sim.world.log import LOG_STEP_S, Log
from sim.world.rows import Rows

NEAR_CRASH_MPS2 = 4.9
"""A conflict that requires this deceleration is counted as a near-crash: half of g, from which on
the 100-Car study's triggers looked at an event (Dingus et al., DOT HS 810 593, 2006)."""
HUNDRED_CAR_HOURS = 43_000.0
HUNDRED_CAR: Mapping[str, tuple[int, int]] = {
    "lead": (15, 376),
    "cut_in": (1, 124),
    "crossing": (2, 114),
    "pedestrian": (0, 5),
    "cyclist": (0, 1),
    "object": (13, 10),
}
"""Crashes and near-crashes by kind (metadata of the study, CC0): lead vehicle; adjacent lane and
merging; turning, through an intersection and oncoming; pedestrian; pedalcyclist; objects and
parked vehicles. 166 events of a single vehicle, with the vehicle behind, with animals and of
unknown kind have no counterpart here."""


@dataclass(frozen=True)
class Rates:
    """Counts by kind over some vehicle-hours.

    Attributes:
        hours: Vehicle-hours.
        conflicts, near_crashes, crashes: Counts by category.
    """

    hours: float
    conflicts: Mapping[str, int]
    near_crashes: Mapping[str, int]
    crashes: Mapping[str, int]


def rates(logs: Iterable[Log]) -> Rates:
    """Count the conflicts of all vehicles that drive."""
    hours = 0.0
    parts = []
    for log in logs:
        rows = Rows.of(log)
        own = ego_rows(rows, "all")
        hours += len(own) * LOG_STEP_S / 3600.0
        events = find_conflicts(rows, LabelSettings(form="either"))
        parts.append(events[of_egos(events, rows, own)])
    events = pd.concat(parts)
    crash = events["severity"] == "crash"
    near = (events["drac_mps2"] >= NEAR_CRASH_MPS2) & ~crash
    return Rates(hours, *(_by_kind(events[some]) for some in (crash | True, near, crash)))


def _by_kind(events: pd.DataFrame) -> dict[str, int]:
    counts = events["category"].value_counts()
    return {kind: int(counts.get(kind, 0)) for kind in CATEGORIES}

"""What is measured of any log: how it is driven, how close it gets, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.features import LabelSettings, find_conflicts
from sim.features.lead import leads
from sim.features.parts import ego_rows
from sim.features.smooth import smooth_along_tracks
from sim.world.log import LOG_STEP_S, Log
from sim.world.rows import Rows

Floats = NDArray[np.float64]

HALF = 5
"""Frames to either side over which speeds are smoothed, as for labels."""
STANDS_MPS = 0.5
FOLLOWS_MPS = 3.0
PET_MAX_S = 3.0
QUANTITIES: Mapping[str, str] = {
    "speed": "speed of those who move [m/s]",
    "time_gap": "time gap to the lead above 3 m/s [s]",
    "acceleration": "acceleration of those who move [m/s²]",
    "braking": "hardest braking of a vehicle in 10 s [m/s²]",
    "ttc": "least time to collision to a lead in 10 s, where under 8 s [s]",
    "pet": "post-encroachment time of those who cross, under 3 s [s]",
    "standing_gap": "gap to the lead where both stand [m]",
    "stop": "length of a stop [s]",
}
"""What each is, by name."""


@dataclass(frozen=True)
class Site:
    """What was measured at one site.

    Attributes:
        values: By quantity.
        hours: Vehicle-hours.
        standing: Share of the time that vehicles stand.
    """

    values: Mapping[str, Floats]
    hours: float
    standing: float


def measure(logs: Iterable[Log]) -> Site:
    """Everything of one site's logs; parked vehicles do not count."""
    parts: dict[str, list[Floats]] = {name: [] for name in QUANTITIES}
    rows_seen = standing = 0
    for log in logs:
        found, n, still = _of_log(log)
        for name, values in found.items():
            parts[name].append(values)
        rows_seen, standing = rows_seen + n, standing + still
    values = {k: np.concatenate(v) if v else np.empty(0) for k, v in parts.items()}
    return Site(values, rows_seen * LOG_STEP_S / 3600.0, standing / max(rows_seen, 1))


def _of_log(log: Log) -> tuple[dict[str, Floats], int, int]:
    rows = Rows.of(log)
    own = ego_rows(rows, "all")
    speed = smooth_along_tracks(rows.speed, rows.before, rows.after, HALF)
    accel = _acceleration(speed, rows)
    label = LabelSettings(form="crossing", pet_s=PET_MAX_S)
    lead, gap = leads(rows, label)
    ahead = np.where(lead >= 0, speed[lead], np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        ttc = np.where(speed > ahead, gap / (speed - ahead), np.inf)
    moving = own[speed[own] > STANDS_MPS]
    follows = own[(speed[own] > FOLLOWS_MPS) & (gap[own] > 0.0)]
    both = own[(speed[own] < STANDS_MPS) & (ahead[own] < STANDS_MPS)]
    ttc[~(gap > 0.0)] = np.inf
    least = _by_stretch(ttc, own, rows, np.minimum)
    conflicts = find_conflicts(rows, label)
    pet = conflicts["min_pet_s"].to_numpy(float)
    return (
        {
            "speed": speed[moving],
            "time_gap": (gap / np.maximum(speed, 0.1))[follows],
            "acceleration": accel[moving][np.isfinite(accel[moving])],
            "braking": -_by_stretch(np.nan_to_num(accel), own, rows, np.minimum),
            "ttc": least[least < 8.0],
            "pet": pet[np.isfinite(pet)],
            "standing_gap": gap[both][np.isfinite(gap[both])],
            "stop": _stops(speed, own, rows),
        },
        len(own),
        int((speed[own] < STANDS_MPS).sum()),
    )


def _acceleration(speed: Floats, rows: Rows) -> Floats:
    """Central difference over 1 s, NaN near a track's ends."""
    p, q = np.arange(len(speed)), np.arange(len(speed))
    for _ in range(HALF):
        p = np.where(p >= 0, rows.before[p], -1)
        q = np.where(q >= 0, rows.after[q], -1)
    known = (p >= 0) & (q >= 0)
    return np.where(known, (speed[q] - speed[p]) / (2 * HALF * LOG_STEP_S), np.nan)


def _by_stretch(values: Floats, own: NDArray[np.int64], rows: Rows, least: np.ufunc) -> Floats:
    """The least value of each 10 s of each vehicle."""
    stretch = rows.frame[own] // 100
    key = np.stack([rows.episode[own], rows.track[own], stretch])
    begins = np.flatnonzero(np.r_[True, (key[:, 1:] != key[:, :-1]).any(axis=0)])
    return np.asarray(least.reduceat(values[own], begins)) if len(own) else np.empty(0)


def _stops(speed: Floats, own: NDArray[np.int64], rows: Rows) -> Floats:
    """Lengths of the stops that begin and end within a track [s]."""
    still = speed[own] < STANDS_MPS
    same = np.r_[False, rows.before[own[1:]] == own[:-1]]
    begins = still & ~np.r_[False, still[:-1]] & same
    ends = still & ~np.r_[still[1:], False] & np.r_[same[1:], False]
    out, since = [], -1
    for k in np.flatnonzero(begins | ends | ~same):
        if not same[k]:
            since = -1
        if begins[k]:
            since = k
        if ends[k] and since >= 0:
            out.append((k - since + 1) * LOG_STEP_S)
            since = -1
    return np.array(out, dtype=np.float64)

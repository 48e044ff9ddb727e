"""Clips of one map that show the same vehicle moving differently.

A vehicle passes a place once. Where two clips of one map have the same vehicle at the same
place, they must have it at the same speed, whenever each was cut. The clips' origins differ;
the ends of their lanelets give the shift.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.logs.examine import Doubt, Examined, Rows, rows_of
from sim.logs.findings import RECORDING, TRACK, Finding
from sim.world.log import Log

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SPEED_MPS = 2.0
"""Limit for the median difference in speed of a vehicle. In Lankershim none of some 480 vehicles
in two clips differs by more than 1.9, at the median by 0.00; in US-101, between clips that all
brake and their siblings, 102 of 119 differ by more."""
PLACE_M = 0.5
MOVING_MPS = 1.0
"""Where a vehicle stands it has several speeds at one place."""
MIN_ROWS, MIN_VEHICLES, SHARE = 5, 3, 0.5
"""Rows of a vehicle to compare, and vehicles and their share that condemn the whole clip."""
_SAME_M, _MIN_ENDS, _TRIED = 0.1, 4, 64


@dataclass(frozen=True)
class _Clip:
    rows: Rows
    landmarks: Mapping[str, Floats]
    vehicles: Mapping[tuple[int, int], slice]


@dataclass
class Siblings:
    """The clips that were believed so far, by group."""

    clips: dict[str, list[_Clip]] = field(default_factory=dict)


def examine_siblings(
    log: Log, group: str, landmarks: Mapping[str, Floats], siblings: Siblings
) -> Examined:
    """Compare a clip with those of its map that were believed before; the later one is doubted.

    Args:
        log: One clip.
        group: Site and map number.
        landmarks: Of each lanelet, (4, 2) ends of its bounds in the clip's coordinates [m].
        siblings: The clips so far; not changed.
    """
    gone = np.zeros(len(log.tracks), dtype=bool)
    found = []
    clip = _clip(log, landmarks)
    for earlier in siblings.clips.get(group, ()):
        for finding, out in _contradictions(clip, earlier):
            if not gone[out].all():
                found.append(finding)
                gone[out] = True
    return Examined(tuple(found), gone)


def believe(log: Log, group: str, landmarks: Mapping[str, Floats], siblings: Siblings) -> None:
    """Add a clip to those that later ones are compared with."""
    if landmarks and len(log.tracks):
        siblings.clips.setdefault(group, []).append(_clip(log, landmarks))


def shift(landmarks: Mapping[str, Floats], others: Mapping[str, Floats]) -> Floats | None:
    """(2,) from one clip's coordinates to another's [m]; None where their maps do not tell.

    The commonest difference of the ends of equal lanelets: a map that is cut elsewhere has
    other ends at its border only.
    """
    shared = [name for name in landmarks if name in others]
    if not shared:
        return None
    apart = np.concatenate([others[name] - landmarks[name] for name in shared])
    tried = apart[:: max(1, len(apart) // _TRIED)]
    same = np.abs(tried[:, None] - apart[None]).max(axis=2) < _SAME_M
    best = int(np.argmax(same.sum(axis=1)))
    if same[best].sum() < _MIN_ENDS:
        return None
    return np.asarray(np.median(apart[same[best]], axis=0), dtype=np.float64)


def _clip(log: Log, landmarks: Mapping[str, Floats]) -> _Clip:
    rows = rows_of(log)
    length = np.round(log.tracks["length_m"].to_numpy()[rows.row] * 1e3).astype(np.int64)
    vehicles = {
        (int(rows.track[a]), int(length[a])): slice(int(a), int(b))
        for a, b in zip(rows.first, rows.end)
    }
    return _Clip(rows, landmarks, vehicles)


def _contradictions(clip: _Clip, earlier: _Clip) -> list[Doubt]:
    offset = shift(clip.landmarks, earlier.landmarks)
    if offset is None:
        return []
    apart = {
        name: found
        for name in clip.vehicles
        if name in earlier.vehicles and (found := _apart(clip, earlier, name, offset)) is not None
    }
    bad = {name: value for name, value in apart.items() if value > SPEED_MPS}
    if len(bad) >= MIN_VEHICLES and len(bad) >= SHARE * len(apart):
        return [_whole(clip, earlier, list(apart.values()), len(bad))]
    return [_track(clip, earlier, clip.vehicles[name], value) for name, value in bad.items()]


def _apart(clip: _Clip, earlier: _Clip, name: tuple[int, int], offset: Floats) -> float | None:
    """Median difference in speed of a vehicle at the same places; None where too few are."""
    mine, theirs = clip.vehicles[name], earlier.vehicles[name]
    dx = clip.rows.x[mine, None] + offset[0] - earlier.rows.x[None, theirs]
    dy = clip.rows.y[mine, None] + offset[1] - earlier.rows.y[None, theirs]
    far = np.hypot(dx, dy)
    nearest = far.argmin(axis=1)
    speed, other = clip.rows.speed[mine], earlier.rows.speed[theirs][nearest]
    at = (far.min(axis=1) < PLACE_M) & (np.maximum(speed, other) > MOVING_MPS)
    return float(np.median(np.abs(speed - other)[at])) if at.sum() >= MIN_ROWS else None


def _whole(clip: _Clip, earlier: _Clip, apart: list[float], bad: int) -> Doubt:
    rows = clip.rows
    value = float(np.median(apart))
    reason = (
        f"{bad} of {len(apart)} vehicles that {earlier.rows.recording} shows at the same places "
        f"have another speed there, by {value:.1f} m/s at the median"
    )
    finding = Finding(
        recording=rows.recording,
        check="siblings",
        value=value,
        limit=SPEED_MPS,
        reason=reason,
        covers=RECORDING,
        rows=len(rows.row),
    )
    return finding, rows.row


def _track(clip: _Clip, earlier: _Clip, at: slice, value: float) -> Doubt:
    rows = clip.rows
    reason = (
        f"track {rows.track[at.start]} has another speed at the same places than in "
        f"{earlier.rows.recording}, by {value:.1f} m/s at the median"
    )
    finding = Finding(
        recording=rows.recording,
        check="siblings",
        value=value,
        limit=SPEED_MPS,
        reason=reason,
        covers=TRACK,
        rows=at.stop - at.start,
        track=int(rows.track[at.start]),
    )
    return finding, rows.row[at]

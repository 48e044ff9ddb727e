"""Traffic that an earlier clip of the same site has shown already.

Clips cut from one long recording can overlap in time. Each has an origin and a clock of its
own, so repeated rows are found by the vehicles' numbers, lengths and speeds, and confirmed by
their places up to one shift of the whole clip.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.world.log import Log

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MIN_VOTES = 5
"""Rows that must agree on the shift in time; each carries three equal, varying speeds."""
MOVING_MPS = 1.0
"""Slower rows do not vote: creeping NGSIM vehicles repeat their few speeds by chance, which
made 4,488 rows of Lankershim look repeated."""
MIN_AGREEMENT = 0.8
"""Share of the moving rows at the same moment that must have the same speed."""
SPEED_TOLERANCE_MPS = 0.01
PLACE_TOLERANCE_M = 0.1
_SPAN = 1 << 32


@dataclass(frozen=True)
class _Clip:
    """R rows of a clip, sorted by vehicle and frame.

    Attributes:
        vehicle: (R,) number and length in one key.
        frame: (R,).
        speed: (R,) [m/s].
        place: (R, 2) [m].
        row: (R,) row in the log.
        trace: (R,) key of the vehicle and its speeds at this and the two frames before,
            -1 where they do not vary, are slow or not known.
    """

    vehicle: Ints
    frame: Ints
    speed: Floats
    place: Floats
    row: Ints
    trace: Ints


@dataclass
class Seen:
    """The clips of one site so far."""

    clips: list[_Clip] = field(default_factory=list)


def repeated(log: Log, seen: Seen) -> NDArray[np.bool_]:
    """(R,) rows of a clip's log that clips in `seen` have shown; then `seen` holds it too."""
    clip = _clip(log)
    gone = np.zeros(len(clip.row), dtype=bool)
    for earlier in seen.clips:
        if np.isin(clip.vehicle, earlier.vehicle).any():
            gone[clip.row[_repeats(clip, earlier)]] = True
    seen.clips.append(clip)
    return gone


def _clip(log: Log) -> _Clip:
    tracks = log.tracks
    row = np.lexsort((tracks["frame"], tracks["track_id"]))
    length_mm = np.round(tracks["length_m"].to_numpy()[row] * 1e3).astype(np.int64)
    vehicle = tracks["track_id"].to_numpy()[row] * 1_000_003 + length_mm
    frame = tracks["frame"].to_numpy(dtype=np.int64)[row]
    speed = tracks["speed_mps"].to_numpy()[row]
    place = tracks[["x_m", "y_m"]].to_numpy()[row]
    return _Clip(vehicle, frame, speed, place, row, _trace(vehicle, frame, speed))


def _trace(vehicle: Ints, frame: Ints, speed: Floats) -> Ints:
    trace = np.full(len(frame), -1, dtype=np.int64)
    if len(frame) < 3:
        return trace
    v = np.round(speed * 1e3).astype(np.int64)
    joined = (vehicle[2:] == vehicle[:-2]) & (frame[2:] - frame[:-2] == 2)
    varies = ((v[2:] != v[1:-1]) | (v[1:-1] != v[:-2])) & (speed[2:] > MOVING_MPS)
    key = vehicle.astype(np.uint64)[2:]
    with np.errstate(over="ignore"):
        for part in (v[:-2], v[1:-1], v[2:]):
            key = (key ^ part.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(29)
    positive = (key >> np.uint64(1)).astype(np.int64)
    trace[2:] = np.where(joined & varies, positive, -1)
    return trace


def _repeats(clip: _Clip, earlier: _Clip) -> NDArray[np.int64]:
    """Indices into the clip's arrays of rows that the earlier clip has."""
    _, a, b = np.intersect1d(clip.trace, earlier.trace, return_indices=True)
    known = clip.trace[a] >= 0
    a, b = a[known], b[known]
    shifts, votes = np.unique(clip.frame[a] - earlier.frame[b], return_counts=True)
    found = [_aligned(clip, earlier, int(shift)) for shift in shifts[votes >= MIN_VOTES]]
    return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)


def _aligned(clip: _Clip, earlier: _Clip, shift: int) -> NDArray[np.int64]:
    """Indices of rows at the same place and speed once clocks and origins are aligned."""
    mine = clip.vehicle * _SPAN + clip.frame - shift
    theirs = earlier.vehicle * _SPAN + earlier.frame
    _, a, b = np.intersect1d(mine, theirs, return_indices=True)
    same = np.abs(clip.speed[a] - earlier.speed[b]) < SPEED_TOLERANCE_MPS
    moving = clip.speed[a] > MOVING_MPS
    if (same & moving).sum() < max(MIN_VOTES, MIN_AGREEMENT * moving.sum()):
        return np.empty(0, dtype=np.int64)
    offset = clip.place[a] - earlier.place[b]
    near = np.abs(offset - np.median(offset[same], axis=0)).max(axis=1) < PLACE_TOLERANCE_M
    rows: Ints = a[same & near].astype(np.int64)
    return rows

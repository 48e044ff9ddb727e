"""Which rows are egos, which have features, and in which parts they are sensed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.base.jit import njit
from sim.base.rng import mix, purpose, uniform
from sim.features.settings import WindowSettings
from sim.sensing import Sensors, ego_order
from sim.world.kinds import Kind
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

Egos = Literal["all", "first"]
PART = 20_000
"""Ego rows that are sensed at once: some 10 MB."""


def stride_frames(stride_s: float) -> int:
    """A stride in frames of a Log; it must be a whole number of them."""
    frames = round(stride_s / LOG_STEP_S)
    if frames < 1 or abs(frames * LOG_STEP_S - stride_s) > 1e-6:
        raise expected("stride_s", "a multiple of 0.1 s", stride_s)
    return frames


PARKED_S = 60.0
"""A vehicle that stands for all of a track of this length or longer is parked [s]."""
MOVES_MPS = 0.5
"""It moves when it is faster than this at some time [m/s]: boxes in recordings wander."""


def ego_rows(rows: Rows, egos: Egos) -> Ints:
    """Rows that may be an ego, sorted by episode, track and frame: vehicles, all or the first.

    Parked vehicles are no egos: hours of them would thin out every rate.
    """
    order = ego_order(rows)
    kind = rows.kind[order]
    order = order[(kind != Kind.PEDESTRIAN) & (kind != Kind.OBJECT)]
    order = order[~_parked(rows, order)]
    if egos == "first":
        episode, track = rows.episode[order], rows.track[order]
        first = np.full(int(rows.episode.max(initial=0)) + 1, np.iinfo(np.int64).max)
        np.minimum.at(first, episode, track)
        order = order[track == first[episode]]
    return np.asarray(order, dtype=np.int64)


def _parked(rows: Rows, order: Ints) -> Bools:
    """Whether each row, sorted by episode and track, is of a parked vehicle, (R,)."""
    if len(order) == 0:
        return np.zeros(0, dtype=np.bool_)
    key = np.stack([rows.episode[order], rows.track[order]])
    begins = np.flatnonzero(np.r_[True, (key[:, 1:] != key[:, :-1]).any(axis=0)])
    size = np.diff(np.r_[begins, len(order)])
    fastest = np.maximum.reduceat(np.abs(rows.speed[order]), begins)
    parked = (fastest <= MOVES_MPS) & (size >= round(PARKED_S / LOG_STEP_S))
    return np.repeat(parked, size)


def pieces(rows: Rows, order: Ints, wanted: Bools, depth: int) -> Iterator[tuple[Ints, Ints]]:
    """Parts of the egos: rows to sense, and which of them are wanted.

    Only rows that some wanted row's window needs are sensed: clips end with seconds
    that have no label.
    """
    needed = _needed(rows.before, order, wanted, depth)
    piece, flag = order[needed], wanted[needed]
    begins = np.flatnonzero(rows.before[piece[1:]] != piece[:-1]) + 1
    start = 0
    while start < len(piece):
        later = begins[np.searchsorted(begins, start + PART) :]
        stop = int(later[0]) if len(later) else len(piece)
        yield piece[start:stop], np.flatnonzero(flag[start:stop])
        start = stop


@njit
def _needed(before: Ints, order: Ints, wanted: Bools, depth: int) -> Bools:
    out = np.zeros(len(order), np.bool_)
    left = 0
    for i in range(len(order) - 1, -1, -1):
        if i + 1 < len(order) and before[order[i + 1]] != order[i]:
            left = 0
        if wanted[i]:
            left = depth + 1
        out[i] = left > 0
        left -= 1
    return out


@njit
def past_frames(before: Ints) -> Ints:
    """Frames (R,) of the same unbroken track before each row."""
    out = np.zeros(len(before), np.int64)
    for i in range(len(before)):
        if before[i] >= 0:
            out[i] = out[before[i]] + 1
    return out


def cuts(rows: Rows, at: Ints, sensors: Sensors, window: WindowSettings) -> Ints:
    """Frames of past that each row may use at most, cut at random for some."""
    return _random_cuts(
        sensors.episode_key[rows.episode[at]],
        rows.track[at],
        rows.frame[at],
        np.uint64(purpose("window")),
        window.cut_share,
        round(window.cut_to_s / LOG_STEP_S),
        round(window.window_s / LOG_STEP_S),
    )


@njit
def _random_cuts(
    key: NDArray[np.uint64],
    track: Ints,
    frame: Ints,
    aim: np.uint64,
    share: float,
    low: int,
    high: int,
) -> Ints:
    out = np.full(len(key), high, np.int64)
    for i in range(len(key)):
        k = mix(mix(mix(key[i], aim), np.uint64(track[i])), np.uint64(frame[i]))
        if uniform(k, np.uint64(0)) < share:
            out[i] = low + int((high - low) * uniform(k, np.uint64(1)))
    return out

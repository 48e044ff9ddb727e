"""Overlaps of vehicles in a recording: crashes, which stay, and faults, which are left out.

One of a pair at least is a vehicle. People and cyclists among themselves are not looked at: in a
crowd their boxes of nominal size overlap all the time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.overlap import TOUCH_M, Boxes, overlaps, separation
from sim.world.kinds import Kind
from sim.world.log import LOG_STEP_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

VEHICLES = tuple(kind.name.lower() for kind in (Kind.CAR, Kind.TRUCK, Kind.MOTORCYCLE))
_WINDOW = 3
"""Frames over which the closing speed is measured: over one frame, 0.2 m of noise is 2 m/s."""


@dataclass(frozen=True)
class CrashRule:
    """What makes an overlap a crash; anything else is a fault of the recording.

    Known faults of NGSIM US-101 and Lankershim, 15 pairs: wide boxes side by side, which
    close in at up to 2.4 m/s but strike over at most 0.45 m of their width, and positions that
    drift into one another where traffic stands, at 1.9 m/s against stated 1.7 m/s and 0.01 m
    deep.

    Attributes:
        apart_frames: Frames just before the overlap in which both are seen, apart.
        closing_mps: Least closing speed of the boxes over 0.3 s in that time, and least
            relative speed stated there [m/s].
        struck_m, struck_share: Least width of the overlap across the direction of approach [m],
            and the share of the narrower road user's extent that is enough.
        depth_m: Least depth that the overlap reaches [m].
        excess_mps: Most by which positions may close in faster than the speeds say [m/s]:
            a box that jumps is no crash.
        fault_pairs, fault_share: With at least so many faulty pairs, of more road users than
            this share of the vehicles, the boxes of a recording are not good enough to tell a
            crash. In SDD, where sizes are nominal and one scale holds for a whole picture, 15
            passings would be crashes otherwise, at up to 11 m/s; in their 5 recordings 7 to 26
            road users, beside 4 to 27 vehicles, are in faulty pairs.
    """

    apart_frames: int = 5
    closing_mps: float = 2.0
    struck_m: float = 0.7
    struck_share: float = 0.5
    depth_m: float = 0.05
    excess_mps: float = 3.0
    fault_pairs: int = 5
    fault_share: float = 0.1


RULE = CrashRule()


@dataclass(frozen=True)
class Contacts:
    """Rows of road users in an overlap with, or as, a vehicle.

    Attributes:
        crashed: (R,) in a crash.
        faulty: (R,) in an overlap that is a fault; no row is both.
    """

    crashed: Bools
    faulty: Bools


@dataclass(frozen=True)
class _Pair:
    """Two road users in the C frames that show both.

    Attributes:
        a, b: (C,) their rows.
        frame: (C,).
        apart: (C,) separation [m], negative in overlap.
        x, y: (C,) from a to b [m].
        speed: (C,) their relative speed, as stated [m/s].
        boxes: Of all rows.
    """

    a: Ints
    b: Ints
    frame: Ints
    apart: Floats
    x: Floats
    y: Floats
    speed: Floats
    boxes: Boxes


def contacts(table: pd.DataFrame, rule: CrashRule = RULE) -> Contacts:
    """Tell crashes from faults among the overlaps of a recording's vehicles.

    Args:
        table: Columns as in a Log's tracks, sorted by track and frame, no row twice.
        rule: Limits.
    """
    crashed, faulty = np.zeros(len(table), dtype=bool), np.zeros(len(table), dtype=bool)
    vehicle = table["kind"].isin(VEHICLES).to_numpy()
    boxes, frame = Boxes.of(table), table["frame"].to_numpy(dtype=np.int64)
    first, second = overlaps(frame, boxes)
    either = vehicle[first] | vehicle[second]
    first, second = first[either], second[either]
    track = table["track_id"].to_numpy()
    names = np.unique(np.sort(np.stack([track[first], track[second]], axis=1)), axis=0)
    bad: set[int] = set()
    faults = 0
    for one, other in names:
        pair = _pair(table, frame, boxes, _rows(track, one), _rows(track, other))
        hit = pair.apart < -TOUCH_M
        crash = hit & _crash(pair, hit, rule)
        fault = hit & ~crash
        for rows in (pair.a, pair.b):
            crashed[rows[crash]] = True
            faulty[rows[fault]] = True
        if fault.any() and not crash.any():
            bad |= {int(one), int(other)}
            faults += 1
    vehicles = len(np.unique(track[vehicle]))
    if faults >= rule.fault_pairs and len(bad) > rule.fault_share * vehicles:
        return Contacts(np.zeros_like(crashed), faulty | crashed)
    return Contacts(crashed & ~faulty, faulty)


def _rows(track: Ints, name: int) -> Ints:
    return np.arange(
        np.searchsorted(track, name, side="left"), np.searchsorted(track, name, side="right")
    )


def _pair(table: pd.DataFrame, frame: Ints, boxes: Boxes, a: Ints, b: Ints) -> _Pair:
    common, in_a, in_b = np.intersect1d(frame[a], frame[b], return_indices=True)
    a, b = a[in_a], b[in_b]
    v = table["speed_mps"].to_numpy(dtype=float)
    vx, vy = v * np.cos(boxes.yaw), v * np.sin(boxes.yaw)
    return _Pair(
        a=a,
        b=b,
        frame=common,
        apart=separation(boxes[a], boxes[b]),
        x=boxes.x[b] - boxes.x[a],
        y=boxes.y[b] - boxes.y[a],
        speed=np.hypot(vx[b] - vx[a], vy[b] - vy[a]),
        boxes=boxes,
    )


def _crash(pair: _Pair, hit: Bools, rule: CrashRule) -> Bools:
    """(C,) frames from the first crash of a pair on."""
    out = np.zeros(len(hit), dtype=bool)
    begins = np.flatnonzero(hit & ~np.concatenate([[False], hit[:-1]]))
    for begin in begins:
        if _closes_in(pair, int(begin), rule):
            out[begin:] = True
            break
    return out


def _closes_in(pair: _Pair, begin: int, rule: CrashRule) -> bool:
    """Whether the overlap that begins at `begin` is one that vehicles drove into."""
    start = begin - rule.apart_frames
    if start < 0 or pair.frame[begin] - pair.frame[start] != rule.apart_frames:
        return False
    if (pair.apart[start:begin] < -TOUCH_M).any():
        return False
    ends = np.arange(start + _WINDOW, begin + 1)
    closing = (pair.apart[ends - _WINDOW] - pair.apart[ends]) / (_WINDOW * LOG_STEP_S)
    best = int(np.argmax(closing))
    stated = float(pair.speed[start:begin].max())
    if min(float(closing[best]), stated) < rule.closing_mps:
        return False
    if closing[best] > stated + rule.excess_mps or pair.apart[begin:].min() > -rule.depth_m:
        return False
    width, narrower = _struck_width(pair, begin, int(ends[best]))
    return width >= min(rule.struck_m, rule.struck_share * narrower)


def _struck_width(pair: _Pair, begin: int, end: int) -> tuple[float, float]:
    """Overlap across the direction of approach over the frames before `end`.

    Returns:
        Its width, and the extent in that direction of the narrower of the two [m].
    """
    dx = pair.x[end] - pair.x[end - _WINDOW]
    dy = pair.y[end] - pair.y[end - _WINDOW]
    across = np.array([np.arctan2(dy, dx) + np.pi / 2])
    offset = abs(pair.x[begin] * np.cos(across[0]) + pair.y[begin] * np.sin(across[0]))
    one, other = (float(pair.boxes[rows[[begin]]].reach(across)[0]) for rows in (pair.a, pair.b))
    return one + other - offset, 2.0 * min(one, other)

"""Features of ego rows from what was sensed up to then: one kernel over the windows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.features.estimate import gap_now, limited, mean, now, slope
from sim.features.physics import (
    inverse_mttc,
    inverse_ttc,
    required_deceleration,
    sensed_drac,
)
from sim.features.schema import COLUMNS, INDEX
from sim.features.targets import (
    ADJACENT_M,
    LEAD,
    LEFT,
    MOST,
    OWN_M,
    RIGHT,
    SECOND,
    history,
    nearest_own,
    present,
    roles,
)
from sim.sensing.observe import Observation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Matrix = NDArray[np.float32]

HALF_S = 5
"""Frames in the shorter window of 0.5 s, over which changes are stated."""
ACCEL_MAX_MPS2 = 12.0
"""No road vehicle accelerates or brakes harder; slopes beyond are a jump of the track."""
LATERAL_MAX_MPS = 5.0
"""The same for lateral speeds within a lane's reach."""
SECTOR_EDGES_RAD = np.array([-0.8, -0.2, 0.2, 0.8])
"""Borders of the lidar's sectors, right to left [rad]."""

_WIDTH = len(COLUMNS)
_EGO = INDEX["ego_speed_mps"]
_LEAD_AT, _SECOND_AT = INDEX["lead_gap_m"], INDEX["second_gap_m"]
_LEAD_MORE, _SECOND_MORE = INDEX["lead_inverse_mttc_per_s"], INDEX["second_space_m"]
_LEFT_AT, _RIGHT_AT = INDEX["left_gap_m"], INDEX["right_gap_m"]
_CUT_IN = INDEX["cut_in_inverse_ttc_per_s"]
_LIDAR, _COUNTS = INDEX["lidar_right_m"], INDEX["ahead_count"]
_TRAFFIC, _MISSING = INDEX["traffic_speed_mps"], INDEX["lead_missing"]


class Senses(NamedTuple):
    """The part of an `Observation` that kernels read."""

    speed: Floats
    accel: Floats
    yaw_rate: Floats
    clearance: Floats
    sector: Ints
    start: Ints
    track: Ints
    reach: Floats
    rate: Floats
    bearing: Floats
    lateral: Floats


class Memory(NamedTuple):
    """Scratch of one window, newest first: objects now, and histories of four of them."""

    who: Ints
    state: Floats
    chosen: Ints
    gap: Floats
    closing: Floats
    offset: Floats
    speed: Floats
    work: Floats


def compute(seen: Observation, at: Ints, past: Ints) -> Matrix:
    """Features (n, d) of observation rows `at` (n,), each from its last `past` (n,) frames.

    Only detections are read: neither misses nor the truth behind a detection.
    """
    if seen.reason.any():
        raise ValueError("features see detections only: observe with keep_missed=False")
    senses = Senses(
        speed=seen.speed,
        accel=seen.accel,
        yaw_rate=seen.yaw_rate,
        clearance=seen.clearance,
        sector=np.searchsorted(SECTOR_EDGES_RAD, seen.angle),
        start=seen.start,
        track=seen.track,
        reach=seen.range,
        rate=seen.range_rate,
        bearing=seen.bearing,
        lateral=seen.lateral,
    )
    return _compute(senses, at, np.minimum(past, seen.past[at]))


@njit
def _compute(s: Senses, at: Ints, past: Ints) -> Matrix:
    out = np.full((len(at), _WIDTH), np.nan, np.float32)
    size = 1
    for i in range(len(at)):
        size = max(size, past[i] + 1)
    memory = Memory(
        np.empty(MOST, np.int64),
        np.empty((MOST, 3)),
        np.empty(4, np.int64),
        np.empty((4, size)),
        np.empty((4, size)),
        np.empty((4, size)),
        np.empty((4, size)),
        np.empty(size),
    )
    for i in range(len(at)):
        e, p = at[i], past[i]
        _ego(s, e, p, out[i], memory.work)
        n = present(
            e, p, s.start, s.track, s.reach, s.rate, s.bearing, s.lateral, memory.who, memory.state
        )
        roles(n, memory.state, s.speed[e], memory.chosen)
        _remember(s, e, p, memory)
        _lead(s, e, p, memory, out[i])
        _second(s, e, p, memory, out[i])
        _adjacent(s, e, p, memory, out[i])
        _lidar(s, e, p, out[i], memory.work)
        _traffic(s, e, n, memory, out[i])
    return out


@njit
def _ego(s: Senses, e: int, p: int, out: Matrix, work: Floats) -> None:
    for k in range(p + 1):
        work[k] = s.speed[e - k]
    out[_EGO], out[_EGO + 1] = s.speed[e], s.accel[e]
    out[_EGO + 2] = slope(work, min(p, 2 * HALF_S))
    for k in range(p + 1):
        work[k] = s.accel[e - k]
    out[_EGO + 3] = slope(work, min(p, HALF_S))
    for k in range(p + 1):
        work[k] = s.yaw_rate[e - k]
    out[_EGO + 4] = mean(work, min(p, HALF_S))


@njit
def _remember(s: Senses, e: int, p: int, m: Memory) -> None:
    for role in range(4):
        if m.chosen[role] < 0:
            continue
        history(
            e,
            p,
            m.who[m.chosen[role]],
            s.start,
            s.track,
            s.reach,
            s.rate,
            s.bearing,
            s.lateral,
            m.gap[role],
            m.closing[role],
            m.offset[role],
        )
        for k in range(p + 1):
            m.speed[role, k] = s.speed[e - k] - m.closing[role, k]


@njit
def _estimate(m: Memory, role: int, p: int) -> tuple[float, float]:
    """Gap and closing speed now."""
    closing = now(m.closing[role], min(p, HALF_S))
    return gap_now(m.gap[role], closing, min(p, 2)), closing


@njit
def _accel(m: Memory, role: int, p: int) -> float:
    return limited(slope(m.speed[role], p), ACCEL_MAX_MPS2)


@njit
def _inward(m: Memory, role: int, lateral: float, p: int) -> float:
    """Lateral speed towards the ego's axis over 1 s [m/s]."""
    across = slope(m.offset[role], min(p, 2 * HALF_S))
    return limited(-np.sign(lateral) * across, LATERAL_MAX_MPS)


@njit
def _target(m: Memory, role: int, p: int, speed: float, out: Matrix) -> None:
    gap, closing = _estimate(m, role, p)
    out[0], out[1], out[2] = gap, closing, inverse_ttc(gap, closing)
    out[3] = speed - closing
    for window in range(3):
        out[4 + window] = _accel(m, role, min(p, (window + 1) * HALF_S))
    out[7] = slope(m.closing[role], min(p, HALF_S)) * 0.5
    for k in range(p + 1):
        m.work[k] = inverse_ttc(m.gap[role, k], m.closing[role, k])
    out[8] = slope(m.work, min(p, HALF_S)) * 0.5


@njit
def _lead(s: Senses, e: int, p: int, m: Memory, out: Matrix) -> None:
    out[_MISSING] = m.chosen[LEAD] < 0
    if m.chosen[LEAD] < 0:
        return
    _target(m, LEAD, p, s.speed[e], out[_LEAD_AT:])
    gap, closing = out[_LEAD_AT], out[_LEAD_AT + 1]
    accel = out[_LEAD_AT + 5] if not np.isnan(out[_LEAD_AT + 5]) else 0.0
    out[_LEAD_MORE] = inverse_mttc(gap, closing, s.accel[e] - accel)
    out[_LEAD_MORE + 1] = sensed_drac(gap, closing)
    out[_LEAD_MORE + 2] = required_deceleration(gap, closing, accel)
    out[_LEAD_MORE + 3] = inverse_ttc(gap, s.speed[e])
    lateral = m.state[m.chosen[LEAD], 2]
    out[_LEAD_MORE + 4] = abs(lateral)
    out[_LEAD_MORE + 5] = _inward(m, LEAD, lateral, p)
    for k in range(p + 1):
        m.work[k] = sensed_drac(m.gap[LEAD, k], m.closing[LEAD, k])
        if np.isnan(m.gap[LEAD, k]):
            m.work[k] = np.nan
    out[_LEAD_MORE + 6] = slope(m.work, min(p, HALF_S)) * 0.5
    then = nearest_own(e - min(p, HALF_S), s.start, s.track, s.reach, s.lateral)
    out[_LEAD_MORE + 7] = then != m.who[m.chosen[LEAD]]
    out[_SECOND_MORE + 3] = inverse_ttc(gap, closing)


@njit
def _second(s: Senses, e: int, p: int, m: Memory, out: Matrix) -> None:
    out[_MISSING + 1] = m.chosen[SECOND] < 0
    if m.chosen[SECOND] < 0:
        return
    _target(m, SECOND, p, s.speed[e], out[_SECOND_AT:])
    space = out[_SECOND_AT] - out[_LEAD_AT]
    between = out[_LEAD_AT + 3] - out[_SECOND_AT + 3]
    out[_SECOND_MORE], out[_SECOND_MORE + 1] = space, between
    out[_SECOND_MORE + 2] = inverse_ttc(space, between)
    larger = max(out[_LEAD_AT + 1], out[_SECOND_AT + 1])
    out[_SECOND_MORE + 3] = inverse_ttc(out[_LEAD_AT], larger)


@njit
def _adjacent(s: Senses, e: int, p: int, m: Memory, out: Matrix) -> None:
    out[_CUT_IN] = 0.0
    for role in (LEFT, RIGHT):
        out[_MISSING + role] = m.chosen[role] < 0
        if m.chosen[role] < 0:
            continue
        at = _LEFT_AT if role == LEFT else _RIGHT_AT
        gap, closing = _estimate(m, role, p)
        lateral = m.state[m.chosen[role], 2]
        inward = _inward(m, role, lateral, p)
        out[at], out[at + 1], out[at + 2] = gap, closing, inverse_ttc(gap, closing)
        out[at + 3], out[at + 4] = abs(lateral), inward
        out[at + 5] = _accel(m, role, min(p, 2 * HALF_S))
        if inward > 0.3:  # m/s: lanes are changed at 0.5 to 1.5
            out[_CUT_IN] = max(out[_CUT_IN], out[at + 2])


@njit
def _lidar(s: Senses, e: int, p: int, out: Matrix, work: Floats) -> None:
    for sector in range(5):
        for k in range(min(p, HALF_S) + 1):
            work[k] = np.inf
            for b in range(len(s.sector)):
                if s.sector[b] == sector and s.clearance[e - k, b] < work[k]:
                    work[k] = s.clearance[e - k, b]
            if np.isinf(work[k]):
                work[k] = np.nan
        out[_LIDAR + sector] = work[0]
        out[_LIDAR + 5 + sector] = slope(work, min(p, HALF_S)) * 0.5


@njit
def _traffic(s: Senses, e: int, n: int, m: Memory, out: Matrix) -> None:
    out[_COUNTS : _COUNTS + 4] = 0.0
    total, slowest, along = 0.0, np.inf, 0
    for i in range(n):
        offset, closing = m.state[i, 2], m.state[i, 1]
        out[_COUNTS] += 1
        if abs(offset) < OWN_M:
            out[_COUNTS + 1] += 1
        else:
            out[_COUNTS + (2 if offset > 0 else 3)] += 1
        if abs(offset) <= ADJACENT_M and s.speed[e] - closing > -1.0:
            along += 1
            total -= closing
            slowest = min(slowest, -closing)
    if along:
        out[_TRAFFIC], out[_TRAFFIC + 1] = total / along, slowest

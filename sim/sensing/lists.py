"""Object lists as kernels hand them out, and those who came into reach since the scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.sensing.around import Around, look_around, range_of
from sim.sensing.reasons import Reason
from sim.sensing.traffic import Traffic

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Matrix = TypeVar("Matrix", Floats, Ints)

_LATE = int(Reason.LATENCY)

Lists = tuple[Ints, Ints, Floats]
"""start (E + 1,); codes (D, 4): track, kind, reason, row; values (D, 5): range, range rate,
bearing, lateral, angular width."""


@dataclass(frozen=True)
class Detections:
    """The object lists of E ego rows by one sensor, one after the other.

    Attributes:
        start: (E + 1,): detections of row e are start[e]:start[e + 1].
        track, kind, reason, target: (D,) as in `Observation`; the kind is the one that the
            sensor names, for what was missed the true one.
        range, range_rate, bearing, lateral: (D,) [m], [m/s], [rad], [m]; NaN where a sensor
            does not measure it.
        width: (D,) angle that the object takes in the image [rad].
    """

    start: Ints
    track: Ints
    kind: Ints
    reason: Ints
    target: Ints
    range: Floats
    range_rate: Floats
    bearing: Floats
    lateral: Floats
    width: Floats

    @classmethod
    def of(cls, lists: Lists) -> Detections:
        """The columns of what a kernel returned."""
        start, codes, values = lists
        return cls(start, *codes.T, *values.T)


def with_late(
    lists: Lists, ego_row: Ints, then: Traffic, now: Traffic, around: Around, reach: float
) -> Lists:
    """The lists with those who are in reach now and were not when the scan was made."""
    start, codes, values = lists
    more = _late(ego_row, then, now, around, reach)
    extra = np.pad(more[2], ((0, 0), (0, values.shape[1] - 4)), constant_values=np.nan)
    counts = np.bincount(more[0], minlength=len(ego_row))
    added = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return start + added, _merge(start, codes, added, more[1]), _merge(start, values, added, extra)


@njit
def _merge(start: Ints, values: Matrix, added: Ints, extra: Matrix) -> Matrix:
    """Behind the rows of each ego those that are added to them."""
    out = np.empty((len(values) + len(extra), values.shape[1]), values.dtype)
    n = 0
    for e in range(len(start) - 1):
        for i in range(start[e], start[e + 1]):
            out[n] = values[i]
            n += 1
        for i in range(added[e], added[e + 1]):
            out[n] = extra[i]
            n += 1
    return out


@njit
def _late(
    ego_row: Ints, then: Traffic, now: Traffic, around: Around, reach: float
) -> tuple[Ints, Ints, Floats]:
    ego = np.empty(4 * len(ego_row) + 64, np.int64)
    codes, values = np.empty((len(ego), 4), np.int64), np.empty((len(ego), 4))
    n = 0
    for e in range(len(ego_row)):
        r = ego_row[e]
        m = look_around(r, now, reach, False, around)
        if n + m > len(ego):
            ego = np.concatenate((ego, np.empty(m + len(ego), np.int64)))
            codes = np.concatenate((codes, np.empty((m + len(codes), 4), np.int64)))
            values = np.concatenate((values, np.empty((m + len(values), 4))))
        for k in range(m):
            j = around.row[k]
            if then.known[r] and then.known[j] and range_of(r, j, then) <= reach:
                continue
            ego[n] = e
            codes[n, 0], codes[n, 1], codes[n, 2], codes[n, 3] = now.track[j], now.kind[j], _LATE, j
            values[n] = around.geo[k]
            n += 1
    return ego[:n].copy(), codes[:n].copy(), values[:n].copy()

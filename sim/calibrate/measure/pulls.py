"""Stretches of braking and of pulling along a track, whole ones only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.stretches import stretches
from sim.calibrate.view import View

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pulls:
    """K whole stretches in which vehicles kept on braking, or kept on speeding up.

    Attributes:
        row: (K,) where each begins.
        frames: (K,) how long it lasts.
        speed_from, speed_to: (K,) before and after [m/s].
        peak: (K,) largest acceleration either way [m/s²], not negative.
    """

    row: Ints
    frames: Ints
    speed_from: Floats
    speed_to: Floats
    peak: Floats


def pulls(view: View, *, sign: int, above: float, least: int) -> Pulls:
    """Stretches of acceleration of more than `above` [m/s²] times `sign`, `least` frames long.

    Those that begin or end where the track does, or where its acceleration is not known, are
    left out: their peak and their end may not have been seen.
    """
    order = view.order
    rows = view.rows
    accel = sign * rows.accel[order]
    known = np.isfinite(accel)
    joined = np.zeros(len(order), np.bool_)
    joined[1:] = rows.before[order[1:]] == order[:-1]
    with np.errstate(invalid="ignore"):
        holds = (accel > above) & view.vehicle[order]
    begin, end = stretches(holds, joined, least)
    inner = np.flatnonzero((begin > 0) & (end < len(order)))
    begin, end = begin[inner], end[inner]
    whole = joined[begin] & known[begin - 1] & joined[end] & known[end]
    begin, end = begin[whole], end[whole]
    speed = view.speed[order]
    peak = np.array([accel[a:b].max() for a, b in zip(begin, end)])
    return Pulls(order[begin], end - begin, speed[begin], speed[end], peak)

"""Who is who in an object list: the lead, the second leader and the nearest to either side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OWN_M = 1.2
"""Largest lateral offset of a road user in the ego's own lane [m]."""
ADJACENT_M = 5.0
"""Largest lateral offset of one in the lane beside [m]."""
COAST = 2
"""Frames for which an object that is missed is carried on."""
LOST = 3
"""An object's history ends at more missed frames in a row than this."""
MOST = 64
"""Objects that are kept from one list; nearest first, so the rest is far away."""

LEAD, SECOND, LEFT, RIGHT = 0, 1, 2, 3


@njit
def gap_and_closing(reach: float, rate: float, bearing: float) -> tuple[float, float]:
    """Along the ego's axis [m], [m/s], as if all relative motion were along it."""
    c = np.cos(bearing)
    return reach * c, -rate / max(c, 0.5)


@njit
def present(
    e: int,
    past: int,
    start: Ints,
    track: Ints,
    reach: Floats,
    rate: Floats,
    bearing: Floats,
    lateral: Floats,
    who: Ints,
    state: Floats,
) -> int:
    """The objects of ego row e, with those missed for up to `COAST` frames carried on.

    Fills `who` (MOST,) with track ids and `state` (MOST, 3) with gap, closing speed and
    lateral offset, this one averaged over up to three frames; clutter is left out.

    Returns:
        How many.
    """
    n = 0
    seen = np.empty(MOST)
    for k in range(min(past, COAST) + 1):
        for d in range(start[e - k], start[e - k + 1]):
            if track[d] < 0:
                continue
            m = 0
            while m < n and who[m] != track[d]:
                m += 1
            if m < n:
                state[m, 2] += lateral[d]
                seen[m] += 1.0
            elif n < MOST:
                gap, closing = gap_and_closing(reach[d], rate[d], bearing[d])
                who[n], seen[n] = track[d], 1.0
                state[n, 0], state[n, 1] = gap - 0.1 * k * closing, closing
                state[n, 2] = lateral[d]
                n += 1
    for m in range(n):
        state[m, 2] /= seen[m]
    return n


@njit
def roles(n: int, state: Floats, speed: float, chosen: Ints) -> None:
    """Fill `chosen` (4,) with the places of lead, second, left and right; -1 for nobody.

    Oncoming traffic (over 1 m/s against the ego) plays none of these parts.
    """
    chosen[:] = -1
    for m in range(n):
        gap, offset = state[m, 0], state[m, 2]
        if speed - state[m, 1] < -1.0 or abs(offset) > ADJACENT_M:
            continue
        if abs(offset) < OWN_M:
            if chosen[LEAD] < 0 or gap < state[chosen[LEAD], 0]:
                chosen[SECOND], chosen[LEAD] = chosen[LEAD], m
            elif chosen[SECOND] < 0 or gap < state[chosen[SECOND], 0]:
                chosen[SECOND] = m
        else:
            side = LEFT if offset > 0 else RIGHT
            if chosen[side] < 0 or gap < state[chosen[side], 0]:
                chosen[side] = m


@njit
def history(
    e: int,
    past: int,
    who: int,
    start: Ints,
    track: Ints,
    reach: Floats,
    rate: Floats,
    bearing: Floats,
    lateral: Floats,
    gap: Floats,
    closing: Floats,
    offset: Floats,
) -> None:
    """Fill the three with what frames 0..past said of one object; NaN where unseen."""
    gap[:], closing[:], offset[:] = np.nan, np.nan, np.nan
    unseen = 0
    for k in range(past + 1):
        unseen += 1
        for d in range(start[e - k], start[e - k + 1]):
            if track[d] == who:
                gap[k], closing[k] = gap_and_closing(reach[d], rate[d], bearing[d])
                offset[k] = lateral[d]
                unseen = 0
                break
        if unseen > LOST:
            return


@njit
def nearest_own(e: int, start: Ints, track: Ints, reach: Floats, lateral: Floats) -> int:
    """Track of the nearest object in the ego's lane in one scan; -1 for nobody."""
    best, nearest = -1, np.inf
    for d in range(start[e], start[e + 1]):
        if track[d] >= 0 and abs(lateral[d]) < OWN_M and reach[d] < nearest:
            best, nearest = track[d], reach[d]
    return best

"""One turn of a lidar: the nearest of many boxes along each of many beams, without trigonometry.

Beams are sorted by the diamond angle, which grows with the angle but costs one division. A box
covers the beams between its two outermost corners, one run of them, so no other beam is tried.
Along such a run the inverse of the distance to a side is linear in the beam's direction: per
beam and box two products, two sums and two comparisons, which the processor does eight at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Hits = NDArray[np.int32]

TOUCH_M = 1e-9
"""An origin nearer to a box than this counts as inside."""
BINS_PER_BEAM = 8


class Beams(NamedTuple):
    """K directions in the sensor's frame, sorted by diamond angle, with a table to find them.

    Attributes:
        dx, dy: (K,) unit vectors.
        first: (bins + 2,) of each bin of the diamond angle, the first beam not before it.
    """

    dx: Floats
    dy: Floats
    first: Ints


@njit
def diamond(x: float, y: float) -> float:
    """A number in [0, 4] that grows with the angle of (x, y) from 0 to a full turn."""
    share = y / (abs(x) + abs(y))
    turn = 2.0 - share if x < 0.0 else share
    return turn + 4.0 if turn < 0.0 else turn


def beams_of(angle: Floats) -> tuple[Beams, Ints]:
    """Beams of directions (K,) in any order [rad], and that order: where each one was, (K,)."""
    dx, dy = np.cos(angle), np.sin(angle)
    share = dy / (np.abs(dx) + np.abs(dy))
    turn = np.where(dx < 0.0, 2.0 - share, np.where(dy >= 0.0, share, 4.0 + share))
    order = np.argsort(turn, kind="stable")
    bins = BINS_PER_BEAM * len(angle)
    of_beam = (turn[order] * (0.25 * bins)).astype(np.int64)
    first = np.searchsorted(of_beam, np.arange(bins + 2), side="left")
    return Beams(dx[order], dy[order], first.astype(np.int64)), order.astype(np.int64)


@njit
def sweep(
    beams: Beams, box: Floats, reach: float, inverse: Floats, hit: Hits, covered: Hits
) -> None:
    """Fill in what the beams meet first, of boxes in the sensor's own frame.

    From inside a box all beams end at once: `hit` names it and `inverse` is infinite.

    Args:
        beams: The directions.
        box: (B, 6) centre ahead and left [m], cosine and sine of the relative heading, half
            length and half width [m].
        reach: No box beyond it counts [m].
        inverse: (K,) out: 1 / distance, in the beams' order; 1 / reach where free.
        hit: (K,) out: which box, -1 where free.
        covered: (B,) out: how many beams would meet each box if it were alone.
    """
    inverse[:] = 1.0 / reach
    hit[:] = -1
    covered[:] = 0
    inside = False
    for j in range(len(box)):
        x, y, c, s = box[j, 0], box[j, 1], box[j, 2], box[j, 3]
        hl, hw = box[j, 4], box[j, 5]
        size = reach + hl + hw
        if not x * x + y * y <= size * size or c != c:  # also where a NaN says there is no box
            continue
        # the sensor in the box's frame, mirrored so that it looks at the front and left sides
        u, v = -(x * c + y * s), x * s - y * c
        front = 1.0 if u >= 0.0 else -1.0
        left = 1.0 if v >= 0.0 else -1.0
        gap_u, gap_v = abs(u) - hl, abs(v) - hw
        if gap_u <= TOUCH_M and gap_v <= TOUCH_M:
            if not inside:
                inverse[:] = np.inf
                hit[:] = j
            inside = True
            covered[j] = len(hit)
            continue
        fx, fy = front * hl * c, front * hl * s  # centre of the side that faces along, from x, y
        lx, ly = -left * hw * s, left * hw * c
        # outermost corners: the two ends of the one or two sides that face the sensor
        ax, ay, bx, by = x + fx - lx, y + fy - ly, x - fx + lx, y - fy + ly
        gx = gy = hx = hy = np.inf
        if gap_u > TOUCH_M:
            gx, gy = -front * c / gap_u, -front * s / gap_u
        else:
            ax, ay = x + fx + lx, y + fy + ly
        if gap_v > TOUCH_M:
            hx, hy = left * s / gap_v, -left * c / gap_v
        else:
            bx, by = x + fx + lx, y + fy + ly
        if ax * by - ay * bx < 0.0:
            ax, ay, bx, by = bx, by, ax, ay
        if gap_u <= TOUCH_M:
            gx, gy = hx, hy
        elif gap_v <= TOUCH_M:
            hx, hy = gx, gy
        covered[j] = _run(beams, ax, ay, bx, by, gx, gy, hx, hy, j, inverse, hit)


@njit
def _run(
    beams: Beams,
    ax: float,
    ay: float,
    bx: float,
    by: float,
    gx: float,
    gy: float,
    hx: float,
    hy: float,
    j: int,
    inverse: Floats,
    hit: Hits,
) -> int:
    """Beams from corner a, the right one, to corner b; g and h are normals over distances.

    Returns how many they are.
    """
    bins = len(beams.first) - 2
    right, left = diamond(ax, ay), diamond(bx, by)
    start = beams.first[int(right * (0.25 * bins))]
    stop = beams.first[int(left * (0.25 * bins)) + 1]
    count = len(beams.dx)
    turns = right > left
    end = count if turns else stop
    while start < end and ax * beams.dy[start] - ay * beams.dx[start] < 0.0:
        start += 1
    low = 0 if turns else start
    while stop > low and beams.dx[stop - 1] * by - beams.dy[stop - 1] * bx < 0.0:
        stop -= 1
    if turns:
        _nearer(beams, start, count, gx, gy, hx, hy, j, inverse, hit)
        _nearer(beams, 0, stop, gx, gy, hx, hy, j, inverse, hit)
        return int(count - start + stop)
    _nearer(beams, start, stop, gx, gy, hx, hy, j, inverse, hit)
    return int(max(stop - start, 0))


@njit
def _nearer(
    beams: Beams,
    start: int,
    stop: int,
    gx: float,
    gy: float,
    hx: float,
    hy: float,
    j: int,
    inverse: Floats,
    hit: Hits,
) -> None:
    for i in range(np.uint64(start), np.uint64(max(start, stop))):
        g = beams.dx[i] * gx + beams.dy[i] * gy
        h = beams.dx[i] * hx + beams.dy[i] * hy
        entry = g if g < h else h
        nearer = entry > inverse[i]
        inverse[i] = entry if nearer else inverse[i]
        hit[i] = j if nearer else hit[i]

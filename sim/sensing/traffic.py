"""Rows of a Log in the form in which sensor kernels read them, now or some time ago."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Traffic(NamedTuple):
    """Rows of a Log as kernels need them, (R,) each, with the cosine and sine of headings
    and causally filtered speeds; `known` is False where a delayed state is none."""

    episode: Ints
    frame: Ints
    track: Ints
    kind: Ints
    x: Floats
    y: Floats
    cos: Floats
    sin: Floats
    speed: Floats
    length: Floats
    width: Floats
    known: Bools
    slice_of: Ints
    start: Ints


def traffic_of(rows: Rows, speed: Floats) -> Traffic:
    """The rows with other speeds than their own (R,) [m/s]."""
    return Traffic(
        episode=rows.episode,
        frame=rows.frame,
        track=rows.track,
        kind=rows.kind,
        x=rows.x,
        y=rows.y,
        cos=np.cos(rows.yaw),
        sin=np.sin(rows.yaw),
        speed=speed,
        length=rows.length,
        width=rows.width,
        known=np.ones(len(rows), dtype=np.bool_),
        slice_of=rows.slice_of,
        start=rows.start,
    )


def delayed(traffic: Traffic, before: Ints, latency_s: float) -> Traffic:
    """Every road user where it was some time ago, in the rows of now.

    Between two frames positions and speeds are linear in time, and so is the direction of the
    heading. Who was not there yet is not `known`.

    Args:
        traffic: The rows as they are.
        before: (R,) row of the same track one frame earlier, -1 where none.
        latency_s: How long ago [s].
    """
    if latency_s == 0.0:
        return traffic
    frames = latency_s / LOG_STEP_S
    whole = int(frames + 1e-9)
    early, late = _earlier(before, whole)
    rest = max(frames - whole, 0.0)
    if rest < 1e-9:
        early, rest = late, 0.0
    known = early >= 0
    early, late = np.where(known, early, 0), np.where(known, late, 0)

    def between(values: Floats) -> Floats:
        return np.asarray(np.where(known, values[late] * (1 - rest) + values[early] * rest, values))

    cos, sin = between(traffic.cos), between(traffic.sin)
    size = np.maximum(np.hypot(cos, sin), 1e-12)
    return traffic._replace(
        x=between(traffic.x),
        y=between(traffic.y),
        cos=cos / size,
        sin=sin / size,
        speed=between(traffic.speed),
        known=known,
    )


@njit
def _earlier(before: Ints, frames: int) -> tuple[Ints, Ints]:
    """Rows frames + 1 and frames earlier, -1 where none."""
    early, late = np.empty_like(before), np.empty_like(before)
    for i in range(len(before)):
        r = i
        for _ in range(frames):
            if r >= 0:
                r = before[r]
        late[i] = r
        early[i] = before[r] if r >= 0 else -1
    return early, late

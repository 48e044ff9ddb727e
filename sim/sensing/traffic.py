"""Rows of a Log in the form in which sensor kernels read them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Traffic(NamedTuple):
    """Rows of a Log as kernels need them, (R,) each, with the cosine and sine of headings
    and causally filtered speeds."""

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
    slice_of: Ints
    start: Ints


def traffic_of(rows: Rows, speed: Floats) -> Traffic:
    """The rows with other speeds than their own (R,) [m/s]."""
    return Traffic(
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
        slice_of=rows.slice_of,
        start=rows.start,
    )

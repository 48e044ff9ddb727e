"""Strips: what a lane covers of the plane between two places along its course."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from sim.world.road.chain import Path, place

Floats = NDArray[np.float64]
POINTS = 64
"""Places along a strip; over 40 m its edges then leave a circle of 10 m radius by 5 mm."""


@dataclass(frozen=True)
class Strip:
    """A lane of n roads from one place to another, (n,) each.

    Attributes:
        path: (n, P) of its course.
        course: The course's number.
        lane: The lane's number.
        y: The lane's d [m].
        width: [m].
        start: Along the path [m].
        end: The same [m].
    """

    path: Path
    course: int
    lane: int
    y: Floats
    width: Floats
    start: Floats
    end: Floats

    def between(self, start: Floats, end: Floats) -> Strip:
        """The same lane from another place to another."""
        return Strip(self.path, self.course, self.lane, self.y, self.width, start, end)


def polygons(strip: Strip) -> NDArray[np.object_]:
    """(n,) shapely polygons of strips."""
    straight = not strip.path.curvature.any()
    share = np.linspace(0.0, 1.0, 2 if straight else POINTS)
    s = strip.start[:, None] + (strip.end - strip.start)[:, None] * share
    both = []
    for side in (0.5, -0.5):
        d = (strip.y + side * strip.width)[:, None]
        both.append(np.stack(place(strip.path, s, d)[:2], axis=-1))
    made: NDArray[np.object_] = shapely.polygons(np.concatenate([both[0], both[1][:, ::-1]], 1))
    return made

"""Which vehicles of a recording stand in one another, and how far boxes are apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOUCH_M = 1e-9
"""Boxes that only touch do not overlap."""


@dataclass(frozen=True)
class Boxes:
    """Oriented boxes: centre x, y [m], yaw [rad], length, width [m], each (R,)."""

    x: Floats
    y: Floats
    yaw: Floats
    length: Floats
    width: Floats

    @classmethod
    def of(cls, table: pd.DataFrame) -> Boxes:
        """The boxes of a table's rows, columns as in a Log's tracks."""
        names = ("x_m", "y_m", "yaw_rad", "length_m", "width_m")
        return cls(*(table[name].to_numpy(dtype=float) for name in names))

    def __getitem__(self, rows: Ints) -> Boxes:
        return Boxes(
            self.x[rows], self.y[rows], self.yaw[rows], self.length[rows], self.width[rows]
        )

    def reach(self, axis: Floats) -> Floats:
        """Half the extent along a direction [m]; `axis` [rad] is (R,)."""
        along: Floats = np.abs(np.cos(self.yaw - axis)) * self.length / 2.0
        return along + np.abs(np.sin(self.yaw - axis)) * self.width / 2.0


def separation(a: Boxes, b: Boxes) -> Floats:
    """(R,) largest distance along an axis of either box [m]; negative where they overlap.

    By the separating axis theorem; where positive, a lower bound of the distance.
    """
    apart = np.full(len(a.x), -np.inf)
    for axis in (a.yaw, a.yaw + np.pi / 2, b.yaw, b.yaw + np.pi / 2):
        distance = np.abs((b.x - a.x) * np.cos(axis) + (b.y - a.y) * np.sin(axis))
        apart = np.maximum(apart, distance - a.reach(axis) - b.reach(axis))
    return apart


def overlaps(frame: Ints, boxes: Boxes) -> tuple[Ints, Ints]:
    """Pairs of rows of the same frame whose boxes overlap.

    Args:
        frame: (R,) in any order.
        boxes: (R,).

    Returns:
        (M,) first and (M,) second row of each pair.
    """
    none = np.empty(0, dtype=np.int64)
    order = np.lexsort((boxes.x, frame))
    when, x, y = frame[order], boxes.x[order], boxes.y[order]
    reach = float(np.hypot(boxes.length, boxes.width).max()) if len(x) else 0.0
    first, second = [none], [none]
    for k in range(1, len(x)):
        at = np.flatnonzero((when[k:] == when[:-k]) & (x[k:] - x[:-k] < reach))
        if len(at) == 0:
            break
        at = at[np.abs(y[at + k] - y[at]) < reach]
        a, b = order[at], order[at + k]
        hit = separation(boxes[a], boxes[b]) < -TOUCH_M
        first.append(a[hit])
        second.append(b[hit])
    return np.concatenate(first), np.concatenate(second)

"""Where each road user goes, and who stands where along it: no map is needed.

Recordings may lack lanes, and on a bend who is 60 m straight ahead is in another lane. So
places are told along the path that a road user itself takes, before and after, which knows the
bend. Beyond the last place where it was seen the path goes straight on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NODE_M = 1.0
"""Between two nodes of a path [m]."""
CHORD = 4
"""Nodes to either side over which a path's direction is taken: 8 m, in which positions that
are wrong by 0.2 m turn it by at most 0.05 rad."""
FAR = 1e6
"""More than any path's length [m]: paths stand one after the other on one axis."""
ROUNDS = 3
"""Of the search for the foot of a perpendicular; on a bend of 50 m the third moves it 0.1 m."""


@dataclass(frozen=True)
class Paths:
    """The paths of all tracks of a Log of R rows, N nodes in all.

    Attributes:
        path_of: (R,) which path a row is on.
        arc: (R,) how far along it [m].
        first: (T + 1,) first node of each of T paths.
        x, y: (N,) nodes [m].
        cos, sin: (N,) direction at each.
    """

    path_of: Ints
    arc: Floats
    first: Ints
    x: Floats
    y: Floats
    cos: Floats
    sin: Floats

    @classmethod
    def of(cls, rows: Rows, x: Floats, y: Floats) -> Paths:
        """Paths through the places `x`, `y` (R,) [m] of the rows."""
        order = np.lexsort((rows.frame, rows.track, rows.episode))
        path_of, arc = _along(rows, order, x, y)
        last = np.zeros(path_of[order[-1]] + 1 if len(order) else 0)
        np.maximum.at(last, path_of, arc)
        counts = np.floor(last / NODE_M).astype(np.int64) + 1
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        number = np.repeat(np.arange(len(counts)), counts)
        at = (np.arange(first[-1]) - first[number]) * NODE_M + FAR * number
        key = arc[order] + FAR * path_of[order]
        nx, ny, yaw = (np.interp(at, key, v[order]) for v in (x, y, _unwrapped(rows, order)))
        low = np.maximum(np.arange(len(at)) - CHORD, first[number])
        high = np.minimum(np.arange(len(at)) + CHORD, first[number + 1] - 1)
        dx, dy = nx[high] - nx[low], ny[high] - ny[low]
        angle = np.where(np.hypot(dx, dy) > NODE_M, np.arctan2(dy, dx), yaw)
        return cls(path_of, arc, first, nx, ny, np.cos(angle), np.sin(angle))

    def place(self, of: Ints, x: Floats, y: Floats, guess: Floats) -> tuple[Floats, Floats, Floats]:
        """Where points are along others' paths.

        Args:
            of: (P,) row of the one whose path it is.
            x, y: (P,) the points [m].
            guess: (P,) about how far ahead of the row [m].

        Returns:
            How far ahead along the path [m], how far left of it [m], its direction there
            [rad]; (P,) each.
        """
        path = self.path_of[of]
        low, high = self.first[path], self.first[path + 1] - 1
        arc = self.arc[of] + guess
        for _ in range(ROUNDS):
            node = np.clip(low + np.rint(arc / NODE_M).astype(np.int64), low, high)
            dx, dy = x - self.x[node], y - self.y[node]
            arc = (node - low) * NODE_M + dx * self.cos[node] + dy * self.sin[node]
        left = dy * self.cos[node] - dx * self.sin[node]
        return arc - self.arc[of], left, np.arctan2(self.sin[node], self.cos[node])


def _along(rows: Rows, order: Ints, x: Floats, y: Floats) -> tuple[Ints, Floats]:
    """Which path each row is on and how far it has come, (R,); backward steps count nothing."""
    new = np.ones(len(order), np.bool_)
    a, b = order[:-1], order[1:]
    new[1:] = (rows.episode[a] != rows.episode[b]) | (rows.track[a] != rows.track[b])
    number = np.cumsum(new) - 1
    heading = rows.yaw[b]
    step = np.zeros(len(order))
    step[1:] = (x[b] - x[a]) * np.cos(heading) + (y[b] - y[a]) * np.sin(heading)
    total = np.cumsum(np.where(new, 0.0, np.maximum(step, 0.0)))
    path_of = np.empty(len(order), np.int64)
    arc = np.empty(len(order))
    path_of[order], arc[order] = number, total - total[new][number]
    return path_of, arc


def _unwrapped(rows: Rows, order: Ints) -> Floats:
    """Headings (R,) that do not jump by a turn within the order given."""
    out = np.empty(len(order))
    out[order] = np.unwrap(rows.yaw[order])
    return out

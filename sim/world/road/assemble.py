"""Roads from their courses: parts of different size are filled up with unused ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.world.road.areas import Conflict, find_areas
from sim.world.road.chain import Path
from sim.world.road.core import (
    Blocks,
    Courses,
    Lanes,
    Pieces,
    Road,
    Signals,
    Zones,
    no_blocks,
)
from sim.world.road.links import Meeting, find_links
from sim.world.road.sizes import finite, row, sized
from sim.world.road.strips import Strip

Floats = NDArray[np.float64]
Many = tuple[ArrayLike, ...]


@dataclass(frozen=True)
class Track:
    """One course of n roads while a road is being made.

    Attributes:
        path: (n, P) its reference line.
        lanes: From the right: (centre line's d, width, start, end) [m], a number or (n,) each.
        speed_limit: [m/s].
        zones: (from s [m], to s [m], limit [m/s]).
        signals: Ascending: (s [m], cycle [s], green [s], amber [s], offset [s]).
    """

    path: Path
    lanes: Sequence[Many]
    speed_limit: ArrayLike = np.inf
    zones: Sequence[Many] = field(default=())
    signals: Sequence[Many] = field(default=())

    def strip(
        self, course: int, lane: int, start: ArrayLike, end: ArrayLike, slack: float = 0.0
    ) -> Strip:
        """One of its lanes from a place to another, narrower by `slack` on either side [m]."""
        n = len(self.path.length)
        y, width = (row(v, n) for v in self.lanes[lane][:2])
        width = np.maximum(width - 2.0 * slack, 0.5 * width)
        return Strip(self.path, course, lane, y, width, row(start, n), row(end, n))


def plain_lanes(count: int, width: ArrayLike) -> list[Many]:
    """Lanes without end side by side, the rightmost along the reference line itself."""
    w = np.asarray(width, np.float64)
    return [(i * w, w, -np.inf, np.inf) for i in range(count)]


def assemble(
    tracks: Sequence[Track],
    meetings: Sequence[Meeting] = (),
    conflicts: Sequence[Conflict] = (),
    blocks: Sequence[Many] = (),
    friction: ArrayLike = 1.0,
) -> Road:
    """The roads that courses make up.

    Args:
        tracks: The courses in the order of their numbers.
        meetings: Places that courses have in common.
        conflicts: Lanes of courses that may be in each other's way.
        blocks: (x [m], y [m], yaw [rad], length [m], width [m]) of what hides.
        friction: As in `Road`.
    """
    n = len(tracks[0].path.length)
    limit = [row(t.speed_limit, n) for t in tracks]
    return Road(
        courses=Courses(np.stack([t.path.length for t in tracks], 1), np.stack(limit, 1)),
        pieces=_pieces(tracks),
        lanes=Lanes(*_table([t.lanes for t in tracks], (0.0, 0.0, -np.inf, np.inf), n)),
        zones=Zones(*_table([t.zones for t in tracks], (0.0, 0.0, np.inf), n)),
        signals=Signals(*_table([t.signals for t in tracks], (np.inf, 1.0, 1.0, 0.0, 0.0), n)),
        links=find_links(meetings, n),
        areas=find_areas(conflicts, n),
        blocks=_blocks(blocks, n),
        friction=row(friction, n),
    )


def _pieces(tracks: Sequence[Track]) -> Pieces:
    most = max(t.path.s.shape[1] for t in tracks)
    columns = []
    for name, unused in (("s", np.inf), ("x", 0.0), ("y", 0.0), ("heading", 0.0), ("curvature", 0)):
        parts = [getattr(t.path, name) for t in tracks]
        filled = [
            np.pad(p, ((0, 0), (0, most - p.shape[1])), constant_values=unused) for p in parts
        ]
        columns.append(np.stack(filled, axis=1))
    return Pieces(*columns)


def _table(rows: Sequence[Sequence[Many]], unused: tuple[float, ...], n: int) -> list[Floats]:
    """One (n, C, most) array for each field of a record."""
    most = max(len(row_) for row_ in rows)
    table = np.empty((len(unused), n, len(rows), most))
    for c, records in enumerate(rows):
        for k in range(most):
            record = records[k] if k < len(records) else unused
            for f, value in enumerate(record):
                table[f, :, c, k] = value
    return list(table)


def _blocks(blocks: Sequence[Many], n: int) -> Blocks:
    if not blocks:
        return no_blocks(n)
    columns: list[list[Floats]] = [[], [], [], [], []]
    for x, y, yaw, length, width in blocks:
        values = finite(n, "blocks", x=x, y=y, yaw=yaw)
        values += sized(n, "blocks", zero=True, length=length, width=width)
        for column, value in zip(columns, values):
            column.append(value)
    return Blocks(*(np.stack(c, axis=1) for c in columns))

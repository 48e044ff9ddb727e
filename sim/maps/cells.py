"""Maps as cells: a stretch of one lane each, what lies beside it and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.world.road.chain import Path

Floats = NDArray[np.float64]
MOST_CHAINS = 2_000
LONGEST_M = 100_000.0
"""Cells that are longer are taken for a mistake in the file, before they fill the memory."""
FARTHEST_M = 1e8


@dataclass(frozen=True)
class Cell:
    """A stretch of one lane.

    Attributes:
        name: As in the file.
        points: (K, 2) its centre line in the direction of travel [m].
        width: [m].
        left: The cell to its left with the same direction.
        right: To its right.
        after: Cells that follow.
        limit: Speed limit [m/s].
        light: Its signal, at its end: (cycle, green, amber, offset) [s].
        path: The centre line where it is known as arcs, for one road.
    """

    name: str
    points: Floats
    width: float
    left: str | None = None
    right: str | None = None
    after: tuple[str, ...] = ()
    limit: float = np.inf
    light: tuple[float, float, float, float] | None = None
    path: Path | None = field(default=None, compare=False)

    @property
    def length(self) -> float:
        """Of its centre line [m]."""
        if self.path is not None:
            return float(self.path.length[0])
        return float(np.hypot(*np.diff(self.points, axis=0).T).sum())


Cells = Mapping[str, Cell]


def check_length(length: float, where: str) -> None:
    """Raise `UserError` for a cell of no length, or one that no road has."""
    if not 0.0 < length <= LONGEST_M:
        raise expected("length", f"metres above 0, at most {LONGEST_M:g}", length, where=where)


def check_place(x: float, y: float, where: str) -> None:
    """Raise `UserError` for a place that is not on this planet."""
    if not max(abs(x), abs(y)) <= FARTHEST_M:
        raise expected("x, y", f"metres within {FARTHEST_M:g}", (x, y), where=where)


def rows(cells: Cells) -> dict[str, tuple[tuple[str, ...], int]]:
    """For each cell, those side by side from the right, itself among them, and its place."""
    found: dict[str, tuple[tuple[str, ...], int]] = {}
    for name in cells:
        if name in found:
            continue
        first, seen = name, {name}
        while (right := cells[first].right) in cells and right not in seen:
            assert right is not None
            first = right
            seen.add(first)
        row = [first]
        while (left := cells[row[-1]].left) in cells and left not in row:
            assert left is not None
            row.append(left)
        for place, member in enumerate(row):
            found.setdefault(member, (tuple(row), place))
    return found


def chains(cells: Cells, where: str) -> list[tuple[str, ...]]:
    """All ways along lanes from where nothing leads to, to where nothing follows.

    A way that comes back to where it was ends there.

    Args:
        cells: By name.
        where: The file, for the error.

    Raises:
        UserError: There are more than a road can have.
    """
    later = {after for cell in cells.values() for after in cell.after}
    found: list[tuple[str, ...]] = []
    used: set[str] = set()
    starts = [name for name in cells if name not in later]
    for name in [*starts, *cells]:  # those on a circle begin nowhere
        if name in used:
            continue
        begun = _from(name, cells, where)
        found += begun
        used |= {member for way in begun for member in way}
        if len(found) > MOST_CHAINS:
            raise expected("map", f"at most {MOST_CHAINS} ways through it", "more", where=where)
    return found


def _from(name: str, cells: Cells, where: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    open_: list[tuple[str, ...]] = [(name,)]
    while open_:
        way = open_.pop()
        after = [a for a in cells[way[-1]].after if a in cells and a not in way]
        if not after:
            found.append(way)
        open_ += [(*way, a) for a in reversed(after)]
        if len(found) + len(open_) > MOST_CHAINS:
            raise expected("map", f"at most {MOST_CHAINS} ways through it", "more", where=where)
    return found

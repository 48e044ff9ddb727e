"""Covering arrays in a family's space: rows of cells, and points in them that are feasible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.base.rng import purpose
from sim.family.space import Space
from sim.sampling.cells.bins import Bins, Bools, Combos, Floats, Ints
from sim.sampling.cells.reach import Reach, reach
from sim.sampling.designs.greedy import greedy_rows
from sim.sampling.sampler import uniforms

TRIES = 32
"""Draws inside a row's cells before the point that is known to meet the constraints is taken."""
CHECKED = 4
"""Draws by which a candidate row is judged possible."""


@dataclass(frozen=True)
class Design:
    """Rows of cells that hold what is to be held.

    Attributes:
        bins: The cells.
        rows: (R, k).
        points: (R, d) one feasible point in each row; empty where there are no constraints.
    """

    bins: Bins
    rows: Ints
    points: Floats

    def __len__(self) -> int:
        return len(self.rows)


def placed(design: Design, which: Ints, space: Space, seed: int, start: int) -> Floats:
    """Points number `start` and on, uniform in the cells of rows `which` (n,) and feasible."""
    n, d = len(which), len(space)
    u = uniforms(n, d, seed, start, "covering")
    points = design.bins.place(design.rows[which], u)
    if space.feasible is None:
        return points
    left = np.flatnonzero(~space.feasible(points))
    for attempt in range(1, TRIES):
        if not len(left):
            return points
        first, last = int(left[0]), int(left[-1]) + 1
        u = uniforms(last - first, d, seed, start + first, f"covering {attempt}")
        fresh = design.bins.place(design.rows[which[left]], u[left - first])
        met = space.feasible(fresh)
        points[left[met]] = fresh[met]
        left = left[~met]
    points[left] = design.points[which[left]]
    return points


def array(bins: Bins, combos: Combos, wanted: Bools, space: Space, seed: int) -> Design:
    """A design that holds the wanted combinations, as far as the constraints allow them."""
    rng = np.random.default_rng([seed, purpose("covering")])
    if space.feasible is None:
        return Design(bins, greedy_rows(combos, wanted, rng), np.empty((0, len(space))))
    known = reach(bins, combos, space)
    fits = _Checked(bins, space, rng)
    witnesses = bins.rows(known.points)[known.witness]
    rows = greedy_rows(combos, wanted & known.allowed, rng, fits, witnesses)
    return Design(bins, rows, _feasible_points(rows, known, bins, fits))


class _Checked:
    """Judges rows by drawing in them, and remembers a feasible point of each that passed."""

    def __init__(self, bins: Bins, space: Space, rng: np.random.Generator) -> None:
        self.bins, self.space, self.rng = bins, space, rng
        self.points: dict[bytes, Floats] = {}

    def __call__(self, rows: Ints) -> Bools:
        assert self.space.feasible is not None
        tried = np.repeat(rows, CHECKED, axis=0)
        points = self.bins.place(tried, self.rng.uniform(1e-12, 1.0, (len(tried), len(self.space))))
        met = self.space.feasible(points)
        for k in np.flatnonzero(met):
            self.points.setdefault(tried[k].tobytes(), points[k])
        return np.asarray(met.reshape(-1, CHECKED).any(axis=1))


def _feasible_points(rows: Ints, known: Reach, bins: Bins, checked: _Checked) -> Floats:
    """One feasible point (R, d) in each row."""
    shown = {row.tobytes(): at for at, row in enumerate(bins.rows(known.points))}
    out = np.empty((len(rows), known.points.shape[1]))
    for k, row in enumerate(rows):
        key = row.tobytes()
        out[k] = checked.points[key] if key in checked.points else known.points[shown[key]]
    return out

"""Covering designs: every combination of cells of two or three quantities, in few scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.base.errors import expected
from sim.base.rng import purpose
from sim.family.space import Space
from sim.sampling.bins import Bins, Bools, Combos, Floats, Ints
from sim.sampling.greedy import greedy_rows
from sim.sampling.reach import Reach, reach
from sim.sampling.sampler import NOMINAL, NOT_DRAWN, SAMPLERS, Sampler, uniforms

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


@SAMPLERS.register("covering")
@dataclass(frozen=True, kw_only=True)
class Covering(Sampler):
    """A covering array over the scene-wide quantities, then the same rows with fresh points.

    Each is cut into `levels` equally likely parts, or its own values; the first rows hold
    every combination of the cells of `strength` quantities that the constraints allow. Inside
    its cells a point is uniform, all that is drawn for each road user is independent.

    Without constraints the cells of each quantity are shuffled, so that every row by itself
    is uniform over all rows (Owen 1992 for orthogonal arrays): weights are exact, and those
    of a quantity with likely and unlikely values are not 0. With constraints the rows are no
    probability sample: `log_weight` is 0, `proposal` says `NOT_DRAWN`, and shares found in
    the run are shares of the design, not of nature.

    Attributes:
        strength: Quantities in a combination, 1 to 3; fewer if fewer vary.
        levels: Parts that a continuous quantity is cut into.
    """

    name = "covering"
    strength: int = 3
    levels: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.strength <= 3:
            raise expected("sampler.strength", "1, 2 or 3", self.strength)
        if not 2 <= self.levels <= 20:
            raise expected("sampler.levels", "a whole number in 2-20", self.levels)

    def ask(self, n: int, space: Space, seed: int, start: int = 0) -> tuple[Floats, Floats]:
        design = self.design(space, seed)
        which = np.arange(start, start + n) % len(design)
        points = placed(design, which, space, seed, start)
        if space.feasible is not None:
            return points, np.zeros(n)
        return points, design.bins.log_ratio(design.rows[which])

    def proposals(self, n: int, space: Space, seed: int, start: int = 0) -> Ints:
        return np.full(n, NOMINAL + 1 if space.feasible is None else NOT_DRAWN, np.int64)

    def design(self, space: Space, seed: int) -> Design:
        """The rows, the same for all who ask with this seed."""
        return _covering(space, min(self.strength, len(space.scene_wide)), self.levels, seed)


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


@lru_cache(maxsize=16)  # runs ask shard by shard, and the rows of 14 quantities take seconds
def _covering(space: Space, strength: int, levels: int, seed: int) -> Design:
    bins = Bins.of(space, levels)
    if not strength:
        return Design(bins, np.zeros((1, 0), np.int64), np.full((1, len(space)), 0.5))
    combos = Combos.of(bins.sizes, strength)
    design = array(bins, combos, np.ones(len(combos), np.bool_), space, seed)
    if space.feasible is None:
        return Design(bins, _shuffled(design.rows, bins, seed), design.points)
    return design


def _shuffled(rows: Ints, bins: Bins, seed: int) -> Ints:
    """The same rows with the cells of each coordinate renamed at random."""
    rng = np.random.default_rng([seed, purpose("covering cells")])
    renamed = [rng.permutation(size)[rows[:, j]] for j, size in enumerate(bins.sizes)]
    return np.stack(renamed, axis=1)


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

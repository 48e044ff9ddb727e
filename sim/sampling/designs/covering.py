"""Covering designs: every combination of cells of two or three quantities, in few scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.base.errors import UserError, expected
from sim.base.rng import purpose
from sim.base.store import sha256
from sim.family.space import Space
from sim.sampling.cells.bins import Bins, Combos, Floats, Ints
from sim.sampling.coverage.advice import load_advice
from sim.sampling.designs.array import Design, array, placed
from sim.sampling.sampler import NOMINAL, NOT_DRAWN, SAMPLERS, Sampler


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

    With an advice file, which `closecall coverage` writes, only the combinations that it lists
    are held: those that a run lacks. Such rows are no probability sample either.

    Attributes:
        strength: Quantities in a combination, 1 to 3; fewer if fewer vary.
        levels: Parts that a continuous quantity is cut into.
        advice: A file that says what to cover, and with which strength and levels.
        digest: SHA-256 of that file, kept with the run: what the advice was.
    """

    name = "covering"
    strength: int = 3
    levels: int = 4
    advice: Path | None = None
    digest: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.strength <= 3:
            raise expected("sampler.strength", "1, 2 or 3", self.strength)
        if not 2 <= self.levels <= 20:
            raise expected("sampler.levels", "a whole number in 2-20", self.levels)
        if self.advice is not None:
            self._check_advice(Path(self.advice))

    def _check_advice(self, path: Path) -> None:
        if not path.is_file():
            raise expected("sampler.advice", "a file of closecall coverage", str(path))
        found = sha256(path)
        if self.digest not in ("", found):
            raise expected("sampler.advice", f"the file with SHA-256 {self.digest}", found)
        object.__setattr__(self, "digest", found)

    def ask(self, n: int, space: Space, seed: int, start: int = 0) -> tuple[Floats, Floats]:
        design = self.design(space, seed)
        which = np.arange(start, start + n) % len(design)
        points = placed(design, which, space, seed, start)
        if not self._is_random(space):
            return points, np.zeros(n)
        return points, design.bins.log_ratio(design.rows[which])

    def proposals(self, n: int, space: Space, seed: int, start: int = 0) -> Ints:
        return np.full(n, NOMINAL + 1 if self._is_random(space) else NOT_DRAWN, np.int64)

    def _is_random(self, space: Space) -> bool:
        """Whether its rows are a probability sample."""
        return space.feasible is None and self.advice is None

    def design(self, space: Space, seed: int) -> Design:
        """The rows, the same for all who ask with this seed.

        Raises:
            UserError: The advice does not fit the space, or leaves nothing to cover.
        """
        if self.advice is not None:
            return _advised(space, Path(self.advice), self.digest, seed)
        return _covering(space, min(self.strength, len(space.scene_wide)), self.levels, seed)


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


@lru_cache(maxsize=16)
def _advised(space: Space, path: Path, digest: str, seed: int) -> Design:
    advice = load_advice(path, space)
    design = array(advice.bins, advice.combos, advice.wanted, space, seed)
    if not len(design):
        raise UserError(f"sampler.advice: {path}: nothing that the family allows is left to cover")
    return design


def _shuffled(rows: Ints, bins: Bins, seed: int) -> Ints:
    """The same rows with the cells of each coordinate renamed at random."""
    rng = np.random.default_rng([seed, purpose("covering cells")])
    renamed = [rng.permutation(size)[rows[:, j]] for j, size in enumerate(bins.sizes)]
    return np.stack(renamed, axis=1)

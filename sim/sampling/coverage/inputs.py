"""How much of what can happen a run holds: bins of its quantities, alone and combined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.dist import Given
from sim.base.errors import UserError, expected
from sim.family import Draws, Family
from sim.sampling.cells.bins import Bins, Bools, Combos, Floats, Ints
from sim.sampling.cells.reach import reach
from sim.sampling.opened import Opened


@dataclass(frozen=True)
class Tally:
    """Combinations of t scene-wide quantities, and how many episodes hold each.

    Attributes:
        strength: t.
        combos: All C combinations.
        allowed: (C,) which of them the constraints allow.
        hits: (C,) episodes in each; one whose coordinate its value does not tell is put into
            one of the parts that it may lie in.
        held: (C,) whether an episode lies in it, or may.
    """

    strength: int
    combos: Combos
    allowed: Bools
    hits: Ints
    held: Bools

    @property
    def missing(self) -> Ints:
        """Numbers of the combinations that are allowed and in no episode."""
        return np.flatnonzero(self.allowed & ~self.held)

    @property
    def covered(self) -> int:
        """How many allowed combinations some episode holds."""
        return int(self.allowed.sum()) - len(self.missing)

    @property
    def share(self) -> float:
        """Covered over allowed combinations."""
        return self.covered / max(int(self.allowed.sum()), 1)


@dataclass(frozen=True)
class InputCoverage:
    """What a set of episodes covers of a family's scene-wide quantities.

    A bin is a part of a quantity's distribution, given those that it depends on: with
    `levels` of 4 its quarters, or for a discrete one its values.

    Attributes:
        family: Whose they are.
        levels: Parts that a continuous quantity is cut into.
        bins: The parts.
        tallies: One for each strength, from single bins up.
    """

    family: Family
    levels: int
    bins: Bins
    tallies: tuple[Tally, ...]

    def labels(self, axis: int) -> list[str]:
        """What the cells of scene-wide quantity number `axis` stand for, as people read it."""
        name = self.bins.names[axis]
        law = next(q for q in self.family.quantities if q.name == name)
        edges = self.bins.edges[axis]
        moved = any(name in pair[:2] for pair in self.family.terms.correlations)
        if moved or isinstance(law.dist, Given):
            return [f"part {k + 1}" for k in range(len(edges) - 1)]
        if law.steps:
            middle = 0.5 * (edges[1:] + edges[:-1])
            return [f"{value:.3g}" for value in law.dist.ppf(middle)]
        ends = law.dist.ppf(np.clip(edges, 1e-9, 1.0 - 1e-9))
        outer = np.array(law.dist.support)
        ends[[0, -1]] = np.where(np.isfinite(outer), outer, ends[[0, -1]])
        return [f"{a:.3g} to {b:.3g}" for a, b in pairwise(ends)]


def input_coverage(
    family: Family,
    points: Floats,
    *,
    levels: int = 4,
    strength: int = 3,
    span: tuple[Floats, Floats] | None = None,
) -> InputCoverage:
    """Count the bins, and combinations of up to `strength` bins, that points hold.

    Args:
        family: Whose points they are.
        points: (n, d) in its unit cube.
        levels: Parts that a continuous quantity is cut into.
        strength: Most quantities in a combination; fewer if fewer vary.
        span: From and to which coordinates (n, d) each scenario is the same, as from
            `Family.span`; only the points if left out.

    Raises:
        UserError: No scene-wide quantity varies, or a setting is impossible.
    """
    if not 2 <= levels <= 20:
        raise expected("levels", "a whole number in 2-20", levels)
    if not 1 <= strength <= 3:
        raise expected("strength", "1, 2 or 3", strength)
    space = family.space
    if not space.scene_wide:
        raise UserError(f"{family.terms.name}: no quantity of the whole scene varies")
    bins = Bins.of(space, levels)
    rows = bins.rows(points)
    alike = [rows] if span is None else list(bins.alike(*span))
    tallies = []
    for t in range(1, min(strength, len(bins.at)) + 1):
        combos = Combos.of(bins.sizes, t)
        hits = np.bincount(combos.numbers(rows).ravel(), minlength=len(combos))
        held = np.logical_or.reduce([combos.seen(each) for each in alike]) | (hits > 0)
        allowed = np.ones(len(combos), np.bool_)
        if space.feasible is not None:  # what happened is allowed, however rare the sliver
            allowed = reach(bins, combos, space).allowed | (hits > 0)
        tallies.append(Tally(t, combos, allowed, hits, held))
    return InputCoverage(family, levels, bins, tuple(tallies))


def spans_of(family: Family, episodes: pd.DataFrame) -> tuple[Floats, Floats]:
    """Between which points (n, d) of a family's unit cube episodes were drawn.

    Args:
        family: Whose episodes they are.
        episodes: With a column `q.<quantity>_<unit>` for each quantity.

    Raises:
        UserError: A column is missing, or holds anything but finite numbers.
    """
    values: dict[str, NDArray[np.float64]] = {}
    for q in family.quantities:
        names = [f"q.{column}" for column in q.columns]
        lacking = [name for name in names if name not in episodes]
        if lacking:
            raise expected("episodes", f"a column {lacking[0]}", list(episodes.columns))
        drawn = _finite(episodes[names])
        values[q.name] = drawn[:, 0] if q.each == 1 else drawn
    return family.span(Draws(values, np.zeros(len(episodes))))


def _finite(columns: pd.DataFrame) -> Floats:
    try:
        numbers = columns.to_numpy(np.float64)
    except (TypeError, ValueError):
        numbers = np.full(columns.shape, np.nan)
    if not np.isfinite(numbers).all():
        raise expected("episodes", f"finite numbers in {', '.join(map(str, columns))}", "others")
    return numbers


def spread(low: Floats, high: Floats) -> Floats:
    """A point (n, d) of each span, so that alike ones fill it evenly: the golden section."""
    golden = 0.5 * (5.0**0.5 - 1.0)
    inside: Floats = (np.arange(len(low))[:, None] + 0.5) * golden % 1.0
    return low + (high - low) * inside


def run_spans(runs: Sequence[Opened]) -> tuple[Floats, Floats]:
    """As `spans_of`, for all episodes of runs of one family.

    Raises:
        UserError: The runs are not of the same family with the same distributions, or one
            stands twice.
    """
    first = runs[0]
    for k, other in enumerate(runs[1:], start=1):
        for what in ("name", "overrides"):
            mine, theirs = getattr(first.family, what), getattr(other.family, what)
            if mine != theirs:
                wanted = f"a run of the same family and distributions as {first.folder}"
                raise expected("also", wanted, str(other.folder))
        if first.family.terms.written != other.family.terms.written:
            raise expected("also", f"the constraints of {first.folder}", str(other.folder))
        if other.folder.resolve() in [one.folder.resolve() for one in runs[:k]]:
            raise expected("also", "other runs, as none counts twice", str(other.folder))
    spans = [spans_of(run.family, run.episodes()) for run in runs]
    return np.vstack([low for low, _ in spans]), np.vstack([high for _, high in spans])


def as_json(coverage: InputCoverage) -> dict[str, Any]:
    """The figures as plain values, single bins with their counts."""
    single = coverage.tallies[0]
    bins = {
        name: {
            "parts": coverage.labels(k),
            "episodes": single.hits[single.combos.offset[k] : single.combos.offset[k + 1]],
        }
        for k, name in enumerate(coverage.bins.names)
    }
    ways = {
        f"{tally.strength}-way": {
            "combinations": len(tally.combos),
            "feasible": int(tally.allowed.sum()),
            "covered": tally.covered,
            "share": tally.share,
        }
        for tally in coverage.tallies
    }
    return {"levels": coverage.levels, "bins": bins, "ways": ways}

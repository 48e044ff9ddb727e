"""The smallest change from ordinary values that still fails: a minimal regression case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.base.errors import UserError
from sim.family import Concrete, Family
from sim.sampling.search.candidates import Bools, Failure, Floats, What

Ints = NDArray[np.int64]
Holds = Callable[[Floats], Bools]

STEPS = 16  # looks between ordinary and failing; two rounds find a boundary to 1/256
GAIN = 0.01  # of the distance that a round of nearing has to gain to be followed by another
ROUNDS = 50


@dataclass(frozen=True)
class Shrunk:
    """What is left of a failing scenario.

    Attributes:
        before: As it was.
        after: With all that did not matter at its ordinary value, the rest as near to it as
            it still fails.
        ordinary: Every value at its median.
        failure: What was kept.
        changes: One row a value that is not ordinary, the strangest first: `quantity`, `unit`,
            `ordinary`, `failing`, `sd` (standard deviations from ordinary), `was` before.
        distance: From the ordinary scenario before and after [standard deviations], the norm
            over all values.
    """

    before: Concrete
    after: Concrete
    ordinary: Concrete
    failure: Failure
    changes: pd.DataFrame
    distance: tuple[float, float]


def shrink(frozen: Concrete, *, what: What | None = None, threads: int | None = None) -> Shrunk:
    """Make a failing scenario as ordinary as it can be without ceasing to fail.

    Values are measured in standard deviations of the independent standard normals that the
    family's quantities are drawn from; ordinary is the median of each. First as many as
    possible are put back to their median, in groups that halve (delta debugging). Then those
    left are drawn towards it, one at a time and all together, to the boundary of failing. Both
    in turn until neither helps. Every step still fails, meets the constraints, and has the
    noise of the first. The result is minimal in this: no single value can be put back.

    Args:
        frozen: A scenario that fails.
        what: "crash": the ego touches the same road user as before; "event": that of its
            family. A crash if it has one, else the event, when left out.
        threads: At most so many; all when None.

    Raises:
        UserError: It does not fail in that way.

    Source: Zeller and Hildebrandt, Simplifying and isolating failure-inducing input, IEEE TSE
    28 (2002) 183-200, for the groups.
    """
    family = frozen.family
    failure = Failure.of(frozen, what, threads)
    start = family.point(frozen.draws)
    z = np.where(_fixed(family), 0.0, ndtri(start[0]))
    if not failure.holds(_cube(z[None]))[0]:
        raise UserError("episode: its values are not those of its distributions, or too far out")
    near = smallest(z, lambda points: failure.holds(_cube(points)))
    lengths = (float(np.linalg.norm(z)), float(np.linalg.norm(near)))
    about = {"outcome": failure.what, "sd_from_ordinary": round(lengths[1], 3)}
    return Shrunk(
        before=frozen,
        after=_frozen_at(frozen, near, about),
        ordinary=_frozen_at(frozen, np.zeros_like(z), {}),
        failure=failure,
        changes=_changes(family, z, near),
        distance=lengths,
    )


def smallest(z: Floats, holds: Holds) -> Floats:
    """A point (d,) that holds, from which no coordinate can be put to 0, and near to 0.

    Args:
        z: A point (d,) that holds.
        holds: Which points (n, d) do, (n,).
    """
    for _ in range(ROUNDS):
        few = fewest(z, holds)
        z = nearest(few, holds)
        if not _gains(few, z):
            return few
    return fewest(z, holds)


def fewest(z: Floats, holds: Holds) -> Floats:
    """A point (d,) that holds with as many coordinates of `z` at 0 as delta debugging finds.

    None that is left can be put to 0 alone: the last look tried each.
    """
    parts = 2
    while np.count_nonzero(z):
        left = np.flatnonzero(z)
        parts = min(parts, len(left))
        groups = np.array_split(left, parts)
        tried = np.array([*(_without(z, g) for g in groups), *(_only(z, g) for g in groups)])
        tried = tried[np.count_nonzero(tried, axis=1) < len(left)]  # of one, "only" is itself
        good = tried[holds(tried)]
        if len(good):
            counts = np.count_nonzero(good, axis=1)
            fewer = good[counts == counts.min()]
            z = fewer[np.linalg.norm(fewer, axis=1).argmin()]
            parts = max(parts - 1, 2)
        elif parts < len(left):
            parts = 2 * parts
        else:
            break
    return z


def nearest(z: Floats, holds: Holds) -> Floats:
    """A point (d,) that holds, from `z` towards 0 along coordinates and along the ray."""
    while np.count_nonzero(z):
        moves = [np.arange(len(z)), *np.flatnonzero(z)[:, None]]
        found = np.array([_drawn_in(z, move, holds) for move in moves])
        best: Floats = found[np.linalg.norm(found, axis=1).argmin()]
        if not _gains(z, best):
            return best
        z = best
    return z


def _drawn_in(z: Floats, move: Ints, holds: Holds) -> Floats:
    """`z` with some coordinates times the least share, of those looked at, that holds."""
    low, high = 0.0, 1.0
    for _ in range(2):
        shares = np.linspace(low, high, STEPS, endpoint=False)
        tried = np.repeat(z[None], STEPS, axis=0)
        tried[:, move] *= shares[:, None]
        good = np.flatnonzero(holds(tried))
        step = (high - low) / STEPS
        high = float(shares[good[0]]) if len(good) else high
        low = max(high - step, 0.0)
    out = z.copy()
    out[move] *= high
    return out


def _gains(before: Floats, after: Floats) -> bool:
    return bool(np.linalg.norm(after) < (1.0 - GAIN) * np.linalg.norm(before))


def _without(z: Floats, group: Ints) -> Floats:
    out = z.copy()
    out[group] = 0.0
    return out


def _only(z: Floats, group: Ints) -> Floats:
    out = np.zeros_like(z)
    out[group] = z[group]
    return out


def _cube(z: Floats) -> Floats:
    """Points of the unit cube; ordinary is 0.5."""
    inside = np.clip(ndtr(z), np.finfo(float).tiny, 1.0 - np.finfo(float).epsneg)
    return np.asarray(inside, dtype=np.float64)


def _fixed(family: Family) -> NDArray[np.bool_]:
    return np.array([axis.fixed for axis in family.space.axes])


def _frozen_at(frozen: Concrete, z: Floats, about: Mapping[str, object]) -> Concrete:
    values = frozen.family.draw(_cube(z[None])).values
    return replace(frozen, values=MappingProxyType(dict(values)), about=about)


def _changes(family: Family, before: Floats, after: Floats) -> pd.DataFrame:
    left = np.flatnonzero(after)
    left = left[np.argsort(-np.abs(after[left]), kind="stable")]
    ordinary = np.repeat(after[None], len(left), axis=0)
    ordinary[np.arange(len(left)), left] = 0.0
    usual, held, was = (_columns(family, z) for z in (ordinary, after[None], before[None]))
    units = [q.unit for q in family.quantities for _ in range(q.each)]
    rows = [
        {
            "quantity": family.space.axes[k].name,
            "unit": units[k],
            "ordinary": usual[row, k],
            "failing": held[0, k],
            "sd": after[k],
            "was": was[0, k],
        }
        for row, k in enumerate(left)
    ]
    names = ["quantity", "unit", "ordinary", "failing", "sd", "was"]
    return pd.DataFrame(rows, columns=names)


def _columns(family: Family, z: Floats) -> Floats:
    """Values (n, d) of points, in the order of the unit cube's coordinates."""
    if not len(z):
        return np.empty((0, z.shape[1]))
    return np.stack(list(family.columns(family.draw(_cube(z))).values()), axis=1)

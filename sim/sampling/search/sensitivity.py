"""Which quantities drive the danger of a family: Sobol' indices, and curves of one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.stats import qmc

from sim.base.errors import UserError, expected
from sim.base.rng import purpose
from sim.family import Draws, Family, event_margin
from sim.sampling.designs.independent import Iid
from sim.sampling.feasible import check_share, feasible_points
from sim.sampling.interval import wilson
from sim.sampling.sample import danger, egos, episodes_of, run_family
from sim.sampling.sampler import Floats

BATCH = 2048
"""Episodes that are run at once."""
RESAMPLES = 200
CHANCE = "(noise in the run)"
"""The name under which the run's own noise stands among the quantities."""
MEASURES = ("danger", "event", "contact")

Ints = NDArray[np.int64]
Evaluate = Callable[[Floats, Ints], Floats]
"""Points (n, d) of the unit cube and numbers (n,) that key the noise, to values (n,)."""


@dataclass(frozen=True)
class Sensitivity:
    """What drives danger.

    Attributes:
        indices: One row a quantity, the strongest first: `quantity`, `first` and `total` with
            `_low` and `_high`, 95 % intervals by bootstrap.
        curves: `quantity`, `at` (its value; the mean of several), `level` (its probability),
            `event` (share of episodes with the event) with `event_low` and `event_high`, its
            95 % interval, and `danger` (mean).
        runs: Episodes simulated.
        spread: Standard deviation of what the indices explain.
        infeasible: Share of points that miss a constraint; they count as without danger.
    """

    indices: pd.DataFrame
    curves: pd.DataFrame
    runs: int
    spread: float
    infeasible: float


def sensitivity(
    family: Family, *, n: int = 256, of: str = "danger", base: int = 64, seed: int = 0
) -> Sensitivity:
    """Indices and curves of every quantity that is not pinned.

    All coordinates of a quantity that each road user has are moved together. Where quantities
    are correlated the indices belong to their independent coordinates, the first of them
    keeping what they share. n (k + 3) episodes are run for k quantities, and 11 * base each.

    Args:
        family: A family or a variant.
        n: Size of the two samples, a power of two.
        of: `danger` (0 to 1, as samplers see it), `event` or `contact` (0 or 1).
        base: Scenes in which one quantity at a time is moved for the curves.
        seed: Of points and noise.

    Raises:
        UserError: n is no power of two, `of` is not known, nothing varies, or too few draws
            meet the constraints.

    Source: Saltelli et al., Comput. Phys. Commun. 181 (2010) 259, as in `scipy.stats`.
    """
    if n < 2 or n & (n - 1):
        raise expected("n", "a power of two of at least 2", n)
    if of not in MEASURES:
        raise expected("of", " or ".join(MEASURES), of)
    check_share(family)
    groups = _groups(family)
    evaluate = _evaluator(family, of, seed)
    first, second = _matrices(n, family.dimensions, seed)
    key = np.arange(n, dtype=np.int64)
    f_a, f_b = evaluate(first, key), evaluate(second, key + n)
    if np.ptp(np.concatenate([f_a, f_b])) == 0.0:
        told = f"{of} is {f_a[0]:g} in all of {2 * n} episodes: nothing to explain"
        raise UserError(f"{family.terms.name}: {told}")
    mixed = [evaluate(_with(first, second, at), key) for at in groups.values()]
    mixed.append(evaluate(first, key + n))  # only the noise is another
    indices = _indices([*groups, CHANCE], f_a, f_b, np.array(mixed))
    curves = pd.concat(
        [_curve(family, name, at, base, seed) for name, at in groups.items()], ignore_index=True
    )
    runs = n * (len(groups) + 3) + 11 * base * len(groups)
    missed = 1.0 - float(family.feasible(first).mean())
    return Sensitivity(indices, curves, runs, float(np.std(f_a)), missed)


def _groups(family: Family) -> dict[str, list[int]]:
    """The coordinates of each quantity that is not pinned."""
    out: dict[str, list[int]] = {}
    for k, axis in enumerate(family.space.axes):
        if not axis.fixed:
            out.setdefault(axis.quantity, []).append(k)
    if not out:
        raise UserError(f"{family.terms.name}: every quantity is pinned: nothing to vary")
    return out


def _matrices(n: int, d: int, seed: int) -> tuple[Floats, Floats]:
    """Two independent samples (n, d), side by side in one sequence."""
    rng = np.random.default_rng([seed, purpose("sensitivity")])
    points = qmc.Sobol(2 * d, scramble=True, bits=30, rng=rng).random(n) + 0.5**31
    return points[:, :d], points[:, d:]


def _with(points: Floats, other: Floats, at: list[int]) -> Floats:
    out = points.copy()
    out[:, at] = other[:, at]
    return out


def _evaluator(family: Family, of: str, seed: int) -> Evaluate:
    def evaluate(points: Floats, key: Ints) -> Floats:
        parts = [
            _measured(family, (of,), points[i : i + BATCH], key[i : i + BATCH], seed)[of]
            for i in range(0, len(points), BATCH)
        ]
        return np.concatenate(parts)

    return evaluate


def _measured(
    family: Family, measures: tuple[str, ...], points: Floats, key: Ints, seed: int
) -> dict[str, Floats]:
    """What happens at points, each with the key of its noise; 0 where a constraint is missed."""
    draws = family.draw(points)
    met = family.allows(draws)
    out = {of: np.zeros(len(points)) for of in measures}
    if not met.any():
        return out
    kept = Draws({name: v[met] for name, v in draws.values.items()}, draws.log_weight[met])
    episode = episodes_of(family, kept, seed=purpose(f"sensitivity {seed}"))
    episode.episode_id[:] = key[met]
    log = run_family(family, episode)
    for of, values in out.items():
        if of == "danger":
            values[met] = danger(family, log)
        else:
            values[met] = event_margin(family.event if of == "event" else of, egos(log)) <= 0.0
    return out


def _indices(names: list[str], f_a: Floats, f_b: Floats, f_ab: Floats) -> pd.DataFrame:
    """Indices with intervals by bootstrap over the points, the largest total first."""
    n = len(f_a)
    rng = np.random.default_rng(n)  # scipy's own bootstrap takes no seed
    picks = [np.arange(n), *rng.integers(0, n, (RESAMPLES, n))]
    found = [
        stats.sobol_indices(
            func={"f_A": f_a[None, at], "f_B": f_b[None, at], "f_AB": f_ab[:, None, at]}, n=n
        )
        for at in picks
    ]
    table = pd.DataFrame({"quantity": names})
    for order in ("first", "total"):
        values = np.array([np.reshape(getattr(one, f"{order}_order"), -1) for one in found])
        table[order] = values[0]
        table[f"{order}_low"], table[f"{order}_high"] = np.quantile(
            values[1:], [0.025, 0.975], axis=0
        )
    return table.sort_values("total", ascending=False, ignore_index=True)


LEVELS = np.array([0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98])
"""Probabilities at which a quantity is held for its curve; a discrete one has fewer values."""


def _curve(family: Family, name: str, at: list[int], base: int, seed: int) -> pd.DataFrame:
    """The mean over `base` scenes with one quantity held at each level, the noise kept."""
    points, _ = feasible_points(family, Iid(), base, purpose(f"curves {seed}"))
    rows = []
    for level in LEVELS:
        there = points.copy()
        there[:, at] = level
        draws = family.draw(there)
        met = family.allows(draws)
        if not met.any():
            continue
        key = np.arange(base, dtype=np.int64)
        found = _measured(family, ("event", "danger"), there, key, seed)
        value = float(np.mean(draws.values[name][met]))
        event, danger_ = (float(found[of][met].mean()) for of in ("event", "danger"))
        low, high = wilson(event * met.sum(), int(met.sum()))
        rows.append(
            {"quantity": name, "level": level, "at": value}
            | {"event": event, "event_low": low, "event_high": high, "danger": danger_}
        )
    return pd.DataFrame(rows)

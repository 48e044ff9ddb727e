"""A mix of families whose near-crashes are like recorded ones: how much of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from sim.base.errors import UserError, expected
from sim.calibrate.lead_profiles import MARGINALS, LeadProfiles, simulated_lead_profiles
from sim.family import Family
from sim.sampling import run_family, sample

Floats = NDArray[np.float64]

GRID = 400
"""Places at which distribution functions are compared."""
SUM_WEIGHT = 1e3
"""Of the equation that shares sum to 1, against those of the distributions, of order 1."""
NEGLIGIBLE = 0.005
"""Smaller shares are dropped: they stand for no more than a few episodes."""


@dataclass(frozen=True)
class Simulated:
    """Near-crashes of one family.

    Attributes:
        profiles: Of their leads.
        episodes: How many were run for them.
    """

    profiles: LeadProfiles
    episodes: int

    @property
    def rate(self) -> float:
        """Near-crashes an episode."""
        return len(self.profiles) / self.episodes


@dataclass(frozen=True)
class Mix:
    """Shares of families.

    Attributes:
        near_crashes: Family to its share of near-crashes, sum 1.
        shares: Family to its share of episodes that gives that, sum 1.
        ks_even: Kolmogorov-Smirnov distance of an even mix of near-crashes, by marginal.
        ks: The same of the fitted mix.
        energy_even, energy: Sum over marginals of the squared L2 distance of the distribution
            functions, in units of the recorded standard deviation (half the energy distance).
        left: Families left out, and why.
        events: Recorded events that it was fitted to.
    """

    near_crashes: Mapping[str, float]
    shares: Mapping[str, float]
    ks_even: Mapping[str, float]
    ks: Mapping[str, float]
    energy_even: float
    energy: float
    left: Mapping[str, str]
    events: int


def simulate_near_crashes(family: Family, *, n: int, seed: int) -> Simulated:
    """Near-crashes among n nominal episodes of a family."""
    log = run_family(family, sample(family, n=n, seed=seed))
    return Simulated(simulated_lead_profiles(log), n)


def fit_mix(recorded: LeadProfiles, simulated: Mapping[str, Simulated], *, least: int = 30) -> Mix:
    """The mix of families whose near-crash leads come closest to recorded ones.

    Closest in the sum over `MARGINALS` of the energy distance (Székely and Rizzo, J. Stat. Plan.
    Inference 143 (2013) 1249: in one dimension twice the squared L2 distance of the distribution
    functions), each marginal in units of its recorded standard deviation. It is quadratic in the
    shares, so the minimum is unique up to families that are alike, and found by non-negative
    least squares.

    Args:
        recorded: What near-crashes are like.
        simulated: By family.
        least: Families with fewer near-crashes are left out.

    Raises:
        UserError: Fewer than two events, or no family has enough near-crashes.
    """
    if len(recorded) < 2 or not recorded.weight.sum() > 0.0:
        raise expected("leads", "at least 2 events with a weight", len(recorded))
    left = {
        name: f"{len(each.profiles)} near-crashes in {each.episodes} episodes"
        for name, each in simulated.items()
        if len(each.profiles) < least
    }
    used = {name: each for name, each in simulated.items() if name not in left}
    if not used:
        told = "; ".join(f"{name}: {why}" for name, why in left.items())
        raise UserError(
            f"mix: no family has {least} near-crashes ({told}); see the keys n and least"
        )
    target, parts = _functions(recorded, [each.profiles for each in used.values()])
    weights = _on_simplex(parts, target)
    weights = np.where(weights < NEGLIGIBLE, 0.0, weights)
    weights = weights / weights.sum()
    even = np.full(len(used), 1.0 / len(used))
    rates = np.array([each.rate for each in used.values()])
    episodes = weights / rates / (weights / rates).sum()
    names = list(used)
    kept = np.flatnonzero(weights)
    return Mix(
        near_crashes={names[k]: float(weights[k]) for k in kept},
        shares={names[k]: float(episodes[k]) for k in kept},
        ks_even=mix_distances(recorded, used, even),
        ks=mix_distances(recorded, used, weights),
        energy_even=float(((parts @ even - target) ** 2).sum()),
        energy=float(((parts @ weights - target) ** 2).sum()),
        left=left,
        events=len(recorded),
    )


def mix_distances(
    recorded: LeadProfiles, simulated: Mapping[str, Simulated], weights: Floats
) -> dict[str, float]:
    """Kolmogorov-Smirnov distance of a mix of near-crashes to recorded ones, by marginal.

    Args:
        recorded: Weighted events.
        simulated: K families.
        weights: (K,) share of each, sum 1.
    """
    out = {}
    for name in MARGINALS:
        columns = [each.profiles.marginal(name) for each in simulated.values()]
        real = recorded.marginal(name)
        at = np.unique(np.concatenate([real, *columns]))
        mixed = sum(w * distribution(c, np.ones(len(c)), at) for w, c in zip(weights, columns))
        out[name] = float(np.abs(mixed - distribution(real, recorded.weight, at)).max())
    return out


def distribution(values: Floats, weight: Floats, at: Floats) -> Floats:
    """Weighted share of values (n,) at or below each place (G,)."""
    order = np.argsort(values, kind="stable")
    reached = np.concatenate([[0.0], np.cumsum(weight[order])]) / weight.sum()
    share: Floats = reached[np.searchsorted(values[order], at, side="right")]
    return share


def _functions(recorded: LeadProfiles, parts: list[LeadProfiles]) -> tuple[Floats, Floats]:
    """Distribution functions (4 G,) recorded and (4 G, K) simulated.

    Scaled so that squares sum to the integral over the marginal in its own standard deviations.
    """
    target, columns = [], []
    for name in MARGINALS:
        real = recorded.marginal(name)
        sims = [part.marginal(name) for part in parts]
        both = np.concatenate([real, *sims])
        at = np.linspace(both.min(), both.max(), GRID)
        mean = np.average(real, weights=recorded.weight)
        spread = np.sqrt(np.average((real - mean) ** 2, weights=recorded.weight))
        scale = np.sqrt((at[1] - at[0]) / max(spread, 1e-9))
        target.append(scale * distribution(real, recorded.weight, at))
        columns.append(
            scale * np.stack([distribution(s, np.ones(len(s)), at) for s in sims], axis=1)
        )
    return np.concatenate(target), np.concatenate(columns)


def _on_simplex(a: Floats, b: Floats) -> Floats:
    """Weights (K,) of least |a w - b|, none negative, sum 1."""
    whole = np.vstack([a, np.full((1, a.shape[1]), SUM_WEIGHT)])
    found = nnls(whole, np.append(b, SUM_WEIGHT))[0]
    weights: Floats = found / found.sum()
    return weights

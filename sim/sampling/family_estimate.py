"""How often danger happens in a family: its episodes as a limit state of standard-normal points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.base.errors import unknown
from sim.base.rng import purpose
from sim.family import CONTACT, Draws, Family, event_margin
from sim.family.space import EDGE
from sim.sampling.estimate import Estimate, estimate
from sim.sampling.feasible import check_share, share
from sim.sampling.sample import egos, episodes_of, run_family
from sim.sampling.sampler import Floats

BATCH = 1024
"""Episodes that are run at once."""
OF = ("event", CONTACT)
DRAWN = 2**18
"""Draws by which the share that meets the constraints is measured: to 0.2 % where it is half."""


@dataclass(frozen=True)
class FamilyEstimate:
    """The probability of danger in an episode of a family.

    Attributes:
        family: Of what.
        of: "event", the family's own, or "contact".
        found: The estimate, of points that meet the constraints among all points.
        met: Share of nominal draws that meet the constraints.
        seed: With the key of a point that of its noise.
    """

    family: Family
    of: str
    found: Estimate
    met: float
    seed: int

    @property
    def probability(self) -> float:
        """Of danger in an episode that meets the constraints."""
        return min(self.found.probability / self.met, 1.0)

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of it, for the error of the share that meets the constraints too."""
        share_error = 1.96 * np.sqrt((1.0 - self.met) / (self.met * DRAWN))
        low, high = self.found.low / self.met, self.found.high / self.met
        return _widened(self.probability, low, share_error), min(
            _widened(self.probability, high, share_error), 1.0
        )

    def draws(self, points: Floats) -> Draws:
        """The quantities at standard-normal points (n, d)."""
        return self.family.draw(_cube(points))


def estimate_family(
    family: Family,
    *,
    of: str = "event",
    target_rrmse: float = 0.05,
    max_calls: int = 10_000,
    seed: int = 0,
    told: Callable[[int], None] | None = None,
) -> FamilyEstimate:
    """Estimate how often a family's event, or contact, happens in nature.

    Args:
        family: A family or a variant.
        of: "event" or "contact".
        target_rrmse, max_calls, seed: As in `estimate`; a call is an episode.
        told: Called with the number of episodes after each batch.

    Raises:
        UserError: `of` is not known, or too few draws meet the constraints.
    """
    if of not in OF:
        raise unknown("of", of, OF)
    check_share(family)
    limit = limit_state(family, of, seed=seed, told=told)
    found = estimate(
        limit, family.dimensions, target_rrmse=target_rrmse, max_calls=max_calls, seed=seed
    )
    met = share(family, n=DRAWN) if family.conditions else 1.0
    return FamilyEstimate(family, of, found, met, seed)


def limit_state(
    family: Family, of: str, *, seed: int, told: Callable[[int], None] | None = None
) -> Callable[[Floats], Floats]:
    """The margin of an episode at standard-normal points: at most 0 where danger happened.

    The noise in a run is keyed by the point itself. So the margin is a function of the point
    alone, as estimators need, and over all points the noise is as random as in nature.
    Points that miss the constraints are as far from danger as can be.
    """
    event = family.event if of == "event" else of

    def margins(points: Floats) -> Floats:
        parts = [
            _margin(family, event, points[i : i + BATCH], seed)
            for i in range(0, len(points), BATCH)
        ]
        if told is not None:
            told(len(points))
        return np.concatenate(parts) if parts else np.empty(0)

    return margins


def point_keys(points: Floats) -> NDArray[np.int64]:
    """A number for each point (n, d), from its bits: the key of the noise in its run."""
    bits = np.ascontiguousarray(points, dtype=np.float64).view(np.uint64)
    keys = np.full(len(points), np.uint64(0x9E3779B97F4A7C15))
    with np.errstate(over="ignore"):
        for column in bits.T:
            keys = (keys ^ column) * np.uint64(0xBF58476D1CE4E5B9)
            keys ^= keys >> np.uint64(29)
    return (keys >> np.uint64(1)).astype(np.int64)


def _margin(family: Family, event: str, points: Floats, seed: int) -> Floats:
    fresh, back = np.unique(points, axis=0, return_inverse=True)
    draws = family.draw(_cube(fresh))
    met = family.allows(draws)
    out: Floats = np.full(len(fresh), np.inf)
    if met.any():
        kept = Draws({name: v[met] for name, v in draws.values.items()}, draws.log_weight[met])
        episode = episodes_of(family, kept, seed=purpose(f"estimate {seed}"))
        episode.episode_id[:] = point_keys(fresh[met])
        out[met] = event_margin(event, egos(run_family(family, episode)))
    return np.asarray(out[back.reshape(-1)], dtype=np.float64)


def _widened(middle: float, end: float, error: float) -> float:
    """One end of an interval, moved out by an independent relative error on the log scale."""
    if middle <= 0.0 or end <= 0.0:
        return end
    away = np.log(end / middle)
    return float(middle * np.exp(np.copysign(np.hypot(away, error), away)))


def _cube(points: Floats) -> Floats:
    return np.asarray(np.clip(ndtr(points), EDGE, 1.0 - EDGE))

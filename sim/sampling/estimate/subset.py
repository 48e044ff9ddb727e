"""Subset simulation (Au and Beck 2001): failure as a chain of ten-times-rarer events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.sampling.estimate.meter import Floats, Meter

P0 = 0.1
"""Share that goes on to the next level; 0.1 to 0.3 do about as well (Zuev 2012)."""

ACCEPTED = 0.44
"""Share of moves to be accepted; 0.44 is best for adaptive conditional sampling
(Papaioannou, Betz, Zwirglmaier and Straub 2015)."""

FEWEST = 8
"""Points from which a further level may start; fewer chains tell nothing of their spread."""

MOST_LEVELS = 40


@dataclass(frozen=True)
class Descent:
    """One run down the levels.

    Attributes:
        log_probability: Log of the product of the shares up to where it stopped.
        reached: Whether that is failure itself, not a level above it.
        points: (m, d) points of the last level that was reached, failing if `reached`.
        levels: Thresholds passed on the way.
        variance: Rough squared coefficient of variation of the probability.
        calls: Points evaluated.
    """

    log_probability: float
    reached: bool
    points: Floats
    levels: tuple[float, ...]
    variance: float
    calls: int


def descend(
    meter: Meter,
    n: int,
    rng: np.random.Generator,
    first: tuple[Floats, Floats] | None = None,
    extra: int = 0,
) -> Descent:
    """Run down with n points a level.

    Args:
        meter: The limit state.
        n: Points a level.
        rng: Where its randomness comes from.
        first: Nominal points and their values, if some were drawn already.
        extra: Failing points to go on to, beyond what the probability needs.
    """
    before = meter.used
    u, g = first if first is not None else _nominal(meter, n, rng)
    log_p, variance, levels = 0.0, 0.0, list[float]()
    while len(levels) < MOST_LEVELS:
        level = _next_level(g)
        chosen = g <= level
        share = chosen.mean() if level < np.inf else 0.0
        too_few = level > 0.0 and chosen.sum() < FEWEST
        if share == 0.0 or too_few or (levels and level >= levels[-1]):
            break
        log_p += float(np.log(share))
        variance += _spread(share, len(g), bool(levels))
        levels.append(level)
        u, g = u[chosen], g[chosen]
        if level <= 0.0 or meter.left < n:
            break
        u, g = _walk(meter, u, g, level, n, rng)
    reached = bool(levels) and levels[-1] <= 0.0
    if reached and len(u) < extra <= meter.left:
        u, g = _walk(meter, u, np.zeros(len(u)), 0.0, extra, rng)
    return Descent(log_p, reached, u, tuple(levels), variance, meter.used - before)


def _nominal(meter: Meter, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    u = rng.standard_normal((n, meter.dim))
    return u, meter(u)


def _next_level(g: Floats) -> float:
    """The value that a tenth of the points reach, 0 if that is failure already.

    A plateau on which most points lie (a simulator that says "nothing happened" in one
    number) is passed over for the next value below it; inf if there is none.
    """
    level = float(np.partition(g, int(P0 * len(g)))[int(P0 * len(g))])
    if level <= 0.0:
        return 0.0
    if (g <= level).mean() > 0.5:
        below = g[g < level]
        level = float(below.max()) if len(below) else float("inf")
    return max(level, 0.0)


def _spread(share: float, n: int, chained: bool) -> float:
    """Squared coefficient of variation of one level; chained points count for a quarter."""
    return (1.0 - share) / (share * n) * (4.0 if chained else 1.0)


def _walk(
    meter: Meter, u: Floats, g: Floats, level: float, n: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """n points at or below the level, by moves that leave the nominal density unchanged."""
    order = rng.permutation(len(u))
    u, g = u[order][:n], g[order][:n]
    points, values = [u], [g]
    step, made, moves = 0.8, len(u), 0
    while made < n:
        count = min(len(u), n - made)
        u, g, accepted = moved(meter, u[:count], g[:count], level, step, 1.0, rng)
        moves += 1
        step = float(np.clip(step * np.exp((accepted - ACCEPTED) / np.sqrt(moves)), 0.02, 1.0))
        points.append(u)
        values.append(g)
        made += count
    return np.concatenate(points), np.concatenate(values)


def moved(
    meter: Meter,
    u: Floats,
    g: Floats,
    level: float,
    step: float,
    spread: float,
    rng: np.random.Generator,
) -> tuple[Floats, Floats, float]:
    """One preconditioned Crank-Nicolson move of each point (Cotter and others 2013).

    Args:
        meter: The limit state.
        u: (n, d) points at or below the level.
        g: (n,) their values.
        level: Above which no point may go.
        step: Between 0, no move, and 1, an independent point.
        spread: Standard deviation of the density that the moves leave unchanged.
        rng: Where its randomness comes from.

    Returns:
        Points, values and the share of the moves that was accepted.
    """
    noise = rng.standard_normal(u.shape) * spread
    tried = np.sqrt(1.0 - step**2) * u + step * noise
    value = meter(tried)
    good = value <= level
    return np.where(good[:, None], tried, u), np.where(good, value, g), float(good.mean())

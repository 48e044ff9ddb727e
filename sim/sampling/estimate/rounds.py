"""Rounds of importance sampling: the early ones teach, the last ones count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.sampling.estimate.archive import Archive, effective, softened
from sim.sampling.estimate.explore import WIDE_UP_TO, Exploration, wide
from sim.sampling.estimate.fit import fit
from sim.sampling.estimate.gaussians import Blend, Floats, Gaussians, centred
from sim.sampling.estimate.interval import relative_error
from sim.sampling.estimate.meter import Meter
from sim.sampling.estimate.ring import Ring

LEAST_ESS, MOST_WEIGHT = 0.2, 0.05
"""Effective over failing draws, and share of the heaviest: beyond these, intervals of a
prototype covered .07 to .70 (linear, d 20 and 50)."""

ENOUGH = 60.0
"""Effective draws with which skewed weights are told but pass in few dimensions."""

FEW_DIMENSIONS = 10

MOST_ROUNDS = 8
BETTER = 0.85
"""A round that is not at least this much better than the last shows that learning is over."""

PATIENCE = 0.35
"""Share of the budget down to which learning goes on while the target is out of reach."""

SAFETY = 0.85
"""The last round aims below the target: its own error estimate errs by some 10 %."""

RESEMBLING = 10.0
"""Points of chains that are worth an independent one."""

MOST_TRUST = 0.85
"""Independent points never push chains aside: these may know a way to fail that no draw has
met. In more than 20 dimensions their noise does more harm than that."""

FEWEST = 60.0
"""Effective points that a mixture of several components needs."""

RESERVE = 60
"""Calls kept for telling modes apart."""


@dataclass(frozen=True)
class Round:
    """Independent draws from one proposal.

    Attributes:
        n: How many.
        points: (m, d) the failing ones.
        log_weight: (m,) theirs.
        blend: What they were drawn from.
    """

    n: int
    points: Floats
    log_weight: Floats
    blend: Blend

    @property
    def spread(self) -> float:
        """Relative standard deviation of one draw; inf where fewer than two failed."""
        if len(self.points) < 2:
            return float("inf")
        return relative_error(np.exp(self.log_weight), self.n) * float(np.sqrt(self.n))

    @property
    def skewed(self) -> bool:
        """Whether a few weights carry the estimate."""
        if len(self.points) < 10:
            return True
        weight, ess = np.exp(self.log_weight), effective(self.log_weight)
        heavy = weight.max() > max(MOST_WEIGHT, 4.0 / len(weight)) * weight.sum()
        return bool(heavy or ess < LEAST_ESS * len(weight))

    @property
    def sound(self) -> bool:
        """Whether the weights are even, or many enough in few dimensions."""
        few = self.points.shape[1] <= FEW_DIMENSIONS
        return not self.skewed or (few and effective(self.log_weight) >= 1.1 * ENOUGH)


def draw(meter: Meter, blend: Blend, n: int, archive: Archive, rng: np.random.Generator) -> Round:
    """One round; its failing points go into the archive."""
    u = blend.sample(n, rng)
    failing = u[meter(u) <= 0]
    archive.add(blend, n, failing)
    return Round(n, failing, blend.log_weight(failing), blend)


def blended(fitted: Gaussians | Ring) -> Blend:
    """The fitted mixture, defended by wider ones and by nature's own density.

    The last bounds every weight by one over its share (Hesterberg 1995); the wider copy
    holds the tails, where a failure region falls off more slowly than a normal density.
    """
    d, k = (fitted.dim, 1) if isinstance(fitted, Ring) else fitted.basis.shape
    nature = centred(d, np.ones(1))
    copies = (fitted.widened(1.15), fitted.widened(2.0 if k <= 3 else 1.5))
    if d <= WIDE_UP_TO:
        return Blend((0.65, 0.2, 0.05, 0.1), (*copies, nature, wide(d)))
    return Blend((0.7, 0.2, 0.1), (*copies, nature))


def learnt(
    exploration: Exploration, meter: Meter, rng: np.random.Generator
) -> Gaussians | Ring | None:
    """A mixture fitted to all failing points so far; None where there are none.

    Points from chains count little, for they resemble one another; they fade as independent
    points of any weight come in.
    """
    archive, (chained, half) = exploration.archive, exploration.chained
    u, weight = chained, np.full(len(chained), 1.0 / max(len(chained), 1))
    if len(archive.points):
        independent = softened(archive.log_weight, max(FEWEST, archive.dim))
        effective = 1.0 / float((independent**2).sum())
        trust = effective / (effective + len(chained) / RESEMBLING)
        if len(chained) and archive.dim <= 20:
            trust = min(trust, MOST_TRUST)
        u = np.concatenate([u, archive.points])
        weight = np.concatenate([(1 - trust) * weight, trust * independent])
        half = np.concatenate([half, np.arange(len(archive.points)) % 2 == 0])
    return fit(u, weight, rng, half, meter.seen) if len(u) else None


def learn(
    meter: Meter, exploration: Exploration, n: int, target: float, rng: np.random.Generator
) -> list[Round]:
    """Rounds until the proposal gets no better; none where there is nothing to learn from."""
    rounds = list[Round]()
    while len(rounds) < MOST_ROUNDS:
        fitted = learnt(exploration, meter, rng)
        if fitted is None or meter.left - RESERVE < 3 * n:
            break
        rounds.append(draw(meter, blended(fitted), n, exploration.archive, rng))
        if _settled(rounds, n, meter, target):
            break
    return rounds


def _settled(rounds: list[Round], n: int, meter: Meter, target: float) -> bool:
    """Whether the last round would do for the target, or learning has ended."""
    last = rounds[-1]
    if wanted(last.spread, target) <= 2 * n and len(last.points) >= 50:
        return True
    if wanted(last.spread, target) > meter.left and meter.left > PATIENCE * meter.max_calls:
        return False
    return len(rounds) > 1 and last.spread < np.inf and last.spread > BETTER * rounds[-2].spread


def wanted(spread: float, target: float) -> int:
    """Draws after which the relative error is within the target."""
    return int(np.ceil((min(spread, 1e3) / (SAFETY * target)) ** 2))


def harvest(
    meter: Meter, exploration: Exploration, spread: float, target: float, rng: np.random.Generator
) -> list[Round]:
    """Rounds that count: fixed in size before they are drawn; more only if one fell short."""
    rounds = list[Round]()
    while True:
        drawn = sum(r.n for r in rounds)
        n = max(wanted(spread, target) - drawn, drawn, 200)
        n = min(n, meter.left - RESERVE)
        fitted = learnt(exploration, meter, rng)
        if n < 50 or fitted is None:
            return rounds
        rounds.append(draw(meter, blended(fitted), n, exploration.archive, rng))
        pooled = pool(rounds)
        spread = pooled.spread
        precise = spread / np.sqrt(pooled.n) <= target
        if (precise and (pooled.sound or meter.dim > FEW_DIMENSIONS)) or len(rounds) == 4:
            return rounds


def pool(rounds: list[Round]) -> Round:
    """Rounds as one, each draw with the weight of its own proposal."""
    points = np.concatenate([r.points for r in rounds])
    log_weight = np.concatenate([r.log_weight for r in rounds])
    n = sum(r.n for r in rounds)
    shares = tuple(s * r.n / n for r in rounds for s in r.blend.shares)
    parts = tuple(part for r in rounds for part in r.blend.parts)
    return Round(n, points, log_weight, Blend(shares, parts))

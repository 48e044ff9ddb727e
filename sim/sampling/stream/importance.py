"""Importance sampling: more of what is dangerous, with the exact weight of each point."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.family.space import Space
from sim.sampling.sampler import SAMPLERS, Floats, Ints, Sampler, uniforms
from sim.sampling.stream.fitting import balance, effective_size, fit, tempered
from sim.sampling.stream.mixture import Mixture
from sim.sampling.stream.screening import matters

Bools = NDArray[np.bool_]

STEPS = np.linspace(1.0, 4.0, 25)
"""How much farther a fitted proposal may go than where the dangerous points lie."""
FEWEST = 25.0
"""Effective pilot points that a forecast of a proposal's dangerous share has to rest on."""
NEARLY, HARDLY = 0.9, 0.03
"""From which part of the goal on how little more is not worth going farther for.

The last of it lies in a corner of the event: in `left_turn_signal` it took four times the
distance, and 1,000 draws with a share of 73 % told as much of its probability as 53.
"""


@dataclass(frozen=True)
class Pilot:
    """What trial rounds have shown.

    Attributes:
        points: (n, d) of all rounds.
        danger: (n,).
        drawn_from: What each round drew from; None is nature.
        sizes: How many points each round drew.
        matters: (d,) the coordinates that danger was found to depend on, in any round.
    """

    points: Floats
    danger: Floats
    drawn_from: tuple[Mixture | None, ...]
    sizes: tuple[int, ...]
    matters: Bools

    @classmethod
    def none(cls, d: int) -> Pilot:
        """Before the first round."""
        return cls(np.empty((0, d)), np.empty(0), (), (), np.zeros(d, np.bool_))

    def weight(self, defensive: float) -> Floats:
        """(n,) nominal over sampled density, all rounds together."""
        ratios = [log_sampled(source, self.points, defensive) for source in self.drawn_from]
        return balance(list(zip(ratios, self.sizes)))

    def and_then(
        self, points: Floats, danger: Floats, source: Mixture | None, space: Space
    ) -> Pilot:
        """With one more round."""
        return Pilot(
            np.vstack([self.points, points]),
            np.concatenate([self.danger, danger]),
            (*self.drawn_from, source),
            (*self.sizes, len(points)),
            self.matters | matters(points, danger, space),
        )


@SAMPLERS.register("importance")
@dataclass(frozen=True, kw_only=True)
class Importance(Sampler):
    """A mixture of tilted distributions, adapted by cross-entropy (Rubinstein 1999).

    A share of the draws comes from the nominal density, so a weight never exceeds
    1 / defensive (Hesterberg 1995). Smooth quantities are moved and stretched in
    standard-normal space, discrete ones are tilted by the probability of each value. Near
    misses are sought as much as crashes: both are the family's event.

    Attributes:
        components: Parts of the mixture: how many ways into danger it can follow.
        elite: Share of the most dangerous pilot episodes that the proposal is fitted to,
            while the event itself is rarer.
        target: Danger from which on more is not sought; on the scale of
            `sim.sampling.danger` 0.5 is the family's event.
        goal: Share of draws that are to reach the target; the fitted proposal goes as far in
            its own direction as pilot episodes say this takes.
        defensive: Share of draws from the nominal density.
        proposal: What it learnt; None before it is told anything.
        seen: The pilot that it learnt from.
        forecast: Share of its draws that will reach the target, as the pilot says.
    """

    name = "importance"
    pilot_rounds: int = 3
    pilot_size: int = 500
    components: int = 2
    elite: float = 0.1
    target: float = 0.5
    goal: float = 0.7
    defensive: float = 0.1
    proposal: Mixture | None = None
    seen: Pilot | None = None
    forecast: float | None = None

    def __post_init__(self) -> None:
        for name in ("pilot_rounds", "pilot_size", "components"):
            if getattr(self, name) < 1:
                raise expected(
                    f"sampler.{name}", "a whole number of at least 1", getattr(self, name)
                )
        for name in ("elite", "goal", "defensive"):
            if not 0 < getattr(self, name) < 1:
                raise expected(f"sampler.{name}", "a share between 0 and 1", getattr(self, name))

    def ask(self, n: int, space: Space, seed: int, start: int = 0) -> tuple[Floats, Floats]:
        drawn = uniforms(n, len(space) + 2, seed, start, "importance")
        if self.proposal is None:
            return drawn[:, 2:], np.zeros(n)
        source = self._source(drawn)
        tilted = self.proposal.place(np.maximum(source - 1, 0), drawn[:, 2:])
        points = np.where(source[:, None] == 0, drawn[:, 2:], tilted)
        return points, -log_sampled(self.proposal, points, self.defensive)

    def proposals(self, n: int, space: Space, seed: int, start: int = 0) -> Ints:
        return self._source(uniforms(n, len(space) + 2, seed, start, "importance"))

    def _source(self, drawn: Floats) -> Ints:
        """0 for a nominal draw, else the number of the component, from 1."""
        if self.proposal is None:
            return np.zeros(len(drawn), np.int64)
        return np.where(drawn[:, 0] < self.defensive, 0, self.proposal.pick(drawn[:, 1]) + 1)

    def tell(self, points: Floats, danger: Floats, space: Space) -> Self:
        before = self.seen or Pilot.none(len(space))
        seen = before.and_then(points, danger, self.proposal, space)
        level = min(level_of(danger, self.elite), self.target)
        weight = seen.weight(self.defensive)
        elite = seen.danger >= level
        likely = tempered(weight[elite])
        fitted = fit(seen.points[elite], likely, space, self.components, seen.matters)
        proposal, share = self._far_enough(fitted, seen, weight, elite)
        known = share if level == self.target else None
        return replace(self, seen=seen, proposal=proposal, forecast=known)

    @property
    def warning(self) -> str:
        if self.seen is None or (self.forecast or 0.0) >= NEARLY * self.goal:
            return ""
        if self.forecast is None:
            told = "danger was too rare in the pilot to forecast its share of the stream"
        else:
            told = f"the pilot forecasts {self.forecast:.0%} of the stream to be dangerous"
        return f"sampler=importance: {told}; the goal is {self.goal:.0%}"

    def _far_enough(
        self, fitted: Mixture, seen: Pilot, weight: Floats, elite: Bools
    ) -> tuple[Mixture, float]:
        """The proposal, amplified until so many of its draws are elite that the goal is met.

        The share is forecast by weighing the pilot anew. Where no forecast that enough points
        carry meets the goal, the shortest way to nearly the best: a window of danger can be
        overshot. With the forecast.
        """
        nominal = float(weight[elite].sum() / weight.sum())
        needed = (self.goal - self.defensive * nominal) / (1.0 - self.defensive)
        steps, shares = [], []
        for by in STEPS:
            candidate = fitted.amplified(float(by))
            anew = weight * np.exp(candidate.log_ratio(seen.points))
            if effective_size(anew) < FEWEST:
                break
            steps.append(candidate)
            shares.append(float(anew[elite].sum() / anew.sum()))
        if not steps:
            return fitted, nominal
        best = max(shares)
        enough = min(needed, best - HARDLY) if best >= NEARLY * needed else best
        chosen = int(np.argmax(np.array(shares) >= enough))
        return steps[chosen], self.defensive * nominal + (1.0 - self.defensive) * shares[chosen]


def log_sampled(proposal: Mixture | None, points: Floats, defensive: float) -> Floats:
    """(n,) log of the sampled density over the nominal one; at least log(defensive)."""
    if proposal is None:
        return np.zeros(len(points))
    tilted = np.log1p(-defensive) + proposal.log_ratio(points)
    return np.asarray(np.logaddexp(np.log(defensive), tilted) if defensive else tilted)


def level_of(danger: Floats, elite: float) -> float:
    """The danger that the most dangerous share `elite` of the points reaches.

    Under the proposal, not under nature: each round then looks farther out. A level that
    most points share (no conflict at all, say) is passed over for the next above it.
    """
    level = float(np.quantile(danger, 1.0 - elite))
    above = danger[danger > level]
    return float(above.min()) if level == danger.min() and len(above) else level

"""From a family and a sampler to episodes, ready to run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sim.base.errors import UserError
from sim.base.rng import purpose
from sim.family import EVENTS, Draws, Family, episode_of, load_families
from sim.sampling.designs.independent import Iid
from sim.sampling.feasible import feasible_points, traced_points
from sim.sampling.limits import MOST_IN_SHARD, check_whole
from sim.sampling.sampler import Floats, Sampler
from sim.world.episode import Episode
from sim.world.log import Log
from sim.world.rollout import simulate

MOST_ROUNDS = 100
"""Of a pilot; three are usual."""


def resolve(family: Family | str) -> Family:
    """A family itself, or the one of that name with its default distributions.

    Raises:
        UserError: No family has that name.
    """
    return load_families()[family]() if isinstance(family, str) else family


def sample(
    family: Family | str, *, n: int, seed: int, sampler: Sampler | None = None, start: int = 0
) -> Episode:
    """Episodes number `start` to `start + n - 1` of a family.

    Episode i is the same whatever `n` and `start` it was asked with.

    Args:
        family: A family, or a family's name.
        n: How many.
        seed: Of the points and of the noise in the run.
        sampler: How points are chosen; independent ones if left out.
        start: Number of the first.

    Raises:
        UserError: No such family, n < 1, or a negative seed or start.
    """
    check_whole("n", n, least=1)
    check_whole("seed", seed)
    check_whole("start", start)
    family = resolve(family)
    points, log_weight, proposal = traced_points(family, sampler or Iid(), n, seed, start)
    episode = episodes_of(family, family.draw(points, log_weight), seed=seed, start=start)
    return replace(episode, proposal=proposal)


def episodes_of(family: Family, draws: Draws, *, seed: int, start: int = 0) -> Episode:
    """Episodes number `start` and on of these draws.

    Args:
        family: Whose draws they are.
        draws: n of them.
        seed: Of the noise in the run.
        start: Number of the first; with the seed the key of its noise.

    Raises:
        UserError: The family's `build` fails, or makes of a draw what cannot be.
    """
    name = family.terms.name
    try:
        episode = episode_of(family, draws, seed=seed)
    except UserError as error:
        if family == type(family)():
            raise
        raise UserError(f"{name}: {error}") from None
    return replace(
        episode,
        episode_id=np.arange(start, start + len(draws), dtype=np.int64),
        family=name,
        site=name,
        log_weight=draws.log_weight,
        quantities=family.columns(draws),
    )


def run_family(
    family: Family, episode: Episode, *, seconds: float | None = None, threads: int | None = None
) -> Log:
    """Run episodes of a family, so that its own event is measured, and told as "near".

    Args:
        family: Whose they are.
        episode: The episodes.
        seconds: Length [s]; the family's own if left out.
        threads: As in `simulate`.
    """
    length = family.seconds if seconds is None else seconds
    event = EVENTS[family.event]
    log = simulate(episode, seconds=length, range_m=event.range_m, threads=threads)
    near = np.where(event.margin(egos(log)) <= 0.0, "near", "ordinary")
    told = np.where(log.episodes["collided"], "crash", near)
    return replace(log, episodes=log.episodes.assign(outcome=told))


def egos(log: Log) -> pd.DataFrame:
    """The rows of a simulated Log's `outcomes` that are of the egos, one an episode."""
    return log.outcomes[log.outcomes["track_id"] == 0]


def danger(family: Family, log: Log) -> Floats:
    """How near each episode came to a crash, (n,) from 0 to 1.

    Below 0.5 the family's event did not happen: 0.5 / (1 + seconds of margin). From there to
    1 the margin is used up; contact is 1.
    """
    event = EVENTS[family.event]
    margin = event.margin(egos(log))
    used = np.minimum(-margin / event.ttc_s, 1.0)
    return np.where(margin > 0.0, 0.5 / (1.0 + np.maximum(margin, 0.0)), 0.5 + 0.5 * used)


def check_pilot(sampler: Sampler) -> None:
    """Raise `UserError` where a sampler asks for more trial episodes than can be run at once."""
    check_whole("sampler.pilot_rounds", sampler.pilot_rounds, most=MOST_ROUNDS)
    check_whole("sampler.pilot_size", sampler.pilot_size, most=MOST_IN_SHARD)


def pilot(
    family: Family, sampler: Sampler, *, seed: int, seconds: float, threads: int | None = None
) -> Sampler:
    """Let a sampler learn from trial episodes, as many as it asks for.

    They have a seed of their own, so no episode that is kept shaped its own weight.
    """
    check_pilot(sampler)
    trial = purpose(f"pilot {seed}")
    for round_ in range(sampler.pilot_rounds):
        n, start = sampler.pilot_size, round_ * sampler.pilot_size
        points, weight = feasible_points(family, sampler, n, trial, start)
        episode = episodes_of(family, family.draw(points, weight), seed=trial, start=start)
        log = run_family(family, episode, seconds=seconds, threads=threads)
        sampler = sampler.tell(points, danger(family, log), family.space)
    return sampler

"""From a family and a sampler to episodes, ready to run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.base.rng import purpose
from sim.family import Family, load_families
from sim.sampling.designs import Iid
from sim.sampling.sampler import Sampler
from sim.world.episode import Episode
from sim.world.rollout import simulate


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
    points, log_weight = (sampler or Iid()).ask(n, family.dimensions, seed, start)
    draws = family.draw(points, log_weight)
    return replace(
        family.build(draws).episode(seed=seed),
        episode_id=np.arange(start, start + n, dtype=np.int64),
        family=family.name,
        site=family.name,
        log_weight=log_weight,
        quantities=family.columns(draws),
    )


def danger(episodes: pd.DataFrame) -> NDArray[np.float64]:
    """How near each episode came to a crash, 0 to 1: 1 / (1 + least time to collision [s])."""
    closest = 1.0 / (1.0 + episodes["min_ttc_s"].to_numpy(dtype=np.float64))
    crashed = episodes["collided"].to_numpy(dtype=bool)
    return np.where(crashed, 1.0, np.nan_to_num(closest, nan=0.0))


def pilot(
    family: Family, sampler: Sampler, *, seed: int, seconds: float, threads: int | None = None
) -> Sampler:
    """Let a sampler learn from trial episodes, as many as it asks for.

    They have a seed of their own, so no episode that is kept shaped its own weight.
    """
    for round_ in range(sampler.pilot_rounds):
        n = sampler.pilot_size
        trial = {"seed": purpose(f"pilot {seed}"), "start": round_ * n}
        points, _ = sampler.ask(n, family.dimensions, **trial)
        log = simulate(
            sample(family, n=n, sampler=sampler, **trial), seconds=seconds, threads=threads
        )
        sampler = sampler.tell(points, danger(log.episodes))
    return sampler


def check_whole(name: str, value: object, least: int = 0) -> None:
    """Raises `UserError` unless `value` is a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise expected(name, f"a whole number of at least {least}", value)

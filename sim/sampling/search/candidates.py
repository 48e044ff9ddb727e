"""Many variations of one frozen scenario, run side by side with the noise of that one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import UserError, expected
from sim.family import EVENTS, Concrete, Draws
from sim.sampling.sample import episodes_of
from sim.world.episode import Episode
from sim.world.log import LOG_STEP_S
from sim.world.rollout import State

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
What = Literal["crash", "event"]

NOISE = ("speed_key", "accel_key", "sway_key", "lapse_key")
BATCH = 256  # scenarios at once: 20 users each make 5 MB


@dataclass(frozen=True)
class Failure:
    """What it means that a variation of a frozen scenario still fails.

    Attributes:
        frozen: The scenario.
        what: "crash", contact of the ego with `other`; or "event", that of its family.
        other: Slot of the road user that the ego touched first; -1 for an event.
        threads: At most so many; all when None.
    """

    frozen: Concrete
    what: What
    other: int = -1
    threads: int | None = None

    @classmethod
    def of(cls, frozen: Concrete, what: What | None = None, threads: int | None = None) -> Failure:
        """How a frozen scenario fails: in the way told, or by a crash, else by its event.

        Raises:
            UserError: It does not fail in that way.
        """
        ego = run_egos(frozen, frozen.draws, threads)
        crashed, event = bool(ego["collided"][0]), bool(_happens(frozen, ego)[0])
        kinds: dict[What, bool] = {"crash": crashed, "event": event}
        if what is not None and what not in kinds:
            raise expected("what", "crash or event", what)
        told = [kind for kind, fails in kinds.items() if fails and what in (None, kind)]
        if not told:
            wanted = what or "crash or event"
            raise UserError(f"episode: expected one with a {wanted}, got one without")
        other = int(ego["struck_by"][0]) if told[0] == "crash" else -1
        return cls(frozen, told[0], other, threads)

    def holds(self, u: Floats) -> Bools:
        """Which points (n, d) of the family's unit cube still fail, (n,); the infeasible do not."""
        draws = self.frozen.family.draw(u)
        return self.holds_for(draws)

    def holds_for(self, draws: Draws) -> Bools:
        """The same, of values."""
        fails = self.frozen.family.allows(draws)
        for first in range(0, len(draws), BATCH):
            rows = slice(first, first + BATCH)
            part = Draws(
                {name: v[rows] for name, v in draws.values.items()}, draws.log_weight[rows]
            )
            ego = run_egos(self.frozen, part, self.threads)
            if self.what == "crash":
                fails[rows] &= (ego["collided"] == 1) & (ego["struck_by"] == self.other)
            else:
                fails[rows] &= _happens(self.frozen, ego)
        return fails


def run_egos(frozen: Concrete, draws: Draws, threads: int | None = None) -> NDArray[Any]:
    """The egos' records (n,) at the end of runs of these draws, with the frozen one's noise."""
    episode = episodes_of(frozen.family, draws, seed=frozen.seed)
    reach = EVENTS[frozen.family.event].range_m
    state = State.of(episode, LOG_STEP_S, reach, threads)
    users = state.cast.users.view(np.ndarray)
    keys = _noise_of(frozen, episode)
    for name in NOISE:
        users[name] = keys[name]
    state.log(round(frozen.seconds / LOG_STEP_S), 1)
    egos: NDArray[Any] = users[:, 0]
    return egos


def _noise_of(frozen: Concrete, episode: Episode) -> NDArray[Any]:
    """The users' records (N,) of the frozen scenario, whose streams are keyed by its number."""
    one = replace(episode.take(np.zeros(1, np.int64)), episode_id=np.array([frozen.episode]))
    users: NDArray[Any] = State.of(one, LOG_STEP_S).cast.users.view(np.ndarray)[0]
    return users


def _happens(frozen: Concrete, ego: NDArray[Any]) -> Bools:
    columns = {"min_ttc_s": "min_ttc", "min_pet_s": "min_pet", "impact_speed_mps": "impact_speed"}
    table = pd.DataFrame({name: ego[field] for name, field in columns.items()})
    table["collided"] = ego["collided"] == 1
    return np.asarray(EVENTS[frozen.family.event].margin(table) <= 0.0)

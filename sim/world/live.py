"""Scenarios a step at a time: for those who steer a road user themselves, or just watch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.base.jit import bound
from sim.world.episode import Episode
from sim.world.kernel.records import ALIVE, LOGGED
from sim.world.kernel.run import run_span
from sim.world.log import LOG_STEP_S
from sim.world.rollout import State

SEEN = ("x", "y", "yaw", "speed", "accel", "lead", "gap", "centre", "min_ttc", "collided")
"""Columns of `Simulation.columns`; `centre` is the lane that the centre is in."""

_NO_LOG = np.empty((0, 0, 0, LOGGED), np.float32)
_NONE_LOGGED = np.empty((0, 0, 0), np.bool_)


class Simulation:
    """B scenarios that stand still between two calls of `step`.

    What `simulate` does in one go comes out the same, bit for bit, step by step.

    >>> from sim.world.road import straight
    >>> from sim.world.scene import Scene
    >>> scene = Scene(1, straight(lanes=1))
    >>> ego = scene.car(lane=0, s=50.0, speed=20.0)
    >>> live = Simulation(scene.episode())
    >>> live.command(ego.slot, accel=-4.0)
    >>> live.step(10)
    >>> live.time, round(float(live.users.speed[0, ego.slot]), 6)
    (1.0, 16.0)
    """

    def __init__(self, episode: Episode, dt: float = LOG_STEP_S, range_m: float = 0.0) -> None:
        """Put everybody where the episode says.

        Args:
            episode: B scenarios with N users.
            dt: Step [s].
            range_m: As in `simulate`.

        Raises:
            UserError: `dt` is not a positive number.
        """
        if not (math.isfinite(dt) and dt > 0.0):
            raise expected("dt", "a positive number of seconds", dt, where="Simulation")
        self._episode = episode
        self._dt = float(dt)
        self._range_m = float(range_m)
        self.reset()

    def reset(self) -> None:
        """Go back to the beginning."""
        self._state = State.of(self._episode, self._dt, self._range_m)
        self._step = 0
        self._run = bound(run_span, *self._arguments(0))
        users = self._state.cast.users.view(np.ndarray)
        self._columns = {name: users[name] for name in SEEN}
        self._advance(0)

    @property
    def time(self) -> float:
        """Now [s]."""
        return self._step * self._dt

    @property
    def users(self) -> NDArray[Any]:
        """The engine's own records, (B, N), not copied: `users.x[b, slot]` and so on.

        Of use are x, y [m], yaw [rad], speed [m/s], accel [m/s²], `lead` (slot, -1 none), gap
        [m], `min_ttc` [s], `collided`; the rest is the engine's. Read them.
        """
        return self._state.cast.users

    @property
    def columns(self) -> Mapping[str, NDArray[Any]]:
        """What there is to see of them, each (B, N), not copied, by the names in `SEEN`.

        The views are made once: taking five of `users` costs more than the step of 20 users.
        """
        return self._columns

    @property
    def alive(self) -> NDArray[np.bool_]:
        """(B, N) who is on the road now."""
        alive: NDArray[np.bool_] = self.users["status"] == ALIVE
        return alive

    def step(self, count: int = 1) -> None:
        """Go on by `count` steps.

        Raises:
            UserError: `count` is negative.
        """
        if count < 0:
            raise expected("count", "a number of steps of at least 0", count, where="Simulation")
        if self._step + count > 0:
            self._advance(count)

    def _advance(self, count: int) -> None:
        self._run(*self._arguments(count))
        self._step += count

    def _arguments(self, count: int) -> tuple[Any, ...]:
        state, now = self._state, self._step
        steps = (now, now + count, self._dt, self._range_m, 0)
        return state.cast, state.ways, 0, len(state.cast.order), *steps, _NO_LOG, _NONE_LOGGED

    def command(self, slot: int, *, accel: Any) -> None:
        """Drive a user: this acceleration [m/s²] from now on, a number or (B,), till the next.

        It keeps its lane, stops at a stand, and is held by its tyres.

        Raises:
            UserError: There is no such slot, or an acceleration is not finite.
        """
        users = self.users
        if not 0 <= slot < users.shape[1]:
            raise expected("slot", f"one from 0 to {users.shape[1] - 1}", slot, where="Simulation")
        wanted = np.asarray(accel, dtype=np.float64)
        if not np.isfinite(wanted).all():
            raise expected("accel", "finite numbers", wanted, where="Simulation")
        driven = users[:, slot]
        driven["ordered"] = 1
        driven["order_accel"] = wanted
        driven["final"] = np.where(wanted < 0.0, 0.0, np.inf)

    def release(self, slot: int) -> None:
        """Leave a user to its own law again."""
        self.users[:, slot]["ordered"] = 0

"""What would have become of scenarios with a reference driver in the ego's seat."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import over_threads
from sim.laws.follow import FREE, IDM
from sim.reference.drivers import Driver, reaction_time
from sim.reference.seat import seats, sit_in_all
from sim.world.drivers import Drivers
from sim.world.episode import Episode
from sim.world.kernel.drive import STOP_EFFORT
from sim.world.kernel.records import LOGGED
from sim.world.rollout import State

_NO_LOG = np.empty((0, 0, 0, LOGGED), np.float32)
_NONE_LOGGED = np.empty((0, 0, 0), np.bool_)


@dataclass(frozen=True)
class Rerun:
    """What became of the egos; every array is (B,).

    Attributes:
        crashed: Whether the ego touched anybody.
        side: Code of `Side` at which it was touched, -1 without contact.
        impact_speed: Relative speed of the contact [m/s], NaN without.
    """

    crashed: NDArray[np.bool_]
    side: NDArray[np.int64]
    impact_speed: NDArray[np.float64]


def rerun(
    driver: Driver,
    episode: Episode,
    until: NDArray[np.float64],
    *,
    dt: float,
    threads: int | None = None,
) -> Rerun:
    """Run scenarios again with a reference driver in the ego's seat.

    Args:
        driver: Who drives.
        episode: B scenarios.
        until: Contact after this time does not count [s], (B,).
        dt: Step [s].
        threads: At most so many; all when None.
    """
    b = len(episode)
    out = Rerun(np.zeros(b, np.bool_), np.full(b, -1), np.full(b, np.nan))
    attentive = replace(episode, drivers=everyday(episode.drivers, reaction_time(driver)))

    def work(first: int, last: int) -> None:
        part = attentive.take(np.arange(first, last))
        ego = _drive(int(driver), part, float(until[first:last].max()), dt)
        met = (ego["collided"] == 1) & (ego["contact_s"] <= until[first:last])
        out.crashed[first:last] = met
        out.side[first:last] = np.where(met, ego["contact_side"], -1)
        out.impact_speed[first:last] = np.where(met, ego["impact_speed"], np.nan)

    over_threads(work, b, threads)
    return out


def everyday(drivers: Drivers, reaction: float) -> Drivers:
    """The drivers with an ego that drives as ever but attentively, and leaves evading alone.

    Its wishes, lane, lights and rights of way stay its own. It has no lapses, sees no later
    than the reference driver, brakes no harder than for a red light, and has no emergency
    braking: that is the reference driver's part. One that heeds nobody follows as IDM.
    """
    columns = {name: column.copy() for name, column in drivers.columns().items()}
    ego = {name: column[:, 0] for name, column in columns.items()}
    ego["lapse_rate_per_s"][:] = 0.0
    ego["aeb"][:] = 0
    ego["law"][ego["law"] == FREE] = IDM
    np.minimum(ego["reaction_s"], reaction, out=ego["reaction_s"])
    np.minimum(ego["brake_max"], STOP_EFFORT * ego["brake_comfort"], out=ego["brake_max"])
    return Drivers(**columns)


def _drive(driver: int, episode: Episode, seconds: float, dt: float) -> np.ndarray:
    """The egos' records (B,) at the end, each after its first contact or `seconds`."""
    state = State.of(episode, dt, threads=1)
    seated = seats(driver, len(episode))
    ego = state.cast.users.view(np.ndarray)[:, 0]
    state.run(0, 0, 0, _NO_LOG, _NONE_LOGGED)
    for step in range(math.ceil(seconds / dt - 1e-9)):
        sit_in_all(driver, state.cast, state.ways, seated, dt)
        state.run(step, step + 1, 0, _NO_LOG, _NONE_LOGGED)
        if (ego["collided"] == 1).all():
            break
    return ego

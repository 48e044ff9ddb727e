"""Could the crashes of a run have been avoided? Each is driven again by the reference drivers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.reference.drivers import DRIVERS, Driver
from sim.reference.preventable import label
from sim.reference.rerun import rerun
from sim.world.episode import Episode
from sim.world.log import LOG_STEP_S, Log

LATER_S = 6.0  # after a crash; the slowest to react stops from 33 m/s in 5.7 s (engineering)


@dataclass(frozen=True)
class Preventability:
    """Which crashes of the ego who would have avoided; D drivers as in `DRIVERS`.

    Attributes:
        preventable: By "all", "some" or "none" of the drivers; "" where nothing had to be
            avoided, (B,).
        avoided: Whether the ego touches nobody with this driver, (B, D); False without a crash.
        side: Code of `Side` at which the ego is touched nevertheless, (B, D); -1 where not.
        impact_speed: Relative speed of that contact [m/s], (B, D); NaN where none.
    """

    preventable: NDArray[np.str_]
    avoided: NDArray[np.bool_]
    side: NDArray[np.int64]
    impact_speed: NDArray[np.float64]

    @property
    def avoided_by(self) -> NDArray[np.str_]:
        """The names of those who avoid it, joined by spaces, (B,)."""
        names = [" ".join(np.array(DRIVERS)[row]) for row in self.avoided]
        return np.array(names, dtype=np.str_)


def preventability(
    episode: Episode,
    log: Log,
    *,
    seconds: float,
    dt: float = LOG_STEP_S,
    threads: int | None = None,
) -> Preventability:
    """Drive the scenarios whose ego crashed again, with each reference driver in its seat.

    Scene, others, orders and noise stay what they were; the reference driver is at the wheel
    from the start. The ego goes on as its own driver would attentively, and whenever the
    reference driver sees danger, that one's foot decides, unless the ego brakes harder as it
    is. Nobody steers out of the way. Any contact of the ego is a crash, also one from behind:
    who brakes so hard that it is run into has not avoided it. It counts up to `seconds`, or 6 s
    after the crash if that is later, so that none is merely put off.

    What each driver does about another is the regulation's or its authors' for those who go the
    same way; for all others it is an extension, see `sim.reference.around`.

    Args:
        episode: B scenarios.
        log: What came of them, from `simulate`.
        seconds: How long that ran [s].
        dt: Step of the simulation [s].
        threads: At most so many; all when None.

    Raises:
        UserError: The Log is not that of these scenarios.

    Source: the drivers as in `sim.laws.r157_*`; counterfactual simulation of crashes with them
    in Olleja, Markkula and Bärgman 2024, arXiv:2406.09493.
    """
    if log.episodes["episode_id"].tolist() != episode.names:
        raise expected("log", "the Log of these scenarios", "another", where="preventability")
    crashed = np.flatnonzero(log.episodes["collided"].to_numpy(dtype=np.bool_))
    b = len(episode)
    out = Preventability(
        preventable=np.full(b, "", dtype="<U4"),
        avoided=np.zeros((b, len(DRIVERS)), np.bool_),
        side=np.full((b, len(DRIVERS)), -1),
        impact_speed=np.full((b, len(DRIVERS)), np.nan),
    )
    if not len(crashed):
        return out
    until = np.maximum(seconds, _crash_times(log) + LATER_S)
    again = episode.take(crashed)
    for driver in Driver:
        run = rerun(driver, again, until, dt=dt, threads=threads)
        out.avoided[crashed, driver] = ~run.crashed
        out.side[crashed, driver] = run.side
        out.impact_speed[crashed, driver] = run.impact_speed
    out.preventable[crashed] = label(out.avoided[crashed])
    return out


def with_preventability(
    episode: Episode,
    log: Log,
    *,
    seconds: float,
    dt: float = LOG_STEP_S,
    threads: int | None = None,
) -> Log:
    """The Log with `preventable` and `avoided_by` of its episodes told; as `preventability`."""
    told = preventability(episode, log, seconds=seconds, dt=dt, threads=threads)
    columns = {"preventable": told.preventable, "avoided_by": told.avoided_by}
    return replace(log, episodes=log.episodes.assign(**columns))


def _crash_times(log: Log) -> NDArray[np.float64]:
    """When the egos that crashed did so [s]."""
    rows = log.outcomes[(log.outcomes["track_id"] == 0) & log.outcomes["collided"]]
    return rows["contact_s"].to_numpy(dtype=np.float64)

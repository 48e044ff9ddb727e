"""From an Episode to its Log."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.base.jit import over_threads
from sim.world.encroach import keep_pets
from sim.world.episode import Episode
from sim.world.kernel.records import (
    LOGGED,
    SEAT,
    Cast,
    Way,
    pack_orders,
    pack_road,
    pack_runs,
    pack_users,
)
from sim.world.kernel.run import run_span
from sim.world.log import LOG_STEP_S, Log
from sim.world.tables import Piece, join_in_time, to_log

PIECE_BYTES = 64 * 2**20  # log array of one piece, of few scenarios rather than of little time
LEAST_BATCH = 16  # scenarios at least side by side, so that threads have work


def simulate(
    episode: Episode,
    *,
    seconds: float,
    dt: float = LOG_STEP_S,
    range_m: float = 0.0,
    threads: int | None = None,
) -> Log:
    """Run every scenario of an episode and log it every 0.1 s.

    The result depends on the episode, `seconds` and `dt` only: neither on threads nor on
    which other scenarios are in the batch.

    Args:
        episode: B scenarios.
        seconds: How long [s], in whole tenths.
        dt: Step of the simulation [s], 0.1 over a whole number.
        range_m: Within which TTC and DRAC of every pair are taken [m]; 0: of everybody against
            its leader. PET is taken of all pairs with a range or where courses cross.
        threads: At most so many; all, or NUMBA_NUM_THREADS, when None.

    Returns:
        A Log of B episodes and the users alive at each 0.1 s, from 0 to `seconds`.

    Raises:
        UserError: `seconds` or `dt` is not positive or does not divide, the range is not a
            number of metres, or there are no threads.
    """
    for name, value in (("seconds", seconds), ("dt", dt), ("range_m", range_m)):
        if isinstance(value, bool) or not isinstance(value, Real):
            raise expected(name, "a number", value, where="simulate")
    if not 0.0 <= range_m < math.inf:
        raise expected("range_m", "a range of at least 0 m", range_m, where="simulate")
    if threads is not None and threads < 1:
        raise expected("threads", "at least 1 thread, or None", threads, where="simulate")
    every = _whole("dt", LOG_STEP_S / dt if dt > 0.0 else math.nan, dt, "0.1 s over a whole number")
    frames = _whole("seconds", seconds / LOG_STEP_S, seconds, "a positive number of tenths")
    pieces, users = [], []
    for first, part in _parts(episode, frames):
        state = State.of(part, LOG_STEP_S / every, range_m, threads)
        piece = state.log(frames, every)
        pieces.append(replace(piece, episode=piece.episode + np.int32(first)))
        users.append(state.cast.users)
    return to_log(episode, pieces, np.concatenate(users))


def _parts(episode: Episode, frames: int) -> Iterator[tuple[int, Episode]]:
    """Scenarios in as large batches as fit a piece, with the number of their first."""
    b, n = episode.users.shape
    size = max(LEAST_BATCH, PIECE_BYTES // (4 * LOGGED * n * (frames + 1)))
    for first in range(0, b, size):
        yield first, episode.take(np.arange(first, min(first + size, b)))


def _whole(name: str, ratio: float, value: float, wanted: str) -> int:
    if not math.isfinite(ratio) or ratio < 0.999 or abs(ratio - round(ratio)) > 1e-6 * ratio:
        raise expected(name, wanted, value, where="simulate")
    return round(ratio)


@dataclass(frozen=True)
class State:
    """Everything that changes while B scenarios run, as the kernel wants it.

    Attributes:
        cast: Of all scenarios.
        ways: Their roads.
        dt: Step [s].
        range_m, threads: As in `simulate`.
    """

    cast: Cast
    ways: Way
    dt: float
    range_m: float
    threads: int | None = None

    @classmethod
    def of(
        cls, episode: Episode, dt: float, range_m: float = 0.0, threads: int | None = None
    ) -> State:
        """The state before the first step."""
        b, n = episode.users.shape
        road = episode.road
        cast = Cast(
            users=pack_users(episode),
            run=pack_runs(episode),
            order=np.zeros((b, n), dtype=np.int64),
            along=np.zeros((b, n), dtype=np.int64),
            queue=_queue(episode),
            orders=pack_orders(episode.script),
            line=np.zeros((b, n, _line_length(episode, dt), 4)),
            scratch=np.zeros((b, 2 + road.course_count, road.lane_count), dtype=np.int64),
            seats=np.zeros((b, road.course_count, n), SEAT).view(np.recarray),
            seated=np.zeros((b, road.course_count), dtype=np.int64),
        )
        return cls(cast, pack_road(road), dt, range_m, threads)

    def scenario(self, b: int) -> tuple[Cast, Way]:
        """One scenario and its road, as the kernel sees them."""
        r = self.cast.run[b].road
        return Cast(*(part[b] for part in self.cast)), Way(*(part[r] for part in self.ways))

    def log(self, frames: int, every: int) -> Piece:
        """Run as `pieces` and join them; then the users know their post-encroachment times."""
        piece = join_in_time(list(self.pieces(frames, every)), 0)
        if self.range_m > 0.0 or self.ways.areas.shape[1] > 0:
            users = self.cast.users.view(np.ndarray)
            over_threads(
                lambda first, last: keep_pets(users, piece, first, last), len(users), self.threads
            )
        return piece

    def pieces(self, frames: int, every: int) -> Iterator[Piece]:
        """Run from step 0 over `frames` log intervals; yield the log piece by piece."""
        b, n = self.cast.order.shape
        size = max(1, PIECE_BYTES // (4 * LOGGED * b * n))
        for first in range(0, frames, size):
            last = min(first + size, frames)
            fresh = first == 0
            log = np.empty((b, last - first + fresh, n, LOGGED), dtype=np.float32)
            logged = np.zeros(log.shape[:3], dtype=np.bool_)
            self.run(first * every, last * every, every, log, logged)
            yield Piece.of(first + 1 - fresh, log, logged)

    def run(
        self,
        begin: int,
        end: int,
        every: int,
        log: NDArray[np.float32],
        logged: NDArray[np.bool_],
    ) -> None:
        """Advance in place from step `begin` to `end`; arguments as in `run_span`."""

        def work(first: int, last: int) -> None:
            span = (first, last, begin, end, self.dt, self.range_m, every)
            run_span(self.cast, self.ways, *span, log, logged)

        over_threads(work, len(self.cast.order), self.threads)


def _queue(episode: Episode) -> NDArray[np.int64]:
    """Slots by time of entering, then slot; absent ones are -1 at the end."""
    present = episode.users.present
    time = np.where(present, episode.users.enter_s, np.inf)
    queue = np.argsort(time, axis=1, kind="stable").astype(np.int64)
    queue[np.arange(queue.shape[1]) >= present.sum(axis=1)[:, None]] = -1
    return queue


def _line_length(episode: Episode, dt: float) -> int:
    """Samples that the longest reaction reaches back to, with both ends of an interval."""
    delay = float(episode.drivers.reaction_s.max(initial=0.0))
    return math.ceil(delay / dt) + 4

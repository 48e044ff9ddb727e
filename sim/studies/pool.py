"""Work shared out to processes of one thread each, and what it costs."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import joblib
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # of scikit-learn

T = TypeVar("T")
R = TypeVar("R")

Report = Callable[[str, int, int], None]
"""Told what is being done, how many pieces are done and how many there are."""


@dataclass(frozen=True)
class Priced(Generic[R]):
    """A result and its price.

    Attributes:
        result: Of the work.
        process: Id of the process that did it.
        cpu_seconds: It took there.
        peak_mb: Highest memory of that process so far.
    """

    result: R
    process: int
    cpu_seconds: float
    peak_mb: float


@dataclass
class Pool:
    """A number of workers and the running account of what they used.

    Results come in the order of the pieces, whatever the number of workers.

    Attributes:
        workers: Processes; 1 works in this one.
        report: Hears of progress.
        prepare: Done in each process before its pieces, as often as there are pieces.
    """

    workers: int
    report: Report | None = None
    prepare: Callable[[], None] | None = None
    _wall_s: float = field(default_factory=time.perf_counter)
    _cpu_s: float = field(default_factory=time.process_time)
    _elsewhere_s: float = 0.0
    _parts_s: dict[str, float] = field(default_factory=dict)
    _peaks_mb: dict[int, float] = field(default_factory=dict)

    def map(
        self, what: str, work: Callable[[T], R], pieces: Iterable[T], count: int
    ) -> Iterator[R]:
        """Do `work` on each of `count` pieces.

        The first piece is worked on here, so that kernels are compiled before any worker
        asks for them: workers that fill numba's cache at the same time have been seen to crash.
        """
        todo = iter(pieces)
        for done, priced in enumerate(self._priced(work, todo, count), start=1):
            self._parts_s[what] = self._parts_s.get(what, 0.0) + priced.cpu_seconds
            if priced.process != os.getpid():
                self._elsewhere_s += priced.cpu_seconds
                self._peaks_mb[priced.process] = priced.peak_mb
            if self.report is not None:
                self.report(what, done, count)
            yield priced.result

    def cost(self) -> dict[str, float]:
        """Seconds, CPU-seconds and the sum of the processes' highest memory [MB] so far."""
        return {
            "seconds": time.perf_counter() - self._wall_s,
            "cpu_seconds": time.process_time() - self._cpu_s + self._elsewhere_s,
            "peak_mb": _peak_mb() + sum(self._peaks_mb.values()),
        }

    def parts(self) -> dict[str, float]:
        """CPU-seconds of each kind of work so far."""
        return dict(self._parts_s)

    def _priced(self, work: Callable[[T], R], todo: Iterator[T], count: int) -> Iterator[Priced[R]]:
        if self.workers == 1:
            yield from (_price(work, piece, None) for piece in todo)
            return
        for piece in todo:
            yield _price(work, piece, None)
            break
        # the pieces may be logs that are read as they are handed out: few are held at a time
        parallel = joblib.Parallel(
            n_jobs=max(1, min(self.workers, count - 1)),
            return_as="generator",
            batch_size=1,
            pre_dispatch="2*n_jobs",
        )
        yield from parallel(joblib.delayed(_price)(work, piece, self.prepare) for piece in todo)


def _price(work: Callable[[T], R], piece: T, prepare: Callable[[], None] | None) -> Priced[R]:
    if prepare is not None:
        prepare()
    began = time.process_time()
    with threadpool_limits(1):
        result = work(piece)
    return Priced(result, os.getpid(), time.process_time() - began, _peak_mb())


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0

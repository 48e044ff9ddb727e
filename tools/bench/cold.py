"""What only a fresh process can show: compiling, the first start, and memory.

`python -m tools.bench.cold` serves jobs, each of which starts a process of its own;
`python -m tools.bench.cold PROBE` is such a process and prints its figure.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sim.world.kernel.records import LOGGED
from sim.world.rollout import State, simulate
from tools.bench.ours import scene_of, starts
from tools.bench.traffic import DT_S, STEPS
from tools.bench.worker import Clock, Job, serve

SCENARIOS, ACTORS = 1024, 16
LIST = "import sys; from sim.cli.main import main; sys.exit(main(['list']))"


def first_simulate() -> float:
    """Seconds of the first `simulate` of a process."""
    episode = scene_of(starts(1, 3))
    begin = time.perf_counter()
    simulate(episode, seconds=1.0)
    return time.perf_counter() - begin


def arrays_memory() -> float:
    """Peak megabytes above idle of 1,024 scenarios: their state and a log in float32."""
    return _peak(_run_to_arrays)


def tables_memory() -> float:
    """The same of `simulate`, whose Log is tables."""
    return _peak(lambda n: simulate(scene_of(starts(n, ACTORS)), seconds=STEPS * DT_S))


def _run_to_arrays(scenarios: int) -> Any:
    episode = scene_of(starts(scenarios, ACTORS))
    log = np.empty((scenarios, STEPS + 1, ACTORS, LOGGED), np.float32)
    logged = np.zeros(log.shape[:3], np.bool_)
    State.of(episode, DT_S).run(0, STEPS, 1, log, logged)
    return log, logged


def _peak(work: Callable[[int], Any]) -> float:
    """Megabytes by which the resident memory peaks above that of the warm, idle process."""
    work(1)
    gc.collect()
    # From here on, else the peak would be the compiler's. `ru_maxrss` cannot be set back, and
    # is inherited from the process that started this one.
    Path("/proc/self/clear_refs").write_text("5")
    idle = _status("VmRSS")
    kept = work(SCENARIOS)
    peak = _status("VmHWM")
    del kept
    return (peak - idle) / 1e6


def _status(name: str) -> int:
    """A figure of this process's memory [bytes]; Linux only."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"no {name} in /proc/self/status")


PROBES = {"first": first_simulate, "arrays": arrays_memory, "tables": tables_memory}


def probe(name: str, cache: str | None = None) -> Job:
    """The figure that a fresh process prints, with numba's cache elsewhere if told."""

    def job(clock: Clock) -> float:
        return float(_run(["-m", "tools.bench.cold", name], cache).split()[-1])

    return job


def empty_cache(work: Callable[[str], float]) -> Job:
    """A figure in a cache that is empty before and gone afterwards."""

    def job(clock: Clock) -> float:
        with tempfile.TemporaryDirectory() as cache:
            return work(cache)

    return job


def list_seconds(cache: str) -> float:
    """Wall-clock seconds of `closecall list`, interpreter included."""
    begin = time.perf_counter()
    _run(["-c", LIST], cache)
    return time.perf_counter() - begin


def _run(arguments: list[str], cache: str | None) -> str:
    environment = os.environ if cache is None else {**os.environ, "NUMBA_CACHE_DIR": cache}
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["no reason given"])[-1])
    return done.stdout


JOBS: dict[str, Callable[[], Job]] = {
    "first, compiled": lambda: empty_cache(lambda cache: probe("first", cache)(Clock())),
    "first, cached": lambda: probe("first"),
    "list": lambda: empty_cache(list_seconds),
    "arrays": lambda: probe("arrays"),
    "tables": lambda: probe("tables"),
}

if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(PROBES[sys.argv[1]]())
    else:
        serve(JOBS, warm=False)

"""The child's side: named jobs, measured inside the process that does them.

A job is made once (`setup`, not measured) and done once a `round`. It puts what is to be measured
under the clock and returns how much it did: agent-steps, episodes, rays, or the figure itself.
Requests and answers are lines of JSON:

    {"command": "setup", "job": "plain 20"}  -> {}
    {"command": "round", "job": "plain 20"}  -> {"count": 160000, "cpu_s": 0.38, "wall_s": 0.38}
    anything that fails                      -> {"error": "..."}
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import IO, Any


class Clock:
    """CPU and wall-clock time of what is done under `with clock:`, added up."""

    def __init__(self) -> None:
        self.cpu_s = 0.0
        self.wall_s = 0.0

    def __enter__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.cpu_s += time.process_time() - self._cpu  # of all threads
        self.wall_s += time.perf_counter() - self._wall


Job = Callable[[Clock], float]


def serve(makers: Mapping[str, Callable[[], Job]], *, warm: bool = True) -> None:
    """Answer requests on stdin until it closes; `warm` has every job done once before."""
    _stay_on_core(os.environ.get("BENCH_CORE", ""))
    answers = _own_stdout()
    jobs: dict[str, Job] = {}
    for line in sys.stdin:
        try:
            answer = _answer(json.loads(line), makers, jobs, warm)
        except Exception as error:  # whatever a peer raises is for the parent to tell
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _answer(
    request: dict[str, str],
    makers: Mapping[str, Callable[[], Job]],
    jobs: dict[str, Job],
    warm: bool,
) -> dict[str, Any]:
    name = request["job"]
    if request["command"] == "setup":
        jobs[name] = makers[name]()
        if warm:
            jobs[name](Clock())
        return {}
    clock = Clock()
    count = jobs[name](clock)
    return {"count": count, "cpu_s": clock.cpu_s, "wall_s": clock.wall_s}


def _stay_on_core(core: str) -> None:
    if core and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core)})


def _own_stdout() -> IO[str]:
    """The pipe to the parent; what libraries print goes to stderr from now on."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return pipe

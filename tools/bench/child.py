"""The parent's side of a child process that measures."""

from __future__ import annotations

import json
import os
import select
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".bench"
PATIENCE_S = 300.0  # a kernel compiled on a busy machine takes a minute


class MissingError(Exception):
    """Why a figure could not be measured."""


@dataclass(frozen=True)
class Result:
    """What one round of a job came to."""

    count: float
    cpu_s: float
    wall_s: float


class Child:
    """A process that answers requests (see `worker`)."""

    def __init__(
        self,
        name: str,
        python: Path,
        arguments: Sequence[str],
        *,
        threads: int = 1,
        home: Path = HOME,
    ) -> None:
        """Start it; with one thread it stays on one core, the same for every child.

        Args:
            name: As reasons and its log call it.
            python: Its interpreter.
            arguments: What the interpreter runs, in the project's root.
            threads: Of every library that has its own.
            home: Where its stderr goes.
        """
        self.name = name
        self._log = home / f"{name}.log"
        home.mkdir(exist_ok=True)
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [python, *arguments],
                cwd=ROOT,
                env=_environment(threads),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def setup(self, job: str) -> None:
        """Make a job ready."""
        self._ask("setup", job)

    def round(self, job: str) -> Result:
        """Do it once."""
        return Result(**self._ask("round", job))

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _ask(self, command: str, job: str) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(json.dumps({"command": command, "job": job}) + "\n")
            stdin.flush()
        except BrokenPipeError:
            raise MissingError(f"{self.name} has ended: {self._last_words()}") from None
        if not select.select([stdout], [], [], PATIENCE_S)[0]:
            self.close()
            raise MissingError(f"{self.name}: {job}: no answer within {PATIENCE_S:.0f} s")
        line = stdout.readline()
        if not line:
            raise MissingError(f"{self.name}: {job}: ended: {self._last_words()}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise MissingError(f"{self.name}: {job}: {answer['error']}")
        return answer

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


def _environment(threads: int) -> dict[str, str]:
    """The parent's environment, with so many threads for every library that has its own."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    out = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    out |= dict.fromkeys(names, str(threads))
    if threads == 1 and hasattr(os, "sched_getaffinity"):
        out["BENCH_CORE"] = str(max(os.sched_getaffinity(0)))
    else:
        out.pop("BENCH_CORE", None)
    return out

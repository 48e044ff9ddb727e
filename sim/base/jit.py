"""The only door through which numba enters: typed, and the same options everywhere."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import event

F = TypeVar("F", bound=Callable[..., Any])

SPANS = 8  # a thread; with 1 the slowest scenarios of a batch decide how long it takes

_CONFIG: Any = numba.config


def _fingerprint(package: Path) -> str:
    """One number for the text of all compiled code."""
    total = 0
    for file in sorted(package.rglob("*.py")):
        text = file.read_bytes()
        if b"njit" in text:
            total = zlib.crc32(text, zlib.crc32(str(file.relative_to(package)).encode(), total))
    return f"{total:08x}"


# numba asks only whether a function's own file has changed: after an edit to a law, the cached
# kernel that calls it would go on with the old one. So each text has a cache of its own.
_PACKAGE = Path(__file__).resolve().parents[1]
if "NUMBA_CACHE_DIR" not in os.environ:
    _CONFIG.CACHE_DIR = str(_PACKAGE / "__pycache__" / f"numba-{_fingerprint(_PACKAGE)}")

JIT_DISABLED: bool = bool(_CONFIG.DISABLE_JIT)
"""Whether NUMBA_DISABLE_JIT=1 makes everything plain Python."""


def njit(function: F) -> F:
    """Compile a scalar law or kernel; errors of arithmetic follow IEEE (x/0 is inf)."""
    return cast(F, numba.njit(cache=True, error_model="numpy")(function))


def njit_borrowing(function: F) -> F:
    """Compile a function that makes no arrays: those it gets, its caller keeps alive.

    So it need not count references. Counting them, at 660 places of the engine's loop, took
    half of its time: 2.0 instead of 4.1 M agent-steps/s.
    """
    options: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": False}
    return cast(F, numba.njit(**options)(function))


def njit_inlined(function: F) -> F:
    """The same, made part of its caller: for what every road user does at every step.

    Twenty arrays are handed over as some 150 numbers; without the calls the engine makes 9.3
    instead of 3.9 M agent-steps/s. Everywhere it would double the time to compile.
    """
    options: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": False}
    return cast(F, numba.njit(forceinline=True, **options)(function))


def bound(function: F, *arguments: Any) -> Callable[..., Any]:
    """The machine code for arguments of these types, to be called with no others.

    Numba asks every argument for its type at every call: 20 us for 20 arrays of records, four
    times what 20 users' step takes. It is for those who call with the same arrays again.
    """
    if JIT_DISABLED:
        return function
    compiled: Any = function
    typeof: Any = numba.typeof
    types = tuple(typeof(argument) for argument in arguments)
    compiled.compile(types)
    entry: Callable[..., Any] = compiled.overloads[types].entry_point
    return entry


def njit_unlocked(function: F) -> F:
    """Compile an entry that lets other Python threads run meanwhile."""
    options: dict[str, Any] = {"cache": True, "error_model": "numpy", "nogil": True}
    return cast(F, numba.njit(**options)(function))


def when_compiling(tell: Callable[[], object]) -> None:
    """Call `tell` whenever machine code is made: numba tells it, and not what its cache holds."""

    class Listener(event.Listener):
        def on_start(self, event: object) -> None:
            tell()

        def on_end(self, event: object) -> None:
            pass

    events: Any = event
    events.register("numba:compile", Listener())


def over_threads(work: Callable[[int, int], object], count: int, threads: int | None) -> None:
    """Call `work(first, end)` on spans that make up 0 to `count`, on up to `threads` threads.

    Threads of Python's own, which an unlocked entry sets free: numba's parallel loop compiles
    its body twice more, 12 s of CPU time for the engine's. Spans are several a thread, since
    some take longer. None: as many as numba would take (all, or NUMBA_NUM_THREADS).
    """
    threads = int(_CONFIG.NUMBA_NUM_THREADS) if threads is None else threads
    if threads <= 1 or count <= 1:
        work(0, count)
        return
    pieces = min(count, SPANS * threads)
    spans = [(count * k // pieces, count * (k + 1) // pieces) for k in range(pieces)]
    with ThreadPoolExecutor(max_workers=threads) as pool:
        for done in [pool.submit(work, *span) for span in spans]:
            done.result()

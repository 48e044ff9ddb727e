"""The only door through which numba enters: typed, and the same options everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])

prange = numba.prange

JIT_DISABLED: bool = bool(numba.config.DISABLE_JIT)
"""Whether NUMBA_DISABLE_JIT=1 makes everything plain Python."""


def njit(function: F) -> F:
    """Compile a scalar law or kernel; errors of arithmetic follow IEEE (x/0 is inf)."""
    return cast(F, numba.njit(cache=True, error_model="numpy")(function))


def njit_parallel(function: F) -> F:
    """Compile a kernel whose `prange` loop runs over scenarios on several threads."""
    return cast(F, numba.njit(cache=True, error_model="numpy", parallel=True)(function))


def set_threads(n: int) -> None:
    """Let the parallel kernels use `n` threads, at most as many as numba was started with."""
    most: int = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined] # set at import
    numba.set_num_threads(max(1, min(n, most)))

"""Scalar laws over arrays: one formula, whether it is asked for one road user or for many."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from sim.base.jit import JIT_DISABLED

Floats = NDArray[np.float64]


def lifted(law: Callable[..., float]) -> Callable[..., Floats]:
    """A compiled scalar law as a function of float64 arrays that broadcast.

    Compiled when first called; what the law says of NaN and of contact holds for arrays too.

    >>> from sim.laws.ttc import ttc
    >>> lifted(ttc)(np.array([30.0, 0.0]), np.array(20.0), np.array([10.0, np.nan]))
    array([ 3., nan])
    """
    if JIT_DISABLED:
        plain: Any = np.vectorize(law, otypes=[np.float64])
        return lambda *columns: np.asarray(plain(*columns))
    vectorize: Any = numba.vectorize
    universal = vectorize(cache=True)(_renamed(law))

    def over_arrays(*columns: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return np.asarray(universal(*map(np.array, columns)))  # arrays of their own

    return over_arrays


def _renamed(law: Any) -> FunctionType:
    """A copy of a law's plain function under a name of its own.

    Numba's cache goes by the name: under the law's own it would load the scalar's machine code
    for the array's and call it with the wrong arguments, a segmentation fault.
    """
    function: FunctionType = law.py_func
    copy = FunctionType(function.__code__, function.__globals__, f"{function.__name__}_lifted")
    copy.__qualname__, copy.__module__ = copy.__name__, function.__module__
    return copy

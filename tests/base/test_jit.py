"""Machine code: whoever waits for it is told, and only then."""

import numba

from sim.base.jit import JIT_DISABLED, when_compiling


def test_what_compiles_is_told_and_what_is_compiled_is_not() -> None:
    told: list[bool] = []
    when_compiling(lambda: told.append(True))
    double = numba.njit(lambda x: 2 * x)
    assert not told
    assert double(3) == 6
    assert bool(told) != JIT_DISABLED
    once = len(told)
    assert double(4) == 8
    assert len(told) == once

"""Arguments of builders: a number or one a road, all checked before anything is built."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected

Floats = NDArray[np.float64]


def batch(*values: ArrayLike, where: str) -> int:
    """How many roads arguments describe: the longest one's length.

    Raises:
        UserError: Their lengths differ and are not 1.
    """
    shapes = [np.shape(value) for value in values]
    try:
        shape = np.broadcast_shapes((1,), *shapes)
    except ValueError as error:
        raise expected("sizes", "numbers or arrays of one length", shapes, where=where) from error
    if len(shape) > 1:
        raise expected("sizes", "numbers or arrays with one axis", shape, where=where)
    return int(shape[0])


def row(value: ArrayLike, n: int) -> Floats:
    """(n,) a number or one a road."""
    return np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), (n,)))


def sized(n: int, where: str, *, zero: bool = False, **named: ArrayLike) -> list[Floats]:
    """Named sizes as (n,) arrays, in order.

    Args:
        n: Number of roads.
        where: The builder, for the error.
        zero: Whether 0 will do.
        named: The sizes by the names of the builder's arguments.

    Raises:
        UserError: One is not finite, negative, or 0 where it may not be.
    """
    arrays = []
    for name, value in named.items():
        array = row(value, n)
        good = np.isfinite(array) & ((array >= 0.0) if zero else (array > 0.0))
        if not good.all():
            wanted = "finite numbers of at least 0" if zero else "finite numbers above 0"
            raise expected(name, wanted, float(array[~good][0]), where=where)
        arrays.append(array)
    return arrays


def finite(n: int, where: str, **named: ArrayLike) -> list[Floats]:
    """Named numbers of either sign as (n,) arrays, in order.

    Raises:
        UserError: One is not finite.
    """
    arrays = [row(value, n) for value in named.values()]
    for name, array in zip(named, arrays):
        if not np.isfinite(array).all():
            bad = float(array[~np.isfinite(array)][0])
            raise expected(name, "finite numbers", bad, where=where)
    return arrays

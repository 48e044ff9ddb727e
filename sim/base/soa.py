"""A struct of arrays: frozen, its leading shape stated once and checked once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected


@dataclass(frozen=True)
class Soa:
    """Arrays that share their leading axes; subclasses say how many and add the fields."""

    def columns(self) -> dict[str, NDArray[Any]]:
        """The arrays by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def take(self, index: NDArray[np.int64]) -> Self:
        """The rows `index` of the first axis, of every array."""
        return replace(self, **{name: array[index] for name, array in self.columns().items()})

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """Raise `UserError` when an array does not begin with `shape`."""
        for name, array in self.columns().items():
            if array.shape[: len(shape)] != shape:
                where = type(self).__name__
                raise expected(name, f"an array of shape {shape}", array.shape, where=where)

    def check_finite(self, names: Iterable[str], *, at_least: float = -np.inf) -> None:
        """Raise `UserError` when a named array holds NaN, infinity or less than `at_least`."""
        for name in names:
            array = getattr(self, name)
            if not array.size or (array.min() >= at_least and np.isfinite(array.max())):
                continue  # NaN is neither; two passes instead of four
            bad = ~(np.isfinite(array) & (array >= at_least))
            if bad.any():
                wanted = "finite numbers"
                if np.isfinite(at_least):
                    wanted += f", at least {at_least:g}"
                raise expected(name, wanted, float(array[bad][0]), where=type(self).__name__)


def whole_numbers(name: str, column: NDArray[Any], *, where: str) -> NDArray[np.int64]:
    """A column as whole numbers.

    Raises:
        UserError: One of them is not whole.
    """
    with np.errstate(invalid="ignore"):
        whole = column.astype(np.int64)
    if not (whole == column).all():
        raise expected(name, "whole numbers", column[whole != column][0], where=where)
    return whole


def frozen(value: ArrayLike, shape: tuple[int, ...], dtype: Any = np.float64) -> NDArray[Any]:
    """`value` broadcast to `shape` as an array of its own that nobody can write to.

    >>> frozen(2.0, (3,))
    array([2., 2., 2.])
    """
    array = np.array(np.broadcast_to(np.asarray(value, dtype=dtype), shape))
    array.setflags(write=False)
    return array

"""What all measures do with their arguments: broadcast, refuse the impossible, keep NaN."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected

Floats = NDArray[np.float64]


def floats(*values: ArrayLike) -> tuple[Floats, ...]:
    """The values as arrays of one shape.

    Raises:
        UserError: One is not a number, or the shapes do not go together.
    """
    try:
        arrays = [np.asarray(value, dtype=np.float64) for value in values]
    except (TypeError, ValueError) as error:
        raise expected("arguments", "numbers", str(error)) from error
    try:
        return tuple(np.broadcast_arrays(*arrays))
    except ValueError as error:
        shapes = tuple(array.shape for array in arrays)
        raise expected("arguments", "shapes that broadcast", shapes) from error


def positive(name: str, value: ArrayLike, unit: str) -> Floats:
    """A parameter that must be more than 0; NaN passes."""
    return _checked(name, value, f"more than 0 {unit}", 0.0, strict=True)


def not_negative(name: str, value: ArrayLike, unit: str) -> Floats:
    """A parameter that must be at least 0; NaN passes."""
    return _checked(name, value, f"at least 0 {unit}", 0.0, strict=False)


def _checked(name: str, value: ArrayLike, wanted: str, least: float, *, strict: bool) -> Floats:
    (array,) = floats(value)
    bad = array <= least if strict else array < least
    if bad.any():
        raise expected(name, wanted, float(array[bad][0]))
    return array


def keep_nan(value: Floats, *arguments: Floats) -> Floats:
    """`value`, but NaN wherever an argument is."""
    unknown = np.zeros(np.shape(value), dtype=bool)
    for argument in arguments:
        unknown = unknown | np.isnan(argument)
    return np.where(unknown, np.nan, value)

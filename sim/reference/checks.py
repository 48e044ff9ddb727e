"""What the reference drivers may be asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected


def within(
    name: str, value: ArrayLike, low: float, high: float, unit: str, *, one: bool = False
) -> NDArray[np.float64]:
    """`value` as floats, all of them from `low` to `high`; a single one if `one`.

    Raises:
        UserError: It holds anything else, NaN included.
    """
    wanted = f"{'a number' if one else 'numbers'} from {low:g} to {high:g} {unit}"
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        raise expected(name, wanted, value) from None
    numeric = array.dtype.kind in "iuf"
    if (array.size and not numeric) or (one and array.ndim):
        raise expected(name, wanted, value)
    array = array.astype(np.float64)
    wrong = ~((array >= low) & (array <= high))
    if wrong.any():
        raise expected(name, wanted, float(array[wrong][0]))
    return array

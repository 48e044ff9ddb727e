"""Times at a conflict area: how long one is in it, and how soon the next comes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.base.errors import expected
from sim.criticality.arrays import Floats, floats


def encroachment_time(entry: ArrayLike, exit: ArrayLike) -> Floats:
    """Time that one road user spends in the conflict area [s]: exit - entry.

    Infinite where it stays. NaN where an argument is NaN or it never enters (entry infinite).

    Args:
        entry: When its front enters [s].
        exit: When its rear leaves [s].

    Raises:
        UserError: It leaves before it enters.

    Source: Allen, Shin and Cooper, Transp. Res. Record 667 (1978) 67.

    >>> encroachment_time([2.0, np.inf], [3.5, np.inf])
    array([1.5, nan])
    """
    begin, end = floats(entry, exit)
    backwards = (end < begin) & np.isfinite(begin)
    if backwards.any():
        raise expected("exit", "a time not before the entry [s]", float(end[backwards][0]))
    return _between(begin, end)


def pet(exit_first: ArrayLike, entry_second: ArrayLike) -> Floats:
    """Post-encroachment time [s]: entry of the second minus exit of the first.

    Negative where the second enters before the first has left. NaN where an argument is NaN,
    the second never enters or the first never leaves (infinite): there is no encroachment
    then to come after.

    Args:
        exit_first: When the first's rear leaves the conflict area [s].
        entry_second: When the second's front enters it [s].

    Source: Allen, Shin and Cooper, Transp. Res. Record 667 (1978) 67.

    >>> pet([3.5, 3.5, np.nan], [4.25, np.inf, 2.0])
    array([0.75,  nan,  nan])
    """
    end, begin = floats(exit_first, entry_second)
    return _between(np.where(np.isinf(end), np.nan, end), np.where(np.isinf(begin), np.nan, begin))


def _between(begin: Floats, end: Floats) -> Floats:
    with np.errstate(invalid="ignore"):  # inf - inf: no number
        return np.asarray(end - begin)

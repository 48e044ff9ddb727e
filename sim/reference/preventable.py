"""Was a cut-in preventable? Four drivers are asked."""

from __future__ import annotations

from typing import NotRequired, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.reference.cut_in import cut_in
from sim.reference.drivers import DRIVERS


class Meeting(TypedDict):
    """The arguments of `cut_in` besides the driver; it describes them."""

    ego_speed: ArrayLike
    other_speed: ArrayLike
    gap: ArrayLike
    lateral_speed: ArrayLike
    lateral_gap: NotRequired[ArrayLike]
    lateral_accel: NotRequired[float]
    length: NotRequired[float]
    width: NotRequired[float]


def avoided_by(**meeting: Unpack[Meeting]) -> NDArray[np.bool_]:
    """Which driver avoids which cut-in: shape (..., 4), the last axis as `DRIVERS`.

    Arguments and errors as in `cut_in`, without the driver.
    """
    runs = [cut_in(driver, **meeting) for driver in DRIVERS]
    return ~np.stack([run.crashed for run in runs], axis=-1)


def preventable(**meeting: Unpack[Meeting]) -> NDArray[np.str_]:
    """Do "all", "some" or "none" of the four drivers avoid it? Shape (...).

    Arguments and errors as in `cut_in`, without the driver. UN R157 calls a crash preventable
    if the careful driver avoids it: that alone is `avoided_by(...)[..., Driver.CAREFUL]`.

    >>> preventable(ego_speed=16.7, other_speed=5.6, gap=[11, 20, 45], lateral_speed=1.2)
    array(['none', 'some', 'all'], dtype='<U4')
    """
    return label(avoided_by(**meeting))


def label(avoided: NDArray[np.bool_]) -> NDArray[np.str_]:
    """ "all", "some" or "none" of who is told along the last axis; shape (...)."""
    return np.where(avoided.all(axis=-1), "all", np.where(avoided.any(axis=-1), "some", "none"))

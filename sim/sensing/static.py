"""What stands beside the road and hides road users: parked cars, buildings, walls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected, unknown
from sim.base.jit import njit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Occluders = ArrayLike | Mapping[str, ArrayLike]
"""Boxes (M, 5) of x, y [m], yaw [rad], length, width [m], for all episodes or by their id."""


class Static(NamedTuple):
    """Boxes of all episodes for kernels: those of episode e are rows start[e]:start[e + 1].

    Attributes:
        start: (episodes + 1,).
        box: (M, 6) x, y [m], cosine and sine of the heading, length, width [m].
    """

    start: Ints
    box: Floats


def static_of(occluders: Occluders | None, names: Sequence[str]) -> Static:
    """Boxes in the order of the episodes.

    Raises:
        UserError: An episode is not in the Log, or a box is none.
    """
    if occluders is None:
        return Static(np.zeros(len(names) + 1, np.int64), np.empty((0, 6)))
    if isinstance(occluders, Mapping):
        for name in occluders:
            if name not in names:
                raise unknown("occluders", name, names)
        each = [_boxes(occluders.get(name, ())) for name in names]
    else:
        each = [_boxes(occluders)] * len(names)
    start = np.cumsum([0, *map(len, each)]).astype(np.int64)
    return Static(start, np.concatenate([*each, np.empty((0, 6))]))


@njit
def walls_at(static: Static, episode: int) -> bool:
    """Whether an episode has any."""
    return bool(static.start[episode + 1] > static.start[episode])


def _boxes(given: ArrayLike) -> Floats:
    box = np.asarray(given, dtype=np.float64)
    if box.size == 0:
        return np.empty((0, 6))
    if box.ndim != 2 or box.shape[1] != 5:
        raise expected("occluders", "x, y, yaw, length, width of shape (M, 5)", box.shape)
    if not np.isfinite(box).all() or (box[:, 3:] <= 0.0).any():
        raise expected("occluders", "finite numbers, lengths and widths above 0 m", given)
    x, y, yaw, length, width = box.T
    return np.column_stack([x, y, np.cos(yaw), np.sin(yaw), length, width])

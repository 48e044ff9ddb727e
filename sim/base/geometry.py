"""Plane geometry on arrays, for the shell; x east, y north, angles counter-clockwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def wrap_angle(angle: ArrayLike) -> Floats:
    """The same direction in (-pi, pi].

    >>> float(wrap_angle(1.5 * np.pi)) == -0.5 * np.pi
    True
    """
    turned: Floats = np.pi - np.mod(np.pi - np.asarray(angle, dtype=float), 2.0 * np.pi)
    return turned


def corners(
    x: ArrayLike, y: ArrayLike, yaw: ArrayLike, length: ArrayLike, width: ArrayLike
) -> Floats:
    """The four corners of oriented boxes, counter-clockwise from the front right.

    Args:
        x: Centre [m].
        y: Centre [m].
        yaw: Heading [rad].
        length: Along the heading [m].
        width: Across it [m].

    Returns:
        Corners of shape (..., 4, 2) [m].
    """
    x, y, yaw, length, width = np.broadcast_arrays(x, y, yaw, length, width)
    ahead = np.array([0.5, 0.5, -0.5, -0.5]) * length[..., None]
    left = np.array([-0.5, 0.5, 0.5, -0.5]) * width[..., None]
    cos, sin = np.cos(yaw)[..., None], np.sin(yaw)[..., None]
    return np.stack(
        [x[..., None] + ahead * cos - left * sin, y[..., None] + ahead * sin + left * cos], axis=-1
    )

"""Distances along rays to oriented boxes: what a lidar would measure in a perfect world."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected
from sim.base.jit import njit
from sim.sensing.sweep import Beams, beams_of, sweep

Floats = NDArray[np.float64]
Hits = NDArray[np.int32]


def cast(
    origins: ArrayLike,
    angles: ArrayLike,
    boxes: ArrayLike,
    range_max: float,
    *,
    out: tuple[Floats, Hits] | None = None,
) -> tuple[Floats, Hits]:
    """Distance to the first box along each of K rays from each of S origins.

    Args:
        origins: (S, 3) x [m], y [m] and heading [rad] of the sensor, or (S, 2) without
            a heading.
        angles: (K,) directions of the rays relative to the heading [rad], in any order.
        boxes: (B, 5) x, y [m], yaw [rad], length, width [m] of what all origins see, or
            (S, B, 5) with boxes of its own for each; a box with a NaN is left out.
        range_max: What is farther is not met [m].
        out: Arrays (S, K) float64 and int32 to fill in and return instead of new ones, whose
            memory costs more than the rays.

    Returns:
        Distances (S, K) [m], inf where nothing is met, 0 everywhere for an origin inside a
        box; and which box was met (S, K), -1 where none.

    Raises:
        UserError: A shape, an angle, an origin, a box or the range cannot be.

    >>> distance, hit = cast([[0, 0, 0]], [0.0, 1.57], [[10, 0, 0, 4, 2]], 50.0)
    >>> distance.tolist(), hit.tolist()
    ([[8.0, inf]], [[0, -1]])
    """
    pose, angle, box = _poses(origins), _floats(angles), _boxes(boxes)
    if angle.ndim != 1 or not np.isfinite(angle).all():
        raise expected("angles", "finite directions of shape (K,) [rad]", angles)
    if box.ndim == 3 and len(box) != len(pose):
        raise expected("boxes", f"boxes of {len(pose)} origins", box.shape)
    if not 0.0 < range_max < np.inf:
        raise expected("range_max", "a reach above 0 m", range_max)
    each = box[None] if box.ndim == 2 else box
    shape = (len(pose), len(angle))
    distance, hit = out or (np.empty(shape), np.empty(shape, np.int32))
    if (distance.shape, hit.shape) != (shape, shape):
        raise expected("out", f"arrays of shape {shape}", (distance.shape, hit.shape))
    if distance.dtype != np.float64 or hit.dtype != np.int32:
        raise expected("out", "float64 and int32", (distance.dtype.name, hit.dtype.name))
    turned = pose[:, 2] + (angle[0] if len(angle) else 0.0)  # so that rising angles stay in order
    beams, order = beams_of(angle - angle[:1])
    _cast(
        pose, np.cos(turned), np.sin(turned), beams, each,
        np.cos(each[..., 2]), np.sin(each[..., 2]), float(range_max), distance, hit,
    )  # fmt: skip
    if (np.diff(order) != 1).any():
        distance[:, order], hit[:, order] = distance.copy(), hit.copy()
    return distance, hit


def _poses(origins: ArrayLike) -> Floats:
    pose = _floats(origins)
    if pose.ndim == 2 and pose.shape[1] == 2:
        pose = np.column_stack([pose, np.zeros(len(pose))])
    if pose.ndim != 2 or pose.shape[1] != 3 or not np.isfinite(pose).all():
        raise expected("origins", "finite x, y and heading of shape (S, 3)", origins)
    return pose


def _boxes(boxes: ArrayLike) -> Floats:
    box = _floats(boxes)
    if box.ndim not in (2, 3) or box.shape[-1] != 5:
        wanted = "x, y, yaw, length, width of shape (B, 5) or (S, B, 5)"
        raise expected("boxes", wanted, box.shape)
    if (box[..., 3:] < 0.0).any() or np.isinf(box).any():
        raise expected("boxes", "finite numbers, lengths and widths of at least 0 m", boxes)
    return box


def _floats(values: ArrayLike) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float64)


@njit
def _cast(
    pose: Floats,
    cos: Floats,
    sin: Floats,
    beams: Beams,
    box: Floats,
    box_cos: Floats,
    box_sin: Floats,
    reach: float,
    distance: Floats,
    hit: Hits,
) -> None:
    scans, rays, boxes = len(pose), len(beams.dx), box.shape[1]
    local, covered = np.empty((boxes, 6)), np.empty(boxes, np.int32)
    for i in range(scans):
        own = i if len(box) > 1 else 0
        for j in range(boxes):
            dx, dy = box[own, j, 0] - pose[i, 0], box[own, j, 1] - pose[i, 1]
            c, s = box_cos[own, j], box_sin[own, j]
            local[j, 0], local[j, 1] = dx * cos[i] + dy * sin[i], dy * cos[i] - dx * sin[i]
            local[j, 2], local[j, 3] = c * cos[i] + s * sin[i], s * cos[i] - c * sin[i]
            local[j, 4], local[j, 5] = 0.5 * box[own, j, 3], 0.5 * box[own, j, 4]
        sweep(beams, local, reach, distance[i], hit[i], covered)
        for k in range(rays):
            distance[i, k] = 1.0 / distance[i, k] if hit[i, k] >= 0 else np.inf

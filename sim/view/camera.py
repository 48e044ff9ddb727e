"""From metres on the ground to pixels on a surface."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Camera:
    """Looks straight down.

    Attributes:
        x, y: Point on the ground at the centre of the picture [m].
        scale: Pixels a metre.
        width, height: Of the picture [px].
        left, top: Corner of the picture on its surface [px].
        yaw: Direction on the ground that points to the right [rad].
    """

    x: float
    y: float
    scale: float
    width: int
    height: int
    left: int = 0
    top: int = 0
    yaw: float = 0.0

    def pixels(self, x: Floats, y: Floats) -> Floats:
        """Pixels of points on the ground, (..., 2); y grows downwards on the screen."""
        c, s = np.cos(self.yaw), np.sin(self.yaw)
        dx, dy = x - self.x, y - self.y
        right, up = dx * c + dy * s, dy * c - dx * s
        out = np.empty((*right.shape, 2))
        out[..., 0] = self.left + 0.5 * self.width + self.scale * right
        out[..., 1] = self.top + 0.5 * self.height - self.scale * up
        return out

    def ground(self, u: float, v: float) -> tuple[float, float]:
        """The point on the ground under a pixel [m]."""
        right = (u - self.left - 0.5 * self.width) / self.scale
        up = -(v - self.top - 0.5 * self.height) / self.scale
        c, s = np.cos(self.yaw), np.sin(self.yaw)
        return float(self.x + right * c - up * s), float(self.y + right * s + up * c)

    def sees(self, x: Floats, y: Floats, margin_m: float = 0.0) -> NDArray[np.bool_]:
        """Which points are in the picture or at most `margin_m` outside."""
        p = self.pixels(x, y)
        edge = margin_m * self.scale
        u, v = p[..., 0] - self.left, p[..., 1] - self.top
        return (u > -edge) & (u < self.width + edge) & (v > -edge) & (v < self.height + edge)

    def seen_boxes(
        self, x: Floats, y: Floats, yaw: Floats, length: Floats, width: Floats, least_px: float
    ) -> Floats:
        """Pixels of the corners of boxes, (N, 4, 2), grown where they are smaller than the least.

        A box is as large as the square of the same area: a walker would be two pixels.
        """
        grown = np.maximum(least_px / (np.sqrt(length * width) * self.scale), 1.0)
        ground = corners(x, y, yaw, length * grown, width * grown)
        return self.pixels(ground[..., 0], ground[..., 1])


def corners(x: Floats, y: Floats, yaw: Floats, length: Floats, width: Floats) -> Floats:
    """Corners of oriented boxes on the ground, (N, 4, 2) [m], counter-clockwise."""
    along = 0.5 * length[:, None] * np.array([1.0, -1.0, -1.0, 1.0])
    across = 0.5 * width[:, None] * np.array([1.0, 1.0, -1.0, -1.0])
    c, s = np.cos(yaw)[:, None], np.sin(yaw)[:, None]
    return np.stack([x[:, None] + along * c - across * s, y[:, None] + along * s + across * c], -1)

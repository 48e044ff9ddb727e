"""Shapes of CommonRoad obstacles as boxes."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np


@dataclass(frozen=True)
class Box:
    """A box in the frame of its obstacle: centre x, y [m], yaw [rad], length, width [m]."""

    length: float
    width: float
    x: float = 0.0
    y: float = 0.0
    yaw: float = 0.0


def read_box(shape: Element | None) -> Box | None:
    """The box of a rectangle, circle or polygon; the bounding box where there are several."""
    if shape is None:
        return None
    boxes = [box for box in map(_box, shape) if box is not None]
    if len(boxes) > 1:
        return _around(np.concatenate([_corners(box) for box in boxes]))
    return boxes[0] if boxes else None


def _box(element: Element) -> Box | None:
    x = float(element.findtext("center/x") or 0.0)
    y = float(element.findtext("center/y") or 0.0)
    if element.tag == "rectangle":
        length, width = (float(element.findtext(name) or "nan") for name in ("length", "width"))
        return Box(length, width, x, y, float(element.findtext("orientation") or 0.0))
    if element.tag == "circle":
        size = 2.0 * float(element.findtext("radius") or "nan")
        return Box(size, size, x, y)
    if element.tag == "polygon":
        points = element.findall("point")
        pairs = [(float(p.findtext("x") or "nan"), float(p.findtext("y") or "nan")) for p in points]
        return _around(np.array(pairs, dtype=float)) if pairs else None
    return None


def _corners(box: Box) -> np.ndarray:
    along = np.array([np.cos(box.yaw), np.sin(box.yaw)]) * box.length / 2.0
    across = np.array([-np.sin(box.yaw), np.cos(box.yaw)]) * box.width / 2.0
    centre = np.array([box.x, box.y])
    return centre + np.stack([along + across, along - across, -along + across, -along - across])


def _around(points: np.ndarray) -> Box:
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2.0
    return Box(high[0] - low[0], high[1] - low[1], middle[0], middle[1])

"""Shapes of the plane as marks on a surface."""

from __future__ import annotations

from typing import Any

import numpy as np
import pygame
import shapely
import shapely.ops

from sim.view import paint
from sim.view.camera import Camera

MARKING: paint.Colour = (120, 128, 138)
COURSE: paint.Colour = (78, 92, 108)
HEAD: paint.Colour = (104, 122, 142)


def fill(
    sheet: pygame.Surface,
    camera: Camera,
    shape: Any,
    colour: paint.Colour,
    under: paint.Colour = paint.GROUND,
) -> None:
    """Polygons; `under` is seen through their holes."""
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        paint.polygon(sheet, pixels(camera, part.exterior), colour)
        for hole in part.interiors:
            if shapely.Polygon(hole).area < 1.0:  # a crack between arcs
                continue
            paint.polygon(sheet, pixels(camera, hole), under)


def pixels(camera: Camera, line: Any) -> paint.Floats:
    """Of the points of a shape."""
    points = shapely.get_coordinates(line)
    return camera.pixels(points[:, 0], points[:, 1])


def stroke(
    sheet: pygame.Surface, camera: Camera, line: Any, colour: paint.Colour, wide_m: float
) -> None:
    """A line as wide as told [m]."""
    for part in shapely.get_parts(line.buffer(0.5 * wide_m, cap_style="flat")):
        fill(sheet, camera, part, colour)


def dashed(sheet: pygame.Surface, camera: Camera, line: Any) -> None:
    """Between lanes: 3 m of line, 3 m of none."""
    for begin in np.arange(0.0, line.length, 6.0):
        dash = shapely.ops.substring(line, begin, min(begin + 3.0, line.length))
        if dash.length > 0.5:
            stroke(sheet, camera, dash, MARKING, 0.18)


def arrow(sheet: pygame.Surface, camera: Camera, line: Any) -> None:
    """A thin line along a lane with a head where it leaves the picture."""
    for part in shapely.get_parts(line):
        if part.geom_type != "LineString" or part.length < 4.0:
            continue
        paint.path(sheet, pixels(camera, part), COURSE, 2)
        tip = part.interpolate(part.length - 1.0)
        back = part.interpolate(part.length - 2.5)
        along = np.array([tip.x - back.x, tip.y - back.y])
        side = 0.35 * np.array([-along[1], along[0]])
        foot = np.array([back.x, back.y])
        head = np.array([[tip.x, tip.y], foot + side, foot - side])
        paint.polygon(sheet, camera.pixels(head[:, 0], head[:, 1]), HEAD)

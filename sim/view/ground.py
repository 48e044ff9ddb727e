"""The road below a scene: asphalt, lines between lanes, and what stands beside and hides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pygame
import shapely
from numpy.typing import NDArray

from sim.view import paint
from sim.view.camera import Camera
from sim.world.road import Road, outline

Floats = NDArray[np.float64]

ASPHALT = paint.mixed(paint.GROUND, paint.WORN, 0.75)
HOUSE = paint.mixed(paint.GROUND, paint.QUIET, 0.45)
FINE_M = 0.4
"""Shapes are drawn to this accuracy [m]: less than two pixels."""
EDGE_M = 100.0
"""Longest edge of a shape [m]: of a longer one an end beyond pygame's 16 bits turns all of it."""


@dataclass(frozen=True)
class Ground:
    """Shapes of one road, ready to be drawn many times.

    Attributes:
        paved: Outlines (k, 2) of what is paved [m],
        holes: and of what is not, inside.
        lines: Middles (k, 2) of its lanes [m].
        blocks: Outlines (k, 2) of what hides [m].
    """

    paved: tuple[Floats, ...]
    holes: tuple[Floats, ...]
    lines: tuple[Floats, ...]
    blocks: tuple[Floats, ...]

    @classmethod
    def of(cls, road: Road, r: int = 0) -> Ground:
        """The shapes of road number r."""
        shapes = outline(road, r)
        whole = shapely.union_all(shapely.buffer(list(shapes.lanes.values()), 0.02))
        parts = _polygons(whole.simplify(FINE_M / 4))
        return cls(
            paved=tuple(_points(part.exterior) for part in parts),
            holes=tuple(_points(hole) for part in parts for hole in part.interiors),
            lines=tuple(_points(line.simplify(FINE_M / 4)) for line in shapes.centres.values()),
            blocks=tuple(_points(part.exterior) for b in shapes.blocks for part in _polygons(b)),
        )

    def draw(self, surface: pygame.Surface, camera: Camera) -> None:
        """Draw it, middles of lanes as thin lines."""
        for shapes, colour in (
            (self.paved, ASPHALT),
            (self.holes, paint.GROUND),
            (self.blocks, HOUSE),
        ):
            for shape in shapes:
                pygame.draw.polygon(surface, colour, _pixels(camera, shape))
        for line in self.lines:
            pygame.draw.lines(surface, paint.WORN, False, _pixels(camera, line))


def _pixels(camera: Camera, points: Floats) -> list[list[float]]:
    # pygame wraps coordinates beyond 16 bits: a road of 4 km at 12 px/m would come back inside
    pixels: list[list[float]] = np.clip(
        camera.pixels(points[:, 0], points[:, 1]), -16_000, 16_000
    ).tolist()
    return pixels


def _points(line: shapely.Geometry) -> Floats:
    parted = shapely.segmentize(line, EDGE_M)
    return np.asarray(shapely.get_coordinates(parted), dtype=np.float64)


def _polygons(shape: shapely.Geometry) -> Iterable[shapely.Geometry]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]

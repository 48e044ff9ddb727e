"""A road from above with the road users of one moment, drawn for the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pygame
import shapely

from sim.view import paint
from sim.view.camera import Camera, corners
from sim.view.video import save
from sim.world.kinds import KIND_NAMES
from sim.world.road import Road, course_at, outline
from tools.docs import marks

WIDE = 880
"""Width of a picture [px]."""
FINE = 2
"""Pictures are drawn so much larger and shrunk, so that edges are smooth."""
ASPHALT = paint.WORN
VERGE: paint.Colour = (40, 44, 50)
SHARED: paint.Colour = (92, 66, 62)
LAMPS: dict[str, paint.Colour] = {
    "green": (70, 200, 130),
    "amber": paint.LEAD,
    "red": paint.ALARM,
}


@dataclass(frozen=True)
class Picture:
    """What is in a picture.

    Attributes:
        road: Its first road is drawn.
        users: Rows of a Log's tracks, one a user, all of one moment.
        window: West, south, east, north edge [m].
        title: The words at the top.
        walks: Courses that people go along, each way of a crosswalk.
        labels: Words beside users, by slot.
    """

    road: Road
    users: pd.DataFrame
    window: tuple[float, float, float, float]
    title: str
    walks: tuple[int, ...] = ()
    labels: dict[int, str] = field(default_factory=dict)


def draw(picture: Picture, path: Path) -> Path:
    """Write a picture as PNG."""
    west, south, east, north = picture.window
    scale = FINE * WIDE / (east - west)
    size = FINE * WIDE, round(scale * (north - south) / FINE) * FINE
    camera = Camera(0.5 * (west + east), 0.5 * (south + north), scale, *size)
    sheet = pygame.Surface(size, depth=32)
    sheet.fill(paint.GROUND)
    _ground(sheet, camera, picture)
    rows: Iterator[Any] = picture.users.itertuples()
    for row in rows:
        _user(sheet, camera, row, picture.labels.get(row.track_id, ""))
    _words(sheet, camera, picture.title)
    small = pygame.transform.smoothscale(sheet, (size[0] // FINE, size[1] // FINE))
    return save(small, path)


def _ground(sheet: pygame.Surface, camera: Camera, picture: Picture) -> None:
    road, walks = picture.road, picture.walks
    shapes = outline(road)
    seen = shapely.box(*picture.window).buffer(10.0)
    lanes = [shape for (course, _), shape in shapes.lanes.items() if course not in walks]
    paved = shapely.union_all(shapely.buffer(lanes, 0.02)).intersection(seen)
    feet = shapely.union_all([shapes.lanes[course, 0] for course in walks])
    shared = shapely.union_all(shapes.areas).intersection(paved)
    shared = shared.buffer(-0.1).buffer(0.1)  # without slivers between areas
    marks.fill(sheet, camera, feet.difference(paved), VERGE)
    marks.fill(sheet, camera, paved, ASPHALT)
    marks.fill(sheet, camera, shared, SHARED, ASPHALT)
    edges = _dividers(road, walks, shared, paved)
    for part in shapely.get_parts(edges):
        if part.length > 8.0:  # not where exits of a roundabout leave it
            marks.dashed(sheet, camera, part)
    for course in walks[::2]:
        _stripes(sheet, camera, road, course, paved)
    for (course, _), centre in shapes.centres.items():
        if course not in walks:
            marks.arrow(sheet, camera, centre.intersection(shapely.box(*picture.window)))
    for line in shapes.stop_lines:
        if paved.intersects(line):
            inside = shared.contains(line.centroid)
            marks.stroke(
                sheet, camera, line, marks.MARKING if inside else paint.INK, 0.2 if inside else 0.4
            )
    for line, lamp in _lamps(picture):
        marks.stroke(sheet, camera, line, LAMPS[lamp], 0.7)
    for block in shapes.blocks:
        marks.fill(sheet, camera, block, paint.KIND_COLOURS[5])


def _dividers(
    road: Road, walks: tuple[int, ...], shared: shapely.Geometry, paved: shapely.Geometry
) -> shapely.Geometry:
    """Edges between lanes, but not where courses cross."""
    lines = []
    for course in range(road.course_count):
        length = road.courses.length[0, course]
        for lane in np.flatnonzero(road.lanes.width[0, course] > 0.0):
            if course in walks:
                continue
            at = (0, course, lane)
            begin, end = max(road.lanes.start[at], 0.0), min(road.lanes.end[at], length)
            s = np.arange(begin, end, 0.5)
            left = road.lanes.y[at] + 0.5 * road.lanes.width[at]
            x, y, _ = course_at(road.pieces, 0, course, s, left)
            lines.append(shapely.LineString(np.stack([x, y], axis=-1)))
    inner = paved.buffer(-0.3).difference(shared.convex_hull)
    kept: list[shapely.Geometry] = []
    for line in lines:  # courses share approaches: each edge once
        part = line.intersection(inner)
        if kept:
            part = part.difference(shapely.union_all(kept).buffer(0.3))
        kept.append(part)
    return shapely.line_merge(shapely.union_all(kept))


def _lamps(picture: Picture) -> Iterator[tuple[shapely.LineString, str]]:
    """Lines at signals and what these show."""
    road, t = picture.road, float(picture.users["t_s"].max())
    signals = road.signals
    for course in range(road.course_count):
        if course in picture.walks:
            continue
        for k in np.flatnonzero(np.isfinite(signals.s[0, course])):
            at = (0, course, k)
            since = (t - signals.offset[at]) % signals.cycle[at]
            green, amber = signals.green[at], signals.amber[at]
            lamp = "green" if since < green else "amber" if since < green + amber else "red"
            used = road.lanes.width[0, course] > 0.0
            for y, wide in zip(road.lanes.y[0, course, used], road.lanes.width[0, course, used]):
                d = y + np.array([-0.5 * wide, 0.5 * wide])
                points = course_at(road.pieces, 0, course, signals.s[at], d)[:2]
                yield shapely.LineString(np.stack(points, axis=-1)), lamp


def _stripes(
    sheet: pygame.Surface, camera: Camera, road: Road, course: int, paved: shapely.Geometry
) -> None:
    half = 0.5 * road.lanes.width[0, course, 0]
    for s in np.arange(0.25, road.courses.length[0, course], 1.0):
        x, y, _ = course_at(road.pieces, 0, course, [s, s, s + 0.5, s + 0.5], half * _ACROSS)
        bar = shapely.Polygon(np.stack([x, y], axis=-1))
        if paved.contains(bar):
            marks.fill(sheet, camera, bar, marks.MARKING)


_ACROSS = np.array([-1.0, 1.0, 1.0, -1.0])


def _user(sheet: pygame.Surface, camera: Camera, row: Any, label: str) -> None:
    kind = KIND_NAMES.index(row.kind)
    colour = paint.EGO if row.track_id == 0 else paint.KIND_COLOURS[kind]
    one = [np.array([v]) for v in (row.x_m, row.y_m, row.yaw_rad, row.length_m, row.width_m)]
    box = corners(*one)[0]
    way = row.speed_mps * np.array([np.cos(row.yaw_rad), np.sin(row.yaw_rad)])
    front = np.array([row.x_m, row.y_m]) + way / max(row.speed_mps, 0.1) * 0.5 * row.length_m
    reach = camera.pixels(*np.stack([front, front + way], axis=1))
    if row.speed_mps > 0.3:
        pygame.draw.line(sheet, colour, reach[0], reach[1], 2 * FINE)
    middle = camera.pixels(np.array([row.x_m]), np.array([row.y_m]))[0]
    if row.kind == "pedestrian":
        pygame.draw.circle(sheet, colour, middle.tolist(), max(0.3 * camera.scale, 4.0 * FINE))
    else:
        points = camera.pixels(box[:, 0], box[:, 1])
        paint.polygon(sheet, points, colour)
        paint.outline(sheet, points, paint.GROUND, FINE)
    if label:
        top = middle[1] - 0.5 * camera.scale * max(row.width_m, 1.0) - 5 * FINE
        if abs(np.sin(row.yaw_rad)) > 0.5:
            top = middle[1] - 0.5 * camera.scale * row.length_m - 5 * FINE
        anchor = "midbottom"
        if row.kind == "pedestrian":
            top, anchor = middle[1] + 8 * FINE, "midtop"
        place = (float(middle[0]), float(top))
        paint.words(sheet, label, place, size=20 * FINE, colour=colour, anchor=anchor)


def _words(sheet: pygame.Surface, camera: Camera, title: str) -> None:
    paint.words(sheet, title, (10 * FINE, 8 * FINE), size=21 * FINE)
    long = 10.0 if camera.scale > 12.0 * FINE else 20.0
    left, low = sheet.get_width() - 12 * FINE - long * camera.scale, sheet.get_height() - 12 * FINE
    right = left + long * camera.scale
    pygame.draw.line(sheet, paint.QUIET, (left, low), (right, low), 2 * FINE)
    words = f"{long:.0f} m"
    place = (left - 6 * FINE, low)
    paint.words(sheet, words, place, size=17 * FINE, colour=paint.QUIET, anchor="midright")

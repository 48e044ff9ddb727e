"""One episode as a small picture: the ground with paths and boxes, and TTC over time below."""

from __future__ import annotations

import numpy as np
import pygame
from numpy.typing import NDArray

from sim.view import paint, stage
from sim.view.camera import Camera
from sim.view.film import Film
from sim.world.log import LOG_STEP_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CELL = (420, 214)
CAPTION = 30
CURVE = 52
VIEW_M = 72.0
"""Least width of the ground in a cell [m]; wider where the other one is farther away."""

EDGE_M = 8.0
"""Ground beyond the two who came close [m]."""

FINE = 2
"""The ground is drawn so much larger and shrunk, so that edges are smooth."""

BEFORE_S, AFTER_S = 4.0, 2.0
"""Part of a path that is drawn, about the moment of least margin [s]."""

TOP_S = 6.0
"""Largest TTC on the small curve [s]."""


def cell(film: Film, name: str = "") -> pygame.Surface:
    """Draw it at its closest moment, the ego's heading to the right.

    Args:
        film: The episode.
        name: Of it; its id by default.
    """
    width, height = CELL
    surface = pygame.Surface(CELL, depth=32)
    surface.fill(paint.GROUND)
    ground = surface.subsurface((0, CAPTION, width, height - CAPTION - CURVE))
    fine = pygame.Surface((FINE * ground.get_width(), FINE * ground.get_height()), depth=32)
    fine.fill(paint.GROUND)
    _scene(fine, film)
    pygame.transform.smoothscale(fine, ground.get_size(), ground)
    text, colour = film.verdict
    caption = paint.words(surface, text, (10, 9), size=20, colour=colour)
    shown = paint.ending(name or film.name, 17, width - 10 - caption.right - 14)
    paint.words(surface, shown, (width - 10, 10), size=17, colour=paint.QUIET, anchor="topright")
    _curve(surface, film, pygame.Rect(10, height - CURVE + 4, width - 20, CURVE - 12))
    return surface


def camera_of(film: Film, size: tuple[int, int]) -> Camera:
    """A view that holds the ego and the other one whole."""
    rows, worst, other = film.rows, film.worst, film.other
    width, height = size
    x, y, yaw = float(rows.x[worst]), float(rows.y[worst]), float(rows.yaw[worst])
    if other < 0:
        return Camera(x, y, width / VIEW_M, width, height, yaw=yaw)
    dx, dy = float(rows.x[other]) - x, float(rows.y[other]) - y
    ahead, aside = dx * np.cos(yaw) + dy * np.sin(yaw), dy * np.cos(yaw) - dx * np.sin(yaw)
    turn = float(rows.yaw[other]) - yaw
    long, wide = float(rows.length[other]), float(rows.width[other])
    along = 0.5 * (rows.length[worst] + long * abs(np.cos(turn)) + wide * abs(np.sin(turn)))
    across = 0.5 * (rows.width[worst] + long * abs(np.sin(turn)) + wide * abs(np.cos(turn)))
    tall = abs(aside) + across + EDGE_M
    view = max(VIEW_M, abs(ahead) + along + EDGE_M, tall * width / height)
    return Camera(x + 0.5 * dx, y + 0.5 * dy, width / view, width, height, yaw=yaw)


def _scene(ground: pygame.Surface, film: Film) -> None:
    rows, worst, other = film.rows, film.worst, film.other
    camera = camera_of(film, ground.get_size())
    stage.grid(ground, camera)
    if film.road is not None:
        film.road.draw(ground, camera)
    here = film.rows_at(int(rows.slice_of[worst]))
    row = np.arange(here.start, here.stop)
    row = row[camera.sees(rows.x[row], rows.y[row], 120.0)]
    order = sorted(row.tolist(), key=lambda i: (i == worst, i == other))
    for i in order:
        _path(ground, film, camera, i, bold=i in (worst, other))
    # the two last, the smaller on top: a walker before a car is not to be hidden by it
    special = {worst: paint.EGO, other: paint.LEAD}
    order.sort(key=lambda i: (i in special, -rows.length[i]))
    of = np.array(order)
    size = rows.length[of], rows.width[of]
    boxes = camera.seen_boxes(rows.x[of], rows.y[of], rows.yaw[of], *size, FINE * stage.LEAST_PX)
    for i, box in zip(order, boxes):
        colour = special.get(i) or paint.KIND_COLOURS[int(rows.kind[i])]
        paint.polygon(ground, box, colour)
        paint.outline(ground, box, paint.INK if i == worst else paint.GROUND, 2)


def _path(ground: pygame.Surface, film: Film, camera: Camera, row: int, *, bold: bool) -> None:
    """Where one went before and after the moment, coloured by time."""
    steps = film.rows
    earlier = _links(steps.before, row, round(BEFORE_S / LOG_STEP_S))
    chain = [*earlier[::-1], row, *_links(steps.after, row, round(AFTER_S / LOG_STEP_S))]
    points = camera.pixels(steps.x[chain], steps.y[chain]).tolist()
    since = (steps.frame[chain] - steps.frame[row]) * LOG_STEP_S + BEFORE_S
    for a, b, when in zip(points[:-1], points[1:], since.tolist()):
        colour = paint.ramp(when / (BEFORE_S + AFTER_S))
        faded = colour if bold else paint.mixed(paint.GROUND, colour, 0.55)
        pygame.draw.line(ground, faded, a, b, 5 if bold else 2)


def _links(links: Ints, row: int, most: int) -> list[int]:
    """The rows that follow along links, at most so many."""
    found: list[int] = []
    while len(found) < most and (row := int(links[row])) >= 0:
        found.append(row)
    return found


def _curve(surface: pygame.Surface, film: Film, box: pygame.Rect) -> None:
    """The ego's TTC from 0 to 6 s over the whole episode, and the moment shown."""
    mine = np.flatnonzero(film.rows.track == film.rows.track[film.worst])
    t_s: Floats = film.rows.frame[mine].astype(np.float64) * LOG_STEP_S
    long = max(film.end_s - film.begin_s, LOG_STEP_S)
    x: Floats = np.asarray(box.left + (t_s - film.begin_s) / long * box.width)
    ttc = np.minimum(film.close[mine], TOP_S)
    y = box.bottom - ttc / TOP_S * box.height
    margin_s = film.event.ttc_s
    low = round(box.bottom - margin_s / TOP_S * box.height)
    pygame.draw.line(surface, paint.WORN, box.bottomleft, box.bottomright)
    for dash in range(box.left, box.right, 6):
        pygame.draw.line(surface, paint.WORN, (dash, low), (dash + 2, low))
    for i in range(len(mine) - 1):
        if film.rows.after[mine[i]] == mine[i + 1] and not np.isnan(ttc[i] + ttc[i + 1]):
            colour = paint.time_colour(float(min(ttc[i], ttc[i + 1])), margin_s)
            colour = paint.QUIET if colour == paint.INK else colour
            pygame.draw.line(surface, colour, (x[i], y[i]), (x[i + 1], y[i + 1]), 2)
    here = box.left + (film.worst_s - film.begin_s) / long * box.width
    pygame.draw.line(surface, film.verdict[1], (here, box.top), (here, box.bottom))
    taken = np.concatenate([_along(x, y), np.stack(np.broadcast_arrays(here, np.r_[y, low]), 1)])
    _label(surface, f"TTC {margin_s:g} s", box, low, taken)


def _along(x: Floats, y: Floats) -> Floats:
    """Points (n, 2) along a line, a few pixels from each to the next."""
    share = np.linspace(0.0, 1.0, 8)[:, None]
    points = np.stack([x[:-1] + share * np.diff(x), y[:-1] + share * np.diff(y)], axis=-1)
    return points.reshape(-1, 2)


def _label(surface: pygame.Surface, text: str, box: pygame.Rect, low: int, taken: Floats) -> None:
    """Name the dashed line, at an end and a side of it where nothing is drawn."""
    size = 15
    room = pygame.Rect(0, 0, paint.wide(text, size), size - 4)
    places = [
        (anchor, (end, low + off))
        for anchor, end, off in (
            ("bottomright", box.right, -1),
            ("bottomleft", box.left, -1),
            ("topright", box.right, 2),
            ("topleft", box.left, 2),
        )
    ]

    def hits(anchor: str, place: tuple[int, int]) -> int:
        there = room.copy()
        setattr(there, anchor, place)
        there.inflate_ip(6, 4)
        over = (taken >= there.topleft) & (taken <= there.bottomright)
        below = there.bottom > box.bottom + 6
        return int(over.all(axis=1).sum()) + 1000 * below

    anchor, place = min(places, key=lambda one: hits(*one))
    paint.words(surface, text, place, size=size, colour=paint.QUIET, anchor=anchor)

"""A contact sheet: many episodes of a Log side by side, from ordinary to deadly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from sim.base.errors import UserError, expected
from sim.view import paint, stage, video
from sim.view.camera import Camera, corners
from sim.view.film import Film
from sim.view.ground import Ground
from sim.view.moment import measured, ranked
from sim.world.log import LOG_STEP_S, Log

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Roads = Callable[[int], Ground]

CELL = (420, 214)
GUTTER = 14
HEAD = 76
CAPTION = 30
CURVE = 52
VIEW_M = 72.0
"""Width of the ground in a cell [m]."""

BEFORE_S, AFTER_S = 4.0, 2.0
"""Part of a path that is drawn, about the moment of least margin [s]."""

FAR_S = 20.0
"""From this TTC on nobody is said to have come near [s]."""

TOP_S = 6.0
"""Largest TTC on the small curve [s]."""


def contact_sheet(
    log: Log,
    *,
    path: Path,
    columns: int = 4,
    count: int = 16,
    title: str = "",
    roads: Roads | None = None,
    margin_s: float = paint.MARGIN_S,
) -> Path:
    """Draw episodes at their moment of least margin, the safest first.

    Args:
        log: Its episodes; where there are more than `count`, evenly chosen by danger.
        path: The .png to make.
        columns: Cells a row.
        count: Cells at most.
        title: Over the sheet; the families of the log by default.
        roads: Gives the road of an episode by its number, to be drawn below.
        margin_s: The time to collision from which on it is danger [s], a line in each curve.

    Returns:
        The path.

    Raises:
        UserError: The Log holds no episode, or the path is not that of a picture.
    """
    if path.suffix.lower() != ".png":
        raise expected("path", "a file that ends in .png", str(path))
    video.checked(path)
    if not len(log):
        raise UserError("preview: the log holds no episode")
    if columns < 1 or count < 1:
        raise expected("columns, count", "at least 1 each", (columns, count))
    closest = measured(log)
    chosen = by_danger(ranked(log, closest), count)
    columns = min(columns, len(chosen))
    wide = GUTTER + columns * (CELL[0] + GUTTER)
    tall = HEAD + -(-len(chosen) // columns) * (CELL[1] + GUTTER)
    sheet = pygame.Surface((wide, tall), depth=32)
    sheet.fill(paint.PANEL)
    _head(sheet, title or _families(log), len(chosen), len(log))
    for k, index in enumerate(chosen.tolist()):
        left = GUTTER + k % columns * (CELL[0] + GUTTER)
        top = HEAD + k // columns * (CELL[1] + GUTTER)
        shown = cell(
            Film.of(log, index),
            _outcome(log, index, closest[index]),
            None if roads is None else roads(index),
            margin_s,
        )
        sheet.blit(shown, (left, top))
    return video.save(sheet, path)


def by_danger(values: Floats, count: int) -> Ints:
    """Places of at most `count` values, the largest first, the extremes among them."""
    order = np.argsort(-values, kind="stable")
    places = np.linspace(0, len(order) - 1, min(count, len(order)))
    return order[np.rint(places).astype(np.int64)].astype(np.int64)


def _families(log: Log) -> str:
    names = sorted({str(name) for name in log.episodes["family"] if name})
    return ", ".join(names) or ", ".join(sorted(set(log.episodes["site"].astype(str))))


def _outcome(log: Log, index: int, ttc: float) -> tuple[str, paint.Colour]:
    about = log.episodes.iloc[index]
    if about["collided"]:
        impact = about["delta_v_mps"]
        shown = f", delta-v {impact:.1f} m/s" if np.isfinite(impact) else ""
        return f"crash{shown}", paint.ALARM
    text = f"least TTC {ttc:.1f} s" if ttc < FAR_S else f"TTC never under {FAR_S:.0f} s"
    return text, paint.ttc_colour(ttc)


def _head(sheet: pygame.Surface, title: str, shown: int, all_of_them: int) -> None:
    of = f" of {all_of_them:,}" if all_of_them > shown else ""
    paint.words(sheet, title, (GUTTER, 16), size=32)
    note = f"{shown}{of} episodes at their moment of least margin, from ordinary to deadly"
    paint.words(sheet, note, (GUTTER, 48), size=20, colour=paint.QUIET)
    right = sheet.get_width() - GUTTER
    note = f"{BEFORE_S:.0f} s before"
    bar = 120
    after = paint.words(
        sheet, f"{AFTER_S:.0f} s after", (right, 52), size=18, colour=paint.QUIET, anchor="midright"
    )
    for i in range(bar):
        at = after.left - 8 - bar + i
        pygame.draw.line(sheet, paint.ramp(i / bar), (at, 47), (at, 57))
    end = after.left - 16 - bar
    before = paint.words(sheet, note, (end, 52), size=18, colour=paint.QUIET, anchor="midright")
    x = before.left - 24
    for text, colour in (("the other", paint.LEAD), ("ego", paint.EGO)):
        label = paint.words(sheet, text, (x, 52), size=18, colour=paint.QUIET, anchor="midright")
        pygame.draw.rect(sheet, colour, (label.left - 22, 47, 16, 10))
        x = label.left - 36


def cell(
    film: Film,
    outcome: tuple[str, paint.Colour],
    road: Ground | None = None,
    margin_s: float = paint.MARGIN_S,
) -> pygame.Surface:
    """One episode: the ground with paths and boxes, and TTC over time below."""
    width, height = CELL
    surface = pygame.Surface(CELL, depth=32)
    surface.fill(paint.GROUND)
    ground = surface.subsurface((0, CAPTION, width, height - CAPTION - CURVE))
    fine = pygame.Surface((2 * ground.get_width(), 2 * ground.get_height()), depth=32)
    fine.fill(paint.GROUND)
    _scene(fine, film, road)  # twice as large, so that edges are smooth when it is shrunk
    pygame.transform.smoothscale(fine, ground.get_size(), ground)
    paint.words(surface, outcome[0], (10, 9), size=20, colour=outcome[1])
    name = paint.fitted(film.name, 17, width - 210)
    paint.words(surface, name, (width - 10, 10), size=17, colour=paint.QUIET, anchor="topright")
    _curve(surface, film, pygame.Rect(10, height - CURVE + 4, width - 20, CURVE - 12), margin_s)
    return surface


def _scene(ground: pygame.Surface, film: Film, road: Ground | None) -> None:
    rows, worst = film.rows, film.worst
    width, height = ground.get_size()
    yaw = float(rows.yaw[worst])
    lead = film.other
    x, y = float(rows.x[worst]), float(rows.y[worst])
    if lead >= 0 and np.hypot(rows.x[lead] - x, rows.y[lead] - y) < 0.8 * VIEW_M:
        x, y = 0.5 * (x + float(rows.x[lead])), 0.5 * (y + float(rows.y[lead]))
    camera = Camera(x, y, width / VIEW_M, width, height, yaw=yaw)
    stage.grid(ground, camera)
    if road is not None:
        road.draw(ground, camera)
    s = int(rows.slice_of[worst])
    here = film.rows_at(s)
    row = np.arange(here.start, here.stop)
    row = row[camera.sees(rows.x[row], rows.y[row], 120.0)]
    order = sorted(row.tolist(), key=lambda i: (i == worst, i == lead))
    for i in order:
        _path(ground, film, camera, i, bold=i in (worst, lead))
    special = {worst: paint.EGO, lead: paint.LEAD}
    of = np.array(order)
    boxes = corners(rows.x[of], rows.y[of], rows.yaw[of], rows.length[of], rows.width[of])
    for i, box in zip(order, camera.pixels(boxes[..., 0], boxes[..., 1])):
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


def _curve(surface: pygame.Surface, film: Film, box: pygame.Rect, margin_s: float) -> None:
    """The ego's TTC from 0 to 6 s over the whole episode, and the moment shown."""
    mine = np.flatnonzero(film.rows.track == film.rows.track[film.worst])
    t_s = film.rows.frame[mine] * LOG_STEP_S
    long = max(film.end_s - film.begin_s, LOG_STEP_S)
    x = box.left + (t_s - film.begin_s) / long * box.width
    ttc = np.minimum(film.close[mine], TOP_S)
    y = box.bottom - ttc / TOP_S * box.height
    low = box.bottom - margin_s / TOP_S * box.height
    pygame.draw.line(surface, paint.WORN, box.bottomleft, box.bottomright)
    for dash in range(box.left, box.right, 6):
        pygame.draw.line(surface, paint.WORN, (dash, low), (dash + 2, low))
    paint.words(
        surface,
        f"TTC {margin_s:g} s",
        (box.right, low - 1),
        size=15,
        colour=paint.QUIET,
        anchor="bottomright",
    )
    for i in range(len(mine) - 1):
        if film.rows.after[mine[i]] == mine[i + 1] and not np.isnan(ttc[i] + ttc[i + 1]):
            colour = paint.ttc_colour(float(min(ttc[i], ttc[i + 1])))
            colour = paint.QUIET if colour == paint.INK else colour
            pygame.draw.line(surface, colour, (x[i], y[i]), (x[i + 1], y[i + 1]), 2)
    here = box.left + (film.worst_s - film.begin_s) / long * box.width
    pygame.draw.line(surface, paint.INK, (here, box.top), (here, box.bottom))

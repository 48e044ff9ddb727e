"""A contact sheet: many episodes of a Log side by side, from ordinary to deadly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from sim.base.errors import UserError, expected
from sim.view import paint, video
from sim.view.cell import AFTER_S, BEFORE_S, CELL, cell
from sim.view.film import Film
from sim.view.ground import Ground
from sim.view.noted import danger
from sim.world.log import Log

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Roads = Callable[[int], Ground]

GUTTER = 14
LINE = 24
"""Height of a line in the head [px]."""
BAR = 100
"""Length of the bar of times in the legend [px]."""
QUIET_PX = 18


def contact_sheet(
    log: Log,
    *,
    path: Path,
    columns: int = 4,
    count: int = 16,
    title: str = "",
    note: str = "",
    roads: Roads | None = None,
    event: str | None = None,
    names: Sequence[str] = (),
) -> Path:
    """Draw episodes at their moment of least margin, the safest first.

    Args:
        log: Its episodes; where there are more than `count`, evenly chosen by danger.
        path: The .png to make.
        columns: Cells a row.
        count: Cells at most.
        title: Over the sheet; the families of the log by default.
        note: Below it, what is to be seen; how many episodes in which order by default.
        roads: Gives the road of an episode by its number, to be drawn below.
        event: What counts as danger; that of each episode's family by default.
        names: Of the episodes, to be shown; their ids by default.

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
    chosen = by_danger(danger(log, event), count)
    columns = min(columns, len(chosen))
    wide = GUTTER + columns * (CELL[0] + GUTTER)
    top = head(title or _families(log), note or _note(len(chosen), len(log)), wide)
    tall = top.get_height() + -(-len(chosen) // columns) * (CELL[1] + GUTTER)
    sheet = pygame.Surface((wide, tall), depth=32)
    sheet.fill(paint.PANEL)
    sheet.blit(top, (0, 0))
    for k, index in enumerate(chosen.tolist()):
        road = None if roads is None else roads(index)
        left = GUTTER + k % columns * (CELL[0] + GUTTER)
        below = top.get_height() + k // columns * (CELL[1] + GUTTER)
        film = Film.of(log, index, event=event, road=road)
        sheet.blit(cell(film, names[index] if names else ""), (left, below))
    return video.save(sheet, path)


def by_danger(values: Floats, count: int) -> Ints:
    """Places of at most `count` values, the largest first, the extremes among them."""
    order = np.argsort(-values, kind="stable")
    places = np.linspace(0, len(order) - 1, min(count, len(order)))
    return order[np.rint(places).astype(np.int64)].astype(np.int64)


def _families(log: Log) -> str:
    names = sorted({str(name) for name in log.episodes["family"] if name})
    return ", ".join(names) or ", ".join(sorted(set(log.episodes["site"].astype(str))))


def _note(shown: int, all_of_them: int) -> str:
    of = f" of {all_of_them:,}" if all_of_them > shown else ""
    return f"{shown}{of} episodes at their moment of least margin, from ordinary to deadly"


def head(title: str, note: str, width: int) -> pygame.Surface:
    """Title, note and legend over a sheet; the legend below the note where both are too wide."""
    room = width - 2 * GUTTER
    legend = _legend()
    beside = paint.wide(note, 20) + 2 * LINE + legend.get_width() <= room
    lines = [note] if beside else paint.wrapped(note, 20, room)
    end = 48 + LINE * len(lines)
    surface = pygame.Surface((width, end + (4 if beside else 4 + LINE)), depth=32)
    surface.fill(paint.PANEL)
    paint.words(surface, paint.fitted(title, 32, room), (GUTTER, 16), size=32)
    for k, line in enumerate(lines):
        paint.words(surface, line, (GUTTER, 48 + LINE * k), size=20, colour=paint.QUIET)
    left = width - GUTTER - legend.get_width() if beside else GUTTER
    surface.blit(legend, (left, end - LINE if beside else end))
    return surface


def _legend() -> pygame.Surface:
    """Who is who, and the colours of times on a path."""
    texts = ("ego", "the other", f"{BEFORE_S:.0f} s before", f"{AFTER_S:.0f} s after")
    ego, other, before, after = (paint.wide(text, QUIET_PX) for text in texts)
    width = 22 + ego + 14 + 22 + other + 24 + before + 8 + BAR + 8 + after
    surface = pygame.Surface((width, LINE), depth=32)
    surface.fill(paint.PANEL)
    x, middle = 0, LINE // 2 - 3
    for text, colour in zip(texts, (paint.EGO, paint.LEAD)):
        pygame.draw.rect(surface, colour, (x, middle - 5, 16, 10))
        x = _word(surface, text, x + 22, middle) + 14
    x = _word(surface, texts[2], x + 10, middle) + 8
    for i in range(BAR):
        pygame.draw.line(surface, paint.ramp(i / BAR), (x + i, middle - 5), (x + i, middle + 5))
    _word(surface, texts[3], x + BAR + 8, middle)
    return surface


def _word(surface: pygame.Surface, text: str, left: int, middle: int) -> int:
    """Write it; returns where it ends."""
    place = (left, middle)
    return paint.words(
        surface, text, place, size=QUIET_PX, colour=paint.QUIET, anchor="midleft"
    ).right

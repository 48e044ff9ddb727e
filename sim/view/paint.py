"""The few marks that every picture is made of: colours, lines, boxes and words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import gfxdraw

from sim.world.kinds import Kind

Floats = NDArray[np.float64]
Colour = tuple[int, int, int]

GROUND: Colour = (24, 27, 32)
PANEL: Colour = (33, 37, 43)
GRID: Colour = (38, 42, 49)
WORN: Colour = (52, 58, 66)
INK: Colour = (232, 234, 236)
QUIET: Colour = (148, 157, 168)
EGO: Colour = (86, 180, 233)
LEAD: Colour = (240, 170, 40)
ALARM: Colour = (255, 92, 74)
KIND_COLOURS: dict[int, Colour] = {
    Kind.CAR: (186, 193, 201),
    Kind.TRUCK: (134, 146, 160),
    Kind.MOTORCYCLE: (214, 140, 184),
    Kind.BICYCLE: (60, 186, 146),
    Kind.PEDESTRIAN: (240, 228, 66),
    Kind.OBJECT: (112, 104, 96),
}
"""After Okabe and Ito (2008): told apart without red and green."""

MARGIN_S = 3.0
"""TTC below this is drawn as danger [s], as in the label of the study."""


def time_colour(time_s: float, margin_s: float = MARGIN_S) -> Colour:
    """White with time to spare, amber at the margin, red at a third of it and less."""
    if not time_s <= margin_s:
        return INK
    near = float(np.clip(1.5 * (margin_s - time_s) / margin_s, 0.0, 1.0))
    return mixed(LEAD, ALARM, near)


def mixed(a: Colour, b: Colour, share: float) -> Colour:
    """A colour between two; `share` of the second."""
    r, g, u = (round(p + (q - p) * share) for p, q in zip(a, b))
    return (r, g, u)


def ramp(share: float) -> Colour:
    """Early to late: from violet over blue-green to yellow (viridis, coarsely)."""
    stops: tuple[Colour, ...] = (
        (84, 50, 122),
        (59, 82, 139),
        (33, 145, 140),
        (94, 201, 98),
        (253, 231, 37),
    )
    at = min(max(share, 0.0), 1.0) * (len(stops) - 1)
    low = min(int(at), len(stops) - 2)
    return mixed(stops[low], stops[low + 1], at - low)


def polygon(surface: pygame.Surface, points: Floats, colour: Colour) -> None:
    """A filled polygon with a smooth edge."""
    whole = [(int(u), int(v)) for u, v in np.rint(points)]
    gfxdraw.filled_polygon(surface, whole, colour)
    pygame.draw.aalines(surface, colour, True, points.tolist())


def outline(surface: pygame.Surface, points: Floats, colour: Colour, width: int = 2) -> None:
    """The edge of a polygon."""
    pygame.draw.polygon(surface, colour, points.tolist(), width)


def path(surface: pygame.Surface, points: Floats, colour: Colour, width: int = 1) -> None:
    """A line through points; one pixel wide lines are smooth."""
    if len(points) < 2:
        return
    if width == 1:
        pygame.draw.aalines(surface, colour, False, points.tolist())
    else:
        pygame.draw.lines(surface, colour, False, points.tolist(), width)


@lru_cache(maxsize=8)
def _font(size: int) -> pygame.font.Font:
    pygame.font.init()
    return pygame.font.Font(None, size)


@lru_cache(maxsize=2048)
def _written(text: str, size: int, colour: Colour) -> pygame.Surface:
    return _font(size).render(text, True, colour)


def words(
    surface: pygame.Surface,
    text: str,
    place: tuple[float, float],
    *,
    size: int = 20,
    colour: Colour = INK,
    anchor: str = "topleft",
) -> pygame.Rect:
    """Write one line; `anchor` names the point of the line that is put at `place`."""
    line = _written(text, size, colour)
    where = line.get_rect(**{anchor: (round(place[0]), round(place[1]))})
    surface.blit(line, where)
    return where


def wide(text: str, size: int) -> int:
    """Width of one line [px]."""
    return _font(size).size(text)[0]


def fitted(text: str, size: int, width: int) -> str:
    """The text, cut with three dots where it is wider than `width` pixels."""
    if wide(text, size) <= width:
        return text
    while text and wide(text + "...", size) > width:
        text = text[:-1]
    return text + "..."


def ending(text: str, size: int, width: int) -> str:
    """As `fitted`, cut at its beginning: an id ends in the number that tells it."""
    if wide(text, size) <= width:
        return text
    while text and wide("..." + text, size) > width:
        text = text[1:]
    return "..." + text


def wrapped(text: str, size: int, width: int) -> list[str]:
    """The text in lines of at most `width` pixels, broken between words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and wide(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return [fitted(line, size, width) for line in lines]


def panel(surface: pygame.Surface, box: Sequence[int], *, alpha: int = 225) -> None:
    """A darker ground under words."""
    left, top, width, height = box
    sheet = pygame.Surface((width, height), pygame.SRCALPHA)
    pygame.draw.rect(sheet, (*PANEL, alpha), (0, 0, width, height), border_radius=6)
    surface.blit(sheet, (left, top))

"""Words and timeline over the scene."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pygame
from numpy.typing import NDArray

from sim.view import paint
from sim.view.film import Film
from sim.view.moment import TOUCH_M
from sim.view.partner import closing, partner, time_to, touched
from sim.view.state import SCALE, SPEEDS, State
from sim.world.kinds import KIND_NAMES
from sim.world.log import LOG_STEP_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BAR_HEIGHT = 46
BAR_MARGIN = 16
TICK = 8
"""Height of the ticks for alarms [px]."""
KEYS_SHOWN = (
    ("Space", "play or pause"),
    (", .", "one step back or on"),
    ("Left Right", "one second back or on"),
    ("+ -", "faster or slower"),
    ("Tab", "follow the next road user"),
    ("F", "camera follows or shows all"),
    ("Wheel, Z X", "closer or wider"),
    ("W", "moment of least margin"),
    ("N P", "next or previous episode"),
    ("Mouse", "drag on the timeline, click on a road user"),
    ("H", "this list"),
    ("Esc, Q", "leave"),
)


def draw(surface: pygame.Surface, film: Film, state: State) -> None:
    """Everything that is not on the road."""
    _facts(surface, film, state)
    _scale_bar(surface, state)
    timeline(surface, film, state)
    if state.help:
        _help(surface)


def _facts(surface: pygame.Surface, film: Film, state: State) -> None:
    lines: list[tuple[str, paint.Colour]] = [(f"{film.caption}", paint.QUIET)]
    row = film.row_of(film.slice_at(state.t_s), state.ego)
    speed = f"   x{SPEEDS[state.speed]:g}" if SPEEDS[state.speed] != 1 else ""
    paused = "" if state.playing else "   paused"
    lines.append((f"t {state.t_s:6.1f} s{speed}{paused}", paint.INK))
    if row < 0:
        lines.append((f"road user {state.ego} is not here now", paint.QUIET))
    else:
        kind = KIND_NAMES[int(film.rows.kind[row])]
        pace = film.rows.speed[row]
        lines.append((f"{kind} {state.ego}   {pace:4.1f} m/s   {3.6 * pace:3.0f} km/h", paint.EGO))
        lines.append(_margin(film, row))
        if film.staged and state.ego == film.ego:
            text, colour = film.verdict
            lines.append((f"{text}   t {film.worst_s:.1f} s", colour))
        if np.isfinite(film.score[row]):
            raised = bool(film.alarm[row])
            text = f"score {film.score[row]:.3f}" + ("   ALARM" if raised else "")
            lines.append((text, paint.ALARM if raised else paint.INK))
    room = min(max(296, *(paint.wide(text, 20) for text, _ in lines[1:])), 460)
    paint.panel(surface, (12, 12, room + 24, 36 + 24 * len(lines)))
    paint.words(surface, paint.fitted(film.name, 22, room), (24, 22), size=22)
    for i, (text, colour) in enumerate(lines):
        paint.words(surface, paint.fitted(text, 20, room), (24, 46 + 24 * i), colour=colour)


def _margin(film: Film, row: int) -> tuple[str, paint.Colour]:
    """How close the other is now, in the form of the family's event."""
    other = partner(film, row)
    if other < 0:
        return "nobody near" if film.event.range_m else "no lead", paint.QUIET
    who = f"{KIND_NAMES[int(film.rows.kind[other])]} {film.rows.track[other]}"
    follows = film.lead[row] == other
    gap = max(0.0, float(film.gap[row])) if follows else np.inf
    if touched(film, row) or gap < TOUCH_M:
        return f"in contact with {who}", paint.ALARM
    time = time_to(film, row, other)
    text = f"TTC {time:4.1f} s"
    if not np.isfinite(time):
        text = "closing, but not to touch" if closing(film, row, other) else "not closing"
    rows = film.rows
    apart = np.hypot(rows.x[other] - rows.x[row], rows.y[other] - rows.y[row])
    where = f"gap {gap:4.1f} m to {who}" if follows else f"{who} at {apart:4.1f} m"
    return f"{text}   {where}", paint.time_colour(time, film.event.ttc_s)


def _scale_bar(surface: pygame.Surface, state: State) -> None:
    """How long 20 m are, while the camera follows and the scale is fixed."""
    width, height = surface.get_size()
    if not state.follow:
        return
    long = 20.0 * state.zoom * SCALE * width
    right, y = width - BAR_MARGIN, height - BAR_HEIGHT - 22
    pygame.draw.line(surface, paint.QUIET, (right - long, y), (right, y), 2)
    paint.words(surface, "20 m", (right, y - 6), size=18, colour=paint.QUIET, anchor="bottomright")


def bar(size: tuple[int, int]) -> pygame.Rect:
    """Where the timeline is in a picture of some size."""
    width, height = size
    return pygame.Rect(
        BAR_MARGIN, height - BAR_HEIGHT, width - 2 * BAR_MARGIN, BAR_HEIGHT - BAR_MARGIN
    )


def time_at(film: Film, size: tuple[int, int], u: float) -> float:
    """The time under a pixel of the timeline [s]."""
    box = bar(size)
    return film.begin_s + (u - box.left) / box.width * max(film.end_s - film.begin_s, LOG_STEP_S)


def place_of(film: Film, size: tuple[int, int], t_s: float) -> float:
    """The pixel of a time on the timeline."""
    box = bar(size)
    return box.left + (t_s - film.begin_s) / max(film.end_s - film.begin_s, LOG_STEP_S) * box.width


def timeline(surface: pygame.Surface, film: Film, state: State) -> None:
    """The ego's time to collision and alarms over the whole film, and where we are."""
    size = surface.get_size()
    box = bar(size)
    surface.blit(_strip(film, state.ego, box.width, box.height), (box.left, box.top - TICK))
    here = place_of(film, size, state.t_s)
    pygame.draw.line(surface, paint.INK, (here, box.top - 3), (here, box.bottom + 3), 3)


@lru_cache(maxsize=4)
def _strip(film: Film, ego: int, width: int, height: int) -> pygame.Surface:
    """The timeline without the mark of now: ticks for alarms above, columns for TTC below."""
    strip = pygame.Surface((width, height + TICK), pygame.SRCALPHA)
    box = pygame.Rect(0, TICK, width, height)
    pygame.draw.rect(strip, paint.PANEL, box, border_radius=4)
    mine = np.flatnonzero(film.rows.track == ego)
    t_s: Floats = np.asarray(film.rows.frame[mine] * LOG_STEP_S, dtype=np.float64)
    time = np.where(film.rows.track[mine] == film.ego, film.close[mine], film.ttc[mine])
    near = time < film.event.ttc_s
    _columns(strip, film, box, t_s[near], time[near])
    for at in np.unique(_pixels(film, width, t_s[film.alarm[mine]])).tolist():
        pygame.draw.line(strip, paint.ALARM, (at, 0), (at, TICK - 2), 2)
    return strip


def _pixels(film: Film, width: int, t_s: Floats) -> Ints:
    """Whole pixels of times along the timeline."""
    long = max(film.end_s - film.begin_s, LOG_STEP_S)
    return np.rint((t_s - film.begin_s) / long * width).astype(np.int64)


def _columns(
    surface: pygame.Surface, film: Film, box: pygame.Rect, t_s: Floats, ttc: Floats
) -> None:
    """One column a pixel, as high as the least TTC below the margin is short."""
    least: dict[int, float] = {}
    for at, value in zip(_pixels(film, box.width, t_s).tolist(), ttc.tolist()):
        least[at] = min(value, least.get(at, np.inf))
    wide = 1 + int(box.width * LOG_STEP_S / max(film.end_s - film.begin_s, LOG_STEP_S))
    for at, value in least.items():
        tall = max(2, round((1.0 - value / film.event.ttc_s) * box.height))
        where = (at, box.bottom - tall, wide, tall)
        pygame.draw.rect(surface, paint.time_colour(value, film.event.ttc_s), where)


def _help(surface: pygame.Surface) -> None:
    width, height = surface.get_size()
    box = (width // 2 - 230, height // 2 - 180, 460, 40 + 26 * len(KEYS_SHOWN))
    paint.panel(surface, box, alpha=245)
    for i, (key, what) in enumerate(KEYS_SHOWN):
        y = box[1] + 22 + 26 * i
        paint.words(surface, key, (box[0] + 24, y), colour=paint.EGO)
        paint.words(surface, what, (box[0] + 140, y))

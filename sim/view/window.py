"""The window: events become commands, time passes, a picture is shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pygame

from sim.base.errors import UserError
from sim.view import hud, stage
from sim.view.film import Film
from sim.view.state import State, camera, command, seek, tick

SIZE = (1280, 720)
KEYS: dict[int, str] = {
    pygame.K_SPACE: "play",
    pygame.K_PERIOD: "step",
    pygame.K_COMMA: "step back",
    pygame.K_RIGHT: "forward",
    pygame.K_LEFT: "back",
    pygame.K_PLUS: "faster",
    pygame.K_EQUALS: "faster",
    pygame.K_KP_PLUS: "faster",
    pygame.K_MINUS: "slower",
    pygame.K_KP_MINUS: "slower",
    pygame.K_z: "closer",
    pygame.K_x: "wider",
    pygame.K_TAB: "next user",
    pygame.K_w: "worst",
    pygame.K_f: "follow",
    pygame.K_h: "help",
}
TURNS = {pygame.K_n: 1, pygame.K_p: -1}
NO_DISPLAY = (
    "replay: no display, expected record=FILE.mp4 or record=FILE.png to make a video or a picture"
)
LEAVE = (pygame.K_ESCAPE, pygame.K_q)


def picture(surface: pygame.Surface, film: Film, state: State, *, words: bool = True) -> None:
    """One picture of a film: the scene, and the words over it."""
    pose = stage.Pose.at(film, state.t_s)
    view = camera(state, film, pose, surface.get_size())
    stage.draw(surface, film, view, pose, state.ego)
    if words:
        hud.draw(surface, film, state)


def run(
    film_of: Callable[[int], Film], index: int, count: int, *, fps: float, seconds: float | None
) -> None:
    """Show films until the user leaves, or for some seconds.

    Args:
        film_of: The film of an episode, by its place.
        index: Of the first one.
        count: How many there are.
        fps: Pictures a second.
        seconds: Leave after this long [s].

    Raises:
        UserError: The display cannot be opened.
    """
    surface = _open()
    clock = pygame.time.Clock()
    film = film_of(index)
    state = State.start(film)
    left = np.inf if seconds is None else seconds
    try:
        while left > 0:
            for event in pygame.event.get():
                if _leaves(event):
                    return
                if event.type == pygame.KEYDOWN and event.key in TURNS:
                    index = (index + TURNS[event.key]) % count
                    film = film_of(index)
                    state = State.start(film)
                else:
                    state = handle(state, event, film, surface.get_size())
            picture(surface, film, state)
            pygame.display.set_caption(f"closecall: {film.name}")
            pygame.display.flip()
            elapsed = clock.tick(fps) / 1000.0
            state, left = tick(state, elapsed, film), left - elapsed
    finally:
        pygame.display.quit()


def need_display() -> None:
    """Make sure that there is a display that somebody could see.

    Raises:
        UserError: There is none.
    """
    driver = os.environ.get("SDL_VIDEODRIVER", "")
    named = driver or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if driver in ("dummy", "offscreen") or (sys.platform == "linux" and not named):
        raise UserError(NO_DISPLAY)


def _open() -> pygame.Surface:
    try:
        pygame.display.init()
        return pygame.display.set_mode(SIZE, pygame.RESIZABLE)
    except pygame.error as error:
        raise UserError(f"{NO_DISPLAY} ({error})") from error


def _leaves(event: pygame.event.Event) -> bool:
    return event.type == pygame.QUIT or (event.type == pygame.KEYDOWN and event.key in LEAVE)


def handle(state: State, event: pygame.event.Event, film: Film, size: tuple[int, int]) -> State:
    """The state after an event of the keyboard or the mouse."""
    if event.type == pygame.KEYDOWN and event.key in KEYS:
        return command(state, KEYS[event.key], film)
    if event.type == pygame.MOUSEWHEEL and event.y:
        return command(state, "closer" if event.y > 0 else "wider", film)
    if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
        return _pressed(state, event.pos, film, size)
    if event.type == pygame.MOUSEMOTION and event.buttons[0] and _on_bar(event.pos, size):
        return seek(state, hud.time_at(film, size, event.pos[0]), film)
    return state


def _on_bar(place: tuple[int, int], size: tuple[int, int]) -> bool:
    return bool(hud.bar(size).inflate(2 * hud.BAR_MARGIN, hud.BAR_MARGIN).collidepoint(place))


def _pressed(state: State, place: tuple[int, int], film: Film, size: tuple[int, int]) -> State:
    """A click on the timeline goes there, one on a road user follows it."""
    if _on_bar(place, size):
        return seek(state, hud.time_at(film, size, place[0]), film)
    pose = stage.Pose.at(film, state.t_s)
    x, y = camera(state, film, pose, size).ground(*place)
    apart = np.hypot(pose.x - x, pose.y - y)
    nearest = int(apart.argmin())
    if apart[nearest] > max(3.0, 0.6 * film.rows.length[pose.row[nearest]]):
        return state
    return replace(state, ego=int(film.rows.track[pose.row[nearest]]))

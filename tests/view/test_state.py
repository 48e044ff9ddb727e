"""Keys and mouse do what the list of keys says."""

from __future__ import annotations

import pygame
import pytest
from view_example import many, platoon

from sim.view import hud, stage, window
from sim.view.film import Film
from sim.view.state import SPEEDS, State, camera, command, tick

SIZE = window.SIZE


@pytest.fixture(scope="module")
def film() -> Film:
    return Film.of(platoon(frames=100), 0)


def test_every_key_has_a_command(film: Film) -> None:
    state = State(t_s=5.0, ego=0)
    for key in window.KEYS:
        event = pygame.event.Event(pygame.KEYDOWN, key=key)
        assert window.handle(state, event, film, SIZE) != state


def test_an_unknown_command_is_a_mistake_of_ours(film: Film) -> None:
    with pytest.raises(ValueError, match="no such command"):
        command(State(t_s=0.0, ego=0), "dance", film)


def test_step_goes_one_frame_and_pauses(film: Film) -> None:
    state = command(State(t_s=5.03, ego=0), "step", film)
    assert state.t_s == pytest.approx(5.1)
    assert not state.playing
    assert command(state, "step back", film).t_s == pytest.approx(5.0)


def test_time_stays_within_the_film(film: Film) -> None:
    state = State(t_s=film.end_s - 0.05, ego=0)
    assert command(state, "forward", film).t_s == film.end_s
    ended = tick(state, 1.0, film)
    assert ended.t_s == film.end_s
    assert not ended.playing
    assert command(ended, "play", film).t_s == film.begin_s


def test_speed_scales_time(film: Film) -> None:
    state = command(State(t_s=1.0, ego=0), "faster", film)
    assert tick(state, 0.5, film).t_s == pytest.approx(1.0 + 0.5 * SPEEDS[state.speed])
    for _ in range(20):
        state = command(state, "slower", film)
    assert SPEEDS[state.speed] == SPEEDS[0]


def test_tab_goes_through_everyone(film: Film) -> None:
    state, seen = State(t_s=1.0, ego=0), []
    for _ in range(8):
        seen.append(state.ego)
        state = command(state, "next user", film)
    assert seen == list(range(8))
    assert state.ego == 0


def test_mouse_on_the_timeline_seeks(film: Film) -> None:
    state = State(t_s=1.0, ego=0)
    place = (round(hud.place_of(film, SIZE, 7.0)), hud.bar(SIZE).centery)
    press = pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=place)
    assert window.handle(state, press, film, SIZE).t_s == pytest.approx(7.0, abs=0.02)
    drag = pygame.event.Event(pygame.MOUSEMOTION, buttons=(1, 0, 0), pos=place)
    assert window.handle(state, drag, film, SIZE).t_s == pytest.approx(7.0, abs=0.02)


def test_a_click_follows_the_road_user_under_it(film: Film) -> None:
    state = State(t_s=1.0, ego=0)
    pose = stage.Pose.at(film, 1.0)
    u, v = camera(state, film, pose, SIZE).pixels(pose.x[1], pose.y[1])
    press = pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(round(u), round(v)))
    assert window.handle(state, press, film, SIZE).ego == 1


def test_the_window_opens_turns_the_page_and_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    log = many(3)
    asked: list[int] = []

    def film_of(index: int) -> Film:
        asked.append(index)
        if len(asked) == 1:
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_n))
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_h))
        return Film.of(log, index)

    window.run(film_of, 2, 3, fps=60, seconds=0.2)
    assert asked == [2, 0]


def test_quit_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    film = Film.of(platoon(), 0)

    def film_of(index: int) -> Film:
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        return film

    window.run(film_of, 0, 1, fps=60, seconds=None)

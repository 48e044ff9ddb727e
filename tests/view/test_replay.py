"""A Log becomes pictures without a display, and wrong wishes become one line."""

from __future__ import annotations

from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pygame
import pytest
from view_example import platoon, scores

from sim.base.errors import UserError
from sim.view import paint, stage, window
from sim.view.film import Film
from sim.view.replay import choose, pictures, recorded, replay
from sim.view.state import LEAD_IN_S, State, camera
from sim.world.log import Log, concat

SIZE = (640, 360)


def shown(film: Film, state: State) -> pygame.Surface:
    picture = pygame.Surface(SIZE, depth=32)
    window.picture(picture, film, state, words=False)
    return picture


def colour_at(picture: pygame.Surface, film: Film, state: State, track: int) -> tuple[int, ...]:
    pose = stage.Pose.at(film, state.t_s)
    row = film.row_of(film.slice_at(state.t_s), track)
    place = pose.place(row)
    view = camera(state, film, pose, SIZE)
    u, v = view.pixels(pose.x[place], pose.y[place])
    return tuple(picture.get_at((round(float(u)), round(float(v)))))[:3]


@pytest.mark.parametrize("yaw", [0.0, 2.0])
def test_ego_lead_and_others_are_where_they_should_be(yaw: float) -> None:
    film = Film.of(platoon(yaw=yaw), 0)
    state = State.start(film)
    picture = shown(film, state)
    assert colour_at(picture, film, state, 0) == paint.EGO
    assert colour_at(picture, film, state, 1) == paint.LEAD
    assert colour_at(picture, film, state, 4) == paint.KIND_COLOURS[2]


def test_an_alarm_has_a_red_outline_from_its_time_on() -> None:
    log = platoon(brake=3.0)
    film = Film.of(log, 0, scores=scores(log, since_s=4.0))
    state = State(t_s=3.0, ego=0)
    red = paint.ALARM

    def count(t_s: float) -> int:
        picture = shown(film, State(t_s=t_s, ego=0, follow=state.follow))
        pixels = pygame.surfarray.array3d(picture)
        return int((pixels == np.array(red)).all(axis=2).sum())

    assert count(3.9) == 0
    assert count(4.1) > 50


def test_between_frames_everyone_moves_on_a_straight_line() -> None:
    film = Film.of(platoon(), 0)
    a, m, b = (stage.Pose.at(film, t).x[0] for t in (1.0, 1.05, 1.1))
    assert m == pytest.approx(0.5 * (a + b))
    assert b > a


def test_video_has_the_frames_and_the_size(tmp_path: Path) -> None:
    log = platoon(frames=100)
    path = replay(log, record=tmp_path / "x.mp4", seconds=2.0, fps=15)
    assert path == tmp_path / "x.mp4"
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(path))
    assert frames == 30
    assert seconds == pytest.approx(2.0, abs=0.1)
    reader = imageio_ffmpeg.read_frames(str(path))
    about = next(reader)
    reader.close()
    assert about["size"] == (1280, 720)
    assert about["codec"] == "h264"
    assert about["pix_fmt"].startswith("yuv420p")
    assert [p.name for p in tmp_path.iterdir()] == ["x.mp4"]


def test_odd_sizes_become_even(tmp_path: Path) -> None:
    film = Film.of(platoon(), 0)
    path = recorded(film, tmp_path / "x.mp4", seconds=0.5, fps=10, size=(321, 181))
    reader = imageio_ffmpeg.read_frames(str(path))
    assert next(reader)["size"] == (320, 180)
    reader.close()


def test_gif_moves(tmp_path: Path) -> None:
    film = Film.of(platoon(), 0)
    path = recorded(film, tmp_path / "x.gif", seconds=1.0, fps=10, size=SIZE)
    frames, _ = imageio_ffmpeg.count_frames_and_secs(str(path))
    assert frames == 10


def test_png_is_the_moment_of_least_margin(tmp_path: Path) -> None:
    film = Film.of(platoon(brake=2.0), 0)
    path = recorded(film, tmp_path / "x.png", seconds=1.0, fps=10, size=SIZE)
    wanted = pygame.Surface(SIZE, depth=32)
    window.picture(wanted, film, State(t_s=film.worst_s, ego=film.ego))
    found = pygame.surfarray.array3d(pygame.image.load(str(path)))
    assert np.array_equal(found, pygame.surfarray.array3d(wanted))


def test_a_recording_starts_before_the_moment_and_is_the_same_again() -> None:
    film = Film.of(platoon(brake=2.0, frames=120), 0)
    assert State.start(film).t_s == pytest.approx(max(0.0, film.worst_s - LEAD_IN_S))

    def bytes_of() -> list[bytes]:
        made = pictures(film, seconds=0.5, fps=10, size=SIZE)
        return [picture.get_buffer().raw for picture in made]

    first = bytes_of()
    assert len(first) == 5
    assert len(set(first)) == 5
    assert bytes_of() == first


@pytest.mark.parametrize("source", ["simulated", "recorded"])
def test_the_most_dangerous_episode_is_shown_first(source: str) -> None:
    log = concat(
        [
            platoon(f"brake-1-{i:07d}", brake=b, source=source)
            for i, b in enumerate((0.0, 0.5, 1.5, 0.2))
        ]
    )
    assert choose(log, None) == 2
    assert choose(log, "brake-1-0000002") == 2


def test_least_margin_is_where_ttc_is_least() -> None:
    film = Film.of(platoon(brake=2.0, source="recorded"), 0)
    mine = film.rows.track == film.ego
    assert film.ego == 0
    assert film.ttc[film.worst] == pytest.approx(np.nanmin(film.ttc[mine]), abs=0.15)


def test_a_crash_is_shown_at_first_contact_with_whom_it_touched() -> None:
    log = platoon(brake=5.0)
    film = Film.of(log, 0)
    rows = film.rows
    assert (rows.track[film.worst], rows.track[film.other]) == (0, 1)
    gap = rows.x - 0.5 * rows.length
    apart = gap[film.other] - (rows.x + 0.5 * rows.length)[film.worst]
    before = rows.before[[film.worst, film.other]]
    assert apart < 0.05
    assert gap[before[1]] - (rows.x + 0.5 * rows.length)[before[0]] > 0.05


def test_a_touch_from_the_side_is_found_although_it_has_no_lead() -> None:
    log = platoon(brake=0.0)
    aside = log.tracks["track_id"] == 1
    moved = log.tracks.assign(
        x_m=log.tracks["x_m"].where(~aside, log.tracks["x_m"] - 32.0),
        y_m=log.tracks["y_m"].where(~aside, np.maximum(1.8, 3.0 - 0.04 * log.tracks["frame"])),
    )
    episodes = log.episodes.assign(collided=True)
    film = Film.of(Log.of(episodes, moved), 0)
    assert film.rows.track[film.other] == 1
    assert film.rows.frame[film.worst] == 29


def test_scores_stand_for_the_frames_up_to_the_next() -> None:
    log = platoon()
    film = Film.of(log, 0, scores=scores(log, since_s=4.0))
    ego = film.rows.track == 0
    assert not np.isnan(film.score[ego]).any()
    assert np.isnan(film.score[~ego]).all()
    assert np.array_equal(film.alarm[ego], film.rows.frame[ego] >= 40)


def empty() -> Log:
    log = platoon()
    return Log.of(log.episodes.iloc[:0], log.tracks.iloc[:0])


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ({"episode": "brake-1-000000"}, "brake-1-0000000"),
        ({"follow": 77}, "follow"),
        ({"record": Path("x.avi")}, ".mp4"),
        ({"record": Path("/no/such/folder/x.mp4")}, "folder"),
        ({"fps": 0}, "fps"),
        ({"seconds": -1.0}, "seconds"),
        ({"scores": scores(platoon()).drop(columns="alarm")}, "alarm"),
        ({}, "record="),
        ({"seconds": 1.0}, "record="),
    ],
)
def test_wrong_wishes_are_told_in_one_line(
    wish: dict[str, object], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    if "seconds" in wish:
        monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with pytest.raises(UserError) as caught:
        replay(platoon(), **wish)  # type: ignore[arg-type]
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_empty_log_is_told() -> None:
    with pytest.raises(UserError, match="no episode"):
        replay(empty(), record=Path("x.png"))

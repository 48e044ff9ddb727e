"""The contact sheet shows who did what, in order of danger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest
from view_example import many, platoon

from sim.base.errors import UserError
from sim.family import load_families
from sim.sampling import run_family, sample
from sim.view import cell, paint, sheet
from sim.view.cell import camera_of
from sim.view.film import Film
from sim.view.ground import ASPHALT, Ground
from sim.view.moment import measured
from sim.view.noted import danger
from sim.world.log import Log


def test_order_is_from_ordinary_to_deadly() -> None:
    log = many(12)
    values = danger(log)
    shown = values[sheet.by_danger(values, 5)]
    assert len(shown) == 5
    assert shown[0] == values.max()
    assert shown[-1] == values.min()
    assert sorted(shown, reverse=True) == shown.tolist()


def test_what_is_measured_is_what_the_simulator_noted() -> None:
    film = Film.of(platoon(brake=1.5), 0)
    wanted = platoon(brake=1.5).episodes["min_ttc_s"].iloc[0]
    assert film.close[film.worst] == pytest.approx(wanted)
    assert film.verdict[0] == f"least TTC {wanted:.1f} s"
    assert Film.of(platoon(brake=0.0), 0).verdict[0] == "TTC never under 20 s"


def test_a_spike_of_noise_is_no_danger_in_a_recording() -> None:
    log = platoon(brake=0.0, source="recorded")
    speed = log.tracks["speed_mps"].to_numpy().copy()
    speed[(log.tracks["track_id"] == 0) & (log.tracks["frame"] == 40)] += 25.0
    spiked = Log.of(log.episodes, log.tracks.assign(speed_mps=speed))
    simulated = Log.of(log.episodes.assign(source="simulated"), spiked.tracks)
    assert measured(spiked)[0] >= 3.0
    assert Film.of(simulated, 0).close.min() < 1.2


def test_sheet_has_a_cell_for_each_episode(tmp_path: Path) -> None:
    path = sheet.contact_sheet(many(6), path=tmp_path / "s.png", columns=3)
    picture = pygame.image.load(str(path))
    wide, tall = cell.CELL[0] + sheet.GUTTER, cell.CELL[1] + sheet.GUTTER
    head = picture.get_height() - 2 * tall
    assert picture.get_width() == sheet.GUTTER + 3 * wide
    assert 60 < head < 120
    pixels = pygame.surfarray.array3d(picture)
    for k in range(6):
        left, top = sheet.GUTTER + k % 3 * wide, head + k // 3 * tall
        part = pixels[left : left + cell.CELL[0], top : top + cell.CELL[1]]
        assert (part == np.array(paint.EGO)).all(axis=2).sum() > 60


@pytest.mark.parametrize("yaw", [0.0, 1.1, -2.7])
def test_the_ego_heads_right_whatever_its_heading(yaw: float) -> None:
    film = Film.of(platoon(brake=2.0, yaw=yaw), 0)
    pixels = pygame.surfarray.array3d(cell.cell(film))
    scene = pixels[:, cell.CAPTION : cell.CELL[1] - cell.CURVE]
    ego, lead = (np.argwhere((scene == np.array(c)).all(axis=2)) for c in (paint.EGO, paint.LEAD))
    assert lead[:, 0].mean() > ego[:, 0].mean() + 20
    assert lead[:, 1].mean() == pytest.approx(ego[:, 1].mean(), abs=2)


def test_fewer_episodes_than_columns(tmp_path: Path) -> None:
    path = sheet.contact_sheet(platoon(), path=tmp_path / "one.png")
    assert pygame.image.load(str(path)).get_width() == 2 * sheet.GUTTER + cell.CELL[0]


def test_wrong_wishes_are_told(tmp_path: Path) -> None:
    log = platoon()
    nothing = Log.of(log.episodes.iloc[:0], log.tracks.iloc[:0])
    with pytest.raises(UserError, match=r"\.png"):
        sheet.contact_sheet(log, path=tmp_path / "s.jpg")
    with pytest.raises(UserError, match="no episode"):
        sheet.contact_sheet(nothing, path=tmp_path / "s.png")
    with pytest.raises(UserError, match="at least 1"):
        sheet.contact_sheet(log, path=tmp_path / "s.png", columns=0)


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
@pytest.mark.parametrize("title", ["cut_in", "a variant with a very long name that goes on and on"])
def test_words_over_a_sheet_keep_apart(
    columns: int, title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    width = sheet.GUTTER + columns * (cell.CELL[0] + sheet.GUTTER)
    placed: list[pygame.Rect] = []
    blitted: list[pygame.Rect] = []
    write = paint.words

    def words(surface: pygame.Surface, *args: Any, **more: Any) -> pygame.Rect:
        where = write(surface, *args, **more)
        assert surface.get_rect().contains(where)
        if surface.get_width() == width:
            placed.append(where)
        return where

    monkeypatch.setattr(paint, "words", words)
    top = sheet.head(title, sheet._note(16, 1000), width)
    legend = sheet._legend()
    blitted = [pygame.Rect(*place, *legend.get_size()) for place in _found(top, legend)]
    assert len(blitted) == 1
    assert top.get_rect().contains(blitted[0])
    for k, one in enumerate(placed):
        assert one.collidelist([*placed[:k], *blitted]) == -1


def _found(top: pygame.Surface, part: pygame.Surface) -> list[tuple[int, int]]:
    """Where the blue square of the legend is, at its left edge."""
    blue = (pygame.surfarray.array3d(top) == np.array(paint.EGO)).all(axis=2)
    inside = (pygame.surfarray.array3d(part) == np.array(paint.EGO)).all(axis=2)
    (x, y), (u, v) = np.argwhere(blue)[0], np.argwhere(inside)[0]
    return [(int(x - u), int(y - v))]


@pytest.mark.parametrize("frames", [50, 65, 80, 130])
@pytest.mark.parametrize("brake", [1.5, 2.5, 5.0, 9.0])
def test_the_curve_leaves_the_label_of_its_margin_alone(
    frames: int, brake: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = Film.of(platoon(brake=brake, frames=frames), 0)
    write = paint.words
    label: list[pygame.Rect] = []

    def words(surface: pygame.Surface, text: str, *args: Any, **more: Any) -> pygame.Rect:
        if text != "TTC 3 s":
            return write(surface, text, *args, **more)
        label.append(write(pygame.Surface(surface.get_size()), text, *args, **more))
        return label[0]

    monkeypatch.setattr(paint, "words", words)
    pixels = pygame.surfarray.array3d(cell.cell(film))
    below = pixels[label[0].left : label[0].right, label[0].top + 2 : label[0].bottom - 2]
    plain = (below == np.array(paint.GROUND)) | (below == np.array(paint.WORN))
    assert plain.all()


def test_a_long_road_lies_below_those_who_drive_on_it() -> None:
    family = load_families()["cut_in"]()
    episode = sample(family, n=6, seed=0)
    log = run_family(family, episode)
    for k in range(6):
        road = Ground.of(episode.road, int(episode.road_index[k]))
        film = Film.of(log, k, road=road)
        surface = pygame.Surface((840, 264), depth=32)
        camera = camera_of(film, surface.get_size())
        road.draw(surface, camera)
        here = film.rows_at(int(film.rows.slice_of[film.worst]))
        x, y = film.rows.x[here], film.rows.y[here]
        inside = camera.sees(x, y)
        for u, v in camera.pixels(x, y)[inside].astype(int).tolist():
            assert tuple(surface.get_at((u, v)))[:3] in (ASPHALT, paint.WORN)

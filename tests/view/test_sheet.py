"""The contact sheet shows who did what, in order of danger."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame
import pytest
from view_example import many, platoon

from sim.base.errors import UserError
from sim.view import cell, paint, sheet
from sim.view.film import Film
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

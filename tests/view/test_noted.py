"""Caption, colour, rank and moment agree with the family's own event, whatever its form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame
import pytest

from sim.family import EVENTS, load_families
from sim.sampling import egos, run_family, sample
from sim.view import hud, paint, stage
from sim.view.cell import CAPTION, CELL, CURVE, camera_of, cell
from sim.view.film import Film
from sim.view.noted import by_pet, danger, noted
from sim.view.partner import partner
from sim.view.sheet import by_danger
from sim.view.state import State
from sim.world.kinds import Kind
from sim.world.log import Log

FAMILIES = {"cut_in": 24, "lane_drop": 24, "pedestrian_crossing": 60, "left_turn_gap": 60}


@pytest.fixture(scope="module")
def logs() -> dict[str, Log]:
    made = {name: load_families()[name]() for name in FAMILIES}
    return {name: run_family(f, sample(f, n=FAMILIES[name], seed=0)) for name, f in made.items()}


@pytest.mark.parametrize("name", FAMILIES)
def test_what_is_shown_agrees_with_the_event(logs: dict[str, Log], name: str) -> None:
    log = logs[name]
    event = EVENTS[load_families()[name].event]
    margin = event.margin(egos(log))
    crashed = egos(log)["collided"].to_numpy(bool)
    values = danger(log)
    assert values[~crashed] == pytest.approx(margin[~crashed])
    assert values[crashed].max(initial=-np.inf) < values[~crashed].min()
    assert 0 < (margin <= 0.0).sum() < len(log)
    for k in range(len(log)):
        text, colour = Film.of(log, k).verdict
        assert (colour != paint.INK) == (margin[k] <= 0.0), text
        assert text.startswith("crash") == crashed[k]


@pytest.mark.parametrize("name", ["cut_in", "lane_drop"])
def test_a_leader_that_cuts_in_is_marked_when_its_time_is_least(
    logs: dict[str, Log], name: str
) -> None:
    log = logs[name]
    least = noted(log)["min_ttc_s"].to_numpy()
    for k in np.flatnonzero((least > 0.0) & (least < 5.0)):
        film = Film.of(log, int(k))
        assert film.close[film.worst] == pytest.approx(least[k], abs=0.15)
        assert film.rows.x[film.other] > film.rows.x[film.worst]
        assert partner(film, film.worst) == film.other


@pytest.mark.parametrize("name", ["pedestrian_crossing", "left_turn_gap"])
def test_a_near_miss_by_encroachment_is_marked_where_the_two_pass(
    logs: dict[str, Log], name: str
) -> None:
    log = logs[name]
    event, found = EVENTS["crossing"], 0
    for k, row in enumerate(noted(log).to_dict("records")):
        if row["collided"] or not by_pet(row, event) or row["min_pet_s"] > event.pet_s:
            continue
        film = Film.of(log, k)
        rows = film.rows
        across = abs(np.sin(rows.yaw[film.other] - rows.yaw[film.worst]))
        apart = np.hypot(*(a[film.other] - a[film.worst] for a in (rows.x, rows.y)))
        told = float(film.verdict[0].removeprefix("PET ").removesuffix(" s"))
        assert told == pytest.approx(row["min_pet_s"], abs=0.051)
        assert across > 0.2
        assert apart < 25.0
        found += 1
    assert found >= 2


def test_the_hardest_crash_is_the_deadliest_for_a_walker(logs: dict[str, Log]) -> None:
    log = logs["pedestrian_crossing"]
    about = noted(log)
    k = int(by_danger(danger(log), len(log))[-1])
    assert about["collided"].iloc[k]
    assert about["delta_v_mps"].iloc[k] == about["delta_v_mps"].max()
    assert about["delta_v_mps"].iloc[k] > 10 * log.episodes["delta_v_mps"].iloc[k]
    film = Film.of(log, k)
    impact, hardest = about["impact_speed_mps"].iloc[k], about["delta_v_mps"].iloc[k]
    assert (
        film.verdict[0] == f"crash with pedestrian at {impact:.1f} m/s, delta-v {hardest:.1f} m/s"
    )
    assert film.rows.kind[film.other] == Kind.PEDESTRIAN


@pytest.mark.parametrize("name", FAMILIES)
def test_the_other_one_is_in_the_frame_and_can_be_seen(logs: dict[str, Log], name: str) -> None:
    size = (CELL[0], CELL[1] - CAPTION - CURVE)
    for k in range(FAMILIES[name]):
        film = Film.of(logs[name], k)
        assert film.other >= 0
        view = camera_of(film, size)
        both = np.array([film.worst, film.other])
        assert view.sees(film.rows.x[both], film.rows.y[both], -2.0).all()
        scene = pygame.surfarray.array3d(cell(film))[:, CAPTION : CELL[1] - CURVE]
        seen = (np.abs(scene.astype(int) - paint.LEAD).max(axis=2) < 40).sum()
        assert seen >= 30


def test_contact_is_told_and_the_one_touched_is_marked(logs: dict[str, Log]) -> None:
    log = logs["pedestrian_crossing"]
    film = Film.of(log, int(danger(log).argmin()))
    track = film.rows.track[film.other]
    state = State(t_s=film.worst_s + 0.3, ego=0)
    row = film.row_of(film.slice_at(state.t_s), 0)
    assert hud._margin(film, row) == (f"in contact with pedestrian {track}", paint.ALARM)
    assert film.rows.track[partner(film, row)] == track
    before = film.row_of(film.slice_at(film.worst_s - 0.5), 0)
    text, colour = hud._margin(film, before)
    assert text.startswith("TTC")
    assert f"pedestrian {track}" in text
    assert colour != paint.INK
    strip = pygame.surfarray.array3d(hud._strip(film, 0, 400, 30))
    assert (strip == np.array(paint.ALARM)).all(axis=2).any()


def test_a_walker_is_no_smaller_than_eight_pixels_in_a_replay(logs: dict[str, Log]) -> None:
    log = logs["pedestrian_crossing"]
    film = Film.of(log, int(danger(log).argmin()))
    view = camera_of(film, (640, 360))
    view = replace(view, scale=0.5 * view.scale)
    row = np.array([film.other])
    rows = film.rows
    box = view.seen_boxes(
        *(a[row] for a in (rows.x, rows.y, rows.yaw, rows.length, rows.width)), stage.LEAST_PX
    )[0]
    sides = np.hypot(*np.diff(box, axis=0).T)[:2]
    assert np.sqrt(sides.prod()) == pytest.approx(stage.LEAST_PX)

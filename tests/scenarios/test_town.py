"""Families of following in a town: what a driver would say happens in them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.family import Draws, Family, load_families
from sim.family.town import InTown, ahead_of_ego, stop_distance
from sim.features import featurize
from sim.sampling import egos, run_family, sample
from sim.world.log import Log

Floats = NDArray[np.float64]
MANY = 120
TOWN = (
    "amber_stop",
    "creeping_queue",
    "crosswalk_stop",
    "kerbside_stop",
    "red_queue",
    "signal_queue",
    "turning_lead",
)
STOPS_M = 317.0
"""Where the front of the one who stops for somebody on foot is [m]."""


def drawn(name: str, **pins: object) -> tuple[Family, Log, Mapping[str, Floats]]:
    """A family with some quantities pinned, its run, and what was drawn."""
    kind = load_families()[name]().with_overrides(pins)
    episode = sample(kind, n=MANY, seed=7)
    return kind, run_family(kind, episode), episode.quantities


def column(log: Log, track: int, name: str) -> Floats:
    """(n, frames) of one road user in every episode; NaN while it is not there."""
    rows = log.tracks[log.tracks["track_id"] == track]
    table = rows.pivot(index="episode_id", columns="frame", values=name)
    return table.reindex(columns=range(int(log.tracks["frame"].max()) + 1)).to_numpy(np.float64)


def unhurt(log: Log, *tracks: int) -> NDArray[np.bool_]:
    """(n,) episodes in which none of them touched anybody."""
    hurt = log.outcomes[log.outcomes["track_id"].isin(tracks)]
    return ~hurt.groupby("episode_id")["collided"].any().to_numpy(np.bool_)


@pytest.mark.parametrize("name", TOWN)
def test_all_of_them_are_found_and_follow_slowly(name: str) -> None:
    kind = load_families()[name]()
    assert isinstance(kind, InTown)
    assert kind.event == "rear_end"
    assert {"rear-end", "urban"} <= set(kind.tags)
    _, log, _ = drawn(name)
    assert log.tracks["speed_mps"].max() < 25.0


@pytest.mark.parametrize("name", TOWN)
def test_rows_before_conflicts_lie_where_recorded_urban_ones_do(name: str) -> None:
    """Medians of 61 recorded urban conflicts: 7 m/s, gap 8 m, closing at 0.3 m/s; their deciles
    1 and 9: 0.3 to 9.8 m/s, 3.6 to 30 m, -1.7 to 5.5 m/s.
    """
    _, log, _ = drawn(name)
    table = featurize(log, seed=1, egos="first")
    rows = dict(zip(table.columns, table.X[table.use & table.y].T))
    assert len(rows["ego_speed_mps"]) > 100
    assert 0.3 < np.median(rows["ego_speed_mps"]) < 9.8
    assert 3.6 < np.nanmedian(rows["lead_gap_m"]) < 20.0
    assert -1.7 < np.nanmedian(rows["lead_closing_mps"]) < 4.0


def test_the_way_to_a_stop() -> None:
    way = stop_distance(np.array([10.0, 10.0, 4.0]), np.array([2.0, 5.0, 1.0]), low=6.0)
    np.testing.assert_allclose(way, [16.0, 6.4, 0.0])


def test_where_a_leader_is() -> None:
    kind = load_families()["crosswalk_stop"]()
    draws: Draws = kind.draw(np.random.default_rng(1).random((50, kind.dimensions)))
    first, second = (ahead_of_ego(draws, np.full(50, k), draws.speed) for k in (1.0, 2.0))
    scene = kind.build(draws).episode()
    np.testing.assert_allclose(scene.users.s[:, 1] - scene.users.s[:, 0], first)
    np.testing.assert_allclose(scene.users.s[:, 2] - scene.users.s[:, 0], second)


def test_who_yields_stands_before_the_crossing_and_somebody_crosses() -> None:
    _, log, _ = drawn("crosswalk_stop", stops=1, stays=0, start=2.0, decel=3.0, pause=0.3)
    calm = unhurt(log, 0, 1, 2)
    front = column(log, 1, "x_m") + 0.5 * column(log, 1, "length_m")
    speed = column(log, 1, "speed_mps")
    stood = np.where(speed < 0.05, front, np.nan)[calm]
    assert np.isfinite(stood).any(axis=1).mean() > 0.95
    first = np.array([row[np.isfinite(row)][0] for row in stood if np.isfinite(row).any()])
    np.testing.assert_allclose(first, STOPS_M, atol=4.0)  # its speed had drifted by up to 6 %
    assert first.max() < STOPS_M + 2.4
    walker = log.tracks.loc[log.tracks["kind"] == "pedestrian", "track_id"].iloc[0]
    y = column(log, int(walker), "y_m")
    assert (np.nanmax(y[calm], axis=1) > 5.0).mean() > 0.8
    assert unhurt(log, int(walker)).mean() > 0.85


def test_who_stays_at_the_kerb_stops_nobody() -> None:
    _, log, _ = drawn("crosswalk_stop", stops=1, stays=1, start=2.0)
    assert np.nanmin(column(log, 1, "speed_mps")[unhurt(log, 0, 1, 2)]) > 0.5
    walker = int(log.tracks.loc[log.tracks["kind"] == "pedestrian", "track_id"].iloc[0])
    assert np.ptp(column(log, walker, "y_m")) < 0.05


@pytest.mark.parametrize(("left", "side"), [(0, -1.0), (1, 1.0)])
def test_who_turns_slows_down_and_leaves_the_ego_s_road(left: int, side: float) -> None:
    _, log, q = drawn("turning_lead", left=left, turns=1, waits=0, start=2.0)
    calm = unhurt(log, 0, 1)
    x, y, speed = (column(log, 1, name)[calm] for name in ("x_m", "y_m", "speed_mps"))
    there = ~np.isnan(y[:, -1])
    away = side * (y[there, -1] - y[there, 0])
    assert np.median(away) > 8.0
    begins = np.nanmin(np.abs(y - y[:, :1]) > 3.0, axis=1)
    assert not begins.any(), "it starts on the ego's road"
    turning = np.abs(np.gradient(column(log, 1, "yaw_rad")[calm], axis=1)) > 0.02
    pace = q["pace_mps"][calm][:, None]
    assert np.nanmedian((speed / pace)[turning]) == pytest.approx(1.0, abs=0.15)
    assert np.isfinite(x).all() or there.mean() > 0.2


def test_who_parks_is_out_of_the_lane_and_who_sets_down_is_not() -> None:
    _, parks, _ = drawn(
        "kerbside_stop", reason=0, stops=1, start=2.0, hold=0.5, length=4.5, decel=3.0
    )
    calm = unhurt(parks, 0, 1)
    assert calm.mean() > 0.8
    assert column(parks, 1, "y_m")[calm, -1].max() < -1.8
    assert column(parks, 1, "speed_mps")[calm, -1].max() < 0.05
    _, stands, _ = drawn("kerbside_stop", reason=1, stops=1, start=2.0, hold=4.0, decel=2.5)
    calm = unhurt(stands, 0, 1)
    assert np.nanmin(column(stands, 1, "speed_mps")[calm], axis=1).max() < 0.05
    assert np.abs(column(stands, 1, "y_m")[calm]).max() < 1.2


def test_nobody_stops_at_amber_is_no_danger_and_a_harder_stop_more() -> None:
    _, none, _ = drawn("amber_stop", stops=0)
    assert (egos(none)["min_ttc_s"] < 3.0).mean() < 0.1
    mild, hard = (
        (egos(drawn("amber_stop", stops=1, decel=d)[1])["min_ttc_s"] < 1.5).mean()
        for d in (1.0, 4.0)
    )
    assert mild + 0.2 < hard


@pytest.mark.parametrize("name", TOWN)
def test_who_looks_away_more_is_in_danger_more(name: str) -> None:
    looks, glances = (
        (egos(drawn(name, lapses=rate)[1])["min_ttc_s"] < 1.5).mean() for rate in (0.0, 0.5)
    )
    assert glances > looks


def test_a_queue_stands_at_red_and_sets_off_at_green() -> None:
    _, log, _ = drawn("red_queue", tail=1, green=9.0)
    front = column(log, 3, "speed_mps")[unhurt(log, 1, 2, 3)]
    assert front[:, 80].max() < 0.6
    assert front[:, 130].min() > 1.0


def test_a_signal_queue_gathers_speed_and_stops() -> None:
    _, log, q = drawn("signal_queue", kept=0.0, runs=1.0)
    front = column(log, 3, "speed_mps")
    np.testing.assert_allclose(front.max(axis=1), q["top_mps"], rtol=0.02)
    after = np.argmax(front, axis=1)
    lows = [row[k:].min() for row, k in zip(front, after)]
    assert np.mean(np.array(lows) < 0.1) > 0.8


def test_a_creeping_queue_creeps() -> None:
    _, log, _ = drawn("creeping_queue")
    speed = column(log, 0, "speed_mps")
    assert np.quantile(speed, 0.95) < 6.0
    halts = (speed < 0.2).any(axis=1)
    assert halts.mean() > 0.5

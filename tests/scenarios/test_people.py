"""Streets on which people walk, run and ride: what a driver would say must happen."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from marks import compiled

from sim.base.dist import Constant
from sim.family import Draws, Family, load_families
from sim.family.street import AT_M, CAR_M
from sim.sampling import episodes_of
from sim.world.log import Log
from sim.world.rollout import simulate

WALKS = ("pedestrian_crossing", "pedestrian_occluded", "pedestrian_jaywalk", "child_runs")
CROSSES = (*WALKS, "cyclist_crossing")
FOLLOWER, OTHER = 2, 5
N = 300


@cache
def run(name: str, **pins: float) -> tuple[Family, Draws, Log, pd.DataFrame]:
    """N episodes from the same points whatever is pinned, and what came of the ego."""
    family = load_families()[name]().with_overrides({k: Constant(v) for k, v in pins.items()})
    draws = family.draw(np.random.default_rng(4).random((N, family.dimensions)))
    log = simulate(episodes_of(family, draws, seed=4), seconds=family.seconds, range_m=50.0)
    ends = log.outcomes
    return family, draws, log, ends[ends["track_id"] == 0].reset_index(drop=True)


def track(log: Log, slot: int, column: str) -> np.ndarray:
    """A column of one road user, (T, N); NaN where it is not on the road."""
    rows = log.tracks[log.tracks["track_id"] == slot]
    out = np.full((rows["frame"].max() + 1, N), np.nan)
    out[rows["frame"], rows["episode_id"].cat.codes] = rows[column]
    return out


def passes(values: np.ndarray, at: float) -> np.ndarray:
    """When a column that grows first passes a value [s], (N,); NaN never."""
    before, after = values[:-1] < at, values[1:] >= at
    here = before & after
    k = here.argmax(axis=0)
    column = np.arange(values.shape[1])
    low, high = values[k, column], values[k + 1, column]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(here.any(axis=0), 0.1 * (k + (at - low) / (high - low)), np.nan)


def middle(log: Log) -> np.ndarray:
    """When who crosses is in the middle of the ego's lane [s], (N,)."""
    y = track(log, OTHER, "y_m")
    return passes(np.where(y[0] < 0.0, y, -y), 0.0)


def met(ego: pd.DataFrame) -> np.ndarray:
    """Whether the ego touched somebody other than the car behind it, (N,)."""
    return (ego["collided"] & (ego["other_id"] != FOLLOWER)).to_numpy()


@compiled
@pytest.mark.parametrize("name", CROSSES)
def test_who_crosses_comes_to_the_other_side_or_is_hit(name: str) -> None:
    family, draws, log, _ = run(name)
    rows = log.tracks[log.tracks["track_id"] == OTHER]
    assert (rows["kind"] == ("bicycle" if name == "cyclist_crossing" else "pedestrian")).all()
    y = track(log, OTHER, "y_m")
    lane_edge = 5.25 if name != "pedestrian_jaywalk" else 12.25
    last = np.nanmax(np.where(y[0] < 0.0, y, -y), axis=0)  # to the left, or to the right
    far = np.where(y[0] < 0.0, lane_edge, 1.75)
    hit = log.outcomes[log.outcomes["track_id"] == OTHER]["collided"].to_numpy()
    sets_out = 0.1 * (np.nan_to_num(track(log, OTHER, "speed_mps")) > 0.0).argmax(axis=0)
    due = sets_out + (np.abs(y[0]) + far) / draws.pace + 1.5 < family.seconds
    assert (last > far)[due & ~hit].all()
    assert (due & ~hit).mean() > 0.5
    assert ((y[0] < -1.75) | (y[0] > 1.75)).all()
    assert family.event == "crossing"


@compiled
@pytest.mark.parametrize("name", WALKS)
def test_who_walks_stands_until_it_is_time(name: str) -> None:
    _, draws, log, _ = run(name)
    speed = track(log, OTHER, "speed_mps")
    assert (speed[:11] == 0.0).all()
    paces = np.nanmax(speed, axis=0)
    under_way = paces > 0.0
    assert under_way.mean() > 0.95
    hit = log.outcomes[log.outcomes["track_id"] == OTHER]["collided"].to_numpy()
    np.testing.assert_allclose(paces[under_way & ~hit], draws.pace[under_way & ~hit], rtol=1e-5)


@compiled
@pytest.mark.parametrize("name", CROSSES)
def test_who_crosses_is_as_late_as_told(name: str) -> None:
    """Where the ego has no reason to slow down, seconds apart from it."""
    _, draws, log, ego = run(name)
    front = passes(track(log, 0, "x_m"), AT_M - 0.5 * CAR_M)
    slowest = np.nanmin(track(log, 0, "speed_mps"), axis=0)
    calm = ~ego["collided"].to_numpy() & (slowest > 0.85 * draws.speed)
    late = middle(log) - front
    known = calm & np.isfinite(late)
    assert known.sum() > 0.3 * N
    apart = late[known] - draws.late[known]
    assert np.median(np.abs(apart)) < 0.15
    assert np.quantile(np.abs(apart), 0.95) < 0.6
    assert (late[known] < -0.8).any()
    assert (late[known] > 0.8).any()


@compiled
@pytest.mark.parametrize("name", CROSSES)
def test_contact_only_where_both_come_about_the_same_time(name: str) -> None:
    _, draws, _, ego = run(name)
    first = met(ego) & (ego["other_id"] == OTHER).to_numpy()
    body = 2.5 if name == "cyclist_crossing" else 1.5
    assert (draws.late[first] * draws.pace[first] > -body - 1.0).all()
    assert (draws.late[first] < 2.6).all()
    assert first.sum() > 0.04 * N


@compiled
@pytest.mark.parametrize("name", [*CROSSES, "cyclist_overtaken"])
def test_emergency_braking_spares_people(name: str) -> None:
    without, with_it = (met(run(name, aeb=v)[3]).sum() for v in (0.0, 1.0))
    assert with_it < 0.9 * without
    if name.startswith("pedestrian"):
        assert with_it < 0.6 * without


@compiled
def test_nobody_is_braked_for_while_the_parked_cars_hide_it() -> None:
    _, _, log, _ = run("pedestrian_occluded", wet=0.0, lapses=0.0)
    y, accel = track(log, OTHER, "y_m"), track(log, 0, "accel_mps2")
    x = track(log, 0, "x_m") + 0.5 * CAR_M
    near = (x > AT_M - 30.0) & (x < AT_M)  # further back one is seen past the row
    hidden = near & (y < -2.2)
    open_ = near & (y > -1.6) & (y < 0.9)
    assert hidden.sum() > 1000
    assert np.quantile(accel[hidden], 0.01) > -1.5
    assert np.quantile(accel[open_], 0.1) < -3.0


ALERT = {"aeb": 0.0, "lapses": 0.0, "night": 0.0, "wet": 0.0, "side": 0.0, "back": 0.2}


def room(draws: Draws) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """From the ego's front to the way of somebody who sets foot on the road, for reacting and
    for stopping: what there is and what the driver needs [m]."""
    reacts = draws.speed * draws.reaction[:, 0]
    stops = reacts + 0.5 * draws.speed**2 / draws.brake_max[:, 0]
    return draws.speed * (2.05 / draws.pace - draws.late), reacts, stops


@compiled
def test_who_cannot_react_in_time_hits_at_full_speed() -> None:
    _, draws, _, ego = run("pedestrian_crossing", **ALERT, late=0.0)
    there, reacts, _ = room(draws)
    sudden = there < 0.9 * reacts
    assert 20 < sudden.sum() < 0.6 * N
    assert met(ego)[sudden].all()
    full = np.hypot(draws.speed, draws.pace)[sudden]
    np.testing.assert_allclose(ego["impact_speed_mps"][sudden], full, rtol=0.15)
    assert (ego["contact_side"][sudden] == "front").all()


@compiled
def test_who_has_room_to_stop_hits_nobody() -> None:
    _, draws, _, ego = run("pedestrian_crossing", **ALERT)
    there, _, stops = room(draws)
    safe = there > 1.3 * stops + 8.0
    assert safe.sum() > 40
    assert not met(ego)[safe].any()


@compiled
def test_darkness_and_wet_make_an_arterial_road_deadlier() -> None:
    day = met(run("pedestrian_jaywalk", night=0.0, wet=0.0)[3]).sum()
    dark = met(run("pedestrian_jaywalk", night=1.0, wet=0.0)[3]).sum()
    worst = run("pedestrian_jaywalk", night=1.0, wet=1.0)[3]
    assert dark > 1.15 * day
    assert met(worst).sum() > 1.3 * day


@compiled
def test_the_older_stay_longer_in_the_lane() -> None:
    stays = []
    for age in (0.0, 1.0, 2.0):
        _, _, log, _ = run("pedestrian_crossing", age=age)
        y = np.abs(track(log, OTHER, "y_m"))
        hit = log.outcomes[log.outcomes["track_id"] == OTHER]["collided"].to_numpy()
        stays.append(np.median(0.1 * (y < 1.75).sum(axis=0)[~hit]))
    older, adult, child = stays[1], stays[0], stays[2]
    assert older > 1.1 * adult > 1.2 * child


@compiled
def test_a_bus_stands_instead_of_parked_cars() -> None:
    _, draws, log, _ = run("pedestrian_occluded")
    first = log.tracks[log.tracks["frame"] == 0]
    parked = first[(first["track_id"] > OTHER)]
    of = parked.groupby("episode_id", observed=False)
    bus = (parked["kind"] == "truck").groupby(parked["episode_id"], observed=False).sum()
    np.testing.assert_array_equal(bus, draws.bus)
    np.testing.assert_array_equal(of.size(), np.where(draws.bus == 1.0, 1, 3))
    assert (parked["y_m"] + 0.5 * parked["width_m"] < -1.9).all()


@compiled
@pytest.mark.parametrize("name", ["child_runs", "cyclist_crossing"])
def test_a_second_one_follows_the_first(name: str) -> None:
    _, draws, log, ego = run(name)
    twice = draws.second == 1.0
    rows = log.tracks[log.tracks["track_id"] == OTHER + 1]
    np.testing.assert_array_equal(
        np.flatnonzero(twice), np.sort(rows["episode_id"].cat.codes.unique())
    )
    assert (ego["collided"] & (ego["other_id"] == OTHER + 1)).to_numpy()[twice].mean() > 0.02
    y = [np.abs(track(log, OTHER + k, "y_m"))[:, twice] for k in (0, 1)]
    assert (y[1][10] > y[0][10]).all()


@compiled
def test_a_cyclist_who_keeps_out_of_the_way_is_passed_safely() -> None:
    _, draws, _, ego = run("cyclist_overtaken", night=0.0)
    hit = met(ego)
    left = draws.room - draws.swerve
    assert not hit[left > 0.25].any()
    assert hit[(left < -0.5) & (np.abs(draws.early - 1.0) < 1.0)].mean() > 0.5
    assert 0.1 < hit.mean() < 0.4


@compiled
def test_a_cyclist_swerves_so_long_before_the_ego_is_there() -> None:
    _, draws, log, _ = run("cyclist_overtaken")
    bike, front = (track(log, k, "x_m") for k in (OTHER, 0))
    shift = track(log, OTHER, "y_m") - track(log, OTHER, "y_m")[0]
    swerves = (shift > 0.02).argmax(axis=0) * 0.1
    ahead = bike - 0.9 - front - 0.5 * CAR_M
    column = np.arange(N)
    k = np.round(swerves * 10).astype(int)
    left = ahead[k, column] / (draws.speed - draws.pace)
    late = np.maximum(draws.early, 0.0)
    clear = late > 0.5
    assert np.quantile(np.abs(left - late)[clear], 0.95) < 0.4
    assert np.corrcoef(left[clear], late[clear])[0, 1] > 0.9

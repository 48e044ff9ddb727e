"""What drivers would say of the families at junctions: who is at fault, and what it takes."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import shapely
from marks import compiled

from sim.base.dist import Constant
from sim.base.geometry import corners
from sim.family import EVENTS, OUTCOMES, Family, load_families
from sim.family.crossroads import LINE_M, crossroads, meeting
from sim.family.junction_drivers import BEHIND, LAWFUL_S, OTHER, cruise, pull_time
from sim.family.terms import read_conditions
from sim.laws.acceptance import time_to_reach
from sim.laws.idm import idm
from sim.sampling import run_family, sample
from sim.sampling.sample import egos
from sim.world.episode import Episode
from sim.world.log import Log
from sim.world.road.sketch import outline

FAULTY = (
    "left_turn_gap",
    "left_turn_signal",
    "red_light_runner",
    "roundabout_entry",
    "stop_sign",
    "straight_crossing",
    "turning_crossing",
)
ALL = (*FAULTY, "ordinary_urban")
N = 150

pytestmark = compiled


def family(name: str, **pinned: float) -> Family:
    kind = load_families()[name]()
    return kind.with_overrides({key: Constant(value) for key, value in pinned.items()})


@cache
def some(name: str) -> tuple[Episode, Log]:
    episode = sample(family(name), n=N, seed=8)
    return episode, run_family(family(name), episode)


def dangers(log: Log) -> float:
    return float((EVENTS["crossing"].margin(egos(log)) <= 0.0).mean())


def contacts(name: str, **pinned: float) -> float:
    kind = family(name, **pinned)
    return float(egos(run_family(kind, sample(kind, n=N, seed=8)))["collided"].mean())


def path(log: Log, slot: int, column: str) -> np.ndarray:
    """(frames, episodes) of one road user, NaN where it is not there."""
    rows = log.tracks[log.tracks["track_id"] == slot]
    table = rows.pivot(index="frame", columns="episode_id", values=column)
    return table.reindex(columns=log.episodes["episode_id"]).to_numpy(np.float64)


def test_the_cruising_speed_is_that_at_which_the_follower_neither_gains_nor_falls_back() -> None:
    speed, gap, headway = 12.0, 40.0, 1.5
    wish = float(cruise(np.array([speed]), np.array([gap]), np.array([headway]))[0])
    assert wish > speed
    assert idm(speed, gap, speed, wish, headway, 1.4, 2.0, 2.8) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("distance", [2.0, 9.0, 40.0])
def test_the_time_to_set_off_is_that_of_the_law(distance: float) -> None:
    mine = pull_time(np.array([distance]), np.array([2.0]), np.array([8.0]), np.array([1.8]))
    assert mine[0] == pytest.approx(time_to_reach(distance, 2.0, 1.8, 8.0), rel=1e-12)


def test_ways_meet_where_they_cross_in_the_plane() -> None:
    road = crossroads()
    shapes = outline(road)
    for course in (3, 9, 7):  # straight from the right, from the left; left from opposite
        found = meeting(road, 0, course)
        lane, other = shapes.centres[0, 0], shapes.centres[course, 0]
        at = lane.project(lane.intersection(other))
        assert found.start < at < found.end
        there = other.project(lane.intersection(other))
        assert found.other_start < there < found.other_end
    with pytest.raises(ValueError, match="meet"):
        meeting(road, 0, 6)  # straight from opposite


@pytest.mark.parametrize("name", ALL)
def test_at_the_start_all_are_in_their_lanes_and_nobody_touches_anybody(name: str) -> None:
    episode, log = some(name)
    first = log.tracks[log.tracks["frame"] == 0]
    columns = ("x_m", "y_m", "yaw_rad", "length_m", "width_m")
    boxes = shapely.polygons(corners(*(first[c].to_numpy(np.float64) for c in columns)))
    lanes = shapely.union_all(list(outline(episode.road).lanes.values())).buffer(0.2)
    assert shapely.contains(lanes, boxes).all()
    scene = first["episode_id"].cat.codes.to_numpy()
    counts = np.bincount(scene)
    assert counts.min() >= 6
    assert counts.max() <= 9
    one, two = shapely.STRtree(boxes).query(boxes, predicate="dwithin", distance=0.5)
    assert not ((one < two) & (scene[one] == scene[two])).any()


@pytest.mark.parametrize("name", ALL)
def test_nothing_has_happened_after_a_second(name: str) -> None:
    episode, _ = some(name)
    assert dangers(run_family(family(name), episode, seconds=1.0)) == 0.0


@pytest.mark.parametrize("name", ALL)
def test_danger_comes_as_often_as_declared(name: str) -> None:
    _, log = some(name)
    low, high = family(name).danger
    rate, slack = dangers(log), 2.5 * np.sqrt(0.25 / N)
    assert low - slack * (low > 0) <= rate <= high + (slack if low > 0 else 0.04)
    crash = float(egos(log)["collided"].mean())
    assert crash < 0.5 * rate + 0.03  # a standard deviation of the share of N
    assert crash > 0.0 or low == 0.0
    assert rate < 0.8


def broken(name: str, n: int) -> list[str]:
    """Which of a family's expectations n episodes break."""
    kind = family(name)
    episode = sample(kind, n=n, seed=9)
    rows = egos(run_family(kind, episode))
    known = {q.name: q.each for q in kind.quantities} | dict.fromkeys(OUTCOMES, 1)
    values = {c: rows[c].to_numpy() for c in OUTCOMES}
    values |= {q.name: episode.quantities[q.columns[0]] for q in kind.quantities if q.each == 1}
    out = []
    for key, wanted in (("always", True), ("never", False)):
        for condition in read_conditions(getattr(kind, key), known, name):
            if not (condition.holds(values) == wanted).all():
                out.append(condition.text)
    return out


@pytest.mark.parametrize("name", ALL)
def test_what_a_family_says_always_and_never_happens(name: str) -> None:
    assert family(name).terms.always or family(name).terms.never
    assert broken(name, N) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", ALL)
def test_the_same_of_many(name: str) -> None:
    assert broken(name, 2000) == []


def lawful(episode: Episode) -> Episode:
    """The same scenes, but the other keeps the rules, and nobody follows it without a look."""
    drivers, script = episode.drivers, episode.script
    free = np.isin(np.arange(episode.users.shape[1]), (OTHER, BEHIND))
    changed = {
        "law": np.where(free, 0, drivers.law),
        "held": np.where(free, 0, drivers.held),
        "critical_gap_s": np.where(free, LAWFUL_S, drivers.critical_gap_s),
    }
    told = np.where(np.isin(script.actor, (OTHER, BEHIND)), 1e6, script.threshold)
    lead = np.where(np.isin(script.actor, (OTHER, BEHIND)), 0.0, script.lead_s)
    silent = replace(script, threshold=told, lead_s=lead)
    return replace(episode, drivers=replace(drivers, **changed), script=silent)


@pytest.mark.parametrize("name", FAULTY)
def test_where_the_other_keeps_the_rules_hardly_anything_happens(name: str) -> None:
    """On open ground: behind houses who keeps the rules still goes where it sees nobody."""
    open_ground = {"built": 0.0} if "built" in {q.name for q in family(name).quantities} else {}
    kind = family(name, **open_ground)
    episode = sample(kind, n=N, seed=8)
    asked, kept = (egos(run_family(kind, e)) for e in (episode, lawful(episode)))
    assert kept["collided"].mean() <= 0.15 * asked["collided"].mean()
    # not the post-encroachment time: who waits may go at once when the ego is by
    assert (kept["min_ttc_s"] < 1.5).mean() < 0.5 * (asked["min_ttc_s"] < 1.5).mean()


def at_line(episode: Episode, log: Log, slot: int) -> np.ndarray:
    """When a front passes its stop line [s], by episode; NaN never."""
    course = episode.users.course[:, slot]
    road = outline(episode.road)
    out = np.full(len(episode), np.nan)
    x, y = path(log, slot, "x_m"), path(log, slot, "y_m")
    half = 0.5 * episode.users.length[:, slot]
    for b in range(len(episode)):
        here = np.isfinite(x[:, b])
        where = shapely.points(x[here, b], y[here, b])
        front = shapely.line_locate_point(road.centres[int(course[b]), 0], where) + half[b] - LINE_M
        over = np.flatnonzero(front > 0.0)
        if len(over) and over[0] > 0:
            k = over[0]
            out[b] = 0.1 * (k - front[k] / (front[k] - front[k - 1]))
    return out


@pytest.mark.parametrize("name", ["red_light_runner", "left_turn_signal"])
def test_nobody_who_looks_enters_on_red_but_the_runner(name: str) -> None:
    kind = family(name, lapses=0.0)
    episode = sample(kind, n=100, seed=8)
    log = run_family(kind, episode)
    lights = episode.road.signals
    slowest = np.nanmin(path(log, 0, "speed_mps"), axis=0) / episode.users.speed[:, 0]
    hit = log.outcomes.groupby("episode_id", observed=True)["contact_s"].min()
    quiet = hit.reindex(log.episodes["episode_id"]).fillna(np.inf).to_numpy()
    for slot in range(episode.users.shape[1]):
        row = episode.road_index, episode.users.course[:, slot], 0
        at = at_line(episode, log, slot)
        entered = np.isfinite(at) & (at < quiet)  # wrecks are pushed over lines
        into = (at - lights.offset[row]) % lights.cycle[row]
        red = entered & (into > lights.green[row] + lights.amber[row] + 1e-3)
        if name == "red_light_runner" and slot == OTHER:
            since = into - lights.green[row] - lights.amber[row]
            late = episode.quantities["late_s"]
            assert entered.mean() > 0.95
            assert np.allclose(since[entered], late[entered], atol=0.02)
        else:
            # who goes on at amber and then brakes for the other may be late over the line
            assert not (red & ((slot > 0) | (slowest > 0.8))).any(), slot


def test_the_left_turner_comes_from_opposite_and_crosses_the_ego_s_lane() -> None:
    _, log = some("left_turn_gap")
    y, collided = path(log, OTHER, "y_m"), egos(log)["collided"].to_numpy()
    assert (y[0] > 0.0).all()
    last = np.array([column[np.isfinite(column)][-1] for column in y.T])
    assert (last[~collided] < -3.5).mean() > 0.9
    first = egos(log)[collided]
    assert (first["other_id"] == OTHER).mean() > 0.5
    assert (path(log, 0, "y_m")[0] < 0.0).all()


def test_who_enters_the_roundabout_comes_from_the_next_arm_into_the_ego_s_lane() -> None:
    _, log = some("roundabout_entry")
    x, y = path(log, OTHER, "x_m"), path(log, OTHER, "y_m")
    radius = np.hypot(x, y)
    assert (radius[0] > 22.0).all()
    assert (np.abs(x[0]) < 12.0).all()
    assert (y[0] < -20.0).all()
    assert (np.nanmin(radius, axis=0) < 21.5).mean() > 0.8
    ego = np.hypot(path(log, 0, "x_m"), path(log, 0, "y_m"))
    assert (np.nanmin(ego, axis=0) < 21.5).mean() > 0.8


@pytest.mark.parametrize("name", ["stop_sign", "left_turn_gap", "turning_crossing"])
def test_the_earlier_the_brake_the_fewer_contacts(name: str) -> None:
    early, late = (contacts(name, reaction=delay, lapses=0.0) for delay in (0.3, 2.5))
    assert early < 0.7 * late


def test_a_wet_road_costs_contacts() -> None:
    prompt = {"reaction": 0.6, "lapses": 0.0, "brake_max": 8.0, "built": 0.0}
    assert contacts("stop_sign", wet=0, **prompt) < contacts("stop_sign", wet=1, **prompt)


def test_a_house_at_the_corner_costs_contacts() -> None:
    prompt = {"reaction": 0.7, "lapses": 0.0, "wet": 0.0, "kind": 0.0, "turn": 2.0}
    seen, hidden = (contacts("turning_crossing", built=k, **prompt) for k in (0, 1))
    assert seen < hidden


def test_at_night_reactions_take_longer() -> None:
    day, night = (family("stop_sign", night=k) for k in (0, 1))
    u = np.random.default_rng(3).random((50, day.dimensions))
    assert (night.draw(u).reaction >= day.draw(u).reaction).all()
    assert (night.draw(u).reaction > day.draw(u).reaction).mean() > 0.95

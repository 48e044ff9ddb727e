"""Crashes driven again by the reference drivers: closed forms, order, and who is told apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from marks import compiled

from sim.base.errors import UserError
from sim.family import load_families
from sim.laws.impact import Side
from sim.logs import load_log
from sim.reference import (
    DRIVERS,
    PREVENTABLE,
    Driver,
    Preventability,
    crash_shares,
    preventability,
    with_preventability,
)
from sim.reference.rerun import everyday
from sim.sampling import generate, sample
from sim.world.drivers import Drivers
from sim.world.episode import Episode
from sim.world.log import Log
from sim.world.road import crosswalk, straight
from sim.world.rollout import simulate
from sim.world.scene import Scene

BLIND: dict[str, Any] = {"law": "free", "changes_lanes": 0}
# whose everyday driving neither gains speed nor slows down: all that acts is the reference driver
STEADY = BLIND | {"accel_max": 1e-3, "brake_comfort": 1e-3}
SECONDS = 10.0


def label(scene: Scene, seconds: float = SECONDS) -> tuple[Preventability, Log]:
    episode = scene.episode(seed=3)
    log = simulate(episode, seconds=seconds)
    return preventability(episode, log, seconds=seconds), log


def standing_ahead(gap: list[float], speed: float, **place: Any) -> Scene:
    """A driver who heeds nobody, and a car that stands in its lane."""
    scene = Scene(len(gap), straight(lanes=1))
    ego = scene.car(lane=0, s=50.0, speed=speed, **STEADY)
    scene.parked(lane=0, ahead_of=ego, gap=np.array(gap), **place)
    return scene


def braking_lead(headway_s: list[float], brake: float) -> Scene:
    """A lead that brakes to a stand, ahead of a driver who heeds nobody."""
    scene = Scene(len(headway_s), straight(lanes=1))
    ego = scene.car(lane=0, s=50.0, speed=20.0, **BLIND)
    lead = scene.car(lane=0, ahead_of=ego, gap=20.0 * np.array(headway_s), speed=20.0, **BLIND)
    scene.when(lead, time_s=1.0).brake(brake)
    return scene


def test_everybody_avoids_a_lead_that_brakes_three_seconds_ahead() -> None:
    told, log = label(braking_lead([3.0, 2.5], 4.0))
    assert log.episodes["collided"].all()
    assert told.preventable.tolist() == ["all", "all"]
    assert told.avoided.all()
    assert told.avoided_by[0] == "careful reg157 rss fsm"
    assert (told.side == -1).all()
    assert np.isnan(told.impact_speed).all()


def test_nobody_avoids_what_stands_nearer_than_the_way_to_stop() -> None:
    # 10 m/s: the quickest of them still drives 3.5 m before it brakes, and 8.3 m at 6 m/s²
    told, _ = label(standing_ahead([3.0, 8.0, 10.0], 10.0))
    assert told.preventable.tolist() == ["none"] * 3
    assert (told.side == Side.FRONT).all()
    assert told.avoided_by[0] == ""


@pytest.mark.parametrize(
    ("driver", "reacts", "coast", "brakes"),
    [
        ("reg157", 0.4, 0.0, [6.0] * 40),
        ("careful", 0.8, 0.4, [min(0.4 + 1.265 * k, 7.59294) for k in range(1, 40)]),
        ("rss", 0.8, 0.0, [min(1.265 * k, 7.59294) for k in range(1, 40)]),
    ],
)
def test_the_gap_that_just_suffices_is_reaction_and_braking_summed_up(
    driver: str, reacts: float, coast: float, brakes: list[float]
) -> None:
    # reactions are counted in looks of 0.1 s; in the engine a step's acceleration is exact
    v = 11.0 - coast * reacts
    stops = 0.5 * (11.0 + v) * reacts
    for brake in brakes:
        step = min(0.1, v / brake)
        stops += v * step - 0.5 * brake * step * step
        v -= brake * step
    told, log = label(standing_ahead([stops - 0.02, stops + 0.02], 11.0))
    assert log.episodes["collided"].all()
    assert told.avoided[:, DRIVERS.index(driver)].tolist() == [False, True]


@compiled
@pytest.mark.parametrize("speed", [8.0, 14.0, 22.0, 33.0])
def test_more_room_never_makes_a_crash_less_avoidable(speed: float) -> None:
    told, log = label(standing_ahead(list(np.linspace(1.0, 120.0, 60)), speed), 12.0)
    crashed = log.episodes["collided"].to_numpy()
    rank = np.select([told.preventable == name for name in PREVENTABLE], [2, 1, 0])[crashed]
    assert set(rank) >= {0, 1}
    assert (np.diff(rank) >= 0).all()


def test_who_is_run_into_from_behind_cannot_help_it() -> None:
    scene = Scene(2, straight(lanes=1))
    ego = scene.car(lane=0, s=200.0, speed=np.array([0.0, 10.0]), **BLIND)
    scene.car(lane=0, behind=ego, gap=30.0, speed=25.0, **BLIND)
    told, _ = label(scene)
    assert told.preventable.tolist() == ["none", "none"]
    assert (told.side == Side.REAR).all()


def test_who_brakes_so_hard_that_it_is_run_into_has_not_avoided_it() -> None:
    scene = braking_lead([1.8], 6.0)
    follower = scene.car(lane=0, s=43.0, speed=20.0, **BLIND)
    told, log = label(scene)
    assert follower.slot == 2
    assert log.outcomes["contact_side"].iloc[0] == "front"
    assert told.preventable.tolist() == ["none"]
    assert (told.side[0] == Side.REAR).any()


def test_where_nothing_happened_nothing_is_told() -> None:
    told, log = label(standing_ahead([300.0, 5.0], 10.0))
    assert log.episodes["collided"].tolist() == [False, True]
    assert told.preventable.tolist() == ["", "none"]
    assert not told.avoided[0].any()
    scene = standing_ahead([300.0], 10.0)
    assert label(scene)[0].preventable.tolist() == [""]


def behind_a_van(gap: list[float], hidden: bool) -> Scene:
    """Something lies in the lane; a van ahead swerves out 1.2 s from it, or there is none."""
    scene = Scene(len(gap), straight(lanes=2))
    ego = scene.car(lane=0, s=50.0, speed=12.0, **STEADY)
    place = {"lane": 0, "ahead_of": ego, "gap": 4.0, "speed": 12.0, "present": hidden}
    van = scene.car(length=6.0, width=1.8, **place, **BLIND)
    lies = scene.obstacle(lane=0, ahead_of=van, gap=np.array(gap))
    scene.when(van, ttc_s=1.2, to=lies).lane(1, lateral_speed=4.0)
    return scene


def test_who_is_hidden_is_braked_for_once_in_sight() -> None:
    gaps = [25.0, 30.0, 40.0]
    seen, hidden = (label(behind_a_van(gaps, hidden)) for hidden in (False, True))
    for _, log in (seen, hidden):
        assert log.episodes["collided"].all()
        assert set(log.outcomes.loc[log.outcomes["track_id"] == 0, "other_id"]) == {2}
    for driver in (Driver.CAREFUL, Driver.REG157):
        assert seen[0].avoided[:, driver].all()
        assert not hidden[0].avoided[:, driver].any()


def crossing(hedge: bool) -> Scene:
    """Somebody on foot walks into the way of a driver who does not look, 4 s from now."""
    blocks = [(145.0, -3.1, 0.0, 6.0, 1.8)] if hedge else []
    road = crosswalk(opposite=0, at=150.0, pavement=10.0, rule="unmarked", blocks=blocks)
    scene = Scene(1, road)
    scene.car(lane=0, s=100.0, speed=12.0, **STEADY)
    scene.pedestrian(course=1, s=3.75, speed=2.0, desired_speed=2.0, law="free")
    return scene


def test_who_crosses_is_somewhere_to_stop_before_as_soon_as_in_sight() -> None:
    seen, hidden = label(crossing(hedge=False)), label(crossing(hedge=True))
    for _, log in (seen, hidden):
        assert log.outcomes["contact_side"].iloc[0] == "front"
    assert seen[0].preventable.tolist() == ["all"]
    assert hidden[0].preventable.tolist() == ["none"]


@pytest.fixture(scope="module")
def cut_ins() -> tuple[Episode, Log, Preventability]:
    family = load_families()["cut_in"]()
    episode = sample(family, n=150, seed=5)
    log = simulate(episode, seconds=family.seconds)
    return episode, log, preventability(episode, log, seconds=family.seconds)


@compiled
def test_a_label_is_that_of_the_episode_alone(cut_ins) -> None:
    episode, log, told = cut_ins
    seconds = load_families()["cut_in"].seconds
    crashed = np.flatnonzero(log.episodes["collided"])
    assert len(crashed) > 5
    for b in crashed[:4]:
        one = episode.take(np.array([b]))
        alone = preventability(one, simulate(one, seconds=seconds), seconds=seconds)
        assert alone.avoided[0].tolist() == told.avoided[b].tolist()
        assert alone.side[0].tolist() == told.side[b].tolist()
    for threads in (1, 2):
        again = preventability(episode, log, seconds=seconds, threads=threads)
        np.testing.assert_array_equal(again.avoided, told.avoided)
        np.testing.assert_array_equal(again.impact_speed, told.impact_speed)


@compiled
def test_labels_and_names_agree(cut_ins) -> None:
    episode, log, told = cut_ins
    crashed = log.episodes["collided"].to_numpy()
    np.testing.assert_array_equal(told.preventable != "", crashed)
    count = told.avoided.sum(axis=1)
    np.testing.assert_array_equal(told.preventable == "all", crashed & (count == len(DRIVERS)))
    np.testing.assert_array_equal(told.preventable == "none", crashed & (count == 0))
    assert [len(names.split()) for names in told.avoided_by] == count.tolist()
    careful = ["careful" in names.split() for names in told.avoided_by]
    np.testing.assert_array_equal(careful, told.avoided[:, Driver.CAREFUL])
    np.testing.assert_array_equal(told.side >= 0, crashed[:, None] & ~told.avoided)
    labelled = with_preventability(episode, log, seconds=load_families()["cut_in"].seconds)
    assert labelled.episodes["preventable"].tolist() == told.preventable.tolist()
    assert labelled.episodes["avoided_by"].tolist() == told.avoided_by.tolist()
    assert labelled.tracks is log.tracks


@compiled
def test_shares_count_every_crash_once(cut_ins) -> None:
    _, log, told = cut_ins
    episodes = log.episodes.assign(preventable=told.preventable)
    table = crash_shares(episodes, log.outcomes)
    assert table["crashes"].sum() == log.episodes["collided"].sum()
    assert table["share"].sum() == pytest.approx(1.0)
    assert set(table["other"]) == {"car"}
    counted = table.groupby("preventable")["crashes"].sum()
    for name in PREVENTABLE:
        assert counted.get(name, 0) == (told.preventable == name).sum()
    heavier = np.where(told.preventable == "some", np.log(3.0), 0.0)
    weighted = crash_shares(episodes.assign(log_weight=heavier), log.outcomes)
    some = (told.preventable == "some").sum()
    share = 3.0 * some / (log.episodes["collided"].sum() + 2.0 * some)
    assert weighted.loc[weighted["preventable"] == "some", "share"].sum() == pytest.approx(share)


@compiled
def test_another_log_is_refused(cut_ins) -> None:
    episode, log, _ = cut_ins
    with pytest.raises(UserError, match="log: expected the Log of these scenarios"):
        preventability(episode.take(np.arange(3)), log, seconds=5.0)


@compiled
@pytest.mark.parametrize("name", sorted(load_families()))
def test_every_family_can_be_labelled(name: str) -> None:
    family = load_families()[name]()
    episode = sample(family, n=24, seed=8)
    log = simulate(episode, seconds=family.seconds)
    told = preventability(episode, log, seconds=family.seconds)
    np.testing.assert_array_equal(told.preventable != "", log.episodes["collided"].to_numpy())


def test_only_the_ego_becomes_attentive() -> None:
    given = {"law": 3, "lapse_rate_per_s": 0.1, "reaction_s": 1.2, "aeb": 1}
    drivers = Drivers.of((2, 3), brake_comfort=2.0, brake_max=8.0, headway=0.7, **given)
    told = everyday(drivers, 0.35)
    assert told.lapse_rate_per_s.tolist() == [[0.0, 0.1, 0.1]] * 2
    assert told.reaction_s.tolist() == [[0.35, 1.2, 1.2]] * 2
    assert told.brake_max.tolist() == [[3.0, 8.0, 8.0]] * 2
    assert told.law.tolist() == [[0, 3, 3]] * 2
    assert told.aeb.tolist() == [[0, 1, 1]] * 2
    assert told.headway.tolist() == drivers.headway.tolist()
    quick = everyday(Drivers.of((1, 1), reaction_s=0.1, brake_max=1.0), 0.75)
    assert quick.reaction_s.tolist() == [[0.1]]
    assert quick.brake_max.tolist() == [[1.0]]


@compiled
def test_a_generated_run_tells_who_would_have_avoided_its_crashes(tmp_path: Path) -> None:
    out = generate("cut_in", n=30, out=tmp_path / "run", shard=11, progress=False)
    log = load_log(out)
    crashed = log.episodes["collided"].to_numpy()
    assert crashed.any()
    np.testing.assert_array_equal(log.episodes["preventable"].isin(PREVENTABLE), crashed)
    for row in log.episodes[crashed].itertuples():
        count = len(row.avoided_by.split())
        assert row.preventable == ("all" if count == 4 else "some" if count else "none")
    assert crash_shares(log.episodes, log.outcomes)["crashes"].sum() == crashed.sum()

"""Impossible scenes, roads and orders are told in one line; odd but possible ones run."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from marks import compiled

from sim.base.errors import UserError
from sim.world.log import Log
from sim.world.road import straight
from sim.world.rollout import simulate
from sim.world.scene import Actor, Scene
from sim.world.when import When

NAN, INF = math.nan, math.inf

Order = Callable[[Scene, Actor, Actor], Any]


def one_car(seconds: Any = 1.0, dt: Any = 0.1, **traits: Any) -> Log:
    scene = Scene(1, straight(lanes=2))
    scene.car(**{"lane": 0, "s": 50.0, "speed": 20.0, **traits})
    return simulate(scene.episode(), seconds=seconds, dt=dt)


def on_road(**parts: Any) -> Log:
    scene = Scene(1, straight(**{"lanes": 2, **parts}))
    scene.car(lane=0, s=50.0, speed=20.0)
    return simulate(scene.episode(), seconds=1.0)


def ordered(order: Order) -> Log:
    scene = Scene(1, straight(lanes=2))
    ego = scene.car(lane=0, s=50.0, speed=20.0)
    order(scene, ego, scene.car(lane=0, s=90.0, speed=20.0))
    return simulate(scene.episode(), seconds=2.0)


def told(**condition: Any) -> Callable[[Callable[[When], None]], Log]:
    """Order the ego of two cars: when, then what."""
    return lambda action: ordered(lambda scene, ego, _: action(scene.when(ego, **condition)))


def as_episode(**parts: Any) -> Log:
    scene = Scene(2, straight())
    scene.car(lane=0, s=50.0, speed=20.0)
    return simulate(scene.episode(**parts), seconds=1.0)


AT_1 = told(time_s=1.0)

REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    # users
    "place NaN": (lambda: one_car(s=NAN), "Users: s: expected finite numbers, got nan"),
    "place infinite": (lambda: one_car(s=INF), "s: expected finite"),
    "offset NaN": (lambda: one_car(d=NAN), "d: expected finite"),
    "speed NaN": (lambda: one_car(speed=NAN), "speed: expected finite numbers, at least 0"),
    "speed infinite": (lambda: one_car(speed=INF), "speed: expected finite"),
    "speed negative": (lambda: one_car(speed=-1.0), "at least 0, got -1.0"),
    "length negative": (lambda: one_car(length=-1.0), "length: expected a positive number"),
    "length NaN": (lambda: one_car(length=NAN), "length: expected a positive number of metres"),
    "width zero": (lambda: one_car(width=0.0), "width: expected a positive number"),
    "mass negative": (lambda: one_car(mass=-5.0), "mass: expected a positive number of kilograms"),
    "mass zero": (lambda: one_car(mass=0.0), "mass"),
    "mass infinite": (lambda: one_car(mass=INF), "mass"),
    "lane too far left": (lambda: one_car(lane=2), "lane: expected numbers below 2, got 2"),
    "lane negative": (lambda: one_car(lane=-1), "lane: expected finite numbers, at least 0"),
    "course not there": (lambda: one_car(course=1), "course: expected numbers below 1, got 1"),
    "course negative": (lambda: one_car(course=-1), "course: expected"),
    "entering at NaN": (lambda: one_car(enter_s=NAN), "enter_s: expected"),
    "entering never": (lambda: one_car(enter_s=INF), "enter_s: expected"),
    "entering before": (lambda: one_car(enter_s=-1.0), "enter_s: expected"),
    "leaving at NaN": (lambda: one_car(leave_s=NAN), "leave_s: expected times"),
    "leaving before": (lambda: one_car(leave_s=-1.0), "leave_s: expected times"),
    "three speeds for one": (lambda: one_car(speed=np.ones(3)), "a number or 1 of them, got (3,)"),
    # drivers
    "law of no number": (lambda: one_car(law=99), "law: expected an id of Law, got 99"),
    "law of no name": (lambda: one_car(law="x"), "law: unknown name 'x'"),
    "reaction NaN": (lambda: one_car(reaction_s=NAN), "reaction_s: expected finite"),
    "reaction infinite": (lambda: one_car(reaction_s=INF), "reaction_s: expected finite"),
    "headway negative": (lambda: one_car(headway=-1.0), "headway: expected"),
    "no acceleration": (lambda: one_car(accel_max=0.0), "accel_max: expected"),
    "trait misspelt": (lambda: one_car(headwy=1.0), "did you mean 'headway'?"),
    # time
    "no seconds": (lambda: one_car(0.0), "seconds: expected a positive number of tenths"),
    "seconds infinite": (lambda: one_car(INF), "seconds: expected"),
    "seconds NaN": (lambda: one_car(NAN), "seconds: expected"),
    "step zero": (lambda: one_car(dt=0.0), "dt: expected 0.1 s over a whole number, got 0.0"),
    "step infinite": (lambda: one_car(dt=INF), "dt: expected"),
    "seconds in words": (lambda: one_car(seconds="a"), "seconds: expected a number, got 'a'"),
    "step too long": (lambda: one_car(dt=0.2), "dt: expected"),
    # scenes and roads
    "nobody put there": (
        lambda: simulate(Scene(1, straight()).episode(), seconds=1.0),
        "Scene: no road user was put on the road",
    ),
    "no scenario": (lambda: Scene(0, straight()), "n: expected at least 1 scenario, got 0"),
    "two roads for three": (
        lambda: Scene(3, straight(length=np.array([10.0, 20.0]))),
        "road: expected 1 road or 3, got 2",
    ),
    "no lanes": (lambda: straight(lanes=0), "lanes: expected at least 1 lane"),
    "lane width negative": (lambda: straight(lane_width=-1.0), "lane_width: expected"),
    "lane width NaN": (lambda: straight(lane_width=NAN), "lane_width: expected"),
    "road of no length": (lambda: straight(length=0.0), "length: expected a positive number"),
    "road length NaN": (lambda: straight(length=NAN), "length: expected a positive number"),
    "limit zero": (lambda: straight(speed_limit=0.0), "speed_limit: expected"),
    "friction zero": (lambda: straight(friction=0.0), "friction: expected"),
    "friction NaN": (lambda: straight(friction=NAN), "friction: expected"),
    "a lane ends that is not there": (lambda: straight(lanes=2, drops=[(2, 9.0)]), "drops"),
    "signal without period": (lambda: straight(stops=[(9.0, 0.0, 1.0, 0.0)]), "cycle"),
    # orders
    "order at NaN": (lambda: told(time_s=NAN)(lambda w: w.brake(3.0)), "threshold: expected"),
    "order before": (lambda: told(time_s=-1.0)(lambda w: w.brake(3.0)), "threshold: expected"),
    "order never": (lambda: told(time_s=INF)(lambda w: w.brake(3.0)), "threshold: expected"),
    "delay negative": (
        lambda: told(time_s=1.0, delay_s=-1.0)(lambda w: w.brake(3.0)),
        "delay_s: expected",
    ),
    "brake NaN": (lambda: AT_1(lambda w: w.brake(NAN)), "value: expected finite"),
    "brake negative": (lambda: AT_1(lambda w: w.brake(-3.0)), "value: expected"),
    "brake infinite": (lambda: AT_1(lambda w: w.brake(INF)), "value: expected finite"),
    "to lane 2 of 2": (lambda: AT_1(lambda w: w.lane(2)), "lane of an order: expected"),
    "to lane 99 of 2": (lambda: AT_1(lambda w: w.lane(99)), "expected numbers below 2, got 99"),
    "to lane -1": (lambda: AT_1(lambda w: w.lane(-1)), "value: expected"),
    "to offset NaN": (lambda: AT_1(lambda w: w.offset(NAN)), "value: expected finite"),
    "to offset infinite": (lambda: AT_1(lambda w: w.offset(INF)), "value: expected finite"),
    "gap to nobody": (lambda: told(gap_m=1.0)(lambda w: w.brake(3.0)), "expected to= with gap_m"),
    "gap to itself": (
        lambda: ordered(lambda scene, ego, _: scene.when(ego, gap_m=1.0, to=ego).brake(3.0)),
        "to: expected another road user",
    ),
    "two conditions": (
        lambda: ordered(lambda scene, ego, lead: scene.when(ego, gap_m=1.0, time_s=1.0, to=lead)),
        "expected one of time_s, gap_m, ttc_s, at_m, got 2",
    ),
    "no condition": (lambda: ordered(lambda scene, ego, _: scene.when(ego)), "expected one of"),
    "beside nobody": (
        lambda: ordered(lambda scene, ego, _: scene.car(ahead_of=ego, speed=1.0)),
        "expected gap= with ahead_of or behind",
    ),
    "in two places": (
        lambda: ordered(lambda scene, ego, _: scene.car(s=1.0, ahead_of=ego, gap=1.0, speed=1.0)),
        "expected one of s, ahead_of, behind",
    ),
    "gap NaN": (
        lambda: ordered(lambda scene, ego, _: scene.car(ahead_of=ego, gap=NAN, speed=1.0)),
        "s: expected finite numbers, got nan",
    ),
    # what would be cut, taken for something else, or fail elsewhere
    "lane of no whole number": (lambda: one_car(lane=0.5), "lane: expected whole numbers, got 0.5"),
    "lane NaN": (lambda: one_car(lane=NAN), "lane: expected whole numbers, got nan"),
    "law of no whole number": (lambda: one_car(law=1.5), "law: expected whole numbers"),
    "neither kinematic nor dynamic": (
        lambda: one_car(dynamics=2),
        "dynamics: expected 0 or 1, got 2",
    ),
    "held by halves": (lambda: one_car(held=0.5), "held: expected whole numbers"),
    "to no whole lane": (
        lambda: AT_1(lambda w: w.lane(0.5)),
        "lane of an order: expected a whole number",
    ),
    "across at no speed": (
        lambda: AT_1(lambda w: w.lane(1, lateral_speed=0.0)),
        "lateral_speed: expected a positive speed",
    ),
    "lane of no width": (
        lambda: on_road(lane_width=0.0),
        "lane_width: expected a positive number, got 0.0",
    ),
    "lane that ends at NaN": (
        lambda: on_road(drops=[(0, NAN)]),
        "lane end: expected a number, got nan",
    ),
    "zone from NaN": (lambda: on_road(zones=[(NAN, 90.0, 20.0)]), "zone start: expected a number"),
    "zone with limit NaN": (lambda: on_road(zones=[(0.0, 90.0, NAN)]), "zone limit: expected"),
    "zone with negative limit": (
        lambda: on_road(zones=[(0.0, 90.0, -9.0)]),
        "zone limit: expected a positive number",
    ),
    "signal at NaN": (lambda: on_road(stops=[(NAN, 9.0, 1.0, 0.0)]), "signal s: expected a number"),
    "green for NaN": (
        lambda: on_road(stops=[(90.0, 9.0, NAN, 0.0)]),
        "signal green: expected a number",
    ),
    "green from NaN": (
        lambda: on_road(stops=[(90.0, 9.0, 1.0, NAN)]),
        "signal offset: expected a number",
    ),
    "roads of two numbers": (
        lambda: straight(lane_width=np.ones(2), length=np.ones(3)),
        "sizes: expected numbers or arrays of one length",
    ),
    "kind of no number": (
        lambda: Scene(1, straight()).user(s=1.0, speed=1.0, kind=77),
        "kind",
    ),
    "half a scenario": (lambda: Scene(1.5, straight()), "n: expected at least 1 scenario, got 1.5"),
    "one id twice": (
        lambda: as_episode(episode_id=[0, 0]),
        "episode_id: expected a number of its own",
    ),
    "weight NaN": (lambda: as_episode(log_weight=NAN), "log_weight: expected finite numbers"),
    "quantity of three for two": (
        lambda: as_episode(quantities={"x_m": np.zeros(3)}),
        "x_m: expected an array of shape",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_impossible_is_told_in_one_line(name: str) -> None:
    make, said = REFUSED[name]
    with pytest.raises(UserError) as caught:
        make()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nobody_present_is_an_empty_log() -> None:
    log = one_car(present=False)
    assert len(log.tracks) == 0
    assert log.episodes["outcome"].tolist() == ["ordinary"]
    assert log.episodes["min_ttc_s"].isna().all()


def test_who_is_beyond_the_roads_end_has_left_already() -> None:
    assert len(one_car(s=2000.5).tracks) == 0
    assert len(one_car(s=-500.0).tracks) == 11


def test_when_everybody_has_left_time_goes_on() -> None:
    scene = Scene(2, straight(lanes=1, length=100.0))
    ego = scene.car(lane=0, s=np.array([40.0, 60.0]), speed=30.0, law="free")
    scene.car(lane=0, ahead_of=ego, gap=10.0, speed=30.0, law="free", leave_s=0.55)
    log = simulate(scene.episode(), seconds=60.0)
    last = log.tracks.groupby(["episode_id", "track_id"], observed=True)["frame"].max()
    assert last.tolist() == [20, 5, 13, 5]
    assert not log.episodes["collided"].any()


def test_boxes_that_overlap_at_the_start_are_a_crash_at_once() -> None:
    scene = Scene(1, straight(lanes=1))
    ego = scene.car(lane=0, s=50.0, speed=20.0, law="free")
    scene.car(lane=0, ahead_of=ego, gap=-1.0, speed=10.0, law="free")
    log = simulate(scene.episode(), seconds=2.0)
    assert log.episodes["outcome"].tolist() == ["crash"]
    assert log.episodes["min_ttc_s"].tolist() == [0.0]
    assert log.episodes["delta_v_mps"].to_numpy() == pytest.approx(5.0)


@compiled
@pytest.mark.parametrize(("speed", "end"), [(30.0, 300_010.0), (0.0, 10.0)])
def test_ten_thousand_seconds_are_only_long(speed: float, end: float) -> None:
    scene = Scene(1, straight(lanes=1, length=4e5))
    scene.car(lane=0, s=10.0, speed=speed, held=1)
    rows = simulate(scene.episode(), seconds=10_000.0).tracks
    assert len(rows) == 100_001
    assert rows["t_s"].iloc[-1] == pytest.approx(10_000.0)
    assert rows["x_m"].iloc[-1] == pytest.approx(end, abs=0.02)  # float32 of 300 km
    assert (rows["speed_mps"] == speed).all()

"""Orders: given at their instant, obeyed until the next."""

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import UserError
from sim.world.log import Log
from sim.world.road import straight
from sim.world.rollout import simulate
from sim.world.scene import Scene


def column(log: Log, slot: int, name: str) -> pd.Series:
    rows = log.tracks[log.tracks["track_id"] == slot]
    return rows.set_index("frame")[name]


def alone(n: int = 1, speed: float = 20.0) -> tuple[Scene, object]:
    scene = Scene(n, straight(lanes=3, length=1e5))
    return scene, scene.car(lane=1, s=0.0, speed=speed, law="free")


@pytest.mark.parametrize("dt", [0.1, 0.025])
def test_a_time_is_met_inside_the_step(dt: float) -> None:
    at = np.array([1.0, 1.03, 1.0999])
    scene, car = alone(3)
    scene.when(car, time_s=at).brake(5.0)
    log = simulate(scene.episode(), seconds=8.0, dt=dt)
    end = log.tracks[log.tracks["frame"] == 80]["x_m"].to_numpy()
    np.testing.assert_allclose(end, 20.0 * at + 40.0, atol=1e-4)


def test_a_gap_and_a_ttc_are_met_inside_the_step() -> None:
    scene = Scene(2, straight(lanes=1, length=1e5))
    ego = scene.car(lane=0, s=0.0, speed=30.0, law="free")
    lead = scene.car(lane=0, ahead_of=ego, gap=np.array([71.7, 90.3]), speed=10.0, law="free")
    other = scene.car(lane=0, ahead_of=lead, gap=300.0, speed=10.0, law="free")
    scene.when(ego, gap_m=np.array([50.0, 0.0]), to=lead).brake(5.0, down_to=10.0)
    scene.when(ego, ttc_s=np.array([0.0, 2.5]), to=lead).brake(5.0, down_to=10.0)
    log = simulate(scene.episode(), seconds=12.0)
    last = log.tracks[log.tracks["frame"] == 120].set_index("track_id")
    gap = last.loc[1, "x_m"].to_numpy() - last.loc[0, "x_m"].to_numpy() - 4.5
    # 20 m/s closing are braked away over 40 m from a gap of 50 m and from 2.5 s * 20 m/s
    np.testing.assert_allclose(gap, [10.0, 10.0], atol=1e-3)
    assert other.slot == 2


def test_a_gap_is_met_exactly_under_braking_too() -> None:
    scene = Scene(1, straight(lanes=2, length=1e5))
    ego = scene.car(lane=0, s=0.0, speed=25.0, law="free")
    lead = scene.car(lane=0, ahead_of=ego, gap=60.0, speed=25.0, law="free")
    scene.when(lead, time_s=0.5).brake(4.0)
    scene.when(ego, gap_m=40.0, to=lead).brake(8.0)
    log = simulate(scene.episode(), seconds=12.0)
    # 20 m are lost after sqrt(2 * 20 / 4) s; then both come to a stand
    wait = np.sqrt(10.0)
    stop = 25.0 * (0.5 + wait) + 25.0**2 / 16.0
    assert column(log, 0, "x_m").iloc[-1] == pytest.approx(stop, abs=1e-3)


def test_speed_is_reached_held_and_let_go() -> None:
    scene, car = alone()
    scene.when(car, time_s=1.0).speed(26.0, accel=2.0)
    scene.when(car, time_s=6.0).speed(10.0, accel=4.0)
    scene.when(car, time_s=12.0).go()
    v = column(simulate(scene.episode(), seconds=30.0), 0, "speed_mps")
    assert v.loc[20] == pytest.approx(22.0)
    assert v.loc[[40, 60]].tolist() == [26.0, 26.0]
    assert v.loc[[100, 120]].tolist() == [10.0, 10.0]
    assert v.loc[300] == pytest.approx(20.0, abs=0.01)


def test_a_lane_is_taken_at_the_lateral_speed_asked_for() -> None:
    scene, car = alone()
    scene.when(car, time_s=1.0).lane(2, lateral_speed=1.4)
    log = simulate(scene.episode(), seconds=8.0)
    y = column(log, 0, "y_m")
    assert y.loc[10] == pytest.approx(3.6)
    assert y.iloc[-1] == pytest.approx(7.2, abs=1e-2)
    assert np.diff(y).max() / 0.1 == pytest.approx(1.4, abs=0.06)
    assert column(log, 0, "lane").iloc[[0, -1]].tolist() == [1, 2]


def test_two_orders_within_one_step_are_both_obeyed() -> None:
    scene, car = alone()
    scene.when(car, time_s=1.02).brake(9.0)
    scene.when(car, time_s=1.05).speed(30.0, accel=1.0)
    scene.when(car, time_s=1.02).lane(0)
    log = simulate(scene.episode(), seconds=4.0)
    v = column(log, 0, "speed_mps")
    assert v.loc[11] == pytest.approx(20.0 - 9.0 * 0.03 + 1.0 * 0.05, abs=1e-5)
    assert column(log, 0, "y_m").iloc[-1] < 2.0


def test_the_held_stand_until_they_may_go() -> None:
    scene = Scene(1, straight(lanes=1))
    car = scene.car(lane=0, s=10.0, speed=0.0, held=1)
    scene.when(car, time_s=3.05).go()
    v = column(simulate(scene.episode(), seconds=6.0), 0, "speed_mps")
    assert v.loc[30] == 0.0
    assert v.loc[60] == pytest.approx(1.4 * 2.95, abs=0.05)


def test_nobody_is_ordered_about_after_a_contact() -> None:
    scene = Scene(1, straight(lanes=1))
    car = scene.car(lane=0, s=10.0, speed=20.0, law="free")
    scene.obstacle(lane=0, s=40.0)
    scene.when(car, time_s=4.0).speed(30.0)
    v = column(simulate(scene.episode(), seconds=8.0), 0, "speed_mps")
    assert v.iloc[-1] == 0.0


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda s, c: s.when(c, time_s=1.0, gap_m=2.0), "one of time_s, gap_m, ttc_s"),
        (lambda s, c: s.when(c, gap_m=2.0), "to="),
        (lambda s, c: s.car(lane=0, s=1.0, speed=1.0, headwy=1.0), "did you mean 'headway'"),
        (lambda s, c: s.car(lane=0, speed=1.0), "one of s, ahead_of, behind"),
        (lambda s, c: s.car(lane=0, ahead_of=c, speed=1.0), "gap="),
        (lambda s, c: s.car(lane=0, s=[1.0, 2.0, 3.0], speed=1.0), "a number or 1"),
        (lambda s, c: s.car(lane=7, s=1.0, speed=1.0) and s.episode(), "lane"),
        (lambda s, c: s.car(lane=0, s=1.0, speed=-1.0) and s.episode(), "speed"),
        (lambda s, c: s.car(lane=0, s=np.nan, speed=1.0) and s.episode(), "s: expected finite"),
        (lambda s, c: s.car(lane=0, s=0.0, speed=1.0, length=0.0) and s.episode(), "length"),
        (lambda s, c: s.car(lane=0, s=0.0, speed=1.0, headway=-1) and s.episode(), "headway"),
    ],
)
def test_mistakes_of_authors_are_told_in_one_line(call, told: str) -> None:
    scene, car = alone()
    with pytest.raises(UserError, match=told) as error:
        call(scene, car)
    assert "\n" not in str(error.value)


def test_scenes_need_scenarios_users_and_roads_that_fit() -> None:
    with pytest.raises(UserError, match="no road user"):
        Scene(1, straight()).episode()
    with pytest.raises(UserError, match="at least 1 scenario"):
        Scene(0, straight())
    with pytest.raises(UserError, match="1 road or 3"):
        Scene(3, straight(length=np.array([1.0, 2.0])))
    with pytest.raises(UserError, match="a lane from 0 to 1"):
        straight(lanes=2, drops=[(2, 100.0)])

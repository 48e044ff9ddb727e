"""Brakes and tyres: emergency braking that acts by itself, and what the ground can give."""

import math

import numpy as np
import pytest
from driven import Past, ended, past
from marks import compiled

from sim.laws.friction import GRAVITY
from sim.world.kernel.drive import AEB_DECEL, AEB_TTC
from sim.world.road import crosswalk, curved, straight
from sim.world.scene import Scene

PARTIAL, FULL = AEB_DECEL


def at_obstacle(speed: np.ndarray, **driver: object) -> Scene:
    scene = Scene(len(speed), straight(lanes=1))
    car = scene.car(s=10.0, speed=speed, **driver)
    scene.obstacle(ahead_of=car, gap=4.0 * speed)
    return scene


def impact_after_aeb(v: float) -> float:
    """In part from 1.6 s, in full from 1 s before contact if that would not do; 0 none."""
    gap = AEB_TTC[1] * v
    if v * v / (2.0 * PARTIAL) <= gap:
        return 0.0
    # gap - v t + b t²/2 = c (v - b t) with b the partial braking and c = 1 s
    b, c = PARTIAL, AEB_TTC[2]
    half = v - b * c
    root = half * half - 2.0 * b * (gap - c * v)
    if root <= 0.0:
        return 0.0
    t = (half - math.sqrt(root)) / b
    slow, left = v - b * t, c * (v - b * t)
    square = slow * slow - 2.0 * FULL * left
    return math.sqrt(square) if square > 0.0 else 0.0


@compiled
@pytest.mark.parametrize("driver", [{"law": "free"}, {"held": 1}])
def test_a_distracted_driver_is_braked_before_an_obstacle(driver: dict[str, object]) -> None:
    speed = np.array([6.0, 10.0, 14.0, 20.0, 22.0, 25.0, 30.0])
    braked = ended(at_obstacle(speed, aeb=1, **driver).episode(), 8.0, dt=0.005).users
    got = np.where(braked.collided[:, 0] == 1, braked.impact_speed[:, 0], 0.0)
    wanted = [impact_after_aeb(v) for v in speed]
    np.testing.assert_allclose(got, wanted, atol=0.25)
    assert wanted[0] == 0.0 < wanted[-1]
    blind = ended(at_obstacle(speed, **driver).episode(), 8.0).users
    np.testing.assert_allclose(blind.impact_speed[:, 0], speed)
    coarse = ended(at_obstacle(speed, aeb=1, **driver).episode(), 8.0).users
    hit = np.where(coarse.collided[:, 0] == 1, coarse.impact_speed[:, 0], 0.0)
    assert (hit < 0.7 * speed).all()


@compiled
def test_what_the_brakes_ask_for_the_road_must_give() -> None:
    hits = []
    for friction in (1.0, 0.5, 0.2):
        scene = Scene(1, straight(lanes=1, friction=friction))
        car = scene.car(s=10.0, speed=25.0, law="free", aeb=1)
        scene.obstacle(ahead_of=car, gap=100.0)
        p = past(scene.episode(), 8.0, "accel impact_speed")
        hits.append(np.nan_to_num(p["impact_speed"][-1, 0, 0]))
        assert np.nanmin(p["accel"][:40]) >= -friction * GRAVITY - 1e-9
    assert hits == sorted(hits)
    assert hits[0] < hits[2]


@compiled
def test_a_distracted_driver_is_braked_for_somebody_who_crosses() -> None:
    n = 30
    hit = {}
    for aeb in (0, 1):
        scene = Scene(n, crosswalk(1, 0, at=200.0, rule="unmarked"))
        speed = np.linspace(8.0, 16.0, n)
        scene.car(course=0, s=198.0 - 4.0 * speed - 2.25, speed=speed, law="free", aeb=aeb)
        # in the middle of the lane when the car would be there
        scene.pedestrian(course=1, s=7.75 - 1.4 * 4.1, law="free")
        u = ended(scene.episode(), 9.0).users
        hit[aeb] = np.where(u.collided[:, 0] == 1, u.impact_speed[:, 0], 0.0)
    assert (hit[0] > 7.0).all()
    assert (hit[1] < hit[0] - 2.0).all()
    assert (hit[1] == 0.0).mean() > 0.3


def round_bend(speed: float, friction: float, **more: object) -> Past:
    road = curved(
        1, curvature=1.0 / 50.0, angle=1.5, approach=60.0, clothoid=20.0, friction=friction
    )
    scene = Scene(1, road)
    scene.car(s=10.0, speed=speed, dynamics=1, **{"held": 1, **more})
    return past(scene.episode(), 160.0 / speed, "x y side speed accel yaw across_speed")


def largest_accel(p: Past) -> float:
    """Of the second differences of the centre, which are means of the true one [m/s²]."""
    x, y = p["x"][:, 0, 0], p["y"][:, 0, 0]
    known = np.isfinite(x)
    return float(np.hypot(np.diff(x[known], 2), np.diff(y[known], 2)).max() / 0.01)


@compiled
def test_on_ice_a_bend_taken_too_fast_leads_off_the_road() -> None:
    slow, fast = round_bend(6.0, 0.15), round_bend(14.0, 0.15)
    assert np.nanmax(np.abs(slow["side"])) < 0.5  # 0.7 m/s² are asked of 1.5
    assert np.nanmax(np.abs(fast["side"])) > 3.0  # 3.9
    assert np.nanmin(fast["side"]) < -3.0  # to the outside of a bend to the left


@compiled
def test_who_sees_the_bend_slows_down_in_time_even_on_ice() -> None:
    p = round_bend(14.0, 0.15, held=0)
    assert np.nanmax(np.abs(p["side"])) < 0.3


@compiled
@pytest.mark.parametrize("speed", [8.0, 14.0, 18.0])
def test_on_dry_ground_the_same_bend_is_kept(speed: float) -> None:
    p = round_bend(speed, 1.0)
    assert np.nanmax(np.abs(p["side"])) < 0.5 * (3.5 - 1.8)  # no part of the box leaves the lane


@compiled
@pytest.mark.parametrize("friction", [0.1, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("speed", [12.0, 25.0])
def test_no_car_accelerates_beyond_its_grip(friction: float, speed: float) -> None:
    assert largest_accel(round_bend(speed, friction)) <= friction * GRAVITY * (1.0 + 1e-6)
    scene = Scene(1, straight(lanes=2, friction=friction))
    car = scene.car(s=10.0, speed=speed, law="free", dynamics=1)
    scene.when(car, time_s=1.0).brake(8.0)
    scene.when(car, time_s=1.0).lane(1, lateral_speed=2.0)
    p = past(scene.episode(), 6.0, "x y")
    assert largest_accel(p) <= friction * GRAVITY * (1.0 + 1e-6)

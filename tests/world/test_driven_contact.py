"""Contact in the plane: when, where, on which side, how hard, and what becomes of the wrecks."""

import math

import numpy as np
import pytest
from driven import ended, past, turned
from marks import compiled

from sim.laws.impact import Side
from sim.world.live import Simulation
from sim.world.road import crosswalk, junction, junction_course, straight
from sim.world.scene import Actor, Scene

L, W = 4.5, 1.8
WRECK_BRAKE = 6.0  # [m/s²], as wrecks slide
CAR, WALKER = 1500.0, 75.0
EAST, NORTH = junction_course(0, "straight"), junction_course(1, "straight")
PLAIN = junction(approach=150.0)


def crossing() -> tuple[float, float]:
    """Where the two lanes' centre lines cross, along either course [m]."""
    p = PLAIN.pieces
    return float(1.75 - p.x[0, EAST, 0]), float(-1.75 - p.y[0, NORTH, 0])


def meeting(n: int, east: np.ndarray, north: np.ndarray, late: np.ndarray) -> Scene:
    """Two cars at constant speeds whose centres pass the crossing at 4 s and `late` after."""
    scene = Scene(n, PLAIN)
    a, b = crossing()
    scene.car(course=EAST, s=a - 4.0 * east, speed=east, law="free")
    scene.car(course=NORTH, s=b - (4.0 + late) * north, speed=north, law="free")
    return scene


def test_the_crossing_is_where_the_lanes_say() -> None:
    a, b = crossing()
    live = Simulation(meeting(1, np.array([10.0]), np.array([10.0]), np.array([0.0])).episode())
    u = live.users[0]
    assert u.x[0] + (a - u.s[0]) == pytest.approx(1.75)
    assert u.y[0] == pytest.approx(-1.75)
    assert u.x[1] == pytest.approx(1.75)
    assert u.y[1] + (b - u.s[1]) == pytest.approx(-1.75)


@compiled
def test_cars_that_cross_meet_in_the_closed_form() -> None:
    """The boxes touch when they overlap both along and across; the last to begin is the side."""
    rng = np.random.default_rng(0)
    n = 64
    east, north = rng.uniform(5.0, 60.0, n), rng.uniform(5.0, 60.0, n)
    late = rng.uniform(-0.5, 0.5, n)
    live = ended(meeting(n, east, north, late).episode(), 6.0)
    half = 0.5 * (L + W)
    # x and y of the second's centre seen from the first, linear in t; zero for both at (4, 4+late)
    in_x, out_x = 4.0 - half / east, 4.0 + half / east
    in_y, out_y = 4.0 + late - half / north, 4.0 + late + half / north
    meet = np.maximum(in_x, in_y) < np.minimum(out_x, out_y)
    assert 10 < meet.sum() < n - 5
    u = live.users
    np.testing.assert_array_equal(u.collided[:, 0] == 1, meet)
    t = np.maximum(in_x, in_y)[meet]
    late_found = u.contact_s[meet] - t[:, None]  # who grazes is found up to dt / 256 late
    assert late_found.min() > -1e-6
    assert late_found.max() < 0.1 / 256.0 + 1e-6
    assert np.median(late_found) < 1e-6
    hit = np.hypot(east, north)[meet]
    np.testing.assert_allclose(u.impact_speed[meet, 0], hit, rtol=1e-9)
    np.testing.assert_allclose(u.delta_v[meet], 0.5 * hit[:, None] * np.ones(2), rtol=1e-9)
    first = (in_x > in_y)[meet]  # the one that goes east runs into the other's left side
    sides = u.contact_side[meet]
    np.testing.assert_array_equal(sides[:, 0] == Side.FRONT, first)
    np.testing.assert_array_equal(sides[first, 1], Side.LEFT)
    np.testing.assert_array_equal(sides[~first, 0], Side.RIGHT)
    np.testing.assert_array_equal(sides[~first, 1], Side.FRONT)
    x = 1.75 + east[meet] * (t - 4.0)  # of the first's centre
    y = -1.75 + north[meet] * (t - 4.0 - late[meet])
    front = np.where(first, x + 0.5 * L, u.contact_x[meet, 0])
    np.testing.assert_allclose(u.contact_x[meet, 0], front, atol=0.03)
    front = np.where(first, u.contact_y[meet, 0], y + 0.5 * L)
    np.testing.assert_allclose(u.contact_y[meet, 0], front, atol=0.03)


@compiled
@pytest.mark.parametrize("dt", [0.1, 0.02])
def test_nothing_is_missed_at_60_mps_with_small_boxes(dt: float) -> None:
    """6 m a step: boxes of 0.5 m are never seen overlapping at a step's end."""
    n = 50
    scene = Scene(n, PLAIN)
    a, b = crossing()
    late = np.linspace(-0.5, 0.5, n) / 60.0 * 0.95
    size = {"length": 0.5, "width": 0.5, "law": "free", "speed": 60.0}
    scene.car(course=EAST, s=a - 60.0 * 1.037, **size)
    scene.car(course=NORTH, s=b - 60.0 * (1.037 + late), **size)
    assert (ended(scene.episode(), 2.0, dt=dt).users["collided"] == 1).all()


@compiled
def test_head_on_the_speeds_add_up() -> None:
    n = 3
    road = crosswalk(at=150.0, departure=150.0)
    scene = Scene(n, road)
    speed, mass = np.array([10.0, 20.0, 30.0]), np.array([1500.0, 3000.0, 15000.0])
    scene.car(course=0, s=50.0, speed=speed, law="free", d=3.5)
    scene.car(course=1, s=50.0, speed=20.0, law="free", mass=mass)
    u = ended(scene.episode(), 12.0).users
    np.testing.assert_allclose(u.contact_s[:, 0], (200.0 - L) / (speed + 20.0), atol=1e-5)
    np.testing.assert_allclose(u.impact_speed[:, 0], speed + 20.0)
    np.testing.assert_allclose(u.delta_v[:, 0], (speed + 20.0) * mass / (mass + CAR))
    np.testing.assert_allclose(u.delta_v[:, 1], (speed + 20.0) * CAR / (mass + CAR))
    assert (u.contact_side == Side.FRONT).all()
    np.testing.assert_allclose(u.contact_y[:, 0], 3.5, atol=1e-6)
    np.testing.assert_allclose(
        u.contact_x[:, 0], 50.0 + 0.5 * L + speed * u.contact_s[:, 0], atol=1e-3
    )


def struck(n: int, speed: np.ndarray, **walker: object) -> tuple[Scene, Actor, Actor]:
    """A car that heeds nobody, and somebody who walks right in front of it."""
    scene = Scene(n, crosswalk(lanes=1, opposite=0, at=150.0))
    car = scene.car(course=0, s=150.0 - 3.0 * speed, speed=speed, law="free")
    usual = {"course": 1, "s": 7.75 - 3.0 * 1.4, "law": "free"}
    return scene, car, scene.pedestrian(**{**usual, **walker})


@compiled
def test_a_car_takes_most_of_somebody_on_foot_along() -> None:
    speed = np.array([5.0, 10.0, 20.0])
    scene, car, walker = struck(3, speed)
    u = ended(scene.episode(), 6.0).users
    hit = np.hypot(speed, 1.4)
    np.testing.assert_allclose(u.impact_speed[:, walker.slot], hit, rtol=1e-9)
    np.testing.assert_allclose(u.delta_v[:, walker.slot], hit * CAR / (CAR + WALKER), rtol=1e-9)
    np.testing.assert_allclose(u.delta_v[:, car.slot], hit * WALKER / (CAR + WALKER), rtol=1e-9)
    assert (u.contact_side[:, car.slot] == Side.FRONT).all()
    assert (u.contact_side[:, walker.slot] == Side.LEFT).all()
    np.testing.assert_array_equal(u.struck_by, [[1, 0]] * 3)


@compiled
def test_momentum_is_kept_and_the_wrecks_slide_along_it() -> None:
    rng = np.random.default_rng(1)
    n = 24
    east, north = rng.uniform(8.0, 30.0, n), rng.uniform(8.0, 30.0, n)
    mass = rng.uniform(900.0, 3000.0, n)
    scene = Scene(n, PLAIN)
    a, b = crossing()
    scene.car(course=EAST, s=a - 2.0 * east, speed=east, law="free")
    scene.car(course=NORTH, s=b - 2.0 * north, speed=north, law="free", mass=mass)
    p = past(scene.episode(), 12.0, "x y yaw speed collided contact_s")
    vx, vy = CAR * east / (CAR + mass), mass * north / (CAR + mass)
    after = int(2.0 / 0.1) + 2
    assert (p["collided"][after] == 1).all()
    left = p["t"][after] - p["contact_s"][after]
    for k in (0, 1):
        dx, dy = (p[c][-1, :, k] - p[c][after, :, k] for c in "xy")
        np.testing.assert_allclose(np.arctan2(dy, dx), np.arctan2(vy, vx), atol=1e-9)
        np.testing.assert_array_equal(p["yaw"][-1, :, k], p["yaw"][after, :, k])
        speed = p["speed"][after, :, k]
        slowed = np.hypot(vx, vy) - WRECK_BRAKE * left[:, k]
        np.testing.assert_allclose(speed, slowed, atol=0.1 * WRECK_BRAKE + 1e-9)
        np.testing.assert_allclose(np.hypot(dx, dy), speed**2 / (2.0 * WRECK_BRAKE), rtol=1e-6)
        assert (p["speed"][-1] == 0.0).all()
    together = [np.hypot(*(np.diff(p[c][k], axis=1)[:, 0] for c in "xy")) for k in (after, -1)]
    np.testing.assert_allclose(together[0], together[1], atol=1e-9)  # they stay side by side


@compiled
@pytest.mark.parametrize("angle", [0.0, math.pi])
def test_of_two_hit_within_one_step_the_nearer_is_hit_first(angle: float) -> None:
    scene = Scene(1, turned(straight(lanes=1, lane_width=4.0), angle, 0.0, 0.0))
    car = scene.car(s=10.0, speed=20.0, law="free")
    near = scene.obstacle(s=10.0 + 0.5 * L + 0.5 + 20.0 * 1.01, d=0.55)
    far = scene.obstacle(s=10.0 + 0.5 * L + 0.5 + 20.0 * 1.06, d=-0.55)
    u = ended(scene.episode(), 3.0).users[0]
    assert u.impact_speed[near.slot] == pytest.approx(20.0)
    assert u.struck_by[car.slot] == near.slot
    assert u.impact_speed[far.slot] == pytest.approx(20.0 * CAR / (CAR + 50.0), abs=0.5)

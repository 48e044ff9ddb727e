"""People who cross: they wait for a gap, hesitate, run; at a zebra cars wait for them."""

import numpy as np
import pytest
from driven import Past, past
from marks import compiled

from sim.world.road import crosswalk
from sim.world.scene import Scene

AT, PAVEMENT, KERB = 300.0, 6.0, 5.7
UNMARKED = crosswalk(1, 0, at=AT, pavement=PAVEMENT, rule="unmarked")
ZEBRA = crosswalk(1, 0, at=AT, pavement=PAVEMENT, rule="zebra")
WALK = 1  # the course from the right


def step_out(p: Past, slot: int, line: float = KERB + 0.1) -> np.ndarray:
    """When a front leaves the kerb [s], by scenario; NaN never."""
    over = p["s"][:, :, slot] + 0.25 > line
    return np.where(over.any(axis=0), p["t"][over.argmax(axis=0)], np.nan)


def at_kerb(n: int, away: np.ndarray | float, **walker: object) -> Scene:
    """Somebody 3 m from the kerb, and a car that heeds nobody at 10 m/s, its front `away` [m]."""
    scene = Scene(n, UNMARKED)
    scene.car(course=0, s=AT - 2.0 - away - 2.25, speed=10.0, law="free")
    scene.pedestrian(course=WALK, s=KERB - 3.0, **walker)
    return scene


@compiled
def test_one_waits_at_the_kerb_until_the_car_has_passed() -> None:
    away = np.linspace(15.0, 55.0, 9)
    p = past(at_kerb(9, away).episode(), 20.0, "s speed collided")
    out = step_out(p, 1)
    gone = (away + 4.0 + 4.5) / 10.0  # the car has left the crosswalk
    assert (out >= gone - 1e-9).all()
    assert (out < gone + 1.5).all()
    waited = gone > 4.5
    for b in np.flatnonzero(waited):
        stands = p["s"][int(gone[b] * 10) - 2, b, 1] + 0.25
        assert KERB - 0.1 < stands < KERB + 0.05
    assert waited.any()
    assert not np.nanmax(p["collided"])


@compiled
def test_the_gap_is_as_long_as_the_way_across_and_the_margin() -> None:
    n = 60
    away = np.linspace(10.0, 130.0, n)
    margin = 1.5
    p = past(at_kerb(n, away, margin_s=margin).episode(), 30.0, "s accepted_s x collided")
    out = step_out(p, 1)
    front_in = (away) / 10.0
    before = out < front_in
    # the way to the area's end with the rear, at walking speed, from where it is decided
    clear = (PAVEMENT + 3.5 - KERB + 0.5) / 1.4
    left = front_in - out  # when the front is at the kerb
    assert (left[before] > clear + margin - 0.75).all()
    assert before[away > 10.0 * (clear + margin + 3.0 / 1.4 + 1.0)].all()
    assert not before[away < 10.0 * (3.0 / 1.4 + clear)].any()
    assert 10 < before.sum() < n - 10
    assert not np.nanmax(p["collided"])


@compiled
@pytest.mark.parametrize("wait", [0.5, 1.3, 2.0])
def test_hesitation_is_exactly_so_long(wait: float) -> None:
    """The one who stands at the kerb and finds the road free goes `hesitate_s` later."""
    away = np.linspace(30.0, 60.0, 7)
    one, two = (past(at_kerb(7, away, hesitate_s=h).episode(), 20.0, "s") for h in (0.0, wait))
    delay = step_out(two, 1) - step_out(one, 1)
    np.testing.assert_allclose(delay, wait, atol=0.1 + 1e-9)
    shift = round(wait * 10)  # the same walk, so much later
    np.testing.assert_allclose(two["s"][150 + shift :, :, 1], one["s"][150:-shift, :, 1], atol=2e-2)


@compiled
def test_who_sees_a_car_come_too_soon_runs() -> None:
    """The car appears when somebody is on the road already: a parked one gets going."""
    speeds = []
    for factor in (1.0, 2.0):
        scene = Scene(1, UNMARKED)
        car = scene.car(course=0, s=AT - 14.0, speed=0.0, held=1, law="free", accel_max=4.0)
        scene.pedestrian(course=WALK, s=KERB - 1.0, run_factor=factor)
        scene.when(car, time_s=1.2).speed(14.0, accel=5.0)
        p = past(scene.episode(), 12.0, "s speed")
        on_road = (p["s"][:, 0, 1] > PAVEMENT) & (p["s"][:, 0, 1] < PAVEMENT + 7.0)
        speeds.append(p["speed"][on_road, 0, 1].max())
    assert speeds[0] == pytest.approx(1.4, abs=0.01)
    assert speeds[1] > 2.0


@compiled
def test_at_a_zebra_cars_wait_and_people_do_not() -> None:
    n = 30
    rng = np.random.default_rng(2)
    scene = Scene(n, ZEBRA)
    speed = rng.uniform(8.0, 15.0, n)
    scene.car(course=0, s=120.0, speed=speed, desired_speed=speed)
    scene.pedestrian(course=WALK, s=0.5, enter_s=rng.uniform(0.0, 25.0, n))
    p = past(scene.episode(), 70.0, "s speed collided accel")
    assert not np.nanmax(p["collided"])
    walking = p["speed"][:, :, 1]
    assert (np.nan_to_num(walking, nan=9.0) > 1.3).mean() > 0.95
    on_road = (p["s"][:, :, 1] > PAVEMENT) & (p["s"][:, :, 1] < PAVEMENT + 3.5)
    front, rear = p["s"][:, :, 0] + 2.25, p["s"][:, :, 0] - 2.25
    there = (front > AT - 2.0) & (rear < AT + 2.0)
    assert not (on_road & there).any()
    slow = np.nanmin(np.where(front < AT, p["speed"][:, :, 0], np.inf), axis=0)
    assert (slow < 0.5).any()
    assert (slow > 0.9 * speed).any()


@compiled
def test_nobody_on_foot_is_late_by_more_than_the_traffic() -> None:
    """With law `walk` and an empty road one walks on at 1.4 m/s without a stop."""
    scene = Scene(1, UNMARKED)
    scene.car(course=0, s=AT + 50.0, speed=10.0)
    scene.pedestrian(course=WALK, s=0.5)
    p = past(scene.episode(), 12.0, "s speed")
    walked = p["s"][:, 0, 1]
    np.testing.assert_allclose(walked[:100], 0.5 + 1.4 * p["t"][:100], atol=1e-9)

"""Motion over a step: exact where it says so."""

import math

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.laws.bicycle import bicycle, travel
from sim.laws.crossing import first_crossing
from sim.laws.steering import steering


@pytest.mark.parametrize(
    ("speed", "accel", "final"),
    [
        (20.0, 2.0, math.inf),
        (20.0, -6.0, 0.0),
        (0.3, -6.0, 0.0),
        (10.0, 3.0, 10.1),
        (8.0, 0.0, 0.0),
    ],
)
def test_travel_equals_its_twin(speed: float, accel: float, final: float) -> None:
    distance, new = travel(speed, accel, final, 0.1)
    assert (distance, new) == pytest.approx(naive.travel(speed, accel, final, 0.1), abs=1e-6)


def test_the_stopping_distance_does_not_depend_on_the_step() -> None:
    for dt in (0.1, 0.07, 0.01):
        x, v = 0.0, 27.0
        while v > 0.0:
            step, v = travel(v, -6.5, 0.0, dt)
            x += step
        assert x == pytest.approx(27.0**2 / 13.0, rel=1e-12)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(speed=st.floats(0.0, 60.0), accel=st.floats(-15.0, 5.0), dt=st.floats(1e-3, 1.0))
def test_braking_never_drives_backwards(speed: float, accel: float, dt: float) -> None:
    distance, new = travel(speed, accel, 0.0 if accel < 0.0 else math.inf, dt)
    assert 0.0 <= new <= max(speed, speed + accel * dt)
    assert 0.0 <= distance <= max(speed, new) * dt + 1e-12


@pytest.mark.parametrize("steer", [0.0, 1e-6, 0.02, -0.4])
@pytest.mark.parametrize("yaw", [0.0, 0.3])
def test_the_bicycle_equals_its_twin(steer: float, yaw: float) -> None:
    got = bicycle(yaw, 3.0, steer, 2.7)
    assert got == pytest.approx(naive.bicycle(yaw, 3.0, steer, 2.7), abs=1e-9)


def test_a_full_circle_ends_where_it_began() -> None:
    steer, wheelbase = 0.3, 2.7
    beta = math.atan(0.5 * math.tan(steer))
    around = 2.0 * math.pi * wheelbase / (math.cos(beta) * math.tan(steer))
    dx, dy, yaw = bicycle(0.1, around, steer, wheelbase)
    assert math.hypot(dx, dy) < 1e-9
    assert yaw == pytest.approx(0.1 + 2.0 * math.pi)


def test_steering_equals_its_twin_and_keeps_its_limits() -> None:
    rng = np.random.default_rng(3)
    for e, yaw, v, k in rng.uniform([-5.0, -0.3, 0.0, -0.2], [5.0, 0.3, 40.0, 0.2], (200, 4)):
        got = steering(e, yaw, v, 1.2, 2.7, k)
        assert got == pytest.approx(naive.steering(e, yaw, v, 1.2, 2.7, k), abs=1e-12)
        straight = steering(e, yaw, v, 1.2, 2.7, 0.0)
        assert abs(math.tan(straight)) / 2.7 * max(v, 1.0) ** 2 <= 3.0 + 1e-9


def before_bends(e: float, yaw: float, v: float, lateral: float, wheelbase: float) -> float:
    """The law for straight lines in the order of operations it always had."""
    if abs(e) < 1e-4 and abs(yaw) < 1e-4:
        return 0.0
    fast = max(v, 1.0)
    heading = math.asin(min(max(min(max(e, -lateral), lateral) / fast, -0.35), 0.35))
    most = 3.0 / (fast * fast)
    kappa = min(max((heading - yaw) / (fast * 0.3), -most), most)
    return min(max(math.atan(kappa * wheelbase), -0.6), 0.6)


def test_on_a_straight_line_not_a_bit_has_changed() -> None:
    rng = np.random.default_rng(4)
    for scale in (1.0, 1e-3, 1e-5):
        for e, yaw, v in rng.uniform([-5.0, -0.3, 0.0], [5.0, 0.3, 40.0], (300, 3)):
            args = (e * scale, yaw * scale, v, 1.2, 2.7)
            assert steering(*args, 0.0) == before_bends(*args)


@pytest.mark.parametrize("bend", [1e-5, 1e-4, 0.01, -0.05, 0.2])
def test_a_circle_is_held_exactly(bend: float) -> None:
    wheelbase, speed, dt = 2.7, 8.0, 0.1
    beta = math.asin(0.5 * bend * wheelbase)
    delta = steering(0.0, -beta, speed, 1.0, wheelbase, bend)
    assert math.cos(math.atan(0.5 * math.tan(delta))) * math.tan(delta) / wheelbase == (
        pytest.approx(bend, rel=1e-12)
    )
    x, y, yaw = 0.0, 0.0, -beta  # the circle leaves the origin eastwards about (0, 1 / bend)
    for k in range(300):
        dx, dy, yaw = bicycle(yaw, speed * dt, delta, wheelbase)
        x, y = x + dx, y + dy
        offset = (math.hypot(x, y - 1.0 / bend) - 1.0 / abs(bend)) * math.copysign(1.0, bend)
        assert abs(offset) < 1e-9 / abs(bend) ** 0.5
        tangent = (k + 1) * speed * dt * bend
        delta = steering(offset, yaw - tangent, speed, 1.0, wheelbase, bend)


@pytest.mark.parametrize("bend", [0.02, -0.02])
def test_from_beside_a_circle_one_comes_onto_it(bend: float) -> None:
    x, y, yaw = 0.0, 1.5, 0.0
    for _ in range(200):
        angle = math.atan2(x, 1.0 / bend - y) if bend > 0.0 else math.atan2(x, y - 1.0 / bend)
        offset = (math.hypot(x, y - 1.0 / bend) - 1.0 / abs(bend)) * math.copysign(1.0, bend)
        tangent = angle if bend > 0.0 else -angle
        slant = math.remainder(yaw - tangent, 2.0 * math.pi)
        delta = steering(offset, slant, 8.0, 1.0, 2.7, bend)
        dx, dy, yaw = bicycle(yaw, 0.8, delta, 2.7)
        x, y = x + dx, y + dy
    assert abs(math.hypot(x, y - 1.0 / bend) - 1.0 / abs(bend)) < 1e-3


@pytest.mark.parametrize("speed", [2.0, 15.0, 35.0])
def test_a_lane_change_arrives_without_overshooting_and_within_its_lateral_speed(
    speed: float,
) -> None:
    y, yaw, fastest, furthest = 0.0, 0.0, 0.0, 0.0
    for _ in range(200):
        delta = steering(3.6 - y, yaw, speed, 1.0, 2.7, 0.0)
        _, dy, yaw = bicycle(yaw, speed * 0.1, delta, 2.7)
        fastest, y = max(fastest, dy / 0.1), y + dy
        furthest = max(furthest, y)
    assert y == pytest.approx(3.6, abs=1e-3)
    assert furthest < 3.65
    assert fastest < 1.1


def test_a_crossing_is_found_where_the_twin_finds_it() -> None:
    rng = np.random.default_rng(5)
    for value, slope, curve in rng.uniform([-0.05, -5.0, -30.0], [0.5, 5.0, 30.0], (100, 3)):
        got = first_crossing(value, slope, curve, 0.1)
        assert got == pytest.approx(
            naive.first_crossing(value, slope, curve, 0.1), abs=2e-7, nan_ok=True
        )

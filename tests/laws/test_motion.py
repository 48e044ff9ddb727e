"""Motion over a step: exact where it says so."""

import math

import naive
import numpy as np
import pytest

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
    for e, yaw, v in rng.uniform([-5.0, -0.3, 0.0], [5.0, 0.3, 40.0], (200, 3)):
        got = steering(e, yaw, v, 1.2, 2.7)
        assert got == pytest.approx(naive.steering(e, yaw, v, 1.2, 2.7), abs=1e-12)
        assert abs(math.tan(got)) / 2.7 * max(v, 1.0) ** 2 <= 3.0 + 1e-9


@pytest.mark.parametrize("speed", [2.0, 15.0, 35.0])
def test_a_lane_change_arrives_without_overshooting_and_within_its_lateral_speed(
    speed: float,
) -> None:
    y, yaw, fastest, furthest = 0.0, 0.0, 0.0, 0.0
    for _ in range(200):
        delta = steering(3.6 - y, yaw, speed, 1.0, 2.7)
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

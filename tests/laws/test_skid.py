"""Tyres and a car that can skid: circle, closed forms, convergence, a twin by scipy."""

import math

import naive_tyres as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.laws.bicycle import bicycle
from sim.laws.friction import GRAVITY, MU_DRY, MU_ICE, MU_SNOW, MU_WET, within_circle
from sim.laws.single_track import single_track
from sim.laws.tyre import brush, brush_slip

L = 2.7
State = tuple[float, ...]  # x, y, yaw, along, across, yaw rate


def advance(q: State, accel: float, steer: float, mu: float, dt: float) -> State:
    dx, dy, *rest = single_track(*q[2:], accel, steer, L, mu, dt)
    return (q[0] + dx, q[1] + dy, *rest)


def drive(q: State, accel: float, steer: float, mu: float, dt: float, until: float) -> State:
    for _ in range(round(until / dt)):
        q = advance(q, accel, steer, mu, dt)
    return q


def rolling(speed: float, curvature: float) -> tuple[float, State]:
    """Steering angle and state of the kinematic model on a circle."""
    beta = math.asin(0.5 * curvature * L)
    state = (0.0, 0.0, 0.0, speed * math.cos(beta), speed * math.sin(beta), speed * curvature)
    return math.atan(2.0 * math.tan(beta)), state


def velocity(q: State) -> np.ndarray:
    cos, sin = math.cos(q[2]), math.sin(q[2])
    return np.array([q[3] * cos - q[4] * sin, q[3] * sin + q[4] * cos])


def energy(q: State) -> float:
    return 0.5 * (q[3] ** 2 + q[4] ** 2 + 0.25 * L**2 * q[5] ** 2)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    accel=st.floats(-30.0, 30.0),
    lateral=st.floats(-30.0, 30.0),
    limit=st.one_of(st.just(0.0), st.floats(1e-3, 15.0)),
)
def test_the_circle_is_never_left_and_its_nearest_point_is_taken(
    accel: float, lateral: float, limit: float
) -> None:
    a, b = within_circle(accel, lateral, limit)
    assert math.hypot(a, b) <= limit
    assert a * lateral == pytest.approx(b * accel, abs=1e-10)
    if math.hypot(accel, lateral) > limit:
        angle = math.atan2(lateral, accel)
        nearest = (limit * math.cos(angle), limit * math.sin(angle))
        assert (a, b) == pytest.approx(nearest, abs=1e-9)
    else:
        assert (a, b) == (accel, lateral)


def test_roads_grip_less_the_worse_they_are() -> None:
    assert MU_DRY > MU_WET > MU_SNOW > MU_ICE > 0.0


def test_the_tyre_equals_its_twin_and_keeps_the_circle() -> None:
    for x, y, mu in np.random.default_rng(2).uniform([-4, -4, 0.05], [4, 4, 1.1], (500, 3)):
        got = brush(x, y, mu)
        assert got == pytest.approx(naive.brush(np.array([x, y]), mu), abs=1e-12)
        assert math.hypot(*got) <= mu * (1.0 + 1e-15)
    assert brush(0.0, 0.0, 0.8) == (0.0, 0.0)
    assert brush(1e-6, 0.0, 0.8)[0] == pytest.approx(-1e-6, rel=1e-5)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(share=st.floats(-1.5, 1.5), mu=st.floats(0.05, 1.1))
def test_the_slip_for_a_force_gives_it(share: float, mu: float) -> None:
    slip = brush_slip(share * mu, mu)
    assert slip == pytest.approx(naive.pull(share * mu, mu), rel=1e-6, abs=1e-9)
    force = brush(slip, 0.0, mu)[0]
    assert force == pytest.approx(mu * min(max(share, -1.0), 1.0), abs=1e-12)


@pytest.mark.parametrize("mu", [MU_DRY, 0.3, MU_ICE])
def test_the_car_equals_its_twin_while_it_swerves_and_skids(mu: float) -> None:
    for v, accel, steer in (
        (25.0, 0.0, 0.03),
        (12.0, -2.5, 0.2),
        (30.0, -9.0, -0.1),
        (8.0, 2, 0.4),
    ):
        q = (0.0, 0.0, 0.3, v, 0.2, -0.1)
        got = drive(q, accel, steer, mu, 0.1, 0.4)
        twin = naive.single_track(np.array(q), accel, steer, L, mu, 0.4)
        assert twin[3] > 2.0
        assert got == pytest.approx(twin, abs=2e-6)


@pytest.mark.parametrize(("speed", "steer"), [(20.0, 0.03), (8.0, 0.3)])
def test_the_error_falls_with_the_fourth_power_of_the_substep(speed: float, steer: float) -> None:
    start = (0.0, 0.0, 0.0, speed, 0.0, 0.0)
    fine = np.array(drive(start, -2.0, steer, MU_DRY, 0.00025, 0.64))
    errors = [
        np.abs(np.array(drive(start, -2.0, steer, MU_DRY, dt, 0.64)) - fine).max()
        for dt in (0.01, 0.005, 0.0025)
    ]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert errors[0] < 1e-7
    assert ((orders > 3.7) & (orders < 4.4)).all()


def test_long_steps_are_made_of_short_ones() -> None:
    start = (0.0, 0.0, 0.2, 15.0, 0.1, 0.05)
    one = advance(start, -1.0, 0.1, 0.5, 0.1)
    assert one == pytest.approx(drive(start, -1.0, 0.1, 0.5, 0.01, 0.1), abs=1e-12)


@pytest.mark.parametrize("speed", [5.0, 15.0, 30.0])
def test_the_steady_circle_of_a_neutral_car_does_not_depend_on_speed(speed: float) -> None:
    steer = L * 1.5 / speed**2  # 1.5 m/s²
    q = (0.0, 0.0, 0.0, speed, 0.0, 0.0)
    for _ in range(100):
        q = advance(q, 5.0 * (speed - q[3]), steer, MU_DRY, 0.1)
    assert q[5] / q[3] == pytest.approx(math.tan(steer) / L, rel=2e-3)


@pytest.mark.parametrize("mu", [MU_DRY, MU_SNOW, MU_ICE])
@pytest.mark.parametrize("dt", [0.1, 0.07])
def test_the_braking_distance_is_that_of_the_friction(mu: float, dt: float) -> None:
    q = (0.0, 0.0, 0.0, 25.0, 0.0, 0.0)
    while q[3] > 0.0:
        before = q
        q = advance(q, -2.0 * GRAVITY, 0.0, mu, dt)
        assert 0.0 <= q[3] < before[3]
    assert q[0] == pytest.approx(25.0**2 / (2.0 * mu * GRAVITY), rel=1e-12)
    assert q[1:] == (0.0, 0.0, 0.0, 0.0, 0.0)
    assert advance(q, -3.0, 0.3, mu, dt) == q  # stands, and stays


def test_a_demand_within_the_friction_is_met_exactly_straight_ahead() -> None:
    q = drive((0.0, 0.0, 0.0, 10.0, 0.0, 0.0), 1.7, 0.0, 0.4, 0.1, 2.0)
    assert q[:2] == pytest.approx((23.4, 0.0), abs=1e-12)
    assert q[3] == pytest.approx(13.4, rel=1e-13)


@pytest.mark.parametrize(
    ("speed", "radius", "until"), [(0.3, 6.0, 20.0), (1.0, 6.0, 10.0), (10.0, 400.0, 30.0)]
)
def test_at_low_lateral_acceleration_the_car_is_the_kinematic_one(
    speed: float, radius: float, until: float
) -> None:
    steer, start = rolling(speed, 1.0 / radius)
    q = drive(start, 0.0, steer, MU_DRY, 0.1, until)
    x, y, yaw = bicycle(0.0, speed * until, steer, L)
    assert math.hypot(q[0] - x, q[1] - y) < 0.003 * speed * until  # measured 0.0028
    assert q[2] == pytest.approx(yaw, abs=0.003)


def test_turning_the_wheels_at_rest_moves_nothing_and_a_start_is_no_jump() -> None:
    rest = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert drive(rest, 0.0, 0.5, MU_DRY, 0.1, 1.0) == rest
    steer, _ = rolling(1.0, 1.0 / 6.0)
    q, speed = rest, 0.0
    for _ in range(40):
        q = advance(q, 0.5, steer, MU_DRY, 0.1)
        before, speed = speed, math.hypot(q[3], q[4])
        assert 0.0 < speed - before < 0.06
        assert q[5] / speed == pytest.approx(1.0 / 6.0, rel=0.03)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    speed=st.floats(0.0, 40.0),
    accel=st.floats(-12.0, 5.0),
    mu=st.floats(0.08, 1.0),
    slide=st.tuples(st.floats(-8.0, 8.0), st.floats(-2.0, 2.0)),
    steers=st.lists(st.floats(-0.6, 0.6), min_size=6, max_size=6),
)
def test_friction_bounds_every_change_and_braking_only_takes(
    speed: float, accel: float, mu: float, slide: tuple[float, float], steers: list[float]
) -> None:
    q: State = (0.0, 0.0, 0.0, speed, *slide)
    for steer in steers:
        for _ in range(30):
            new = advance(q, accel, steer, mu, 0.02)
            assert all(math.isfinite(value) for value in new)
            felt = float(np.linalg.norm(velocity(new) - velocity(q))) / 0.02
            # at the halt the last sideways creep, which a substep could end, is dropped
            assert felt <= mu * GRAVITY * (1.0 + 1e-6 + (0.1 if new[3] == 0.0 else 0.0))
            if accel < 0.0:
                assert energy(new) <= energy(q) + 1e-12
            q = new


def test_a_spinning_car_goes_on_sideways_under_braking() -> None:
    q = (0.0, 0.0, 0.0, 0.5, 6.0, 0.5)
    seen = []
    while q[3:] != (0.0, 0.0, 0.0):
        q = advance(q, -9.0, 0.0, 0.3, 0.01)
        seen.append(math.hypot(q[3], q[4]))
    # friction alone ends the slide: 6 m/s at no more than 0.3 g, to the last substep
    assert len(seen) * 0.01 > 6.0 / (0.3 * GRAVITY) - 0.02
    assert max(np.diff(seen)) < 1e-9
    assert max(-np.diff(seen)) < 0.3 * GRAVITY * 0.011


def test_a_slow_slide_under_braking_neither_gains_energy_nor_rolls_far_back() -> None:
    low, high = [0.0, -1.0, -1.0, -12.0, 0.1, -0.6], [1.5, 1.0, 1.0, -0.5, 1.0, 0.6]
    furthest = 0.0
    for v, across, turn, a, mu, steer in np.random.default_rng(8).uniform(low, high, (400, 6)):
        q: State = (0.0, 0.0, 0.0, v, across, turn)
        for _ in range(60):
            new = advance(q, a, steer, mu, 0.01)
            assert energy(new) <= energy(q)
            if q[3] >= 0.0:
                furthest = min(furthest, new[3])
            q = new
    assert furthest > -0.03  # m/s, as the front wheels take up the slide


def test_on_ice_a_swerve_goes_nearly_straight_on() -> None:
    dry, ice = (drive((0, 0, 0, 20.0, 0, 0), 0.0, 0.1, mu, 0.1, 1.5) for mu in (MU_DRY, MU_ICE))
    assert dry[1] > 5.0
    assert 0.0 < ice[1] < 0.5 * MU_ICE * GRAVITY * 1.5**2


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    speed=st.floats(0.0, 12.0),
    accel=st.floats(-12.0, -1.0),
    mu=st.floats(0.3, 1.0),
    steer=st.floats(-0.3, 0.3),
)
def test_braking_ends_at_rest_and_never_in_rolling_back(
    speed: float, accel: float, mu: float, steer: float
) -> None:
    q: State = (0.0, 0.0, 0.0, speed, 0.0, 0.0)
    for _ in range(300):
        q = advance(q, accel, steer, mu, 0.05)
        assert q[3] > -0.01 if abs(q[4]) > 0.0 else q[3] >= 0.0
    assert q[3:] == (0.0, 0.0, 0.0)

"""Adaptive cruise control and emergency braking against twins and closed forms."""

import math
from collections.abc import Callable

import naive_assist as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.laws.acc import acc
from sim.laws.aeb import FULL, NONE, PARTIAL, WARN, Stage, aeb, time_to_contact
from sim.laws.bicycle import travel
from sim.laws.cah import cah
from sim.laws.crossing import reach
from sim.laws.idm import idm
from sim.laws.iidm import iidm

V0, T, A, B, S0, C = 33.3, 1.4, 1.4, 2.0, 2.0, 0.99


def draws(n: int, low: list[float], high: list[float]) -> list[list[float]]:
    return np.random.default_rng(23).uniform(low, high, (n, len(low))).tolist()


def test_iidm_and_acc_equal_their_twins() -> None:
    low = [0.0, 0.5, 0.0, 10.0, 0.5, 0.5, 0.8, 0.5, -6.0]
    high = [45.0, 150.0, 45.0, 45.0, 2.5, 3.0, 4.0, 4.0, 5.0]
    blended = 0
    for *args, lead_accel in draws(500, low, high):
        v, s, u, v0, headway, a, b, s0 = args
        own = naive.iidm(*args)
        assert iidm(*args) == pytest.approx(own, rel=1e-12, abs=1e-12)
        calm = cah(s, v, u, min(lead_accel, a))
        blended += own < calm
        assert acc(v, s, u, lead_accel, v0, headway, a, b, s0, C) == pytest.approx(
            naive.acc(own, calm, b, C), rel=1e-12, abs=1e-12
        )
    assert 50 < blended < 450


def test_the_heuristic_is_the_least_braking_that_avoids_contact() -> None:
    stops_first = 0
    for s, v, u, a_l in draws(150, [1.0, 0.5, 0.0, -8.0], [80.0, 40.0, 40.0, -0.3]):
        stops_first += u * (v - u) < -2.0 * s * a_l
        assert cah(s, v, u, a_l) == pytest.approx(naive.cah(s, v, u, a_l), rel=2e-3, abs=1e-3)
    assert 20 < stops_first < 130


def test_the_heuristic_where_its_cases_meet_and_behind_what_stands() -> None:
    v, u, a_l = 20.0, 10.0, -2.0
    s = u * (v - u) / (-2.0 * a_l)
    below, above = cah(s - 1e-9, v, u, a_l), cah(s + 1e-9, v, u, a_l)
    assert below == pytest.approx(above, rel=1e-8)
    assert cah(50.0, 20.0, 0.0, 0.0) == -4.0
    assert cah(math.inf, 20.0, 10.0, -5.0) == pytest.approx(0.0, abs=1e-3)
    assert cah(math.inf, 20.0, 10.0, 0.0) == pytest.approx(0.0, abs=1e-3)
    assert cah(10.0, 0.0, 0.0, 0.0) == 0.0
    assert cah(10.0, 10.0, 20.0, 1.0) == 1.0  # who draws away may be matched


@pytest.mark.parametrize("speed", [5.0, 15.0, 30.0])
def test_iidm_and_acc_rest_at_the_headway_itself(speed: float) -> None:
    gap = S0 + speed * T
    assert iidm(speed, gap, speed, V0, T, A, B, S0) == pytest.approx(0.0, abs=1e-12)
    assert acc(speed, gap, speed, 0.0, V0, T, A, B, S0, C) == pytest.approx(0.0, abs=1e-12)
    assert idm(speed, gap, speed, V0, T, A, B, S0) < -1e-4  # which keeps more


def test_iidm_on_an_empty_road_and_at_the_desired_speed() -> None:
    assert iidm(0.0, math.inf, 0.0, V0, T, A, B, S0) == A
    assert iidm(V0, math.inf, V0, V0, T, A, B, S0) == 0.0
    assert -B < iidm(2.0 * V0, math.inf, V0, V0, T, A, B, S0) < 0.0


def test_acc_stays_calm_when_someone_cuts_in() -> None:
    # 120 km/h, a car of the same speed 10 m ahead: the published example's point
    hard = iidm(33.0, 10.0, 33.0, V0, T, A, B, S0)
    calm = acc(33.0, 10.0, 33.0, 0.0, V0, T, A, B, S0, C)
    assert hard < -20.0
    assert -B - 0.5 < calm < -0.5 * B
    assert acc(33.0, 10.0, 33.0, 0.0, V0, T, A, B, S0, 0.0) == hard


Follower = Callable[[float, float, float, float, float, float, float], float]


def by_idm(v: float, s: float, u: float, a_l: float, t: float, a: float, b: float) -> float:
    return idm(v, s, u, V0, t, a, b, S0)


def by_iidm(v: float, s: float, u: float, a_l: float, t: float, a: float, b: float) -> float:
    return iidm(v, s, u, V0, t, a, b, S0)


def by_acc(v: float, s: float, u: float, a_l: float, t: float, a: float, b: float) -> float:
    return acc(v, s, u, a_l, V0, t, a, b, S0, C)


@pytest.mark.parametrize("law", [by_idm, by_iidm, by_acc])
@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    speed=st.floats(0.0, 33.0),
    headway=st.floats(0.8, 2.0),
    a=st.floats(0.8, 2.0),
    b=st.floats(1.5, 3.0),
    orders=st.lists(st.floats(-1.0, 0.6), min_size=3, max_size=3),
)
def test_nobody_in_a_platoon_hits_a_leader_that_brakes_in_comfort(
    law: Follower, speed: float, headway: float, a: float, b: float, orders: list[float]
) -> None:
    dt, n = 0.04, 4
    gap = (S0 + speed * headway) / math.sqrt(1.0 - min(speed / V0, 0.995) ** 4)
    x, v = [-k * gap for k in range(n)], [speed] * n
    for step in range(500):  # three orders of 4 s, then a halt at b
        order = orders[step // 100] * b if step < 300 else -b
        accels = [order if v[0] < V0 or order < 0.0 else 0.0]
        for k in range(1, n):
            held = accels[k - 1] if v[k - 1] > 0.0 else max(accels[k - 1], 0.0)
            accels.append(law(v[k], x[k - 1] - x[k], v[k - 1], held, headway, a, b))
        for k in range(n):
            ds, v[k] = travel(v[k], accels[k], 0.0 if accels[k] < 0.0 else math.inf, dt)
            assert ds >= 0.0
            assert v[k] >= 0.0
            x[k] += ds
        assert all(x[k - 1] > x[k] for k in range(1, n))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    speed=st.floats(0.0, 60.0),
    gap=st.one_of(st.floats(-5.0, 500.0), st.just(math.inf)),
    lead=st.floats(0.0, 60.0),
    lead_accel=st.floats(-10.0, 4.0),
    desired=st.floats(0.0, 50.0),
)
def test_no_law_of_assistance_returns_nan(
    speed: float, gap: float, lead: float, lead_accel: float, desired: float
) -> None:
    own = acc(speed, gap, lead, lead_accel, desired, T, A, B, S0, C)
    assert math.isfinite(own)
    assert own <= A
    stage, demand = aeb(gap, speed, lead, lead_accel, 2.6, 1.6, 0.9, 4.0, 9.0, NONE)
    assert stage in set(Stage)
    assert demand in (0.0, 4.0, 9.0)
    left = time_to_contact(gap, speed, lead, lead_accel)
    assert left >= 0.0


def test_time_to_contact_equals_its_twin() -> None:
    met = 0
    for s, v, u, a_l in draws(200, [0.5, 0.0, 0.0, -8.0], [80.0, 40.0, 40.0, 3.0]):
        twin = naive.time_to_contact(s, v, u, a_l)
        got = time_to_contact(s, v, u, a_l)
        met += math.isfinite(twin)
        assert got == pytest.approx(twin, rel=1e-9) if got < 60.0 else twin == math.inf
    assert 50 < met < 190


def impact_speed(gap: float, v: float, tau: float, b: float) -> float:
    """Speed at contact with what stands, or 0, if the system alone brakes, all at once."""
    active, dt = NONE, 1e-3
    while v > 0.0:
        active, demand = aeb(gap, v, 0.0, 0.0, tau, tau, tau, 0.0, b, active)
        at = reach(gap, v, -demand, dt)
        if not math.isnan(at):
            return v - demand * at
        ds, v = travel(v, -demand, 0.0, dt)
        gap -= ds
    return v


@pytest.mark.parametrize("v", [8.0, 14.0, 25.0])
@pytest.mark.parametrize("tau", [0.5, 1.0, 1.6])
def test_full_braking_at_a_time_to_collision_leaves_the_closed_form(v: float, tau: float) -> None:
    b = 9.0
    closed = math.sqrt(max(0.0, v * v - 2.0 * b * v * tau))
    assert impact_speed(v * tau, v, tau, b) == pytest.approx(closed, rel=1e-9, abs=1e-12)
    # from further away the threshold is met up to a step of 1 ms late
    late = b * v * 1e-3 / closed if closed > 0.0 else 0.0
    assert closed - 1e-9 <= impact_speed(3.0 * v * tau, v, tau, b) <= closed + late + 1e-9


def test_the_stages_follow_each_other_and_are_held() -> None:
    def stage(gap: float, speed: float, lead: float, active: int) -> tuple[int, float]:
        return aeb(gap, speed, lead, 0.0, 2.6, 1.6, 0.9, 4.0, 9.0, active)

    assert stage(60.0, 20.0, 0.0, NONE) == (NONE, 0.0)
    assert stage(50.0, 20.0, 0.0, NONE) == (WARN, 0.0)
    assert stage(30.0, 20.0, 0.0, NONE) == (PARTIAL, 4.0)
    assert stage(17.0, 20.0, 0.0, NONE) == (FULL, 9.0)
    # crawling up to a queue: a short time to collision, but comfort does
    assert stage(1.5, 2.0, 0.0, NONE) == (NONE, 0.0)
    # 0.8 s, yet braking in part still does
    assert stage(4.0, 5.0, 0.0, NONE) == (PARTIAL, 4.0)
    # once braking, it goes on until the danger is over
    assert stage(4.0, 5.0, 0.0, FULL) == (FULL, 9.0)
    assert stage(20.0, 5.0, 0.0, FULL) == (FULL, 9.0)
    assert stage(30.0, 5.0, 0.0, FULL) == (NONE, 0.0)
    assert stage(4.0, 5.0, 6.0, FULL) == (NONE, 0.0)
    assert stage(30.0, 20.0, 0.0, WARN) == (PARTIAL, 4.0)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    gap=st.floats(0.1, 120.0),
    nearer=st.floats(0.0, 1.0),
    speed=st.floats(0.0, 40.0),
    lead=st.floats(0.0, 40.0),
    lead_accel=st.floats(-8.0, 2.0),
)
def test_nearer_is_never_less_dangerous(
    gap: float, nearer: float, speed: float, lead: float, lead_accel: float
) -> None:
    far, near = (
        aeb(s, speed, lead, lead_accel, 2.6, 1.6, 0.9, 4.0, 9.0, NONE)[0]
        for s in (gap, gap * nearer)
    )
    assert near >= far


def test_a_leader_that_accelerates_is_not_trusted_to() -> None:
    assert aeb(10.0, 20.0, 12.0, 3.0, 2.6, 1.6, 0.9, 4.0, 9.0, NONE) == (PARTIAL, 4.0)


def test_a_braking_leader_counts_as_one_that_will_stand() -> None:
    steady = aeb(15.0, 20.0, 20.0, 0.0, 2.6, 1.6, 0.9, 4.0, 9.0, NONE)
    braking = aeb(5.0, 20.0, 20.0, -8.0, 2.6, 1.6, 1.2, 4.0, 9.0, NONE)
    assert steady == (NONE, 0.0)
    assert braking == (FULL, 9.0)

"""Measures in the plane against looking at every moment with shapely."""

from __future__ import annotations

import dataclasses
import math

import naive_criticality as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_criticality import User

from sim.criticality import RoadUser, dce, distance, ttc, ttc_2d, ttce, wttc

BEFORE = np.linspace(0.0, 1.0, 200, endpoint=False)


def draw(n: int, seed: int, *, accel: bool) -> list[tuple[User, User]]:
    """Pairs some 25 m apart of which the first mostly heads for the second."""
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(n):
        at, away = rng.uniform(-50.0, 50.0, 2), rng.uniform(-math.pi, math.pi)
        there = at + rng.uniform(5.0, 30.0) * np.array([math.cos(away), math.sin(away)])
        yaws = away + rng.normal(0.0, 0.3), rng.uniform(-math.pi, math.pi)
        users = []
        for place, yaw in zip((at, there), yaws):
            size = rng.uniform([0.4, 0.4], [13.0, 2.6])
            rate = float(rng.choice([0.0, rng.uniform(-8.0, 3.0)])) if accel else 0.0
            speed = float(rng.choice([0.0, rng.uniform(0.0, 25.0)], p=[0.2, 0.8]))
            users.append(User(*place, yaw, speed, *size, rate))
        out.append((users[0], users[1]))
    return out


def stacked(users: list[User], *, accel: bool = False) -> RoadUser:
    names = [field.name for field in dataclasses.fields(User)]
    columns = {name: np.array([getattr(user, name) for user in users]) for name in names}
    return RoadUser(**columns) if accel else RoadUser(**columns | {"accel": None})


@pytest.mark.parametrize("accel", [False, True])
def test_boxes_first_touch_when_ttc_2d_says(accel: bool) -> None:
    cases = draw(250, 31, accel=accel)
    one, two = (stacked([case[k] for case in cases], accel=accel) for k in (0, 1))
    times = ttc_2d(one, two)
    met = np.isfinite(times)
    assert 0.2 < met.mean() < 0.8
    assert (times == 0.0).any()
    for (a, b), t in zip(cases, times):
        if np.isfinite(t):
            assert naive.distance(a, b, t) < 1e-6
            assert t == 0.0 or naive.distance(a, b, t * BEFORE).min() > 0.0
        else:
            assert naive.distance(a, b, np.linspace(0.0, 12.0, 400)).min() > 0.0


def test_acceleration_of_nothing_changes_nothing() -> None:
    cases = draw(3000, 5, accel=False)
    one, two = (stacked([case[k] for case in cases]) for k in (0, 1))
    still = dataclasses.replace(one, accel=0.0)
    np.testing.assert_allclose(ttc_2d(still, two), ttc_2d(one, two), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        ttc_2d(still, dataclasses.replace(two, accel=0.0)), ttc_2d(one, two), rtol=1e-9, atol=1e-9
    )


def test_along_a_line_the_plane_knows_nothing_new() -> None:
    g, v, u = np.random.default_rng(2).uniform([0.1, 0.0, 0.0], [80.0, 30.0, 30.0], (1000, 3)).T
    ego = RoadUser(0.0, 0.0, 0.7, v, 4.0, 2.0)
    lead = RoadUser((g + 7.0) * np.cos(0.7), (g + 7.0) * np.sin(0.7), 0.7, u, 10.0, 2.5)
    np.testing.assert_allclose(ttc_2d(ego, lead), ttc(g, v, u), rtol=1e-9)
    np.testing.assert_allclose(distance(ego, lead), g, rtol=1e-9)


def test_a_leader_that_brakes_to_a_stand_is_met_where_it_stands() -> None:
    ego = RoadUser(0.0, 0.0, 0.0, 10.0, 4.0, 2.0)
    for brake in (2.0, 5.0, 50.0):
        stop = 10.0**2 / (2.0 * brake)
        lead = RoadUser(24.0, 0.0, 0.0, 10.0, 4.0, 2.0, accel=-brake)
        slowing = math.sqrt(2.0 * 20.0 / brake)  # while it still rolls
        want = slowing if slowing <= 10.0 / brake else (20.0 + stop) / 10.0
        assert ttc_2d(ego, lead) == pytest.approx(want, rel=1e-9)
    # both stop before they touch: no time to collision at all
    assert (
        ttc_2d(
            RoadUser(0.0, 0.0, 0.0, 10.0, 4.0, 2.0, accel=-5.0),
            RoadUser(0.0 + 18.0, 0.0, math.pi, 4.0, 4.0, 2.0, accel=-4.0),
        )
        == np.inf
    )
    # one that stands stays there however hard it brakes
    assert ttc_2d(ego, RoadUser(24.0, 0.0, 0.0, 0.0, 4.0, 2.0, accel=-9.0)) == pytest.approx(2.0)


def test_equal_velocities_never_meet_even_when_their_headings_are_turns_apart() -> None:
    ego = RoadUser(0.0, 0.0, 0.3, 15.0, 4.0, 2.0)
    for turns in (0.0, 2.0 * math.pi, -4.0 * math.pi):
        lead = RoadUser(30.0, 3.0, 0.3 + turns, 15.0, 4.0, 2.0)
        assert ttc_2d(ego, lead) == np.inf
        assert ttc_2d(ego, dataclasses.replace(lead, accel=0.0)) == np.inf
        assert ttce(ego, lead) == 0.0
        assert dce(ego, lead) == pytest.approx(float(distance(ego, lead)), rel=1e-9)


def test_contact_counts_also_while_parting_and_a_corner_is_contact() -> None:
    ego = RoadUser(0.0, 0.0, 0.0, 0.0, 4.0, 2.0)
    away = RoadUser([3.0, 4.0, 4.0, 4.0], [0.0, 0.0, 2.0, 2.0001], 0.0, 9.0, 4.0, 2.0)
    assert ttc_2d(ego, away).tolist() == [0.0, 0.0, 0.0, np.inf]


def test_the_distance_of_boxes_is_shapelys() -> None:
    cases = draw(1000, 8, accel=False)
    near = [(a, dataclasses.replace(b, x=a.x + 0.4 * (b.x - a.x), y=a.y)) for a, b in cases]
    for each in (cases, near):
        one, two = (stacked([case[k] for case in each]) for k in (0, 1))
        want = [float(naive.distance(a, b, np.array(0.0))) for a, b in each]
        np.testing.assert_allclose(distance(one, two), want, atol=1e-9)
    assert 0.05 < np.mean(np.array(want) == 0.0) < 0.95


def test_the_closest_encounter_is_the_least_distance_of_the_centres() -> None:
    cases = draw(100, 9, accel=False)
    one, two = (stacked([case[k] for case in cases]) for k in (0, 1))
    t = np.linspace(0.0, 20.0, 20_001)
    for (a, b), at, apart in zip(cases, ttce(one, two), dce(one, two)):
        dx = b.x - a.x + b.way(t) * math.cos(b.yaw) - a.way(t) * math.cos(a.yaw)
        dy = b.y - a.y + b.way(t) * math.sin(b.yaw) - a.way(t) * math.sin(a.yaw)
        moving = math.hypot(dx[-1] - dx[0], dy[-1] - dy[0]) > 1e-6
        if at < 20.0 and moving:
            assert t[np.hypot(dx, dy).argmin()] == pytest.approx(at, abs=2e-3)
        assert apart == pytest.approx(float(naive.distance(a, b, np.array(at))), abs=1e-6)


def test_the_worst_case_is_the_first_moment_at_which_the_growing_circles_meet() -> None:
    cases = draw(60, 10, accel=False)
    rng = np.random.default_rng(1)
    a1, a2 = rng.uniform(3.0, 9.0, (2, len(cases)))
    one, two = (stacked([case[k] for case in cases]) for k in (0, 1))
    got = wttc(one, two, a1, a2)
    want = [naive.wttc(a, b, p, q, 20.0) for (a, b), p, q in zip(cases, a1, a2)]
    assert np.isfinite(want).all()
    np.testing.assert_allclose(got, want, atol=5.01e-4)
    free = wttc(one, two, 0.0, 0.0)
    slow = np.array([naive.wttc(a, b, 0.0, 0.0, 12.0) for a, b in cases])
    both = np.isfinite(slow)
    assert 0.2 < both.mean() < 0.95
    np.testing.assert_allclose(free[both], slow[both], atol=5.01e-4)
    assert (free[~both] > 11.99).all()


def test_no_case_is_worse_than_the_worst() -> None:
    cases = draw(2000, 12, accel=True)
    one, two = (stacked([case[k] for case in cases], accel=True) for k in (0, 1))
    worst = wttc(one, two, np.abs(one.accel), np.abs(two.accel))
    assert (worst <= ttc_2d(one, two) + 1e-9).all()
    assert (np.diff([wttc(one, two, a, 2.0) for a in (0.0, 1.0, 4.0, 9.0)], axis=0) <= 0).all()


METRES = st.floats(-40.0, 40.0)
# steps, for two velocities that differ by rounding alone are a case of their own above
ANGLE = st.integers(-314, 314).map(lambda k: 0.01 * k)
SPEED = st.integers(0, 300).map(lambda k: 0.1 * k)
USER = st.builds(User, METRES, METRES, ANGLE, SPEED, st.floats(0.3, 14.0), st.floats(0.3, 3.0))


def moved(user: User, x: float, y: float, turn: float) -> User:
    c, s = math.cos(turn), math.sin(turn)
    place = {"x": x + c * user.x - s * user.y, "y": y + s * user.x + c * user.y}
    return dataclasses.replace(user, **place, yaw=user.yaw + turn)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(USER, USER, METRES, METRES, ANGLE)
def test_place_direction_and_order_do_not_matter(
    a: User, b: User, x: float, y: float, turn: float
) -> None:
    far, near = moved(a, x, y, turn), moved(b, x, y, turn)
    # a graze may fall to either side, but not further than for boxes a hair larger or smaller
    soonest, latest = (
        float(ttc_2d(dataclasses.replace(a, length=a.length + d, width=a.width + d), b))
        for d in (1e-6, -1e-6)
    )
    for got in (ttc_2d(a, b), ttc_2d(b, a), ttc_2d(far, near)):
        assert soonest - 1e-9 <= float(got) <= latest + 1e-9
    for measure in (dce, distance):
        want = float(measure(a, b))
        assert float(measure(b, a)) == pytest.approx(want, abs=1e-6)
        assert float(measure(far, near)) == pytest.approx(want, abs=1e-6)
    want = float(wttc(a, b, 3.0, 4.0))
    assert float(wttc(b, a, 4.0, 3.0)) == pytest.approx(want, abs=1e-6)
    assert float(wttc(far, near, 3.0, 4.0)) == pytest.approx(want, abs=1e-6)


def test_sooner_when_bigger_and_never_later_than_when_smaller() -> None:
    cases = draw(2000, 14, accel=True)
    one, two = (stacked([case[k] for case in cases], accel=True) for k in (0, 1))
    bigger = dataclasses.replace(one, length=one.length + 1.0, width=one.width + 0.5)  # type: ignore[operator]
    assert (ttc_2d(bigger, two) <= ttc_2d(one, two)).all()

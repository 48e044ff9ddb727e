"""Where boxes touch and what it does to their speeds, against shapely and conservation."""

from __future__ import annotations

import math

import naive_contact as naive
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.laws.contact import first_contact
from sim.laws.impact import TOUCH_M, Side, common_velocity, contact_point, contact_side
from sim.laws.overlap import separation

Floats = NDArray[np.float64]

CAR = (0.0, 4.5, 1.8)  # yaw, length, width


@pytest.mark.parametrize(
    ("dx", "dy", "yaw", "side", "other"),
    [
        (4.5, 0.3, 0.0, Side.FRONT, Side.REAR),  # runs into one ahead
        (-4.5, -0.3, 0.0, Side.REAR, Side.FRONT),  # is run into from behind
        (4.5, 0.0, math.pi, Side.FRONT, Side.FRONT),  # head-on
        (1.0, 1.8, 0.0, Side.LEFT, Side.RIGHT),  # side-swipe on the left
        (-1.0, -1.8, 0.0, Side.RIGHT, Side.LEFT),  # and on the right
        (0.4, 3.15, -0.5 * math.pi, Side.LEFT, Side.FRONT),  # struck from the left
        (0.4, -3.15, 0.5 * math.pi, Side.RIGHT, Side.FRONT),  # struck from the right
        (3.15, 0.5, 0.5 * math.pi, Side.FRONT, Side.LEFT),  # drives into one that crosses
        (3.15, 0.5, -0.5 * math.pi, Side.FRONT, Side.RIGHT),
    ],
)
def test_the_sides_of_plain_accidents(
    dx: float, dy: float, yaw: float, side: Side, other: Side
) -> None:
    second = (yaw, *CAR[1:])
    assert contact_side(dx, dy, *CAR, *second) == side
    assert contact_side(-dx, -dy, *second, *CAR) == other


def meetings(n: int, seed: int) -> list[tuple[Floats, Floats]]:
    """Pairs of boxes at the instant at which they first touch."""
    rng = np.random.default_rng(seed)
    out = []
    while len(out) < n:
        yaw, yaw2, course = rng.uniform(-math.pi, math.pi, 3)
        l1, w1, l2, w2 = rng.uniform([3.5, 1.6, 1.0, 0.5], [12.0, 2.5, 12.0, 2.5])
        x, y = 30.0 * math.cos(course), 30.0 * math.sin(course)
        off = rng.uniform(-3.0, 3.0)
        mx, my = -x + off * math.sin(course), -y - off * math.cos(course)
        at = first_contact(x, y, mx, my, yaw, 0.0, l1, w1, yaw2, 0.0, l2, w2)
        if math.isfinite(at):
            second = np.array([x + at * mx, y + at * my, yaw2, l2, w2])
            first = np.array([0.0, 0.0, yaw, l1, w1])
            if separation(*args(first, second)) > -1e-5:  # not the few that were noticed late
                out.append((first, second))
    return out


def args(a: Floats, b: Floats) -> tuple[float, ...]:
    return (b[0] - a[0], b[1] - a[1], *a[2:], *b[2:])


def test_the_side_is_one_on_which_shapely_finds_the_contact() -> None:
    seen = set()
    for a, b in meetings(600, 1):
        one, two = naive.polygons(a).item(), naive.polygons(b).item()
        spot = shapely.shortest_line(one, two).centroid
        side = Side(contact_side(*args(a, b)))
        assert naive.edge_distances(a, spot)[side.name.lower()] < 1e-4
        seen.add(side)
    assert seen == set(Side)


def test_the_two_sides_face_each_other() -> None:
    for a, b in meetings(600, 2):
        side, other = contact_side(*args(a, b)), contact_side(*args(b, a))
        normal, back = _normal(a, side), _normal(b, other)
        assert float(normal @ back) < 1e-9 - math.cos(0.25 * math.pi) + 1e-9


def _normal(box: Floats, side: int) -> Floats:
    turn = {Side.FRONT: 0.0, Side.LEFT: 0.5, Side.REAR: 1.0, Side.RIGHT: 1.5}[Side(side)]
    return np.array([math.cos(box[2] + turn * math.pi), math.sin(box[2] + turn * math.pi)])


def test_the_point_is_the_middle_of_the_corners_that_touch() -> None:
    for a, b in meetings(600, 3):
        spots = []
        for one, two in ((a, b), (b, a)):
            grown = two + np.array([0.0, 0.0, 0.0, 2.0 * TOUCH_M, 2.0 * TOUCH_M])
            ring = shapely.get_coordinates(naive.polygons(one).item())[:4]
            spots += [c for c in ring if naive.polygons(grown).item().covers(shapely.Point(c))]
        got = contact_point(*args(a, b))
        assert spots
        assert got == pytest.approx(tuple(np.mean(spots, axis=0)), abs=1e-9)
        for box in (a, b):
            assert naive.polygons(box).item().distance(shapely.Point(got)) < 2.0 * TOUCH_M


def test_the_point_of_a_square_contact_is_mid_overlap() -> None:
    assert contact_point(4.5, 0.6, *CAR, *CAR) == pytest.approx((2.25, 0.3))
    assert contact_point(1.5, 1.8, *CAR, *CAR) == pytest.approx((0.75, 0.9))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    masses=st.tuples(st.floats(1.0, 4e4), st.floats(1.0, 4e4)),
    speeds=st.tuples(*[st.floats(-60.0, 60.0)] * 4),
)
def test_momentum_stays_and_the_lighter_takes_the_change(
    masses: tuple[float, float], speeds: tuple[float, float, float, float]
) -> None:
    (m, m2), (vx, vy, ux, uy) = masses, speeds
    x, y = common_velocity(m, vx, vy, m2, ux, uy)
    scale = 1e-12 * (m + m2) * 60.0
    assert (m + m2) * x == pytest.approx(m * vx + m2 * ux, abs=scale)
    assert (m + m2) * y == pytest.approx(m * vy + m2 * uy, abs=scale)
    met = math.hypot(vx - ux, vy - uy)
    assert math.hypot(x - vx, y - vy) == pytest.approx(m2 / (m + m2) * met, abs=1e-9)
    assert math.hypot(x - ux, y - uy) == pytest.approx(m / (m + m2) * met, abs=1e-9)
    before = m * (vx**2 + vy**2) + m2 * (ux**2 + uy**2)
    assert (m + m2) * (x**2 + y**2) <= before * (1.0 + 1e-12) + 1e-9

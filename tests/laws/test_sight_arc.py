"""Sight past boxes against shapely; arcs against small steps, and there and back."""

from __future__ import annotations

import math

import naive_contact as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.laws.arc import arc_place, arc_point
from sim.laws.sight import hides


def test_a_box_hides_what_shapely_says() -> None:
    rng = np.random.default_rng(1)
    hidden = 0
    for _ in range(4_000):
        x1, y1, x2, y2 = rng.uniform(-10.0, 10.0, 4)
        if rng.random() < 0.2:
            x2 = x1  # a glance straight across
        box = rng.uniform([-3.0, -3.0, -math.pi, 0.2, 0.2], [3.0, 3.0, math.pi, 12.0, 3.0])
        if rng.random() < 0.2:
            box[2] = 0.5 * math.pi * rng.integers(-2, 3)
        inside = naive.hides(x1, y1, x2, y2, box)
        if 0.0 < inside < 1e-6:
            continue  # grazes a corner
        hidden += inside > 0.0
        assert hides(x1, y1, x2, y2, *box) == (inside > 0.0)
        assert hides(x2, y2, x1, y1, *box) == (inside > 0.0)
    assert 800 < hidden < 3_200


def test_a_glance_along_a_wall_or_from_its_corner_is_free() -> None:
    box = (0.0, 0.0, 0.0, 4.0, 2.0)
    assert not hides(-5.0, 1.0, 5.0, 1.0, *box)
    assert not hides(2.0, 1.0, 5.0, 4.0, *box)
    assert not hides(-5.0, 0.0, -2.0, 0.0, *box)
    assert hides(-5.0, 0.0, -1.9, 0.0, *box)
    assert hides(0.1, 0.1, 0.2, 0.3, *box)  # who is inside sees nothing
    assert not hides(0.1, 0.1, 0.1, 0.1, 9.0, 9.0, 0.0, 4.0, 2.0)


def test_a_place_on_an_arc_is_where_small_steps_lead() -> None:
    rng = np.random.default_rng(2)
    for _ in range(200):
        x, y, heading, k, s, d = rng.uniform(
            [-50.0, -50.0, -math.pi, -0.1, -200.0, -8.0], [50.0, 50.0, math.pi, 0.1, 200.0, 8.0]
        )
        k *= rng.choice([0.0, 1e-7, 1e-3, 1.0])
        twin = naive.arc_point(x, y, heading, k, s, d)
        assert arc_point(x, y, heading, k, s, d) == pytest.approx(twin, abs=1e-5)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    start=st.tuples(st.floats(-500.0, 500.0), st.floats(-500.0, 500.0), st.floats(-4.0, 4.0)),
    radius=st.one_of(st.floats(6.0, 5_000.0), st.floats(1e4, 1e9), st.just(math.inf)),
    left=st.booleans(),
    turn=st.floats(-3.1, 3.1),
    way=st.floats(-500.0, 500.0),
    d=st.floats(-5.5, 5.5),
)
def test_there_and_back_along_an_arc(
    start: tuple[float, float, float],
    radius: float,
    left: bool,
    turn: float,
    way: float,
    d: float,
) -> None:
    curvature = (1.0 if left else -1.0) / radius
    most = abs(turn) * radius if curvature else math.inf
    s = math.copysign(min(most, abs(way)), way)
    px, py, _ = arc_point(*start, curvature, s, d)
    assert arc_place(*start, curvature, px, py) == pytest.approx((s, d), abs=1e-6)

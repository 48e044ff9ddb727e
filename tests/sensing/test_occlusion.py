"""Shadows of boxes on the image line, against a count of rays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.laws.ray import ray_box
from sim.sensing.occlusion import NEAR_M, shadow, visible_share


def test_shadow_of_a_box_straight_ahead() -> None:
    low, high = shadow(12.0, 0.0, 1.0, 0.0, 4.0, 2.0)
    assert (low, high) == pytest.approx((-0.1, 0.1))  # its near corners: 1 m aside at 10 m


def test_shadow_of_a_box_across() -> None:
    low, high = shadow(11.0, 0.0, 0.0, 1.0, 4.0, 2.0)
    assert (low, high) == pytest.approx((-0.2, 0.2))


def test_a_box_behind_has_no_shadow() -> None:
    low, high = shadow(-5.0, 1.0, 1.0, 0.0, 4.0, 2.0)
    assert low > high


def test_a_box_beside_the_sensor_reaches_to_the_edge_of_the_image() -> None:
    _, high = shadow(1.0, 3.0, 1.0, 0.0, 4.0, 2.0)
    assert high == pytest.approx(4.0 / NEAR_M)


@given(
    st.lists(
        st.tuples(st.floats(-1, 1, width=32), st.floats(0.125, 1, width=32)),
        min_size=2,
        max_size=7,
    )
)
@settings(deadline=None, max_examples=60)
def test_visible_share_is_the_share_of_free_points(pairs: list[tuple[float, float]]) -> None:
    low = np.array([a for a, _ in pairs])
    high = low + np.array([w for _, w in pairs])
    k = len(pairs) - 1
    at = low[k] + (np.arange(4000) + 0.5) / 4000 * (high[k] - low[k])
    free = np.ones(len(at), dtype=bool)
    halves = 0
    for i in range(k):
        free &= ~((low[i] <= at) & (at < high[i]))
        halves += min(high[i], high[k]) - max(low[i], low[k]) > 0.5 * (high[k] - low[k])
    share, hider = visible_share(low, high, k)
    assert share == pytest.approx(free.mean(), abs=2e-3)
    assert (hider == -1, hider == -2) == (halves == 0, halves > 1)


@given(
    st.floats(0, 6.28),
    st.floats(5, 40),
    st.floats(-3.1, 3.1),
    st.floats(0, 6.28),
)
@settings(deadline=None, max_examples=60)
def test_a_ray_ends_on_the_box_or_passes_it_by(
    beam: float, distance: float, at: float, yaw: float
) -> None:
    x, y = distance * np.cos(at), distance * np.sin(at)
    t = ray_box(np.cos(beam), np.sin(beam), x, y, np.cos(yaw), np.sin(yaw), 5.0, 2.0)
    walk = np.arange(0.0, 60.0, 0.01)
    dx, dy = walk * np.cos(beam) - x, walk * np.sin(beam) - y
    ahead = np.abs(dx * np.cos(yaw) + dy * np.sin(yaw))
    aside = np.abs(dy * np.cos(yaw) - dx * np.sin(yaw))
    inside = (ahead <= 2.5) & (aside <= 1.0)
    if inside.any():
        assert t == pytest.approx(walk[inside][0], abs=0.011)
    elif not np.isinf(t):  # a corner grazed between two samples
        assert ((ahead < 2.52) & (aside < 1.02)).any()

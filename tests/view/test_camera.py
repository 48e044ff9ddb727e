"""Pixels and metres agree both ways."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.view.camera import Camera, corners

metres = st.floats(-1e4, 1e4)
angles = st.floats(-7.0, 7.0)


@given(metres, metres, angles, st.floats(0.05, 50.0), metres, metres)
def test_ground_is_the_inverse_of_pixels(
    x: float, y: float, yaw: float, scale: float, px: float, py: float
) -> None:
    camera = Camera(x, y, scale, 640, 360, left=7, top=9, yaw=yaw)
    u, v = camera.pixels(np.array(px), np.array(py))
    assert camera.ground(float(u), float(v)) == pytest.approx((px, py), abs=1e-6)


def test_north_is_up_and_east_is_right() -> None:
    camera = Camera(0.0, 0.0, 10.0, 100, 80)
    assert camera.pixels(np.array(0.0), np.array(0.0)).tolist() == [50.0, 40.0]
    assert camera.pixels(np.array(1.0), np.array(2.0)).tolist() == [60.0, 20.0]


@given(angles, st.floats(0.5, 20.0), st.floats(0.3, 3.0))
def test_corners_span_the_box_in_order(yaw: float, length: float, width: float) -> None:
    one = np.ones(1)
    box = corners(3.0 * one, -4.0 * one, yaw * one, length * one, width * one)[0]
    sides = np.hypot(*np.diff(np.vstack([box, box[:1]]), axis=0).T)
    assert sides == pytest.approx([length, width, length, width])
    assert box.mean(axis=0) == pytest.approx([3.0, -4.0])
    x, y = box.T
    area = 0.5 * float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
    assert area == pytest.approx(length * width)

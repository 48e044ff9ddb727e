"""The plane's laws as the engine would call them: one pair, plain floats, worked by hand."""

import math

import pytest

from sim.laws.closest import box_distance, closest_time
from sim.laws.ttc_2d import ttc_2d
from sim.laws.ttc_2d_accel import stop_time, ttc_2d_accel
from sim.laws.wttc import wttc

RIGHT = 0.5 * math.pi


def test_boxes_in_line_and_boxes_that_cross() -> None:
    assert ttc_2d(34.0, 0.0, -10.0, 0.0, 0.0, 4.0, 2.0, 0.0, 4.0, 2.0) == 3.0
    assert ttc_2d(34.0, 0.0, 10.0, 0.0, 0.0, 4.0, 2.0, 0.0, 4.0, 2.0) == math.inf
    assert ttc_2d(3.0, 0.0, 10.0, 0.0, 0.0, 4.0, 2.0, 0.0, 4.0, 2.0) == 0.0
    # the first at 10 m/s eastward, the second at 5 m/s northward: fronts 27 and 8 m away
    got = ttc_2d(30.0, -11.0, -10.0, 5.0, 0.0, 4.0, 2.0, RIGHT, 4.0, 2.0)
    assert got == pytest.approx(2.7)
    # a second later on the way the other is through: rear at -11 - 2 + 5 t > 1 from 2.8 s on
    late = ttc_2d(33.0, -11.0, -10.0, 5.0, 0.0, 4.0, 2.0, RIGHT, 4.0, 2.0)
    assert late == math.inf


def test_corner_to_corner() -> None:
    # a square on its corner, half a diagonal of sqrt(2): touches the flank in the corner's line
    got = ttc_2d(10.0, 0.0, -2.0, 0.0, 0.0, 4.0, 2.0, 0.25 * math.pi, 2.0, 2.0)
    assert got == pytest.approx((10.0 - 2.0 - math.sqrt(2.0)) / 2.0)
    away = box_distance(10.0, 9.0, 0.0, 4.0, 2.0, 0.25 * math.pi, 2.0, 2.0)
    # nearest are the first's corner (2, 1) and the second's flank facing it
    assert away == pytest.approx((8.0 + 8.0) / math.sqrt(2.0) - 1.0)


def test_accelerations_end_at_a_stand() -> None:
    assert [stop_time(8.0, -4.0), stop_time(-8.0, 4.0), stop_time(0.0, -1.0)] == [2.0, 2.0, 0.0]
    assert [stop_time(8.0, 4.0), stop_time(8.0, 0.0), stop_time(0.0, 1.0)] == [math.inf] * 3
    # 8 m/s and -4 m/s²: 8 m and no further
    for gap, want in ((7.5, 1.5), (8.0, 2.0), (8.5, math.inf)):
        got = ttc_2d_accel(gap + 4.0, 0.0, 0.0, 8.0, -4.0, 4.0, 2.0, 0.0, 0.0, 0.0, 4.0, 2.0)
        assert got == pytest.approx(want, abs=1e-4)
    # from a stand at 2 m/s²: 9 m in 3 s
    got = ttc_2d_accel(13.0, 0.0, 0.0, 0.0, 2.0, 4.0, 2.0, 0.0, 0.0, 0.0, 4.0, 2.0)
    assert got == pytest.approx(3.0)


def test_nearest_and_worst() -> None:
    assert closest_time(30.0, 5.0, -15.0, 0.0) == 2.0
    assert closest_time(30.0, 5.0, 15.0, 0.0) == 0.0
    assert closest_time(30.0, 5.0, 0.0, 0.0) == 0.0
    assert wttc(13.0, 0.0, 0.0, 0.0, 5.0, 4.0) == pytest.approx(2.0, rel=1e-12)
    assert wttc(30.0, 0.0, -10.0, 0.0, 5.0, 0.0) == 2.5
    assert wttc(30.0, 6.0, -10.0, 0.0, 5.0, 0.0) == math.inf
    assert wttc(3.0, 4.0, 9.0, 9.0, 5.0, 0.0) == 0.0
    # 25 = 10 t + ½ 5 t² + 5 at t = -2 + sqrt(12)
    assert wttc(25.0, 0.0, -10.0, 0.0, 5.0, 5.0) == pytest.approx(math.sqrt(12.0) - 2.0)

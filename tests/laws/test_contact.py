"""Boxes: overlap against shapely, swept contact against looking every millisecond."""

import math

import naive
import numpy as np
import pytest
import shapely

from sim.base.geometry import corners, wrap_angle
from sim.laws.contact import first_contact
from sim.laws.overlap import separation


def boxes(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    low, high = [-4.0, -4.0, -math.pi, 0.3, 0.3], [4.0, 4.0, math.pi, 13.0, 2.6]
    return rng.uniform(low, high, (n, 5))


def apart(a: np.ndarray, b: np.ndarray) -> float:
    return separation(b[0] - a[0], b[1] - a[1], a[2], a[3], a[4], b[2], b[3], b[4])


def test_overlap_agrees_with_shapely_on_twenty_thousand_pairs() -> None:
    first, second = boxes(20_000, 1), boxes(20_000, 2)
    truth = shapely.intersects(
        shapely.polygons(corners(*first.T)), shapely.polygons(corners(*second.T))
    )
    got = np.array([apart(a, b) for a, b in zip(first, second)])
    clear = np.abs(got) > 1e-9
    assert clear.mean() > 0.999
    assert 0.2 < truth.mean() < 0.8
    np.testing.assert_array_equal(got[clear] <= 0.0, truth[clear])


def test_the_separation_is_never_more_than_the_distance() -> None:
    first, second = boxes(2_000, 3), boxes(2_000, 4)
    true = shapely.distance(
        shapely.polygons(corners(*first.T)), shapely.polygons(corners(*second.T))
    )
    got = np.array([apart(a, b) for a, b in zip(first, second)])
    assert (np.maximum(got, 0.0) <= true + 1e-9).all()


def sweep(a: np.ndarray, a2: np.ndarray, b: np.ndarray, b2: np.ndarray) -> float:
    return first_contact(
        b[0] - a[0],
        b[1] - a[1],
        b2[0] - a2[0] - b[0] + a[0],
        b2[1] - a2[1] - b[1] + a[1],
        a[2],
        a2[2] - a[2],
        a[3],
        a[4],
        b[2],
        b2[2] - b[2],
        b[3],
        b[4],
    )


def test_swept_contact_agrees_with_a_look_every_millisecond() -> None:
    rng = np.random.default_rng(7)
    found = late = 0
    for a, b in zip(boxes(300, 5), boxes(300, 6)):
        b[:2] += rng.uniform(-6.0, 6.0, 2)
        a2, b2 = a.copy(), b.copy()
        a2[:3] += rng.uniform([-4.0, -1.0, -0.2], [4.0, 1.0, 0.2])
        b2[:3] += rng.uniform([-4.0, -1.0, -0.2], [4.0, 1.0, 0.2])
        got = sweep(a, a2, b, b2)
        brute = naive.first_contact(tuple(a), tuple(a2), tuple(b), tuple(b2), 100)
        if not math.isnan(brute):
            found += 1
            assert brute - 0.01 < got < brute + 1.0 / 256.0
            late += got > brute
        elif not math.isnan(got):
            # a graze between two looks: at that instant the boxes must truly touch
            one = tuple(a + got * (a2 - a))
            two = tuple(b + got * (b2 - b))
            assert naive.polygon(one).distance(naive.polygon(two)) < 1e-5
    assert 50 < found < 290
    assert late <= 0.03 * found  # only where boxes slide along each other


def test_nothing_jumps_over_anything() -> None:
    # 100 m in one step across a post of 10 cm, square on and along its flank
    assert sweep(
        np.array([0.0, 0.0, 0.0, 4.5, 1.8]),
        np.array([100.0, 0.0, 0.0, 4.5, 1.8]),
        np.array([50.0, 0.5, 0.0, 0.1, 0.1]),
        np.array([50.0, 0.5, 0.0, 0.1, 0.1]),
    ) == pytest.approx(0.477, abs=1e-6)
    assert math.isnan(
        sweep(
            np.array([0.0, 0.0, 0.0, 4.5, 1.8]),
            np.array([100.0, 0.0, 0.0, 4.5, 1.8]),
            np.array([50.0, 1.0, 0.0, 0.1, 0.1]),
            np.array([50.0, 1.0, 0.0, 0.1, 0.1]),
        )
    )


def test_angles_wrap_to_the_half_open_circle() -> None:
    np.testing.assert_allclose(
        wrap_angle([-math.pi, math.pi, 7.0]), [math.pi, math.pi, 7.0 - 2 * math.pi]
    )

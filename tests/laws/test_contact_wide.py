"""Boxes in numbers: overlap on a million pairs, swept contact at any speed and turn."""

from __future__ import annotations

import math

import naive_contact as naive
import numpy as np
import pytest
import shapely
from marks import compiled
from numpy.typing import NDArray

from sim.laws.contact import LEAST_ADVANCE, first_contact
from sim.laws.overlap import separation

Floats = NDArray[np.float64]


def boxes(n: int, rng: np.random.Generator, reach: float) -> Floats:
    """From posts of 10 cm to trucks; a third of them square to the axes."""
    low, high = [-reach, -reach, -math.pi, 0.1, 0.1], [reach, reach, math.pi, 13.0, 2.6]
    out = rng.uniform(low, high, (n, 5))
    square = rng.random(n) < 1.0 / 3.0
    out[square, 2] = 0.5 * math.pi * rng.integers(-2, 3, n)[square]
    return out


def gaps(a: Floats, b: Floats) -> Floats:
    dx, dy = b[:, 0] - a[:, 0], b[:, 1] - a[:, 1]
    rows = np.column_stack([dx, dy, a[:, 2:], b[:, 2:]]).tolist()
    return np.array([separation(*row) for row in rows])


def check_overlaps(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = boxes(n, rng, 4.0), boxes(n, rng, 4.0)
    truth = shapely.intersects(naive.polygons(a), naive.polygons(b))
    got = gaps(a, b)
    clear = np.abs(got) > 1e-9
    assert clear.mean() > 0.999
    assert 0.3 < truth.mean() < 0.7
    assert int(((got <= 0.0) != truth)[clear].sum()) == 0
    distance = shapely.distance(naive.polygons(a[:5_000]), naive.polygons(b[:5_000]))
    assert (np.maximum(got[:5_000], 0.0) <= distance + 1e-9).all()


@compiled
def test_overlap_is_shapelys_on_fifty_thousand_pairs() -> None:
    check_overlaps(50_000, 1)


@compiled
@pytest.mark.soak
def test_overlap_is_shapelys_on_a_million_pairs() -> None:
    for seed in range(10):
        check_overlaps(100_000, 10 + seed)


def test_boxes_that_share_an_edge_overlap_and_those_beside_do_not() -> None:
    rng = np.random.default_rng(5)
    places = rng.integers(-6, 7, (2_000, 4)).astype(float)
    sizes = 2.0 * rng.integers(1, 5, (2_000, 4)).astype(float)
    zero = np.zeros(2_000)
    a = np.column_stack([places[:, :2], zero, sizes[:, :2]])
    b = np.column_stack([places[:, 2:], zero, sizes[:, 2:]])
    truth = shapely.intersects(naive.polygons(a), naive.polygons(b))
    got = gaps(a, b)
    assert (got == 0.0).sum() > 100
    np.testing.assert_array_equal(got <= 0.0, truth)


def motions(n: int, rng: np.random.Generator, speed: float) -> tuple[Floats, ...]:
    """Poses of two boxes before and after 0.1 s at up to `speed` [m/s], turning up to 3 rad/s."""
    a, b = boxes(n, rng, 1.0), boxes(n, rng, 0.6 * 0.1 * speed + 5.0)
    ends = []
    for box in (a, b):
        turn = 0.3 * rng.uniform(-1.0, 1.0, n) * (rng.random(n) < 0.7)
        way, course = 0.1 * speed * rng.random(n), rng.uniform(-math.pi, math.pi, n)
        end = box.copy()
        end[:, :3] += np.column_stack([way * np.cos(course), way * np.sin(course), turn])
        ends.append(end)
    return a, ends[0], b, ends[1]


def sweep(a: Floats, a2: Floats, b: Floats, b2: Floats) -> Floats:
    away, move = b[:, :2] - a[:, :2], (b2 - b - a2 + a)[:, :2]
    one = np.column_stack([a[:, 2], (a2 - a)[:, 2], a[:, 3:]])
    two = np.column_stack([b[:, 2], (b2 - b)[:, 2], b[:, 3:]])
    return np.array([first_contact(*row) for row in np.column_stack([away, move, one, two])])


def check_sweep(n: int, speed: float, looks: int, seed: int) -> None:
    a, a2, b, b2 = motions(n, np.random.default_rng(seed), speed)
    got = sweep(a, a2, b, b2)
    brute = naive.first_overlap(a, a2, b, b2, looks)
    both = np.isfinite(got) & np.isfinite(brute)
    missed = np.isnan(got) & np.isfinite(brute)
    late, early = (got - brute)[both], (brute - got)[both]
    print(
        f"{speed} m/s: {both.sum()} of {n} meet, {missed.sum()} missed; "
        f"late {late.max():.1e}, over 1e-5 {(late > 1e-5).mean():.3f}"
    )
    assert 0.1 * n < both.sum() < 0.9 * n
    assert late.max() < LEAST_ADVANCE
    assert (late > 1e-5).mean() < 0.2  # those that pass each other at a small angle
    # never before they touch: where it is earlier than the looks, there is contact
    first = np.flatnonzero(np.isfinite(got))
    shares = got[first]
    there = shapely.distance(
        naive.polygons(naive.between(a[first], a2[first], shares)),
        naive.polygons(naive.between(b[first], b2[first], shares)),
    )
    assert there.max() < 1e-5
    assert early.max() < 2.0 / looks or there[early.argmax()] < 1e-5
    # a graze between two looks of `LEAST_ADVANCE` can be passed over, and is one
    for k in np.flatnonzero(missed):
        span = np.linspace(brute[k], min(brute[k] + 2.0 * LEAST_ADVANCE, 1.0), 200)
        depth = gaps(naive.between(a[k], a2[k], span), naive.between(b[k], b2[k], span))
        assert depth.min() > -0.01
        assert depth[-1] > 0.0 or span[-1] == 1.0
    assert missed.sum() <= 0.003 * n


@compiled
@pytest.mark.parametrize(("speed", "looks"), [(5.0, 100), (40.0, 200), (100.0, 1_000)])
def test_swept_contact_is_that_of_looking_often(speed: float, looks: int) -> None:
    check_sweep(1_500, speed, looks, seed=4)


@compiled
@pytest.mark.soak
@pytest.mark.parametrize("speed", [1.0, 10.0, 40.0, 100.0])
def test_swept_contact_is_that_of_a_look_every_tenth_of_a_millisecond(speed: float) -> None:
    check_sweep(30_000, speed, 1_000, seed=5)


def test_small_boxes_do_not_jump_over_each_other() -> None:
    """Two posts of 10 cm at 100 m/s each: 20 m in a step, met square on, or missed by 1 cm."""
    rng = np.random.default_rng(8)
    for _ in range(500):
        course, share, miss = rng.uniform(-math.pi, math.pi), rng.uniform(0.1, 0.9), rng.random()
        aside = 0.11 if miss < 0.5 else rng.uniform(-0.09, 0.09)
        cos, sin = math.cos(course), math.sin(course)
        x, y = 20.0 * share + 0.1, aside
        args = (x * cos - y * sin, x * sin + y * cos, -20.0 * cos, -20.0 * sin)
        got = first_contact(*args, course, 0.0, 0.1, 0.1, course, 0.0, 0.1, 0.1)
        if aside == 0.11:
            assert math.isnan(got)
        else:
            assert got == pytest.approx(share, abs=1e-6)

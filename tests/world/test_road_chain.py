"""Chains: against Fresnel integrals, continuous, the same wherever they are put."""

import math

import naive_roads
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.base.errors import UserError
from sim.world.road import arc, chain, line, spiral
from sim.world.road.chain import Path, beside, lengths, moved, place
from sim.world.road.foot import foot


def winding(n: int, seed: int) -> Path:
    rng = np.random.default_rng(seed)
    k = rng.uniform(-0.1, 0.1, (2, n))
    return chain(
        line(rng.uniform(0.0, 50.0, n)),
        spiral(rng.uniform(1.0, 10.0, n), 0.0, k[0]),
        arc(rng.uniform(0.0, 12.0, n), k[0]),
        spiral(rng.uniform(1.0, 10.0, n), k[0], k[1]),
        line(5.0),
        x=rng.uniform(-100.0, 100.0, n),
        heading=rng.uniform(-3.0, 3.0, n),
    )


@pytest.mark.parametrize(
    ("length", "start", "end"),
    [(60.0, 0.0, 1 / 110), (60.0, -1 / 110, 0.0), (25.0, 0.0, 1 / 18), (50.0, 0.01, -0.003)],
)
def test_clothoids_of_roads_are_met_within_a_millimetre(length, start, end) -> None:
    path = chain(spiral(length, start, end))
    s = np.linspace(0.0, length, 2001)
    x, y, heading = place(path, s[None])
    true_x, true_y = naive_roads.clothoid(s, length, start, end)
    off = np.hypot(x[0] - true_x, y[0] - true_y)
    assert 1e-5 < off.max() < 1e-3
    assert heading[0, -1] == pytest.approx(0.5 * (start + end) * length, abs=1e-12)
    assert off[-1] < 1e-4


@pytest.mark.parametrize("arcs", [2, 4, 8, 16])
def test_the_stated_bound_of_a_clothoid_holds_and_is_no_more_than_twice_too_large(arcs) -> None:
    length, end = 40.0, 0.005
    s = np.linspace(0.0, length, 4001)
    x, y, _ = place(chain(spiral(length, 0.0, end, arcs)), s[None])
    true_x, true_y = naive_roads.clothoid(s, length, 0.0, end)
    bound = 0.0088 * end / length * (length / (arcs - 2 + math.sqrt(2.0))) ** 3
    assert 0.5 * bound < np.hypot(x[0] - true_x, y[0] - true_y).max() < bound


def test_pieces_begin_where_the_last_ends() -> None:
    path = winding(200, 1)
    before = np.nextafter(path.s[:, 1:], -np.inf)
    x, y, heading = place(path, before)
    np.testing.assert_allclose(x, path.x[:, 1:], atol=1e-9)
    np.testing.assert_allclose(y, path.y[:, 1:], atol=1e-9)
    np.testing.assert_allclose(heading, path.heading[:, 1:], atol=1e-9)
    np.testing.assert_allclose(lengths(path).sum(axis=1), path.length)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(-3.0, 3.0), st.floats(-1e3, 1e3), st.floats(0.0, 40.0))
def test_a_moved_path_is_the_same_path_elsewhere(seed, turn, shift, at) -> None:
    path = winding(3, seed)
    there = moved(path, shift, 7.0, turn, at)
    x, y, heading = place(there, np.array([[at]]))
    np.testing.assert_allclose(x, shift, atol=1e-9)
    np.testing.assert_allclose(y, 7.0, atol=1e-9)
    np.testing.assert_allclose(heading, turn, atol=1e-12)
    s = np.linspace(-5.0, 90.0, 40)[None]
    first, second = place(path, s, 1.5)[:2], place(there, s, 1.5)[:2]
    chord = [
        np.hypot(p[0][:, 1:] - p[0][:, :1], p[1][:, 1:] - p[1][:, :1]) for p in (first, second)
    ]
    np.testing.assert_allclose(chord[0], chord[1], atol=1e-8)


def test_parallel_paths_have_the_distance_everywhere_and_arcs_stay_arcs() -> None:
    path = winding(50, 3)
    d = np.linspace(-4.0, 4.0, 50)
    next_to = beside(path, d)
    x, y, _ = place(next_to, np.linspace(0.0, 1.0, 30) * next_to.length[:, None])
    which = np.repeat(np.arange(50), 30)
    s, off = foot(path, which, x.ravel(), y.ravel())
    inner = (s > 1e-6) & (s < path.length[which] - 1e-6)
    assert inner.mean() > 0.9
    np.testing.assert_allclose(off[inner], d[which][inner], atol=1e-9)


def test_the_foot_of_a_place_beside_a_path_is_that_place() -> None:
    path = winding(60, 5)
    rng = np.random.default_rng(9)
    s, d = rng.uniform(0.0, 1.0, (60, 20)) * path.length[:, None], rng.uniform(-3.0, 3.0, (60, 20))
    x, y, _ = place(path, s, d)
    got = foot(path, np.repeat(np.arange(60), 20), x.ravel(), y.ravel())
    np.testing.assert_allclose(got[0], s.ravel(), atol=1e-8)
    np.testing.assert_allclose(got[1], d.ravel(), atol=1e-8)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: chain(line(-1.0)), "length: expected finite lengths of at least 0, got -1.0"),
        (lambda: chain(line(np.nan)), "length: expected finite lengths"),
        (lambda: chain(arc(1.0, np.inf)), "curvature: expected finite numbers, got inf"),
        (lambda: chain(line([1.0, 2.0]), line([1.0, 2.0, 3.0])), "arrays of one length"),
        (lambda: spiral(1.0, 0.0, 0.1, arcs=1), "at least 2 arcs"),
        (lambda: beside(chain(arc(5.0, 0.5)), 2.5), "radius: expected more than 2.5 m"),
    ],
)
def test_impossible_chains_are_told_in_one_line(make, message) -> None:
    with pytest.raises(UserError, match=message.replace("(", "[(]")) as told:
        make()
    assert "\n" not in str(told.value)

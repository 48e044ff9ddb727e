"""Rays to boxes: against side-by-side crossings, shapely, and the scalar law."""

from __future__ import annotations

import naive_sensing as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon

from sim.base.errors import UserError
from sim.base.geometry import corners
from sim.laws.ray import ray_box
from sim.sensing import cast

REACH = 60.0


def scene(seed: int, scans: int, boxes: int) -> tuple[np.ndarray, np.ndarray]:
    """Origins (S, 3) among boxes (S, B, 5) of all shapes, some of them overlapping."""
    rng = np.random.default_rng(seed)
    origins = np.column_stack([rng.uniform(-15, 15, (scans, 2)), rng.uniform(-9, 9, scans)])
    shape = (scans, boxes)
    parts = [rng.uniform(-40, 40, shape), rng.uniform(-40, 40, shape), rng.uniform(-9, 9, shape)]
    return origins, np.stack([*parts, rng.uniform(0.2, 14, shape), rng.uniform(0.2, 3, shape)], -1)


@pytest.mark.parametrize("seed", range(4))
def test_cast_is_the_nearest_crossing_of_a_side(seed: int) -> None:
    origins, boxes = scene(seed, 12, 9)
    angles = np.random.default_rng(seed).uniform(-7.0, 7.0, 50)
    boxes[0, 3, 2] = boxes[1, 4, 0] = np.nan
    distance, hit = cast(origins, angles, boxes, REACH)
    for i, (x, y, yaw) in enumerate(origins):
        for k, angle in enumerate(angles):
            true, who = naive.ray(complex(x, y), yaw + angle, boxes[i], REACH)
            assert distance[i, k] == pytest.approx(true, rel=1e-9, abs=1e-9)
            if true > 0.0:  # inside two boxes at once, either may be named
                assert hit[i, k] == who
    assert np.isinf(distance).any()
    assert (distance < REACH).any()


def test_cast_agrees_with_shapely() -> None:
    origins, boxes = scene(11, 40, 6)
    angles = np.linspace(-np.pi, np.pi, 24, endpoint=False)
    distance, _ = cast(origins, angles, boxes, REACH)
    for i, (x, y, yaw) in enumerate(origins):
        shapes = [Polygon(c) for c in corners(*boxes[i].T)]
        for k, angle in enumerate(angles):
            far = (x + REACH * np.cos(yaw + angle), y + REACH * np.sin(yaw + angle))
            beam = LineString([(x, y), far])
            met = [Point(x, y).distance(beam.intersection(s)) for s in shapes if s.intersects(beam)]
            assert distance[i, k] == pytest.approx(min(met, default=np.inf), abs=1e-6)


@given(
    st.floats(-3.2, 3.2),
    st.tuples(
        st.floats(-30, 30),
        st.floats(-30, 30),
        st.floats(-7, 7),
        st.floats(0.1, 15),
        st.floats(0.1, 4),
    ),
)
@settings(deadline=None, max_examples=200)
def test_cast_is_the_law_along_each_ray(
    angle: float, box: tuple[float, float, float, float, float]
) -> None:
    x, y, yaw, length, width = box
    law = ray_box(np.cos(angle), np.sin(angle), x, y, np.cos(yaw), np.sin(yaw), length, width)
    (found,), _ = cast([[0.0, 0.0]], [angle - 0.3, angle, angle + 0.2], [box], 99.0)
    if np.isinf(law) == np.isinf(found[1]):
        assert found[1] == pytest.approx(law, rel=1e-6, abs=1e-6)
    else:  # grazes a corner: a hair to the side, both agree
        shrunk = [(x, y, yaw, length - 1e-6, width - 1e-6)]
        grown = [(x, y, yaw, length + 1e-6, width + 1e-6)]
        assert np.isinf(cast([[0.0, 0.0]], [angle], shrunk, 99.0)[0][0, 0])
        assert np.isfinite(cast([[0.0, 0.0]], [angle], grown, 99.0)[0][0, 0])


def test_every_beam_of_a_full_turn_meets_a_wall_all_round() -> None:
    wall = [(10, 0, 0, 1, 21), (-10, 0, 0, 1, 21), (0, 10, 0, 21, 1), (0, -10, 0, 21, 1)]
    angles = np.linspace(-np.pi, np.pi, 1024, endpoint=False)
    (distance,), (hit,) = cast([[0, 0, 0.7]], angles, wall, REACH)
    square = 9.5 / np.maximum(np.abs(np.cos(angles + 0.7)), np.abs(np.sin(angles + 0.7)))
    assert distance == pytest.approx(square)
    assert set(hit.tolist()) == {0, 1, 2, 3}


def test_turning_the_world_changes_nothing() -> None:
    origins, boxes = scene(5, 20, 10)
    angles = np.linspace(-2.1, 2.1, 181)
    still, hit = cast(origins, angles, boxes, REACH)
    turn = np.exp(2.1j)
    there = (origins[:, 0] + 1j * origins[:, 1]) * turn + (300 - 70j)
    moved = (boxes[..., 0] + 1j * boxes[..., 1]) * turn + (300 - 70j)
    origins = np.column_stack([there.real, there.imag, origins[:, 2] + 2.1])
    boxes = np.stack([moved.real, moved.imag, boxes[..., 2] + 2.1, *np.moveaxis(boxes, -1, 0)[3:]])
    turned, who = cast(origins, angles, np.moveaxis(boxes, 0, -1), REACH)
    assert turned == pytest.approx(still, rel=1e-8, abs=1e-8)
    assert np.array_equal(hit, who)


def test_order_of_rays_and_scans_and_shared_boxes_do_not_matter() -> None:
    origins, boxes = scene(6, 7, 8)
    angles = np.sort(np.random.default_rng(1).uniform(-3, 3, 40))
    distance, hit = cast(origins, angles, boxes[0], REACH)
    shuffled = np.random.default_rng(2).permutation(40)
    mixed = cast(origins, angles[shuffled], boxes[0], REACH)
    assert mixed[0] == pytest.approx(distance[:, shuffled], rel=1e-12)
    assert np.array_equal(mixed[1], hit[:, shuffled])
    single = np.concatenate(
        [cast(origins[i : i + 1], angles, boxes[0], REACH)[0] for i in range(7)]
    )
    assert np.array_equal(single, distance)
    out = (np.empty((7, 40)), np.empty((7, 40), np.int32))
    again = cast(origins, angles, np.repeat(boxes[:1], 7, axis=0), REACH, out=out)
    assert again[0] is out[0]
    assert np.array_equal(out[0], distance)
    assert np.array_equal(out[1], hit)


def test_nothing_to_see() -> None:
    distance, hit = cast(np.zeros((2, 2)), [0.0], np.empty((0, 5)), 10.0)
    assert np.isinf(distance).all()
    assert (hit == -1).all()
    assert cast(np.zeros((2, 2)), [], [[3, 0, 0, 1, 1]], 10.0)[0].shape == (2, 0)
    assert cast(np.zeros((0, 3)), [0.0], [[3, 0, 0, 1, 1]], 10.0)[0].shape == (0, 1)
    exact = cast(np.zeros((1, 2)), [0.0], [[3, 0, 0, 2, 2]], 2.0)
    assert np.isinf(exact[0][0, 0])  # at the reach is beyond it


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"origins": [[0.0]]}, "origins: expected finite x, y and heading"),
        ({"origins": [[0.0, np.nan]]}, "origins: expected finite x, y and heading"),
        ({"angles": [np.inf]}, "angles: expected finite directions"),
        ({"boxes": [[1.0, 2.0]]}, "boxes: expected x, y, yaw, length, width"),
        ({"boxes": [[1, 2, 0, -4, 2]]}, "boxes: expected finite numbers, lengths and widths"),
        ({"boxes": np.zeros((3, 1, 5))}, "boxes: expected boxes of 1 origins"),
        ({"range_max": 0.0}, "range_max: expected a reach above 0 m"),
        (
            {"out": (np.empty((1, 2)), np.empty((1, 1), np.int32))},
            "out: expected arrays of shape",
        ),
        ({"out": (np.empty((1, 1)), np.empty((1, 1)))}, "out: expected float64 and int32"),
    ],
)
def test_what_cannot_be_cast_is_told_in_one_line(change: dict[str, object], message: str) -> None:
    good = {"origins": [[0, 0]], "angles": [0.0], "boxes": [[1, 2, 0, 4, 2]], "range_max": 9.0}
    with pytest.raises(UserError, match=message) as caught:
        cast(**(good | change))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)

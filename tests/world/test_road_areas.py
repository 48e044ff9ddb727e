"""Conflict areas: against strips buffered by shapely, and boxes tried in every place."""

import math

import naive_roads
import numpy as np
import pytest
import shapely

from sim.world.road import Road, course_at, crosswalk, junction, line, on_ramp, roundabout
from sim.world.road.areas import overlap
from sim.world.road.chain import chain, moved
from sim.world.road.junction import SLACK_M
from sim.world.road.links import common_place
from sim.world.road.sketch import path_of
from sim.world.road.strips import Strip

CARS = ((4.8, 1.9), (4.2, 1.8))
PEOPLE = (0.5, 0.6)
PARTING_M = 8.0  # cars on courses that part still touch when the link has ended half a lane apart


def lane_of(n: int, angle: np.ndarray, width: float) -> Strip:
    path = moved(chain(line(np.full(n, 100.0))), 0.0, 0.0, angle, 50.0)
    flat = np.zeros(n)
    return Strip(path, 0, 0, flat, np.full(n, width), flat + 20.0, flat + 80.0)


def test_straight_lanes_cross_in_the_closed_form() -> None:
    angle = np.linspace(0.5, 2.6, 40)
    got = overlap(lane_of(40, 0.0 * angle, 3.0), lane_of(40, angle, 4.0))
    half = 0.5 * (4.0 / np.sin(angle) + 3.0 * np.abs(np.cos(angle)) / np.sin(angle))
    np.testing.assert_allclose(got[0], 50.0 - half, atol=1e-9)
    np.testing.assert_allclose(got[1], 50.0 + half, atol=1e-9)
    half = 0.5 * (3.0 / np.sin(angle) + 4.0 * np.abs(np.cos(angle)) / np.sin(angle))
    np.testing.assert_allclose(got[2], 50.0 - half, atol=1e-9)
    np.testing.assert_allclose(got[3], 50.0 + half, atol=1e-9)


def test_lanes_that_only_touch_have_no_area() -> None:
    path = chain(line([100.0]), y=3.0)
    beside = Strip(path, 1, 0, np.zeros(1), np.full(1, 3.0), np.zeros(1), np.full(1, 100.0))
    assert np.isnan(overlap(lane_of(1, np.zeros(1), 3.0), beside)).all()


def test_moved_and_turned_strips_share_the_same_ground() -> None:
    road = junction(4, angle=np.linspace(1.0, 2.0, 16))
    rng = np.random.default_rng(8)
    x, y, turn = rng.uniform([-500.0, -500.0, -3.0], [500.0, 500.0, 3.0], (16, 3)).T
    flat = np.zeros(16)
    strips, elsewhere = [], []
    for course in (1, 3):
        path = path_of(road, course)
        here = (course, 0, flat, flat + 3.5, flat + 150.0, path.length - 100.0)
        first = moved(path, 0.0, 0.0, path.heading[:, 0], 0.0)
        assert np.abs(first.x[:, 0]).max() == 0.0
        cos, sin = np.cos(turn), np.sin(turn)
        at = (
            x + cos * path.x[:, 0] - sin * path.y[:, 0],
            y + sin * path.x[:, 0] + cos * path.y[:, 0],
        )
        there = moved(path, *at, path.heading[:, 0] + turn, 0.0)
        strips.append(Strip(path, *here))
        elsewhere.append(Strip(there, *here))
    got, want = overlap(*elsewhere), overlap(*strips)
    assert np.isfinite(want[0]).all()
    np.testing.assert_allclose(got, want, atol=1e-6)


ROADS = {
    "junction": junction(4, angle=1.25, approach=40.0, departure=40.0),
    "lanes": junction(4, 2, 1, angle=1.8, approach=40.0, departure=40.0),
    "T": junction(3, approach=40.0, departure=40.0),
    "roundabout": roundabout(4, approach=40.0, departure=40.0),
    "crosswalk": crosswalk(2, 1, angle=1.1, at=60.0, departure=60.0),
    "walks": junction(3, 2, 1, angle=1.8, crosswalk_width=3.0, approach=40.0, departure=40.0),
}
FIRST_WALK = {"crosswalk": 2, "walks": 6}
NARROWED = ("junction", "lanes", "T", "walks")


def records(road: Road) -> list[int]:
    return [int(k) for k in np.flatnonzero(road.areas.course[0] >= 0)]


@pytest.mark.parametrize("make", ROADS)
def test_areas_are_those_of_buffered_lines_within_a_few_centimetres(make) -> None:
    road, a = ROADS[make], ROADS[make].areas
    for k in records(road)[::3]:
        c, lane, rival, rival_lane = (
            int(column[0, k]) for column in (a.course, a.lane, a.rival, a.rival_lane)
        )
        cars = max(c, rival) < FIRST_WALK.get(make, 99)
        slack = SLACK_M if make in NARROWED and cars else 0.0
        # from 3 m before the area on: it must begin where the strips do
        sides = ((c, lane, a.start, a.end), (rival, rival_lane, a.rival_start, a.rival_end))
        own, other = (
            naive_roads.lane_strip(road, 0, i, j, low[0, k] - 3.0, high[0, k], slack)
            for i, j, low, high in sides
        )
        points = shapely.points(shapely.get_coordinates(own.intersection(other)))
        along = reference(road, c, a.start[0, k] - 3.0, a.end[0, k]).project(points)
        assert along.min() - 3.0 == pytest.approx(0.0, abs=0.05)
        assert along.max() - 3.0 == pytest.approx(a.end[0, k] - a.start[0, k], abs=0.05)


@pytest.mark.parametrize("make", ROADS)
def test_every_area_has_two_sides_and_fronts_wait_before_it(make) -> None:
    road, a = ROADS[make], ROADS[make].areas
    used = a.course[0] >= 0
    assert (a.start < a.end)[0, used].all()
    assert (a.hold <= a.start)[0, used].all()
    assert (a.hold > 0.0)[0, used].all()
    columns = (a.course, a.lane, a.start, a.end, a.rival, a.rival_lane, a.rival_start, a.rival_end)
    own = [c[0, used].tolist() for c in columns]
    sides = set(zip(*own))
    assert sides == set(zip(*own[4:], *own[:4]))
    rules = np.stack([a.rule[0, 0::2], a.rule[0, 1::2]])[:, used[::2]]
    assert (rules.min(axis=0) == 0).all()  # one side may always go
    assert road.course_count > max(own[0])


def reference(road: Road, c: int, start: float, end: float) -> shapely.LineString:
    s = np.linspace(start, end, 1000)
    x, y, _ = course_at(road.pieces, 0, c, s)
    return shapely.LineString(np.stack([x, y], axis=-1))


def size_of(make: str, course: int) -> tuple[float, float]:
    return PEOPLE if course >= FIRST_WALK.get(make, 99) else CARS[course % 2]


@pytest.mark.parametrize("make", ROADS)
def test_boxes_touch_only_while_both_are_inside_their_areas(make) -> None:
    road, a = ROADS[make], ROADS[make].areas
    touching = 0
    for k in records(road)[::2]:
        one, two = int(a.course[0, k]), int(a.rival[0, k])
        sizes = size_of(make, one), size_of(make, two)
        # up to where the area ends: beyond, courses that merge are linked
        s = np.arange(a.start[0, k] - 10.0, a.end[0, k] + 0.5 * sizes[0][0], 0.5)
        u = np.arange(a.rival_start[0, k] - 10.0, a.rival_end[0, k] + 0.5 * sizes[1][0], 0.5)
        first = naive_roads.boxes(road, 0, one, int(a.lane[0, k]), s, sizes[0])
        second = naive_roads.boxes(road, 0, two, int(a.rival_lane[0, k]), u, sizes[1])
        tree = shapely.STRtree(second)
        i, j = tree.query(first, predicate="intersects")
        touching += len(i)
        assert (s[i] + 0.5 * sizes[0][0] >= a.start[0, k] - 0.05).all()
        assert (s[i] - 0.5 * sizes[0][0] <= a.end[0, k] + 0.05).all()
        assert (u[j] + 0.5 * sizes[1][0] >= a.rival_start[0, k] - 0.05).all()
        assert (u[j] - 0.5 * sizes[1][0] <= a.rival_end[0, k] + 0.05).all()
    assert touching > 100


@pytest.mark.parametrize("make", ["junction", "lanes", "T", "roundabout"])
def test_cars_that_touch_are_in_an_area_or_on_linked_courses(make) -> None:
    """No pair of places on two courses is overlooked."""
    road, a, links = ROADS[make], ROADS[make].areas, ROADS[make].links
    lanes = [
        (c, lane)
        for c in range(road.course_count)
        for lane in range(road.lane_count)
        if road.lanes.width[0, c, lane] > 0.0 and math.isinf(road.lanes.end[0, c, lane])
    ]
    size = CARS[0]
    places = {c: np.arange(20.0, road.courses.length[0, c] - 20.0, 1.0) for c, _ in lanes}
    boxes = {key: naive_roads.boxes(road, 0, *key, places[key[0]], size) for key in lanes}
    found = 0
    for n, one in enumerate(lanes):
        for two in lanes[n + 1 :]:
            if one[0] == two[0]:
                continue
            i, j = shapely.STRtree(boxes[two]).query(boxes[one], predicate="intersects")
            s, u = places[one[0]][i], places[two[0]][j]
            told = np.zeros(len(s), dtype=bool)
            for k in np.flatnonzero((a.course[0] == one[0]) & (a.rival[0] == two[0])):
                if (a.lane[0, k], a.rival_lane[0, k]) == (one[1], two[1]):
                    half = 0.5 * size[0]
                    told |= (
                        (s + half >= a.start[0, k])
                        & (s - half <= a.end[0, k])
                        & (u + half >= a.rival_start[0, k])
                        & (u - half <= a.rival_end[0, k])
                    )
            for k in np.flatnonzero((links.course[0] == one[0]) & (links.onto[0] == two[0])):
                told |= (s >= links.start[0, k]) & (s <= links.end[0, k] + PARTING_M)
            for k in np.flatnonzero((links.course[0] == two[0]) & (links.onto[0] == one[0])):
                told |= (u >= links.start[0, k]) & (u <= links.end[0, k] + PARTING_M)
            found += len(s)
            assert told.all(), (one, two, s[~told], u[~told])
    assert found > 1000


def test_a_common_place_is_found_where_there_is_one() -> None:
    flat = (np.zeros(1), np.zeros(1))
    road = on_ramp()
    at, there = common_place(path_of(road, 0), path_of(road, 1), flat)
    assert there[0] - at[0] == pytest.approx(road.links.shift[0, 0])
    four = junction(4)
    assert np.isnan(common_place(path_of(four, 0), path_of(four, 3), flat)).all()

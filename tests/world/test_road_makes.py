"""Every make of road: rows of a batch, links, stop lines, and what cannot be built."""

import math

import numpy as np
import pytest
import shapely
from marks import compiled
from naive_roads import lane_strip

from sim.base.errors import UserError
from sim.world.road import (
    Road,
    Rule,
    course_at,
    crosswalk,
    curved,
    junction,
    junction_course,
    lane_drop,
    movements,
    on_ramp,
    outline,
    roundabout,
    roundabout_course,
    straight,
    two_phases,
)

N = 256
SPREAD = {
    "curved": (curved, {"curvature": (-0.008, 0.008), "lane_width": (3.0, 4.0)}),
    "on_ramp": (on_ramp, {"radius": (130.0, 220.0), "lane_width": (3.0, 4.0)}),
    "lane_drop": (lane_drop, {"approach": (400.0, 900.0)}),
    "crosswalk": (crosswalk, {"angle": (1.0, 2.1), "width": (1.0, 5.0)}),
    "junction": (junction, {"angle": (1.1, 2.0), "right_radius": (8.0, 12.0)}),
    "roundabout": (roundabout, {"radius": (14.0, 22.0), "splitter": (0.0, 3.0)}),
}


def parts(road: Road) -> list[tuple[str, np.ndarray]]:
    names = ("courses", "pieces", "lanes", "zones", "signals", "links", "areas", "blocks")
    return [
        (f"{name}.{field}", column)
        for name in names
        for field, column in getattr(road, name).columns().items()
    ]


@compiled
@pytest.mark.parametrize("make", SPREAD)
def test_a_row_of_many_is_the_road_built_alone(make) -> None:
    builder, spread = SPREAD[make]
    rng = np.random.default_rng(20)
    sizes = {name: rng.uniform(*bounds, N) for name, bounds in spread.items()}
    many = builder(**sizes)
    assert len(many) == N
    for r in (0, 100, 255):
        alone = builder(**{name: size[r] for name, size in sizes.items()})
        for (name, got), (_, one) in zip(parts(many), parts(alone)):
            np.testing.assert_allclose(got[r], one[0], atol=1e-9, err_msg=name)


ROADS = {
    "curved": curved(lanes=3),
    "on_ramp": on_ramp(),
    "crosswalk": crosswalk(2, 2, angle=1.2),
    "T": junction(3),
    "four arms": junction(4, angle=1.2),
    "lanes": junction(4, 2, 1, angle=1.9, crosswalk_width=4.0),
    "lights": junction(4, 2, 2, control="signals", signals=two_phases()),
    "T with lights": junction(
        3, 2, 1, control="signals", signals=two_phases(arms=3), crosswalk_width=3.0
    ),
    "roundabout": roundabout(),
    "three arms": roundabout(3, radius=14.0),
}


@pytest.mark.parametrize("make", ROADS)
def test_courses_are_continuous_in_place_and_heading(make) -> None:
    road = ROADS[make]
    for c in range(road.course_count):
        s = road.pieces.s[0, c]
        s = s[np.isfinite(s)]
        assert s[0] == 0.0
        assert (np.diff(s) >= 0.0).all()
        before = course_at(road.pieces, 0, c, np.nextafter(s[1:], -np.inf))
        for got, want in zip(before, (road.pieces.x, road.pieces.y, road.pieces.heading)):
            np.testing.assert_allclose(got, want[0, c, 1 : len(s)], atol=1e-9)


@pytest.mark.parametrize("make", ROADS)
def test_linked_courses_lie_on_each_other_up_to_half_a_lane(make) -> None:
    road, links = ROADS[make], ROADS[make].links
    pairs = set()
    for k in range(links.course.shape[1]):
        a, b = int(links.course[0, k]), int(links.onto[0, k])
        pairs.add((a, b))
        s = np.linspace(links.start[0, k], links.end[0, k], 60)
        there = s + links.shift[0, k]
        assert links.start[0, k] < links.end[0, k]
        assert there[0] >= -1e-6
        assert there[-1] <= road.courses.length[0, b] + 1e-6
        by, apart = int(links.lane_shift[0, k]), []
        for lane in range(road.lane_count):
            if not 0 <= lane + by < road.lane_count:
                continue
            if not (road.lanes.width[0, a, lane] and road.lanes.width[0, b, lane + by]):
                continue
            one = course_at(road.pieces, 0, a, s, road.lanes.y[0, a, lane])
            two = course_at(road.pieces, 0, b, there, road.lanes.y[0, b, lane + by])
            apart.append(np.hypot(one[0] - two[0], one[1] - two[1]))
        width = road.lanes.width[0, a, 0]
        assert min(a.max() for a in apart) <= 0.5 * width + 1e-3
        assert min(a.min() for a in apart) < 1e-6
    assert pairs == {(b, a) for a, b in pairs}


@pytest.mark.parametrize("arms", [3, 4])
def test_turns_begin_and_end_in_line_with_their_arms(arms) -> None:
    road = junction(arms, angle=1.2, approach=60.0, departure=40.0)
    out = [math.pi, 1.2 + math.pi, 0.0, 1.2]
    step = {"straight": 2, "left": 3, "right": 1}
    for arm, movement in movements(arms):
        c = junction_course(arm, movement, arms)
        length = road.courses.length[0, c]
        _, _, heading = course_at(road.pieces, 0, c, [0.0, length])
        x, y, _ = course_at(road.pieces, 0, c, length)
        leaves = out[(arm + step[movement]) % 4]
        turned = np.angle(np.exp(1j * (heading - [out[arm] + math.pi, leaves])))
        np.testing.assert_allclose(turned, 0.0, atol=1e-12)
        right = x * math.sin(leaves) - y * math.cos(leaves)
        assert right == pytest.approx(0.5 * 3.5, abs=1e-9)
        tightest = np.abs(road.pieces.curvature[0, c]).max()
        assert tightest == pytest.approx({"straight": 0.0, "left": 1 / 14, "right": 0.1}[movement])


def test_all_from_one_arm_stop_at_one_line_outside_the_crossing_road() -> None:
    road = junction(4, 2, 2, angle=1.2, approach=80.0, control="signals", signals=two_phases())
    np.testing.assert_array_equal(road.signals.s, 80.0)
    for arm in range(4):
        at = [
            course_at(road.pieces, 0, junction_course(arm, m), 80.0)[:2]
            for m in ("straight", "left", "right")
        ]
        np.testing.assert_allclose(np.ptp(np.array(at), axis=0), 0.0, atol=1e-9)
        crossing = junction_course((arm + 1) % 4, "straight")
        strip = shapely.union_all([lane_strip(road, 0, crossing, k, 40.0, 160.0) for k in (0, 1)])
        assert strip.distance(shapely.Point(*at[0])) > 1.0


def test_signals_of_the_two_roads_are_never_green_together() -> None:
    main, minor, *_ = two_phases(cycle=70.0, green=30.0, amber=3.0, all_red=2.0, offset=11.0)
    t = np.arange(0.0, 140.0, 0.1)

    def free(signal) -> np.ndarray:  # green or amber
        cycle, green, amber, offset = (float(v) for v in signal)
        return np.mod(t - offset, cycle) < green + amber

    both = free(main) | free(minor)
    assert not (free(main) & free(minor)).any()
    assert (~both).mean() == pytest.approx(4.0 / 70.0, abs=0.01)


def test_people_cross_an_arm_while_the_road_along_their_way_is_green() -> None:
    lights = two_phases(offset=7.0)
    road = junction(4, control="signals", signals=lights, crosswalk_width=3.0)
    for arm in range(4):
        for walk in (12 + 2 * arm, 13 + 2 * arm):
            want = lights[(arm + 1) % 4]
            assert road.signals.green[0, walk, 0] == float(want[1])
            assert road.signals.offset[0, walk, 0] == float(want[3])
            x, y, _ = course_at(road.pieces, 0, walk, 0.5 * road.courses.length[0, walk])
            out = [math.pi, -0.5 * math.pi, 0.0, 0.5 * math.pi][arm]
            assert math.atan2(y, x) == pytest.approx(out, abs=1e-9) or arm == 0
            assert math.hypot(x, y) > 7.0


def test_main_road_left_turners_wait_within_the_junction_the_others_at_the_line() -> None:
    road = junction(4, approach=80.0)
    a = road.areas
    for arm in range(4):
        c, opposite = junction_course(arm, "left"), junction_course((arm + 2) % 4, "straight")
        k = int(np.flatnonzero((a.course[0] == c) & (a.rival[0] == opposite))[0])
        assert (a.hold[0, k] > 80.5) == (arm in (0, 2))


def test_cars_wait_for_people_at_the_stop_line_or_a_metre_before_they_cross() -> None:
    road = junction(4, crosswalk_width=3.0, approach=80.0)
    a = road.areas
    met = (a.course[0] < 12) & (a.rival[0] >= 12)
    arms = (a.rival[0, met] - 12) // 2
    comes = np.array([movements(4)[c][0] for c in a.course[0, met]])
    hold, start = a.hold[0, met], a.start[0, met]
    np.testing.assert_allclose(hold[comes == arms], 80.0, atol=1e-9)
    np.testing.assert_allclose(hold[comes != arms], start[comes != arms] - 1.0)
    assert (comes == arms).sum() == (comes != arms).sum() == 24


@pytest.mark.parametrize("angle", [1.1, 1.8, 2.2])
def test_who_leaves_is_in_line_before_the_stop_line_of_those_who_come(angle) -> None:
    road = junction(4, 2, 1, angle=angle, approach=80.0)
    out = [math.pi, angle + math.pi, 0.0, angle]
    for arm, movement in movements(4):
        if movement == "straight":
            continue
        c = junction_course(arm, movement)
        leaves = (arm + {"left": 3, "right": 1}[movement]) % 4
        along = math.cos(out[leaves]), math.sin(out[leaves])
        end = course_at(road.pieces, 0, c, road.zones.end[0, c, 0])
        line = course_at(road.pieces, 0, junction_course(leaves, "straight"), 80.0)
        assert np.dot(end[:2], along) <= np.dot(line[:2], along) + 1e-9


def test_who_goes_first_at_a_priority_junction() -> None:
    road = junction(4)
    rules = {
        (int(c), int(o)): Rule(int(r))
        for c, o, r in zip(road.areas.course[0], road.areas.rival[0], road.areas.rule[0])
    }
    assert rules[junction_course(1, "straight"), junction_course(0, "straight")] is Rule.YIELD
    assert rules[junction_course(0, "straight"), junction_course(1, "straight")] is Rule.PRIORITY
    assert rules[junction_course(0, "left"), junction_course(2, "straight")] is Rule.YIELD
    assert rules[junction_course(2, "straight"), junction_course(0, "left")] is Rule.PRIORITY
    assert rules[junction_course(1, "right"), junction_course(0, "straight")] is Rule.YIELD
    assert rules[junction_course(0, "left"), junction_course(2, "right")] is Rule.YIELD
    stops = junction(4, control="stop").areas
    assert set(stops.rule[0]) == {Rule.PRIORITY, Rule.YIELD, Rule.STOP}
    right = junction(4, control="right_before_left").areas
    first = {
        (int(c), int(o)): int(r) for c, o, r in zip(right.course[0], right.rival[0], right.rule[0])
    }
    assert first[junction_course(0, "straight"), junction_course(1, "straight")] == Rule.YIELD
    assert first[junction_course(1, "straight"), junction_course(0, "straight")] == Rule.PRIORITY


def test_the_ramp_shares_the_motorway_from_the_merge_on() -> None:
    road = on_ramp(lanes=2, merge=[300.0, 400.0], acceleration=200.0)
    links = road.links
    assert links.lane_shift.tolist() == [[0, 0], [0, 0]]
    joins = road.lanes.start[:, 1, 1]
    np.testing.assert_allclose(links.shift[:, 0], joins - [300.0, 400.0])
    np.testing.assert_allclose(road.lanes.end[:, 0, 0], [500.0, 600.0])
    np.testing.assert_allclose(road.lanes.end[:, 1, 0], joins + 200.0)
    np.testing.assert_allclose(links.end[:, 0], road.courses.length[:, 0])
    assert (links.start[:, 0] < [300.0, 400.0]).all()  # seen before the lanes are one
    for r in range(2):
        x, y, heading = course_at(road.pieces, r, 1, joins[r])
        np.testing.assert_allclose([x, y, heading], [[300.0, 400.0][r], 0.0, 0.0], atol=1e-9)


def test_people_wait_beside_the_road_and_cars_before_the_crosswalk() -> None:
    road = crosswalk(1, 1, lane_width=3.5, width=3.0, at=100.0)
    cars, people = (road.areas.course[0] == c for c in (0, 2))
    np.testing.assert_allclose(road.areas.start[0, cars], 98.5)
    np.testing.assert_allclose(road.areas.hold[0, cars], 97.5)
    np.testing.assert_allclose(road.areas.hold[0, people], 6.0 - 0.3)
    np.testing.assert_allclose(np.sort(road.areas.start[0, people]), [6.0, 9.5])
    assert set(road.areas.rule[0, cars]) == {Rule.YIELD}
    assert set(crosswalk(rule="unmarked").areas.rule[0, cars]) == {Rule.PRIORITY}


def test_a_lane_drop_is_a_straight_road_with_an_end() -> None:
    road = lane_drop(3, approach=500.0, departure=300.0, zone=22.0, zone_length=200.0)
    want = straight(3, length=800.0, drops=[(0, 500.0)], zones=[(300.0, 800.0, 22.0)])
    for (name, got), (_, one) in zip(parts(road), parts(want)):
        np.testing.assert_array_equal(got, one, err_msg=name)


def test_an_outline_holds_the_ground_of_lanes_and_what_hides() -> None:
    road = crosswalk(1, 1, blocks=[(130.0, -8.0, 0.0, 10.0, 4.0)])
    shapes = outline(road)
    assert shapes.lanes[0, 0].area == pytest.approx(250.0 * 3.5)
    assert shapes.centres[1, 0].length == pytest.approx(250.0)
    assert shapes.blocks[0].area == pytest.approx(40.0)
    assert len(shapes.stop_lines) == 2
    ring = outline(roundabout(4, radius=16.0)).lanes[roundabout_course(0, 3), 0]
    assert ring.area == pytest.approx(4.0 * outline(roundabout(4)).centres[2, 0].length, rel=1e-3)


@pytest.mark.parametrize(
    ("make", "sizes", "told"),
    [
        (curved, {"lane_width": 0.0}, "lane_width: expected finite numbers above 0"),
        (curved, {"lane_width": -1.0}, "lane_width"),
        (curved, {"approach": np.nan}, "approach"),
        (curved, {"curvature": 0.3, "clothoid": 1.0}, "radius"),
        (curved, {"curvature": 0.1, "clothoid": 30.0}, "clothoid: expected at most"),
        (curved, {"lanes": 0}, "at least 1 lane"),
        (curved, {"angle": [1.0, 2.0], "curvature": [0.1] * 3}, "one length"),
        (on_ramp, {"radius": 1.0, "clothoid": 0.0}, "radius"),
        (on_ramp, {"clothoid": 300.0}, "clothoid"),
        (on_ramp, {"merge": -5.0}, "merge"),
        (lane_drop, {"lanes": 1}, "at least 2 lanes"),
        (lane_drop, {"approach": np.inf}, "approach"),
        (crosswalk, {"rule": "pelican"}, "zebra or unmarked"),
        (crosswalk, {"angle": 0.1}, "angle"),
        (crosswalk, {"width": np.nan}, "width"),
        (crosswalk, {"at": 2.0}, "room for the crosswalk"),
        (junction, {"arms": 5}, "3 or 4"),
        (junction, {"angle": 0.2}, "angle"),
        (junction, {"right_radius": 1.0}, "right_radius"),
        (junction, {"main_lanes": 3}, "1 or 2 lanes"),
        (junction, {"control": "sign"}, "control"),
        (junction, {"control": "signals"}, "signals: expected 4"),
        (junction, {"speed_limit": 0.0}, "speed_limit"),
        (junction, {"speed_limit": np.nan}, "speed_limit"),
        (junction, {"control": "signals", "signals": [(60, -1, 3, 0)] * 4}, "green"),
        (crosswalk, {"blocks": [(0.0, np.nan, 0.0, 1.0, 1.0)]}, "blocks: y"),
        (roundabout, {"arms": 6}, "3 or 4"),
        (roundabout, {"radius": 6.0}, "radius"),
        (roundabout, {"entry_radius": 1.0}, "entry_radius"),
        (two_phases, {"green": 65.0}, "left for the other road"),
    ],
)
def test_impossible_roads_are_told_in_one_line(make, sizes, told) -> None:
    with pytest.raises(UserError, match=told) as error:
        make(**sizes)
    assert "\n" not in str(error.value)


def test_courses_that_do_not_exist_are_told() -> None:
    with pytest.raises(UserError, match="movement: unknown name"):
        junction_course(0, "left", arms=3)
    with pytest.raises(UserError, match="course: unknown name"):
        roundabout_course(1, 1)

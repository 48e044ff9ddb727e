"""OpenDRIVE: files written here, read as the roads they tell, or refused in one line."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from sim.base.errors import UserError
from sim.maps import read_opendrive, read_road
from sim.world.road import (
    Rule,
    chain,
    course_at,
    curved,
    junction,
    junction_course,
    line,
    spiral,
)
from sim.world.road.chain import Path as Line
from sim.world.road.chain import arc, place
from sim.world.road.foot import foot

LINE = "<line/>"


def geometry(s, x, y, heading, length, kind=LINE) -> str:
    return f'<geometry s="{s}" x="{x}" y="{y}" hdg="{heading}" length="{length}">{kind}</geometry>'


def lane(number, width=3.5, kind="driving", link="", more="") -> str:
    return (
        f'<lane id="{number}" type="{kind}"><link>{link}</link>'
        f'<width sOffset="0" a="{width}" b="0" c="0" d="0"/>{more}</lane>'
    )


def section(s=0.0, left="", right="") -> str:
    return (
        f'<laneSection s="{s}"><left>{left}</left><center><lane id="0"/></center>'
        f"<right>{right}</right></laneSection>"
    )


def road(name, length, plan, lanes, link="", more="", junction="-1") -> str:
    return (
        f'<road id="{name}" length="{length}" junction="{junction}"><link>{link}</link>{more}'
        f"<planView>{plan}</planView><lanes>{lanes}</lanes></road>"
    )


def ends(which, name, contact="start", kind="road") -> str:
    return f'<{which} elementType="{kind}" elementId="{name}" contactPoint="{contact}"/>'


def to_lane(which, number) -> str:
    return f'<{which} id="{number}"/>'


def written(folder: Path, *parts: str) -> Path:
    path = folder / "map.xodr"
    path.write_text(f'<?xml version="1.0"?><OpenDRIVE>{"".join(parts)}</OpenDRIVE>')
    return path


def bend() -> str:
    """The road of `curved(curvature=0.01, angle=1.0, approach=100, departure=80, clothoid=40)`."""
    k, eased, round_ = 0.01, 40.0, 60.0
    path = chain(
        line(100.0), spiral(eased, 0.0, k, 400), arc(round_, k), spiral(eased, k, 0.0, 400)
    )
    at = np.array([[0.0, 100.0, 140.0, 200.0, 240.0]])
    x, y, heading = (v[0].tolist() for v in place(path, at))
    kinds = (
        LINE,
        f'<spiral curvStart="0" curvEnd="{k}"/>',
        f'<arc curvature="{k}"/>',
        f'<spiral curvStart="{k}" curvEnd="0"/>',
        LINE,
    )
    sizes = (100.0, eased, round_, eased, 80.0)
    return "".join(
        geometry(*pose, size, kind)
        for *pose, size, kind in zip(at[0].tolist(), x, y, heading, sizes, kinds)
    )


def test_a_bend_comes_back_as_it_was_built(tmp_path) -> None:
    want = curved(2, 3.5, 0.01, 1.0, 100.0, 80.0, 40.0)
    lanes = section(right=lane(-1) + lane(-2))
    got = read_road(written(tmp_path, road("7", 320.0, bend(), lanes)))
    assert got.names == ((("7/0/-2",), ("7/0/-1",)),)
    road_ = got.road
    np.testing.assert_allclose(np.diff(road_.lanes.y[0, 0]), 3.5)
    # the file's reference line is the left edge of both lanes
    edge = course_at(road_.pieces, 0, 0, 0.0, road_.lanes.y[0, 0, 1] + 1.75)
    np.testing.assert_allclose(edge, 0.0, atol=1e-9)
    s = np.linspace(0.0, 320.0, 400)
    x, y, heading = course_at(want.pieces, 0, 0, s)
    off = road_.lanes.y[0, 0, 1] + 1.75
    mine = Line(
        **{k: v[:, 0] for k, v in road_.pieces.columns().items()}, length=road_.courses.length[:, 0]
    )
    t, d = foot(mine, np.zeros(400, dtype=np.int64), x, y)
    np.testing.assert_allclose(d, off, atol=2e-3)  # either clothoid is 1 mm off the true one
    along = course_at(road_.pieces, 0, 0, t)[2]
    np.testing.assert_allclose(along, heading, atol=2e-3)
    assert got.deviation < 1e-6
    assert got.notes == ()


def test_left_lanes_run_against_the_reference_line(tmp_path) -> None:
    lanes = section(left=lane(1) + lane(2, 3.0), right=lane(-1))
    got = read_opendrive(written(tmp_path, road("1", 320.0, bend(), lanes)))
    assert got.names == ((("1/0/-1",),), (("1/0/2",), ("1/0/1",))) or got.names == (
        (("1/0/2",), ("1/0/1",)),
        (("1/0/-1",),),
    )
    c = [n[0][0] for n in got.names].index("1/0/2")
    start = course_at(got.road.pieces, 0, c, 0.0, got.road.lanes.y[0, c, 1])
    want = curved(1, 3.5, 0.01, 1.0, 100.0, 80.0, 40.0)
    x, y, heading = course_at(want.pieces, 0, 0, 320.0, 1.75)
    np.testing.assert_allclose(start[:2], [x, y], atol=2e-3)
    assert math.cos(start[2] - heading) == pytest.approx(-1.0, abs=1e-6)
    end = course_at(got.road.pieces, 0, c, got.road.courses.length[0, c], got.road.lanes.y[0, c, 1])
    np.testing.assert_allclose(end[:2], [0.0, 1.75], atol=1e-6)
    assert (got.road.areas.course < 0).all()  # the two directions only touch


def test_roads_in_a_row_are_one_course_with_a_lane_that_ends(tmp_path) -> None:
    first = road(
        "1",
        100.0,
        geometry(0, 0, 0, 0, 100.0),
        section(right=lane(-1, link=to_lane("successor", -1)) + lane(-2)),
        link=ends("successor", "2"),
        more='<type s="0" type="rural"><speed max="100" unit="km/h"/></type>',
    )
    second = road(
        "2",
        50.0,
        geometry(0, 100.0, 0, 0, 50.0),
        section(right=lane(-1, link=to_lane("predecessor", -1))),
        link=ends("predecessor", "1", "end"),
    )
    got = read_road(written(tmp_path, first, second))
    through = [n for n in got.names if len(n) == 2]
    assert through == [(("1/0/-2",), ("1/0/-1", "2/0/-1"))]
    c = got.names.index(through[0])
    lanes, zones = got.road.lanes, got.road.zones
    np.testing.assert_allclose(lanes.y[0, c], [-3.5, 0.0], atol=1e-9)
    np.testing.assert_allclose(lanes.end[0, c], [100.0, np.inf])
    assert got.road.courses.length[0, c] == pytest.approx(150.0)
    assert zones.limit[0, c, 0] == pytest.approx(100.0 / 3.6)
    assert zones.end[0, c, 0] == pytest.approx(100.0)


def crossing() -> list[str]:
    """West to east, and south to east by a right turn: both end in road 3, in junction 9."""
    quarter = 0.5 * math.pi
    arc_ = f'<arc curvature="{-1 / 10}"/>'
    return [
        road(
            "1", 50.0, geometry(0, -60.0, 0, 0, 50.0), section(right=lane(-1)),
            link=ends("successor", "9", kind="junction"),
        ),
        road(
            "2", 50.0, geometry(0, -10.0, -60.0, quarter, 50.0), section(right=lane(-1)),
            link=ends("successor", "9", kind="junction"),
        ),
        road("3", 50.0, geometry(0, 0, 0, 0, 50.0), section(right=lane(-1))),
        road(
            "10", 10.0, geometry(0, -10.0, 0, 0, 10.0),
            section(right=lane(-1, link=to_lane("successor", -1))),
            link=ends("successor", "3"), junction="9",
        ),
        road(
            "11", 10.0 * quarter, geometry(0, -10.0, -10.0, quarter, 10.0 * quarter, arc_),
            section(right=lane(-1, link=to_lane("successor", -1))),
            link=ends("successor", "3"), junction="9",
        ),
        '<junction id="9">'
        '<connection id="0" incomingRoad="1" connectingRoad="10" contactPoint="start">'
        '<laneLink from="-1" to="-1"/></connection>'
        '<connection id="1" incomingRoad="2" connectingRoad="11" contactPoint="start">'
        '<laneLink from="-1" to="-1"/></connection></junction>',
    ]  # fmt: skip


def test_a_junction_joins_courses_by_a_link_after_an_area(tmp_path) -> None:
    got = read_road(written(tmp_path, *crossing()))
    ways = {lanes[0] for lanes in got.names}
    assert ways == {("1/0/-1", "10/0/-1", "3/0/-1"), ("2/0/-1", "11/0/-1", "3/0/-1")}
    west = [lanes[0][0] for lanes in got.names].index("1/0/-1")
    south = 1 - west
    links, areas = got.road.links, got.road.areas
    k = int(np.flatnonzero(links.course[0] == west)[0])
    length = got.road.courses.length[0]
    assert links.end[0, k] == pytest.approx(110.0)
    assert links.shift[0, k] == pytest.approx(length[south] - length[west], abs=1e-3)
    assert links.start[0, k] < 60.0
    side = int(np.flatnonzero(areas.course[0] == south)[0])
    assert Rule(areas.rule[0, side]) is Rule.YIELD
    assert areas.end[0, side] == pytest.approx(length[south] - 50.0, abs=0.05)
    other = int(np.flatnonzero(areas.course[0] == west)[0])
    assert Rule(areas.rule[0, other]) is Rule.PRIORITY
    assert areas.hold[0, side] <= areas.start[0, side]


def test_where_straight_roads_cross_who_comes_from_the_right_goes_first(tmp_path) -> None:
    lanes = section(right=lane(-1))
    east = road("1", 100.0, geometry(0, -50, 0, 0, 100.0), lanes)
    north = road("2", 100.0, geometry(0, 0, -50, 0.5 * math.pi, 100.0), lanes)
    got = read_road(written(tmp_path, east, north))
    rules = {
        got.names[c][0][0]: Rule(r)
        for c, r in zip(got.road.areas.course[0], got.road.areas.rule[0])
    }
    assert rules == {"1/0/-1": Rule.YIELD, "2/0/-1": Rule.PRIORITY}


def test_a_link_into_a_lane_that_runs_towards_us_is_not_followed(tmp_path) -> None:
    link = ends("successor", "2", "start")
    first = road(
        "1", 50.0, geometry(0, 0, 0, 0, 50.0),
        section(right=lane(-1, link=to_lane("successor", 1))), link=link,
    )  # fmt: skip
    second = road("2", 50.0, geometry(0, 50.0, 0, 0, 50.0), section(left=lane(1)))
    got = read_road(written(tmp_path, first, second))
    assert sorted(got.names) == [(("1/0/-1",),), (("2/0/1",),)]


def two_way(name, length, plan, link, before=1, after=1, junction="-1") -> str:
    """A road with a lane either way; the signs tell whether what it joins runs its way."""
    lanes = "".join(
        lane(k, link=to_lane("predecessor", k * before) + to_lane("successor", k * after))
        for k in (1, -1)
    )
    halves = lanes.split("</lane>")
    both = section(left=halves[0] + "</lane>", right=halves[1] + "</lane>")
    return road(name, length, plan, both, link=link, junction=junction)


def two_way_t() -> list[str]:
    """Arms A in the west, B in the east, C in the south; A runs to the junction, B and C from it.

    Its turns are roads with a lane either way; 12 begins where C does, against it.
    """
    quarter = 0.5 * math.pi
    right, curve = '<arc curvature="-0.1"/>', 10.0 * quarter
    to_junction = ends("successor", "9", kind="junction")
    from_junction = ends("predecessor", "9", kind="junction")
    a_b = ends("predecessor", "A", "end") + ends("successor", "B", "start")
    a_c = ends("predecessor", "A", "end") + ends("successor", "C", "start")
    c_b = ends("predecessor", "C", "start") + ends("successor", "B", "start")

    def joins(incoming, connecting, contact, sign=1) -> str:
        links = "".join(f'<laneLink from="{k}" to="{sign * k}"/>' for k in (1, -1))
        return (
            f'<connection incomingRoad="{incoming}" connectingRoad="{connecting}" '
            f'contactPoint="{contact}">{links}</connection>'
        )

    return [
        two_way("A", 50.0, geometry(0, -60, 0, 0, 50.0), to_junction),
        two_way("B", 50.0, geometry(0, 10, 0, 0, 50.0), from_junction),
        two_way("C", 50.0, geometry(0, 0, -10, -quarter, 50.0), from_junction),
        two_way("10", 20.0, geometry(0, -10, 0, 0, 20.0), a_b, junction="9"),
        two_way("11", curve, geometry(0, -10, 0, 0, curve, right), a_c, junction="9"),
        two_way("12", curve, geometry(0, 0, -10, quarter, curve, right), c_b, -1, junction="9"),
        '<junction id="9">'
        + joins("A", "10", "start")
        + joins("B", "10", "end")
        + joins("A", "11", "start")
        + joins("C", "11", "end")
        + joins("C", "12", "start", -1)
        + joins("B", "12", "end")
        + "</junction>",
    ]


def test_a_two_way_t_has_the_courses_and_conflicts_of_one_that_is_built(tmp_path) -> None:
    got = read_road(written(tmp_path, *two_way_t()))
    ways = {
        ("A/0/-1", "10/0/-1", "B/0/-1"): (0, "straight"),
        ("A/0/-1", "11/0/-1", "C/0/-1"): (0, "right"),
        ("C/0/1", "11/0/1", "A/0/1"): (1, "left"),
        ("C/0/1", "12/0/-1", "B/0/-1"): (1, "right"),
        ("B/0/1", "10/0/1", "A/0/1"): (2, "straight"),
        ("B/0/1", "12/0/1", "C/0/-1"): (2, "left"),
    }
    assert {lanes[0] for lanes in got.names} == set(ways)
    numbers = [junction_course(*ways[lanes[0]], arms=3) for lanes in got.names]
    areas = got.road.areas
    pairs = {
        (numbers[a], numbers[b])
        for a, b in zip(areas.course[0].tolist(), areas.rival[0].tolist())
        if a >= 0
    }
    built = junction(3).areas
    assert pairs == set(zip(built.course[0].tolist(), built.rival[0].tolist()))
    assert got.deviation < 1e-6


OUTSIDE = {
    "poly3": (bend().replace('<arc curvature="0.01"/>', "<poly3 a='0' b='0' c='0' d='0'/>"), None),
    "paramPoly3": (geometry(0, 0, 0, 0, 320.0, "<paramPoly3/>"), None),
    "width: not read where it varies": (None, section(right=lane(-1).replace('b="0"', 'b="0.01"'))),
    "border": (None, section(right=lane(-1, more='<border a="3"/>'))),
    "laneOffset": (None, '<laneOffset s="0" a="1.5" b="0" c="0" d="0"/>' + section(right=lane(-1))),
    "left: expected lanes": (None, section(left=lane(2), right=lane(-1))),
    "width: expected metres above 0": (None, section(right=lane(-1, 0.0))),
    "finite number": (None, section(right=lane(-1, "nan"))),
    "laneSection s: expected ascending": (None, section(s=5.0, right=lane(-1))),
    "speed unit": (None, section(right=lane(-1, more='<speed max="3" unit="knots"/>'))),
    "a beginning at the last one's end": (
        geometry(0, 0, 0, 0, 100) + geometry(100, 90, 0, 0, 220),
        None,
    ),
    "that of the geometries": (geometry(0, 0, 0, 0, 300.0), None),
    "metres from 0 to 100": (None, section(right=lane(-1, 1e300))),
    "not read where it varies, got": (None, section(right=lane(-1, more='<width a="4"/>'))),
    "metres within 1e+08": (geometry(0, 1e300, 0, 0, 320.0), None),
    "one that 400 arcs can follow": (
        geometry(0, 0, 0, 0, 320.0, '<spiral curvStart="-1e308" curvEnd="1e308"/>'),
        None,
    ),
    "radius": (geometry(0, 0, 0, 0, 320.0, '<arc curvature="-0.9"/>'), None),
    "at most 100000": (geometry(0, 0, 0, 0, 1e9), None),
    "geometry length: expected a finite number": (geometry(0, 0, 0, 0, "inf"), None),
}


@pytest.mark.parametrize("told", OUTSIDE)
def test_what_is_outside_the_subset_is_named_with_file_and_road(tmp_path, told) -> None:
    plan, lanes = OUTSIDE[told]
    path = written(tmp_path, road("42", 320.0, plan or bend(), lanes or section(right=lane(-1))))
    with pytest.raises(UserError, match=re.escape(told)) as error:
        read_opendrive(path)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(f"{path}: road 42")


def test_superelevation_and_left_hand_traffic_are_refused_elevation_is_noted(tmp_path) -> None:
    bank = '<lateralProfile><superelevation s="0" a="0.02" b="0" c="0" d="0"/></lateralProfile>'
    plan, lanes = geometry(0, 0, 0, 0, 50.0), section(right=lane(-1))
    with pytest.raises(UserError, match="superelevation"):
        read_opendrive(written(tmp_path, road("1", 50.0, plan, lanes, more=bank)))
    left = road("1", 50.0, plan, lanes).replace("<road ", '<road rule="LHT" ')
    with pytest.raises(UserError, match="right-hand traffic"):
        read_opendrive(written(tmp_path, left))
    hill = '<elevationProfile><elevation s="0" a="0" b="0.05" c="0" d="0"/></elevationProfile>'
    got = read_opendrive(written(tmp_path, road("1", 50.0, plan, lanes, more=hill)))
    assert got.notes == ("elevation is ignored",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "a whole, plain document"),
        ("<OpenDRIVE><road></OpenDRIVE>", "a whole, plain document"),
        ("<OpenDRIVE/>", "at least one lane"),
        ("<kml/>", "a map"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><OpenDRIVE>&b;</OpenDRIVE>', "a whole, plain document"),
        ('<OpenDRIVE><road id="1" length="1"/></OpenDRIVE>', "at least one geometry"),
        ("\0\1\2", "a whole, plain document"),
    ],
)
def test_hostile_files_get_one_line(tmp_path, text, told) -> None:
    path = tmp_path / "hostile.xodr"
    path.write_text(text)
    with pytest.raises(UserError, match=told) as error:
        read_road(path)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(str(path))


def test_links_to_roads_that_do_not_exist_are_told(tmp_path) -> None:
    plan, lanes = geometry(0, 0, 0, 0, 50.0), section(right=lane(-1, link=to_lane("successor", -1)))
    lost = road("1", 50.0, plan, lanes, link=ends("successor", "77"))
    with pytest.raises(UserError, match="road 1: link: expected a road of the file, got '77'"):
        read_opendrive(written(tmp_path, lost))
    with pytest.raises(UserError, match="expected a file, got No such file"):
        read_road(tmp_path / "absent.xodr")

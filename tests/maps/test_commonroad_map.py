"""CommonRoad maps: arcs met where there are arcs, recorded sites read whole."""

import numpy as np
import pytest
import shapely

from sim.base.errors import UserError
from sim.maps import Map, read_road
from sim.maps.fit import backwards, fit, joined
from sim.maps.xml import read_xml
from sim.world.road import arc, chain, course_at, line
from sim.world.road.chain import place


def points_of(path, step: float = 5.0) -> np.ndarray:
    s = np.linspace(0.0, path.length[0], int(path.length[0] / step) + 2)
    x, y, _ = place(path, s[None])
    return np.stack([x[0], y[0]], axis=1)


def test_a_line_and_an_arc_are_found_again() -> None:
    true = chain(line(60.0), arc(80.0, 1 / 50), line(40.0), x=100.0, heading=2.0)
    path, off = fit(points_of(true, 2.0), 0.05)
    assert off < 0.05
    assert path.s.shape[1] < 20
    x, y, _ = place(path, np.linspace(0.0, 1.0, 300)[None] * path.length)
    line_ = shapely.LineString(points_of(true, 0.1))
    assert shapely.distance(line_, shapely.points(x[0], y[0])).max() < 0.06


@pytest.mark.parametrize("tolerance", [0.3, 0.1, 0.03])
def test_noise_is_met_within_the_tolerance_and_more_arcs(tolerance) -> None:
    rng = np.random.default_rng(4)
    points = points_of(chain(arc(200.0, 1 / 90)), 4.0) + rng.normal(0.0, 0.01, (52, 2))
    path, off = fit(points, tolerance)
    assert off <= tolerance
    assert path.s.shape[1] <= 8


def test_a_path_backwards_twice_is_itself() -> None:
    path = chain(line(10.0), arc(20.0, 0.05), arc(15.0, -0.04), heading=1.0)
    again = backwards(backwards(path))
    for name, column in path.columns().items():
        got = getattr(again, name)
        if name == "heading":
            got = got - 2.0 * np.pi
        np.testing.assert_allclose(got, column, atol=1e-9, err_msg=name)
    both = joined([path, path])
    assert both.length[0] == pytest.approx(90.0)
    assert both.s[0, 3] == pytest.approx(45.0)


def lanelet(name, x0, x1, y, refs="", width=3.5, bend=0.0) -> str:
    def bound(tag, side) -> str:
        pairs = [(x0, y + side), (0.5 * (x0 + x1), y + side + bend), (x1, y + side)]
        inner = "".join(f"<point><x>{a}</x><y>{b}</y></point>" for a, b in pairs)
        return f"<{tag}>{inner}</{tag}>"

    sides = bound("leftBound", 0.5 * width) + bound("rightBound", -0.5 * width)
    return f'<lanelet id="{name}">{sides}{refs}</lanelet>'


def ref(tag, name, more="") -> str:
    return f'<{tag} ref="{name}" {more}/>'


SAME = 'drivingDir="same"'


def scenario(folder, *parts):
    path = folder / "map.xml"
    path.write_text(f'<commonRoad timeStepSize="0.1">{"".join(parts)}</commonRoad>')
    return path


def two_lanes(folder) -> Map:
    """A lane of two lanelets, and one to its left beside the first only."""
    return read_road(
        scenario(
            folder,
            lanelet("1", 0, 100, 0, ref("successor", "2") + ref("adjacentLeft", "3", SAME)),
            lanelet("2", 100, 180, 0, ref("trafficLightRef", "8") + ref("trafficSignRef", "5")),
            lanelet("3", 0, 100, 3.5, ref("adjacentRight", "1", SAME)),
            '<trafficSign id="5"><trafficSignElement><trafficSignID>R2-1</trafficSignID>'
            "<additionalValue>13.4</additionalValue></trafficSignElement></trafficSign>",
            '<trafficLight id="8"><cycle>'
            "<cycleElement><duration>210</duration><color>green</color></cycleElement>"
            "<cycleElement><duration>30</duration><color>yellow</color></cycleElement>"
            "<cycleElement><duration>760</duration><color>red</color></cycleElement>"
            "<timeOffset>500</timeOffset></cycle></trafficLight>",
        )
    )


def test_lanelets_become_lanes_that_end_with_signs_and_lights(tmp_path) -> None:
    got = two_lanes(tmp_path)
    c = got.names.index((("1", "2"), ("3",)))
    road = got.road
    np.testing.assert_allclose(road.lanes.y[0, c], [0.0, 3.5], atol=1e-6)
    np.testing.assert_allclose(road.lanes.width[0, c], 3.5)
    np.testing.assert_allclose(road.lanes.end[0, c], [np.inf, 100.0])
    assert road.zones.limit[0, c].tolist() == [13.4]
    np.testing.assert_allclose(road.zones.start[0, c], 100.0)
    signal = [float(v[0, c, 0]) for v in road.signals.columns().values()]
    np.testing.assert_allclose(signal, [180.0, 100.0, 21.0, 3.0, 50.0])


def test_of_two_lanes_in_a_row_beside_a_course_the_longer_is_taken(tmp_path) -> None:
    beside = [ref("adjacentLeft", name, SAME) for name in ("4", "5")]
    got = read_road(
        scenario(
            tmp_path,
            lanelet("1", 0, 20, 0, ref("successor", "2") + beside[0]),
            lanelet("2", 20, 80, 0, ref("successor", "3")),
            lanelet("3", 80, 180, 0, beside[1]),
            lanelet("4", 0, 20, 3.5, ref("adjacentRight", "1", SAME)),
            lanelet("5", 82, 178, 3.5, ref("adjacentRight", "3", SAME)),
        )
    )
    c = got.names.index((("1", "2", "3"), ("5",)))
    np.testing.assert_allclose(got.road.lanes.start[0, c], [-np.inf, 82.0], atol=1e-6)
    # lanelets of the last row go on to the end, though they end elsewhere across
    np.testing.assert_array_equal(got.road.lanes.end[0, c], np.inf)
    short = got.names.index((("4",), ("1",)) if (("4",), ("1",)) in got.names else (("1",), ("4",)))
    np.testing.assert_array_equal(got.road.lanes.start[0, short, :2], -np.inf)


def test_lanes_beside_the_first_lanelet_are_there_from_the_beginning(tmp_path) -> None:
    got = read_road(
        scenario(
            tmp_path,
            lanelet("1", 0, 100, 0, ref("successor", "2") + ref("adjacentLeft", "3", SAME)),
            lanelet("2", 100, 180, 0),
            lanelet("3", 2, 97, 3.5, ref("adjacentRight", "1", SAME)),
        )
    )
    c = got.names.index((("1", "2"), ("3",)))
    np.testing.assert_array_equal(got.road.lanes.start[0, c], -np.inf)
    np.testing.assert_allclose(got.road.lanes.end[0, c], [np.inf, 97.0], atol=1e-6)


def test_a_lane_that_is_not_parallel_is_told_and_has_its_own_course(tmp_path) -> None:
    got = read_road(
        scenario(
            tmp_path,
            lanelet("1", 0, 100, 0, ref("adjacentLeft", "2", SAME)),
            lanelet("2", 0, 100, 3.5, ref("adjacentRight", "1", SAME), bend=3.0),
        )
    )
    assert sorted(got.names) == [(("1",),), (("2",),)]
    assert any("is not parallel" in note for note in got.notes)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ((), "at least one lane"),
        ((lanelet("1", 0, 1, 0, width=0.0),), "lanelet 1: bounds: expected a lane with"),
        ((lanelet("1", 0, 1, 0).replace("<x>0</x>", "<x>nan</x>"),), "finite number"),
        (('<lanelet id="4"/>',), "lanelet 4: leftBound: expected at least 2 points"),
        ((lanelet("1", 0, 1e7, 0),), "at most 100000"),
        ((lanelet("1", 0, 1e300, 0),), "metres within 1e[+]08"),
    ],
)
def test_lanelets_that_are_no_lanes_are_told_in_one_line(tmp_path, parts, told) -> None:
    path = scenario(tmp_path, *parts)
    with pytest.raises(UserError, match=told) as error:
        read_road(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("site", "every"), [("us101", 4), ("lankershim", 8)])
def test_recorded_sites_are_read_with_all_their_lanelets(recordings_root, site, every) -> None:
    files = sorted((recordings_root / "raw" / site).glob("*.xml"))[::every]
    if not files:
        pytest.skip(f"no recordings of {site}")
    for path in files:
        got = read_road(path)
        told = {name for course in got.names for lane in course for name in lane}
        root = read_xml(path)
        assert told == {e.get("id") for e in root.findall("lanelet")}
        assert got.deviation <= 0.5
        road = got.road
        for c, lanes in enumerate(got.names):
            s = np.linspace(0.0, road.courses.length[0, c], 200)
            for k, names in enumerate(lanes):
                inner = s[(s > road.lanes.start[0, c, k]) & (s < road.lanes.end[0, c, k])]
                x, y, _ = course_at(road.pieces, 0, c, inner, road.lanes.y[0, c, k])
                ground = shapely.union_all([_ground(root, name) for name in names])
                off = shapely.distance(ground, shapely.points(x, y))
                assert off.max() < 1.0, (path, names)  # at ends that are not square to the road
                assert np.quantile(off, 0.95) == 0.0


def _ground(root, name) -> shapely.Polygon:
    element = next(e for e in root.findall("lanelet") if e.get("id") == name)
    bounds = [
        [(float(p.findtext("x")), float(p.findtext("y"))) for p in element.findall(f"{side}/point")]
        for side in ("leftBound", "rightBound")
    ]
    return shapely.make_valid(shapely.Polygon(bounds[0] + bounds[1][::-1]))

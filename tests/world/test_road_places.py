"""Two courses that meet at several places have an area at each of them."""

import numpy as np
import pytest

from sim.maps import read_road
from sim.world.road import arc, line
from sim.world.road.areas import APART_M, overlap, overlaps
from sim.world.road.chain import chain
from sim.world.road.strips import Strip
from sim.world.rollout import simulate
from sim.world.scene import Scene

W = 3.4


def strips(radius: list[float]) -> tuple[Strip, Strip]:
    """A lane along x, and one that crosses it at x = 40 and comes back 2 r further on."""
    r, n = np.array(radius), len(radius)
    flat, wide = np.zeros(n), np.full(n, W)
    along = chain(line(np.full(n, 300.0)), y=flat)
    leg = np.full(n, 70.0)
    hook = chain(line(leg), arc(np.pi * r, -1.0 / r), line(leg), x=flat + 40.0, y=flat - 50.0,
                 heading=flat + 0.5 * np.pi)  # fmt: skip
    return (
        Strip(along, 0, 0, flat, wide, flat, along.length),
        Strip(hook, 1, 0, flat, wide, flat, hook.length),
    )


def test_places_far_apart_are_told_apart_in_the_closed_form() -> None:
    radius = np.array([20.0, 33.0])
    one, two = overlaps(*strips(radius.tolist()))
    half = 0.5 * W
    np.testing.assert_allclose(one[0], 40.0 - half, atol=0.02)
    np.testing.assert_allclose(one[1], 40.0 + half, atol=0.02)
    np.testing.assert_allclose(one[2], 50.0 - half, atol=0.02)
    np.testing.assert_allclose(two[0], 40.0 + 2.0 * radius - half, atol=0.02)
    np.testing.assert_allclose(two[1], 40.0 + 2.0 * radius + half, atol=0.02)
    np.testing.assert_allclose(two[2], 90.0 + np.pi * radius - half, atol=0.02)
    np.testing.assert_allclose(two[3], 90.0 + np.pi * radius + half, atol=0.02)


def test_places_between_which_no_car_fits_are_one() -> None:
    near = strips([0.5 * (APART_M + W) - 0.3])
    (one,) = overlaps(*near)
    np.testing.assert_array_equal(one, overlap(*near))
    assert len(overlaps(*strips([0.5 * (APART_M + W) + 0.3]))) == 2


def test_roads_of_one_make_may_have_different_numbers_of_places() -> None:
    one, two = overlaps(*strips([20.0, 4.0]))
    assert np.isfinite(one[0]).all()
    assert np.isfinite(two[0]).tolist() == [True, False]
    assert one[1][1] == pytest.approx(40.0 + 8.0 + 0.5 * W, abs=0.02)


def two_crossings() -> str:
    """A road along x, and one that leads over it, turns about and leads back over it."""
    lane = (
        '<lanes><laneSection s="0"><center><lane id="0" type="none"/></center><right>'
        '<lane id="-1" type="driving"><width sOffset="0" a="3.6" b="0" c="0" d="0"/></lane>'
        "</right></laneSection></lanes>"
    )
    turn = np.pi * 36.0
    hook = (
        '<geometry s="0" x="50" y="-70" hdg="1.5707963267949" length="105"><line/></geometry>'
        f'<geometry s="105" x="50" y="35" hdg="1.5707963267949" length="{turn}">'
        f'<arc curvature="{-1 / 36}"/></geometry>'
        f'<geometry s="{105 + turn}" x="122" y="35" hdg="-1.5707963267949" length="105"><line/>'
        "</geometry>"
    )
    straight = '<geometry s="0" x="0" y="0" hdg="0" length="190"><line/></geometry>'
    roads = [
        f'<road id="{k}" length="{length}" junction="-1"><planView>{plan}</planView>{lane}</road>'
        for k, length, plan in ((1, 190, straight), (2, 210 + turn, hook))
    ]
    return f'<OpenDRIVE><header revMajor="1" revMinor="6"/>{"".join(roads)}</OpenDRIVE>'


def test_a_yielding_car_waits_for_nobody_who_is_past_its_crossing(tmp_path) -> None:
    file = tmp_path / "hook.xodr"
    file.write_text(two_crossings())
    road = read_road(file).road
    a = road.areas
    mine = np.flatnonzero(a.course[0] == 0)
    assert len(mine) == 2
    for k, x in zip(mine, (50.0, 122.0)):  # lanes lie to the right of their road's line
        middle = 0.5 * (a.start[0, k] + a.end[0, k])
        assert abs(middle - x) == pytest.approx(1.8, abs=0.1)
        assert a.end[0, k] - a.start[0, k] < 3.7
        assert a.start[0, k] - a.hold[0, k] == pytest.approx(1.0)
    passed = []
    for other in (False, True):
        scene = Scene(1, road)
        scene.car(course=1, s=20.0, speed=10.0, desired_speed=10.0)
        if other:  # between the two crossings, and slow
            scene.car(course=0, s=70.0, speed=2.0, desired_speed=2.0)
        rows = simulate(scene.episode(), seconds=20.0).tracks
        ego = rows[rows["track_id"] == 0]
        passed.append(float(ego.t_s[ego.y_m > 2.0].min()))
    assert passed[1] == pytest.approx(passed[0], abs=0.2)

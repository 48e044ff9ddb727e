"""Who is ahead and behind among 500: two passes along each course against all pairs."""

from typing import Any

import naive_driven
import numpy as np
import pytest
from driven import ended, through_lanes
from marks import compiled

from sim.world.kernel.traffic import find_neighbours, sort_users
from sim.world.road import Road, curved, junction, on_ramp, roundabout
from sim.world.rollout import State
from sim.world.scene import Scene

ROADS = {
    "curved": curved(3, curvature=0.003, angle=1.5, approach=800.0, departure=800.0),
    "ramp": on_ramp(2, merge=800.0, departure=800.0),
    "junction": junction(main_lanes=2, approach=300.0, departure=300.0),
    "T": junction(3, approach=300.0, departure=300.0),
    "roundabout": roundabout(approach=200.0, departure=200.0),
}
FOUND = {
    (0, 1): ("lead", "lead_s"),
    (0, -1): ("back", "back_s"),
    (1, 1): ("left_lead", "left_lead_s"),
    (-1, 1): ("right_lead", "right_lead_s"),
    (1, -1): ("left_back", "left_back_s"),
    (-1, -1): ("right_back", "right_back_s"),
}


def scattered(road: Road, count: int, seed: int) -> tuple[Any, Any]:
    """So many users anywhere, in the middle of their lanes; cast and way of the one scenario."""
    rng = np.random.default_rng(seed)
    lanes = through_lanes(road)
    scene = Scene(1, road)
    for _ in range(count):
        course, lane = lanes[rng.integers(len(lanes))]
        s = rng.uniform(3.0, road.courses.length[0, course] - 3.0)
        scene.car(course=course, lane=lane, s=s, speed=0.0, length=rng.uniform(2.0, 12.0))
    state = State.of(scene.episode(), 0.1)
    cast, way = state.scenario(0)
    users = cast.users
    users["status"] = 2
    users["target"] = users["lane"]
    users["side"] = way.lanes["y"][users["course"], users["lane"]]
    cast.run["alive"] = count
    cast.order[:] = cast.along[:] = np.arange(count)
    sort_users(cast, way)
    find_neighbours(cast, way)
    return cast, way


@compiled
@pytest.mark.parametrize(("make", "count"), [(m, 120) for m in ROADS] + [("curved", 500)])
def test_neighbours_are_those_found_by_looking_at_all_pairs(make: str, count: int) -> None:
    road = ROADS[make]
    users = scattered(road, count, 1)[0].users
    for (side, way), (who, where) in FOUND.items():
        wanted = naive_driven.neighbours(road, users, side, way)
        got = np.where(users[who] >= 0, way * (users[where] - users["s"]), np.inf)
        np.testing.assert_allclose(got, wanted, atol=1e-9, err_msg=who)
    assert (users["lead"] >= 0).mean() > 0.3


@compiled
def test_they_are_so_on_a_junction_with_500() -> None:
    users = scattered(ROADS["junction"], 500, 2)[0].users
    wanted = naive_driven.neighbours(ROADS["junction"], users, 0, 1)
    got = np.where(users["lead"] >= 0, users["lead_s"] - users["s"], np.inf)
    np.testing.assert_allclose(got, wanted, atol=1e-9)
    gap = users["lead_s"] - users["s"] - 0.5 * (users["length"] + users["length"][users["lead"]])
    led = users["lead"] >= 0
    np.testing.assert_allclose(users["gap"][led], gap[led], atol=1e-9)


@compiled
def test_they_are_so_amid_a_run() -> None:
    """Those of whom box and aim are in one lane only; courses of which none is shared."""
    rng = np.random.default_rng(3)
    road = ROADS["curved"]
    scene = Scene(1, road)
    for k in range(500):
        s = 20.0 + 12.0 * (k // 3) + rng.uniform(-2.0, 2.0)
        scene.car(
            lane=k % 3, s=s, speed=rng.uniform(5, 9), desired_speed=rng.uniform(6, 12), headway=0.8
        )
    for seconds in (5.0, 15.0):
        users = ended(scene.episode(), seconds).users[0]
        users = users[users["status"] == 2]
        whole = (users["lowest"] == users["highest"]) & (users["target"] == users["lowest"])
        wanted = naive_driven.neighbours(road, users, 0, 1)
        got = np.where(users["lead"] >= 0, users["lead_s"] - users["s"], np.inf)
        # who changes is in two lanes: only nearer leaders than those by aim may come of it
        assert (got <= wanted + 1e-9).all()
        same = np.isclose(got, wanted, rtol=0.0, atol=1e-9)
        assert same[whole].mean() > 0.9
        assert len(users) > 400

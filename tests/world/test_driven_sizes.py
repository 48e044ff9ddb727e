"""All kinds of vehicle among each other, and turns that are tight for them."""

import numpy as np
import pytest
from driven import ended, through_lanes
from marks import compiled
from test_driven_roads import LATEST_S, LEAVE_S, MAKES, N

from sim.base.errors import UserError
from sim.world.kernel.records import GONE
from sim.world.road import Road, junction, junction_course, movements
from sim.world.scene import Scene

LARGEST_REACTION_S = 0.6  # with IDM's headway of 1.4 s nothing comes of it


def mixed(road: Road, rng: np.random.Generator) -> Scene:
    """Two of any kind on every course; trucks do not turn at junctions."""
    scene = Scene(N, road)
    turns = {c for c, m in enumerate(movements(4)) if m[1] != "straight"}
    for course, lane in through_lanes(road):
        for _ in range(2):
            place = {
                "course": course,
                "lane": lane,
                "s": 10.0,
                "enter_s": rng.uniform(0.0, LATEST_S, N),
                "reaction_s": rng.uniform(0.0, LARGEST_REACTION_S, N),
            }
            kind = rng.integers(4)
            if kind == 0 and not (road.signals.s.size and course in turns):
                scene.truck(speed=8.0, desired_speed=20.0, **place)
            elif kind == 1:
                scene.bicycle(**place)
            elif kind == 2:
                scene.motorcycle(speed=9.0, **place)
            else:
                scene.car(speed=9.0, desired_speed=rng.uniform(14.0, 36.0, N), **place)
    return scene


@compiled
@pytest.mark.parametrize("make", ["straight", "curved", "signals", "roundabout", "roundabout of 3"])
@pytest.mark.parametrize("seed", [10, 11])
def test_all_kinds_get_along(make: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    road = MAKES[make](lambda low, high: rng.uniform(low, high, N))
    users = ended(mixed(road, rng).episode(seed=seed), LEAVE_S).users
    touched = np.argwhere(users["collided"] == 1)
    assert len(touched) == 0, touched.tolist()
    assert (users["status"] == GONE).all()


TIGHT = pytest.mark.xfail(
    reason="conflict areas are as wide as lanes: the corner of a truck that turns right goes"
    " 2 m beyond its lane, into who waits beside"
)


@compiled
@pytest.mark.parametrize("radius", [pytest.param(10.0, marks=TIGHT), 30.0])
def test_a_truck_turns_right_past_who_waits_at_the_next_arm(radius: float) -> None:
    road = junction(right_radius=radius, left_radius=max(15.0, radius), approach=150.0)
    scene = Scene(1, road)
    scene.truck(course=junction_course(0, "right"), s=50.0, speed=5.0, desired_speed=20.0)
    scene.parked(course=junction_course(1, "straight"), s=150.0 - 0.5 - 2.25)
    assert not ended(scene.episode(), 60.0).users["collided"].any()


WIDE = pytest.mark.xfail(
    reason="a left turn whose radius is more than 6 m larger than that of the right turn out of"
    " the arm it leads to meets that turn's lane, and no area says so"
)


@compiled
def test_a_wide_left_turn_and_a_tight_right_turn_do_not_touch() -> None:
    n = 41
    road = junction(right_radius=8.0, left_radius=14.0, approach=150.0)
    scene = Scene(n, road)
    scene.car(course=junction_course(0, "left"), s=100.0, speed=8.0)
    scene.car(course=junction_course(3, "right"), s=100.0 + np.linspace(-20, 20, n), speed=8.0)
    assert not ended(scene.episode(), 40.0).users["collided"].any()


def test_a_left_turn_that_would_meet_the_right_turn_beside_it_is_refused() -> None:
    with pytest.raises(UserError, match="left_radius: expected at most right_radius"):
        junction(right_radius=8.0, left_radius=14.5)

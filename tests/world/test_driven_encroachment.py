"""How narrowly two missed each other where their ways cross: the engine, the Log, and by hand."""

import numpy as np
import pytest
from driven import ended
from marks import compiled

from sim.criticality.summary import summary
from sim.world.road import crosswalk, junction, junction_course
from sim.world.road.junction import SLACK_M
from sim.world.rollout import simulate
from sim.world.scene import Scene

L, W, LANE = 4.5, 1.8, 3.5
EAST, NORTH = junction_course(0, "straight"), junction_course(1, "straight")
PLAIN = junction(approach=150.0, lane_width=LANE)
SHARED = 0.5 * LANE - SLACK_M  # half the width of the area that the lanes share
N = 40


def draw(seed: int, gap: tuple[float, float]) -> tuple[np.ndarray, ...]:
    """Speeds of both, and the time between the centres' passing the crossing."""
    rng = np.random.default_rng(seed)
    east, north = rng.uniform(6.0, 18.0, N), rng.uniform(6.0, 18.0, N)
    # the boxes miss each other even so
    late = (0.5 * L + 0.5 * LANE) * (1.0 / east + 1.0 / north) + rng.uniform(*gap, N)
    return east, north, late * np.where(np.arange(N) % 2, 1.0, -1.0)


def crossing_cars(east: np.ndarray, north: np.ndarray, late: np.ndarray) -> Scene:
    p = PLAIN.pieces
    half = 0.5 * LANE
    scene = Scene(N, PLAIN)
    scene.car(course=EAST, s=half - p.x[0, EAST, 0] - 6.0 * east, speed=east, law="free")
    north_s = -half - p.y[0, NORTH, 0] - (6.0 + late) * north
    scene.car(course=NORTH, s=north_s, speed=north, law="free")
    return scene


def by_hand(east: np.ndarray, north: np.ndarray, late: np.ndarray, half: float) -> np.ndarray:
    """From the first's rear leaving a square of this half side to the second's front entering."""
    return np.abs(late) - (half + 0.5 * L) * (1.0 / east + 1.0 / north)


@compiled
@pytest.mark.parametrize("dt", [0.1, 0.05])
def test_the_engine_has_the_closed_form(dt: float) -> None:
    drawn = draw(1, (0.0, 4.0))
    u = ended(crossing_cars(*drawn).episode(), 14.0, dt=dt).users
    assert not u.collided.any()
    wanted = by_hand(*drawn, SHARED)
    assert (wanted > 0.0).all()
    np.testing.assert_allclose(u.min_pet, np.stack([wanted, wanted], axis=1), atol=1e-6)


@compiled
def test_the_log_has_the_same_of_the_boxes() -> None:
    """The engine's areas are as wide as the lanes, those of the Log as the cars."""
    drawn = draw(2, (0.0, 3.0))
    episode = crossing_cars(*drawn).episode()
    table = summary(simulate(episode, seconds=14.0), range_m=150.0, pet_limit_s=8.0)
    table = table[table["ego_id"] == 0]
    assert len(table) == N
    np.testing.assert_allclose(table["pet_s"], by_hand(*drawn, 0.5 * W), atol=2e-3)
    first = np.where(drawn[2] > 0.0, 0, 1)
    np.testing.assert_array_equal(table["pet_first_id"], first)
    wider = (SHARED - 0.5 * W) * (1.0 / drawn[0] + 1.0 / drawn[1])
    engine = ended(episode, 14.0).users.min_pet[:, 0]
    np.testing.assert_allclose(table["pet_s"] - engine, wider, atol=2e-3)


@compiled
def test_who_follows_through_the_same_area_has_none_but_the_nearest_of_several_counts() -> None:
    east, north, late = (np.array([v]) for v in (10.0, 10.0, 3.0))
    p = PLAIN.pieces
    half = 0.5 * LANE
    scene = Scene(1, PLAIN)
    s = half - p.x[0, EAST, 0] - 6.0 * east
    scene.car(course=EAST, s=s, speed=10.0, law="free")
    scene.car(course=EAST, s=s - 8.0, speed=10.0, law="free")
    alone = ended(scene.episode(), 14.0).users
    assert np.isnan(alone.min_pet).all()
    scene.car(
        course=NORTH, s=-half - p.y[0, NORTH, 0] - (6.0 + late) * north, speed=10.0, law="free"
    )
    u = ended(scene.episode(), 14.0).users[0]
    nearest = by_hand(east, north, late - 0.8, SHARED)[0]
    np.testing.assert_allclose(u.min_pet[[1, 2]], nearest, atol=1e-6)
    assert np.isnan(u.min_pet[0])  # the second one left last: only it is kept


@compiled
def test_people_and_cars_miss_each_other_by_the_closed_form() -> None:
    scene = Scene(N, crosswalk(1, 0, at=200.0, width=4.0, rule="unmarked"))
    speed = np.linspace(8.0, 16.0, N)
    behind = np.linspace(0.3, 4.0, N)  # from one's leaving to the car's coming
    leaves = (9.5 + 0.25 - 2.0) / 1.4  # the rear at the far edge of the lane
    scene.pedestrian(course=1, s=2.0, law="free")
    scene.car(course=0, s=198.0 - 0.5 * L - speed * (leaves + behind), speed=speed, law="free")
    u = ended(scene.episode(), 20.0).users
    np.testing.assert_allclose(u.min_pet[:, 1], behind, atol=1e-6)

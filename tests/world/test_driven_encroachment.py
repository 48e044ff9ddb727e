"""How narrowly two missed each other where their ways cross: the run, its Log, and by hand."""

import numpy as np
import pytest
from marks import compiled

from sim.criticality.summary import summary
from sim.family import load_families
from sim.sampling import run_family, sample
from sim.world.encroach import LIMIT_S
from sim.world.log import Log
from sim.world.road import crosswalk, junction, junction_course
from sim.world.rollout import simulate
from sim.world.scene import Scene

L, W, LANE = 4.5, 1.8, 3.5
EAST, NORTH = junction_course(0, "straight"), junction_course(1, "straight")
PLAIN = junction(approach=150.0, lane_width=LANE)
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


def egos_pet(log: Log) -> np.ndarray:
    return log.outcomes["min_pet_s"].to_numpy().reshape(len(log), -1)


@compiled
@pytest.mark.parametrize("dt", [0.1, 0.05])
def test_the_run_has_the_closed_form_of_the_boxes(dt: float) -> None:
    drawn = draw(1, (0.0, 3.0))
    log = simulate(crossing_cars(*drawn).episode(), seconds=14.0, dt=dt)
    assert not log.outcomes["collided"].any()
    wanted = by_hand(*drawn, 0.5 * W)
    assert (wanted > 0.0).all()
    np.testing.assert_allclose(egos_pet(log), np.stack([wanted, wanted], axis=1), atol=2e-3)


@compiled
def test_the_summary_of_the_log_has_the_same() -> None:
    drawn = draw(2, (0.0, 3.0))
    log = simulate(crossing_cars(*drawn).episode(), seconds=14.0)
    table = summary(log, range_m=150.0)
    table = table[table["ego_id"] == 0]
    assert len(table) == N
    np.testing.assert_allclose(table["pet_s"], egos_pet(log)[:, 0], atol=1e-12)
    first = np.where(drawn[2] > 0.0, 0, 1)
    np.testing.assert_array_equal(table["pet_first_id"], first)


@compiled
@pytest.mark.parametrize("name", ["child_runs", "roundabout_entry", "turning_crossing"])
def test_families_have_the_times_of_their_logs(name: str) -> None:
    family = load_families()[name]()
    log = run_family(family, sample(family, n=20, seed=5))
    table = summary(log, range_m=1000.0, pet_limit_s=LIMIT_S)
    key = ["episode_id", "ego_id"]
    least = table.groupby(key, observed=True)["pet_s"].min()
    mine = log.outcomes.rename(columns={"track_id": "ego_id"}).set_index(key)["min_pet_s"]
    got, want = mine.align(least, join="inner")
    assert want.notna().sum() > 20
    np.testing.assert_allclose(got, want, atol=1e-12)


@compiled
@pytest.mark.parametrize("lead", ["straight", "right", "left"])
def test_who_follows_at_close_headway_crosses_nobody(lead: str) -> None:
    scene = Scene(1, PLAIN)
    scene.car(course=EAST, s=40.0, speed=12.0, law="free")
    course = junction_course(0, lead)
    scene.car(course=course, s=40.0 + L + 0.8 * 12.0, speed=12.0, law="free")
    log = simulate(scene.episode(), seconds=9.0, range_m=50.0)
    assert np.isnan(egos_pet(log)).all()


@compiled
def test_the_nearest_of_several_counts() -> None:
    east, north, late = (np.array([v]) for v in (10.0, 10.0, 3.0))
    p = PLAIN.pieces
    half = 0.5 * LANE
    scene = Scene(1, PLAIN)
    s = half - p.x[0, EAST, 0] - 6.0 * east
    scene.car(course=EAST, s=s, speed=10.0, law="free")
    scene.car(course=EAST, s=s - 8.0, speed=10.0, law="free")
    scene.car(
        course=NORTH, s=-half - p.y[0, NORTH, 0] - (6.0 + late) * north, speed=10.0, law="free"
    )
    pet = egos_pet(simulate(scene.episode(), seconds=14.0))[0]
    wanted = by_hand(east, north, late, 0.5 * W)[0]
    np.testing.assert_allclose(pet, [wanted, wanted - 0.8, wanted - 0.8], atol=2e-3)


@compiled
def test_people_and_cars_miss_each_other_by_the_closed_form() -> None:
    scene = Scene(N, crosswalk(1, 0, at=200.0, width=4.0, rule="unmarked"))
    speed = np.linspace(8.0, 16.0, N)
    behind = np.linspace(0.3, 4.0, N)  # from one's leaving the lane to the car's coming
    leaves = (9.5 + 0.25 - 2.0) / 1.4  # the rear at the far edge of the lane
    scene.pedestrian(course=1, s=2.0, law="free")
    scene.car(course=0, s=198.0 - 0.5 * L - speed * (leaves + behind), speed=speed, law="free")
    log = simulate(scene.episode(), seconds=20.0)
    # the car's flank is 0.85 m from the lane's edge, and the person 1.75 m into the crosswalk
    nearer = 0.5 * (LANE - W) / 1.4 + (2.0 - 0.25) / speed
    np.testing.assert_allclose(egos_pet(log)[:, 1], behind + nearer, atol=5e-3)


@compiled
def test_a_time_to_collision_of_nothing_is_contact() -> None:
    family = load_families()["debris"]()
    ego = run_family(family, sample(family, n=200, seed=1)).outcomes.query("track_id == 0")
    nothing = ego["min_ttc_s"] <= 0.0
    assert nothing.any()
    assert ego.loc[nothing, "collided"].all()

"""Fixed suites: who does not act is hit where, when and how fast the protocol says, everywhere."""

import itertools
from functools import cache

import numpy as np
import pandas as pd
import pytest
import shapely
from marks import compiled

from sim.base.dist import Choice, Constant
from sim.base.geometry import corners
from sim.family import EVENTS, Draws, Family, load_families
from sim.laws.ttc_2d import ttc_2d
from sim.reference import DRIVERS, cut_in, tally
from sim.world.log import Log
from sim.world.rollout import simulate

SUITES = sorted(name for name, kind in load_families().items() if "regression" in kind.tags)
NCAP = [name for name in SUITES if name.startswith("ncap_")]
MEETS, WIDE, KMH = 5.0, 1.8, 3.6
PACE = {"cpna": 5, "cpfa": 8, "cpnc": 5, "cbna": 15, "cbfa": 20}
ADULT, CHILD, CAR = 0.5, 0.35, 4.5
BOX = ("x_m", "y_m", "yaw_rad", "length_m", "width_m")
LONG_R157, WIDE_R157, APART, HOLDS = 4.3, 1.9, 1.6, 3.0


def suite(name: str, **pins: float) -> Family:
    return load_families()[name]().with_overrides(pins)


def cells(family: Family) -> Draws:
    """Every cell once: a point in the middle of each step of each coordinate."""
    axes = [axis.cells(1) for axis in family.space.axes]
    middles = [0.5 * (edges[1:] + edges[:-1]) for edges in axes]
    return family.draw(np.array(list(itertools.product(*middles))))


@cache
def run(name: str, acts: bool, seed: int = 0) -> tuple[Draws, Log, pd.DataFrame]:
    """All cells, the Log, and what came of the ego in each."""
    pin = "aeb" if name.startswith("ncap_") else "system"
    family = suite(name, **{pin: float(acts)})
    draws = cells(family)
    episode = family.build(draws).episode(seed=seed)
    log = simulate(episode, seconds=family.seconds, range_m=EVENTS[family.event].range_m)
    ends = log.outcomes
    return draws, log, ends[ends["track_id"] == 0].reset_index(drop=True)


def braking_lead(speed: np.ndarray, gap: np.ndarray, decel: np.ndarray) -> tuple[np.ndarray, ...]:
    """From the braking of one ahead to contact [s], and the difference of speeds then [m/s]."""
    time = np.sqrt(2.0 * gap / decel)
    stands = speed / decel
    late = (gap + 0.5 * speed * stands) / speed
    return np.where(time <= stands, time, late), np.where(time <= stands, decel * time, speed)


def as_told(name: str, d: Draws) -> tuple[np.ndarray, ...]:
    """Time [s], relative speed [m/s] and place across [m] of the contact, by hand."""
    kind = name.removeprefix("ncap_")
    time = np.full(len(d), MEETS)
    if kind == "ccrb":
        after, impact = braking_lead(d.speed, d.gap, d.decel)
        return 1.0 + after, impact, np.zeros(len(d))
    if kind in ("ccrs", "ccrm"):
        target = 20.0 / KMH if kind == "ccrm" else 0.0
        return time, d.speed - target, 0.5 * WIDE * np.sign(d.overlap) * (1.0 - np.abs(d.overlap))
    place = WIDE * (d.place - 0.5)
    if kind == "cbla":
        return time, d.speed - d.pace, place
    return time, np.hypot(d.speed, PACE[kind] / KMH), place


@compiled
@pytest.mark.parametrize("name", NCAP)
def test_without_braking_the_contact_is_as_told(name: str) -> None:
    draws, _, ego = run(name, False)
    time, impact, place = as_told(name, draws)
    assert ego["collided"].all()
    assert (ego["other_id"] == 1).all()
    assert (ego["contact_side"] == "front").all()
    brakes = name == "ncap_ccrb"  # who brakes is taken to go evenly within a step
    np.testing.assert_allclose(ego["contact_s"], time, atol=2e-3 if brakes else 1e-4)
    np.testing.assert_allclose(ego["impact_speed_mps"], impact, atol=1e-2 if brakes else 1e-4)
    np.testing.assert_allclose(ego["contact_y_m"], place, atol=1e-3)


@compiled
@pytest.mark.parametrize("name", sorted(f"ncap_{kind}" for kind in PACE))
def test_who_crosses_is_hit_on_the_side_that_faces_the_ego(name: str) -> None:
    _, log, _ = run(name, False)
    ends = log.outcomes[log.outcomes["track_id"] == 1]
    from_right = name.removeprefix("ncap_") in ("cpna", "cpnc", "cbna")
    assert (ends["contact_side"] == ("left" if from_right else "right")).all()


@compiled
@pytest.mark.parametrize("name", NCAP)
def test_emergency_braking_avoids_what_its_strength_allows(name: str) -> None:
    """Braking in full from 1 s before contact at 9 m/s² takes 18 m/s, in part before it more."""
    _, _, without = run(name, False)
    draws, _, ego = run(name, True)
    impact = as_told(name, draws)[1] if name != "ncap_ccrb" else np.zeros(len(draws))
    assert not ego["collided"][impact < 17.0].any()
    hit = ego["collided"].to_numpy()
    slower = (without["impact_speed_mps"] - ego["impact_speed_mps"])[hit]
    assert (slower > 5.0).all()
    assert hit.any() == (name == "ncap_ccrs"), "only those from 75 km/h on are too fast"


@compiled
def test_the_child_is_not_braked_for_before_it_can_be_seen() -> None:
    draws, log, _ = run("ncap_cpnc", True)
    tracks = log.tracks
    brakes = 0
    for index in range(len(draws)):
        of = tracks[tracks["episode_id"].cat.codes == index]
        ego, child = (of[of["track_id"] == k].set_index("frame") for k in (0, 1))
        rows = of[(of["track_id"] > 1) & (of["frame"] == 0)]
        parked = shapely.polygons(
            corners(*(rows[c].to_numpy() for c in ("x_m", "y_m", "yaw_rad", "length_m", "width_m")))
        )
        first = ego.index[(ego["accel_mps2"] < -1.0)][0]
        ends = np.stack([frame.loc[:first, ["x_m", "y_m"]].to_numpy() for frame in (ego, child)], 1)
        hidden = shapely.intersects(shapely.linestrings(ends)[:, None], parked).any(axis=1)
        assert hidden[: first - 2].any()
        assert not hidden[first]
        brakes += int(hidden[first - 2])
    assert brakes > 0, "in no cell it came into sight just before"


@compiled
@pytest.mark.parametrize("name", SUITES)
def test_nothing_is_left_to_chance(name: str) -> None:
    acts = not name.startswith("r157_cut")
    one, two = (run(name, acts, seed)[1].tracks.drop(columns="episode_id") for seed in (0, 1))
    pd.testing.assert_frame_equal(one, two, check_exact=True)


@pytest.mark.parametrize("name", SUITES)
def test_every_quantity_is_some_values_or_pinned(name: str) -> None:
    family = suite(name)
    assert all(isinstance(q.dist, Choice | Constant) for q in family.quantities)
    drawn = family.draw(np.random.default_rng(1).random((500, family.dimensions)))
    for q in family.quantities:
        told = q.dist.values if isinstance(q.dist, Choice) else [q.dist.value]
        assert np.isin(drawn.values[q.name], told).all()


def test_the_grids_have_the_cells_of_the_protocols() -> None:
    wanted = {
        "ncap_ccrs": (range(10, 85, 5), 5), "ncap_ccrm": (range(30, 85, 5), 5),
        "ncap_ccrb": ([50], 4), "ncap_cpna": (range(20, 65, 5), 2),
        "ncap_cpfa": (range(20, 65, 5), 1), "ncap_cpnc": (range(20, 65, 5), 1),
        "ncap_cbna": (range(20, 65, 5), 1), "ncap_cbfa": (range(20, 65, 5), 1),
        "ncap_cbla": (range(25, 85, 5), 4), "r157_cut_in": ([60], 59 * 18),
        "r157_cut_out": ([60], 3 * 30 * 15), "r157_decel": ([20, 40, 60, 90, 130], 7 * 9),
    }  # fmt: skip
    assert sorted(wanted) == SUITES
    for name, (speeds, others) in wanted.items():
        draws = cells(suite(name))
        assert len(draws) == len(speeds) * others
        np.testing.assert_allclose(np.unique(draws.speed) * KMH, list(speeds))
        columns = np.stack([draws.values[q] for q in draws.values], axis=1)
        assert len(np.unique(columns, axis=0)) == len(draws)


def parallel(d: Draws, apart: np.ndarray | float) -> np.ndarray:
    """Whether boxes that stay parallel touch: side by side before the ego is past the other."""
    passed = (d.gap + 2.0 * LONG_R157) / (d.speed - d.other)
    with np.errstate(divide="ignore"):
        return np.asarray(apart / d.drift < passed)


@compiled
def test_cut_ins_meet_as_those_of_the_reference_drivers_do() -> None:
    """Same cells, but for what a car that drifts sweeps with its corners."""
    draws, _, ego = run("r157_cut_in", False)
    hit = ego["collided"].to_numpy()
    swing = 0.5 * LONG_R157 * draws.drift / draws.other
    assert not (parallel(draws, APART + 0.03) & ~hit).any()
    assert not (hit & ~parallel(draws, APART - swing - 0.06)).any()
    same = hit == parallel(draws, APART)
    assert same.mean() > 0.93
    small = draws.drift < 0.25
    assert (hit[small] == parallel(draws, APART)[small]).all()


@compiled
def test_cut_ins_meet_as_two_boxes_that_drift_at_an_angle_do() -> None:
    draws, _, ego = run("r157_cut_in", False)
    yaw = -np.arctan2(draws.drift, draws.other)
    box = (LONG_R157, WIDE_R157)
    moved = np.stack([draws.gap + LONG_R157, draws.other - draws.speed, -draws.drift, yaw], axis=1)
    told = np.array([ttc_2d(x, 3.5, vx, vy, 0.0, *box, psi, *box) for x, vx, vy, psi in moved])
    with np.errstate(divide="ignore"):
        drifts = told < (3.5 - draws.drift) / draws.drift - 0.1  # then it settles in the lane
    assert drifts.mean() > 0.25
    np.testing.assert_allclose(ego["contact_s"][drifts] - HOLDS, told[drifts], atol=0.03)


@compiled
def test_cut_ins_that_no_reference_driver_can_answer_are_contacts_here_too() -> None:
    """At the same time but for a step, and for what corners sweep, earlier or later."""
    draws, _, ego = run("r157_cut_in", False)
    meeting = {"ego_speed": draws.speed, "other_speed": draws.other, "gap": draws.gap}
    sudden = 0
    for driver in DRIVERS:
        told = cut_in(driver, **meeting, lateral_speed=draws.drift)
        late = told.crashed & (told.strongest_brake == 0.0)
        assert ego["collided"][late].all()
        apart = told.time[late] - (ego["contact_s"][late].to_numpy() - HOLDS)
        assert (np.abs(apart) < 0.15 + 0.5 * LONG_R157 / draws.other[late]).all()
        assert ((ego["contact_side"] == "left")[late] | ~told.side_hit[late]).all()
        sudden += int(late.sum())
    assert sudden > 50


@compiled
def test_the_system_does_no_worse_than_the_careful_driver() -> None:
    _, _, without = run("r157_cut_in", False)
    _, _, ego = run("r157_cut_in", True)
    assert not (ego["collided"] & ~without["collided"]).any()
    assert 0 < ego["collided"].sum() < tally("careful", 60, 20).crashes


@compiled
def test_a_cut_out_uncovers_the_car_at_the_distance_told() -> None:
    draws, log, ego = run("r157_cut_out", False)
    way = draws.speed * draws.headway + LONG_R157 + draws.beyond
    np.testing.assert_allclose(ego["contact_s"], 3.0 + way / draws.speed, atol=0.01)
    np.testing.assert_allclose(ego["impact_speed_mps"], draws.speed, atol=1e-4)
    assert (ego["other_id"] == 2).all()
    lead = log.outcomes[log.outcomes["track_id"] == 1]
    assert not lead["collided"].any()
    at = log.tracks[log.tracks["frame"] == 30]
    x, y, yaw = (at[c].to_numpy().reshape(-1, 3) for c in ("x_m", "y_m", "yaw_rad"))
    lowest = y[:, 1] - 0.5 * (LONG_R157 * np.sin(yaw[:, 1]) + WIDE_R157 * np.cos(yaw[:, 1]))
    np.testing.assert_allclose(lowest - 0.5 * WIDE_R157, 0.1, atol=0.03)
    np.testing.assert_allclose(x[:, 2] - x[:, 1] - LONG_R157, draws.beyond, atol=0.2)


@compiled
def test_who_does_not_see_a_lead_brake_meets_it_by_the_closed_form() -> None:
    draws, _, ego = run("r157_decel", False)
    after, impact = braking_lead(draws.speed, draws.speed * draws.headway, draws.decel)
    np.testing.assert_allclose(ego["contact_s"], 1.0 + after, atol=2e-3)
    np.testing.assert_allclose(ego["impact_speed_mps"], impact, atol=0.15)


@compiled
@pytest.mark.parametrize("name", SUITES)
def test_the_share_of_danger_is_the_one_declared(name: str) -> None:
    family = suite(name)
    _, _, ego = run(name, True)
    share = (EVENTS[family.event].margin(ego) <= 0.0).mean()
    assert family.danger[0] <= share <= family.danger[1]

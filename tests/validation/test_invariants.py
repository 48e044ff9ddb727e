"""What must hold of every run, whatever the numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from marks import compiled
from numpy.typing import NDArray

from sim.laws.friction import GRAVITY
from sim.world.episode import Episode
from sim.world.log import Log
from sim.world.road import straight
from sim.world.rollout import simulate
from sim.world.scene import Scene

Floats = NDArray[np.float64]

LAWS = ("idm", "gipps", "krauss", "free", "acc")
few = settings(max_examples=12, deadline=None, derandomize=True)


def columns(log: Log, slot: int, *names: str) -> Floats:
    """Columns of one user over time in every episode, (B, F, columns)."""
    rows = log.tracks[log.tracks["track_id"] == slot]
    return rows[list(names)].to_numpy().reshape(len(log), -1, len(names))


def wild(n: int, users: int, seed: int, law: str, **traits: float) -> Scene:
    """Users who are told to brake, speed up and swerve at random, on three lanes."""
    rng = np.random.default_rng(seed)
    scene = Scene(n, straight(lanes=3, length=5e3))
    for k in range(users):
        user = scene.car(
            lane=k % 3,
            s=30.0 + 30.0 * (k // 3) + rng.uniform(-10.0, 10.0, n),
            speed=rng.uniform(0.0, 40.0, n),
            headway=rng.uniform(0.3, 2.5, n),
            reaction_s=rng.uniform(0.0, 1.2, n),
            law=law,
            **traits,
        )
        brakes, goes, swerves = rng.uniform(0.0, 8.0, (3, n))
        scene.when(user, time_s=brakes).brake(
            rng.uniform(1.0, 12.0, n), down_to=rng.uniform(0.0, 5.0, n)
        )
        scene.when(user, time_s=goes).go()
        scene.when(user, time_s=swerves).lane(rng.integers(0, 3, n), lateral_speed=2.0)
    return scene


@compiled
@few
@given(seed=st.integers(0, 10**6), law=st.sampled_from(LAWS), noise=st.booleans())
def test_nobody_drives_backwards(seed: int, law: str, noise: bool) -> None:
    traits = {"accel_noise": 0.5, "speed_noise": 0.2, "sway_m": 0.2} if noise else {}
    log = simulate(wild(16, 9, seed, law, **traits).episode(seed=seed), seconds=12.0)
    assert (log.tracks["speed_mps"] >= 0.0).all()
    keys = ["episode_id", "track_id"]
    whole = log.episodes.set_index("episode_id")["collided"]
    free = log.tracks[~log.tracks["episode_id"].astype(str).map(whole).to_numpy(bool)]
    steps = free.groupby(keys, observed=True)["x_m"].diff()
    assert steps.min() >= -1e-5


@compiled
@few
@given(
    seed=st.integers(0, 10**6),
    law=st.sampled_from(["idm", "gipps", "krauss", "acc"]),
    coolness=st.sampled_from([0.0, 0.5, 0.99]),
)
def test_who_keeps_its_headway_never_hits_a_leader_that_brakes_softly(
    seed: int, law: str, coolness: float
) -> None:
    n = 200
    rng = np.random.default_rng(seed)
    speed, headway = rng.uniform(5.0, 33.0, n), rng.uniform(0.8, 2.5, n)
    scene = Scene(n, straight(lanes=1, length=1e4))
    ego = scene.car(
        lane=0, s=0.0, speed=speed, headway=headway, desired_speed=34.0, law=law, coolness=coolness
    )
    gap = 2.0 + speed * headway
    lead = scene.car(lane=0, ahead_of=ego, gap=gap, speed=speed, law="free")
    decel = rng.uniform(0.5, 2.0, n)  # at most the comfortable deceleration
    scene.when(lead, time_s=rng.uniform(0.0, 3.0, n)).brake(decel, down_to=rng.uniform(0.0, 5.0, n))
    log = simulate(scene.episode(), seconds=60.0)
    assert not log.episodes["collided"].any()
    ego_x, lead_x = columns(log, 0, "x_m"), columns(log, 1, "x_m")
    assert (lead_x - ego_x).min() > 4.5


def slippery(n: int, seed: int, dynamics: int, friction: float) -> Scene:
    """Hard braking and swerving on little friction."""
    rng = np.random.default_rng(seed)
    scene = Scene(n, straight(lanes=3, lane_width=4.0, length=1e3, friction=friction))
    ego = scene.car(lane=1, s=10.0, speed=rng.uniform(4.0, 30.0, n), law="free", dynamics=dynamics)
    scene.when(ego, time_s=rng.uniform(0.2, 0.6, n)).lane(
        rng.choice([0, 2], n), lateral_speed=rng.uniform(1.0, 6.0, n)
    )
    at = rng.uniform(0.4, 1.6, n)
    scene.when(ego, time_s=at).brake(rng.uniform(1.0, 10.0, n))
    scene.when(ego, time_s=at + 0.6).speed(40.0, accel=rng.uniform(1.0, 10.0, n))
    return scene


@compiled
@few
@given(seed=st.integers(0, 10**6), friction=st.sampled_from([0.1, 0.3, 0.8]))
def test_a_rolling_car_stays_in_the_friction_circle(seed: int, friction: float) -> None:
    log = simulate(slippery(200, seed, 0, friction).episode(), seconds=3.0, dt=0.1)
    speed, yaw = np.moveaxis(columns(log, 0, "speed_mps", "yaw_rad"), 2, 0)
    along = np.diff(speed, axis=1) / 0.1
    across = np.diff(yaw, axis=1) / 0.1 * 0.5 * (speed[:, 1:] + speed[:, :-1])
    used = np.hypot(along, across) / (friction * GRAVITY)
    # orders fall inside a step: there the mean of two accelerations; speed grows in a step
    assert used.max() < 1.03
    assert np.quantile(used, 0.9) > 0.9


@compiled
@few
@given(seed=st.integers(0, 10**6), friction=st.sampled_from([0.1, 0.3, 0.8]))
def test_a_skidding_car_stays_in_the_friction_circle(seed: int, friction: float) -> None:
    """Second differences of the path are means of the acceleration, so no longer than it."""
    log = simulate(slippery(200, seed, 1, friction).episode(), seconds=3.0, dt=0.1)
    path = columns(log, 0, "x_m", "y_m")
    pull = np.linalg.norm(np.diff(path, n=2, axis=1), axis=2) / 0.1**2
    assert pull.max() < friction * GRAVITY + 5e-3  # of float32 at 100 m
    assert np.quantile(pull, 0.9) > 0.5 * friction * GRAVITY


def begun(at: float, seed: int, quick: bool = False) -> Episode:
    """A platoon that rolls evenly until a time, then drives, and is braked ahead."""
    rng = np.random.default_rng(seed)
    scene = Scene(8, straight(lanes=2, length=3e3))
    ahead = lead = scene.car(lane=0, s=300.0, speed=25.0, law="free", held=1)
    users = []
    for k in range(4):
        ahead = scene.car(
            lane=0,
            behind=ahead,
            gap=rng.uniform(15.0, 50.0, 8),
            speed=25.0,
            held=1,
            reaction_s=rng.uniform(0.001, 0.04, 8) if quick else rng.uniform(0.06, 1.0, 8),
            law=("idm", "gipps", "krauss", "acc")[k],
            changes_lanes=0,
        )
        users.append(ahead)
    for user in users:
        scene.when(user, time_s=at).go()
    scene.when(lead, time_s=at + 0.53).brake(rng.uniform(2.0, 8.0, 8), down_to=8.0)
    scene.when(users[1], time_s=at + 1.27).lane(1, lateral_speed=1.5)
    scene.when(users[2], gap_m=12.0, to=users[1], delay_s=0.11).brake(3.0, down_to=5.0)
    return scene.episode()


def check_later(seed: int, later: int, quick: bool) -> None:
    early = simulate(begun(1.0, seed, quick), seconds=8.0)
    late = simulate(begun(1.0 + 0.1 * later, seed, quick), seconds=8.0 + 0.1 * later)
    np.testing.assert_array_equal(early.episodes["collided"], late.episodes["collided"])
    for slot in range(5):
        a, b = (columns(log, slot, "x_m", "y_m", "yaw_rad", "speed_mps") for log in (early, late))
        moved = b[:, later:] - a
        moved[..., 0] -= 2.5 * later
        np.testing.assert_allclose(moved, 0.0, atol=3e-4)  # float32 of 500 m: 3e-5


@compiled
@few
@given(seed=st.integers(0, 10**6), later=st.integers(1, 40))
def test_what_happens_later_happens_in_the_same_way(seed: int, later: int) -> None:
    check_later(seed, later, quick=False)


@compiled
@few
@given(seed=st.integers(0, 10**6), later=st.integers(1, 40))
def test_so_it_does_where_all_react_within_half_a_step(seed: int, later: int) -> None:
    check_later(seed, later, quick=True)


def crowd(n: int, order: list[int], seed: int) -> Episode:
    """The same users in another order of their slots; all places differ."""
    rng = np.random.default_rng(seed)
    count = len(order) + 1
    place = 40.0 * (np.arange(count) // 3)[:, None] + rng.uniform(-12.0, 12.0, (count, n))
    speed, wish = rng.uniform(18.0, 30.0, (count, n)), rng.uniform(20.0, 36.0, (count, n))
    late = rng.uniform(0.0, 1.0, (count, n))
    scene = Scene(n, straight(lanes=3, length=2e3, drops=[(0, 400.0)]))
    for k in (0, *order):
        scene.car(
            lane=k % 3,
            s=50.0 + place[k],
            speed=speed[k],
            desired_speed=wish[k],
            reaction_s=late[k],
            law=("idm", "acc", "krauss")[k % 3],
            change_pause_s=1.0,
        )
    return scene.episode()


@compiled
@few
@given(seed=st.integers(0, 10**6))
def test_slots_are_names_and_nothing_more(seed: int) -> None:
    count = 12
    order = [int(k) for k in 1 + np.random.default_rng(seed).permutation(count - 1)]
    a = simulate(crowd(8, list(range(1, count)), seed), seconds=12.0)
    b = simulate(crowd(8, order, seed), seconds=12.0)
    names = ("x_m", "y_m", "yaw_rad", "speed_mps", "lane")
    changes = 0
    for slot, k in enumerate((0, *order)):
        rows = [log.tracks[log.tracks["track_id"] == i] for log, i in ((a, k), (b, slot))]
        first, second = (row[list(names)].to_numpy() for row in rows)
        np.testing.assert_array_equal(first, second)
        changes += int((np.diff(first[:, 4]) != 0.0).sum())
    assert changes > 0
    outcome = ["outcome", "min_ttc_s", "delta_v_mps"]
    assert a.episodes[outcome].equals(b.episodes[outcome])

"""Looked but failed to see, misjudged, and tired of waiting: what comes of it on the road."""

import numpy as np
import pandas as pd
import pytest
from driven import past
from marks import compiled

from sim.world.road import crosswalk, junction, junction_course, straight
from sim.world.rollout import simulate
from sim.world.scene import Scene

WEST, SOUTH = junction_course(0, "straight"), junction_course(1, "straight")
LINE = 400.0


def town(n: int, **traits: float) -> Scene:
    """Cars, cyclists and people on foot from all arms of a junction with crosswalks."""
    scene = Scene(n, junction(crosswalk_width=3.0, approach=80.0, departure=60.0))
    rng = np.random.default_rng(3)
    for k in range(24):
        come = {"enter_s": rng.uniform(0.0, 40.0, n), **traits}
        if k % 4 == 3:
            scene.pedestrian(course=12 + k % 8, s=0.3, **come)
        else:
            put = scene.bicycle if k % 4 == 2 else scene.car
            put(course=k % 12, s=5.0, speed=5.0, desired_speed=rng.uniform(5.0, 13.0, n), **come)
    return scene


@compiled
def test_traits_that_tend_to_nothing_change_no_bit() -> None:
    none = simulate(town(8).episode(seed=2), seconds=60.0)
    faint = {"overlook_share": 1e-14, "judgement_sigma": 1e-300, "impatience_s": 1e300}
    some = simulate(town(8, **faint).episode(seed=2), seconds=60.0)
    pd.testing.assert_frame_equal(none.tracks, some.tracks, check_exact=True)
    pd.testing.assert_frame_equal(none.outcomes, some.outcomes, check_exact=True)
    much = simulate(town(8, overlook_share=0.2).episode(seed=2), seconds=60.0)
    assert len(much.tracks) != len(none.tracks)


def crossing_cyclist(n: int, share: float) -> Scene:
    """A cyclist on the main road, and a car that comes out of the side road at the same time."""
    scene = Scene(n, junction(control="yield", approach=100.0, speed_limit=14.0))
    scene.bicycle(course=WEST, s=np.linspace(90.0, 97.0, n), law="free")
    scene.car(course=SOUTH, s=70.0, speed=8.0, desired_speed=8.0, overlook_share=share)
    return scene


@compiled
@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (0.25, 20, 60), (0.5, 150, 200)])
def test_a_cyclist_who_is_overlooked_is_hit(share: float, least: int, most: int) -> None:
    """At one half nobody on two wheels is ever seen: they are overlooked twice as often."""
    hit = simulate(crossing_cyclist(200, share).episode(seed=4), seconds=20.0)
    assert least <= hit.episodes["collided"].sum() <= most


@compiled
def test_whom_one_yields_to_already_is_not_overlooked_later() -> None:
    """A stream that comes on for a minute: each is overlooked at most when it first comes near."""
    n = 60
    scene = Scene(n, junction(control="stop", approach=100.0, speed_limit=14.0))
    waits = scene.car(course=SOUTH, s=99.0 - 2.25, speed=0.0, overlook_share=0.2)
    creeps = scene.car(course=WEST, s=20.0, speed=1.2, law="free")  # a minute from the area
    scene.car(course=WEST, behind=creeps, gap=300.0, speed=1.2, law="free")
    p = past(scene.episode(seed=1), 70.0, "s holding")
    held = p["holding"][:, :, waits.slot] >= 0
    for b in range(n):
        if held[:, b].any():
            first, last = np.flatnonzero(held[:, b])[[0, -1]]
            assert held[first:last, b].all()


@compiled
def test_an_overlooked_follower_does_not_keep_anybody_from_changing() -> None:
    changes = []
    for share in (0.0, 40.0):  # before a change of lanes a twentieth of it counts
        scene = Scene(1, straight(lanes=2, length=1e5))
        ego = scene.car(lane=0, s=100.0, speed=20.0, desired_speed=35.0, overlook_share=share)
        scene.car(lane=0, ahead_of=ego, gap=25.0, speed=20.0, law="free")
        scene.car(lane=1, behind=ego, gap=12.0, speed=60.0, law="free")
        changes.append(past(scene.episode(), 0.5, "target")["target"][-1, 0, 0])
    assert changes == [0.0, 1.0]


def stream(n: int, headway: np.ndarray, **waits: object) -> Scene:
    """A car at a stop sign; on the main road 30 come by, so many seconds from front to front."""
    scene = Scene(n, junction(control="stop", approach=LINE, departure=150.0))
    scene.car(course=SOUTH, s=LINE - 10.0, speed=5.0, **waits)
    front = np.full(n, LINE - 20.0)
    for k in range(len(headway)):
        scene.car(course=WEST, s=front, speed=12.0, law="free")
        front = front - 12.0 * headway[k]
    return scene


def first_accepted(scene: Scene, seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """When the first user takes a gap for the first time, and since when it stands by then [s]."""
    p = past(scene.episode(seed=5), seconds, "accepted_s stopped_s")
    took = np.isfinite(p["accepted_s"][:, :, 0])
    at = np.where(took.any(axis=0), p["t"][took.argmax(axis=0)], np.inf)
    stands = p["stopped_s"][took.argmax(axis=0), np.arange(scene.n), 0]
    return at, stands


def entered(scene: Scene, seconds: float) -> np.ndarray:
    """When the first user passes its line [s]; infinite never."""
    p = past(scene.episode(seed=5), seconds, "s")
    over = p["s"][:, :, 0] + 2.25 > LINE + 0.2
    return np.where(over.any(axis=0), p["t"][over.argmax(axis=0)], np.inf)


@compiled
def test_who_waits_long_takes_a_gap_that_it_would_not_at_first() -> None:
    """Of 4.2 s from front to front 3.57 s are free, which 0.713 of a critical gap of 5 s are."""
    n, tau, headway = 4, np.array([0.0, 10.0, 20.0, 40.0]), 4.2
    scene = stream(n, np.full((30, n), headway), critical_gap_s=5.0, impatience_s=tau)
    took, stopped = first_accepted(scene, 110.0)
    free = headway - (3.1 + 4.5) / 12.0
    wait = -tau[1:] * np.log(2.0 * free / 5.0 - 1.0)
    assert took[0] == np.inf
    assert (took[1:] - stopped[1:] > wait - 1e-9).all()
    assert (took[1:] - stopped[1:] < 1.15 * wait + headway).all()


@compiled
def test_more_enter_the_shorter_their_patience() -> None:
    n = 60
    headway = 1.5 + np.random.default_rng(7).exponential(2.0, (30, n))
    in_time = [
        (entered(stream(n, headway, critical_gap_s=6.5, impatience_s=tau), 50.0) < 45.0).sum()
        for tau in (0.0, 30.0, 5.0)
    ]
    assert in_time[0] < in_time[1] < in_time[2]


@compiled
def test_people_on_foot_lose_patience_too() -> None:
    road = crosswalk(1, 0, at=300.0, rule="unmarked")
    out = []
    for tau in (0.0, 10.0):
        scene = Scene(1, road)
        scene.pedestrian(course=1, s=5.0, margin_s=4.0, impatience_s=tau)
        for k in range(9):  # gaps of 7 s: enough to get across, but not with the margin
            scene.car(course=0, s=290.0 - 70.0 * k, speed=10.0, law="free")
        p = past(scene.episode(), 40.0, "s collided")
        out.append((p["s"][:, 0, 0] > 6.5).any())
        assert not np.nanmax(p["collided"])
    assert out == [False, True]


@compiled
def test_who_misjudges_takes_gaps_on_either_side_of_the_critical_one() -> None:
    """A gap of 5.37 s in a stream of 0.87 s is taken at 4.2 s by all, at 6.2 s by none."""
    n = 200
    headway = np.full((12, n), 1.5)
    headway[3] = 6.0
    share = []
    for critical in (4.2, 6.2):
        for sigma in (0.0, 0.3):
            scene = stream(n, headway, critical_gap_s=critical, judgement_sigma=sigma)
            share.append(np.isfinite(first_accepted(scene, 16.0)[0]).mean())
    assert share[0] == 1.0
    assert share[2] == 0.0
    assert 0.1 < share[3] < share[1] < 1.0

"""When those who come later are there: a load falls, a driver waits for room."""

import numpy as np
import pytest
from driven import past
from marks import compiled

from sim.family import load_families
from sim.sampling.check import check
from sim.world.road import straight
from sim.world.scene import Scene

SPEED, HEADWAY, MIN_GAP, COMFORT = 20.0, 1.5, 2.0, 1.5
AT_S, CAR_M, LOAD_M = 2.0, 4.5, 1.0
PLACE_M = 300.0


def enters_s(make: str, gap_m: float) -> float:
    """When something that stands enters this far before the front of a car that comes then."""
    scene = Scene(1, straight(lanes=1, length=1000.0))
    length = LOAD_M if make == "obstacle" else CAR_M
    start = PLACE_M - gap_m - 0.5 * (CAR_M + length) - SPEED * AT_S
    scene.car(
        s=start, speed=SPEED, desired_speed=SPEED, headway=HEADWAY, min_gap=MIN_GAP,
        brake_comfort=COMFORT, law="free",
    )  # fmt: skip
    held = {} if make == "obstacle" else {"held": 1, "speed": 0.0}
    getattr(scene, make)(s=PLACE_M, enter_s=AT_S, length=length, **held)
    alive = past(scene.episode(), 25.0, "status")["status"][:, 0, 1] == 2
    return 0.1 * float(alive.argmax()) if alive.any() else np.inf


@compiled
@pytest.mark.parametrize(("beyond", "at_once"), [(0.3, True), (-0.3, False)])
def test_a_load_falls_at_the_followers_headway(beyond: float, at_once: bool) -> None:
    """Nearer than that it would fall on who follows; it comes when the road is free again."""
    gap = MIN_GAP + HEADWAY * SPEED + beyond
    assert (enters_s("obstacle", gap) <= AT_S + 0.15) == at_once


@compiled
def test_a_driver_waits_until_who_follows_can_brake_in_comfort() -> None:
    needed = MIN_GAP + 0.5 * HEADWAY * SPEED + 0.5 * SPEED**2 / COMFORT
    assert enters_s("car", needed + 0.3) <= AT_S + 0.15
    assert enters_s("car", needed - 0.3) > AT_S + 1.0


@compiled
@pytest.mark.parametrize("behind", [0.1, 1.0, 40.0])
def test_a_load_falls_right_behind_who_loses_it(behind: float) -> None:
    scene = Scene(1, straight(lanes=2, length=2000.0))
    scene.car(lane=1, s=100.0, speed=25.0, law="free")
    truck = scene.truck(lane=0, s=300.0, speed=25.0, law="free", length=12.0)
    s = 300.0 + 25.0 * AT_S - 6.0 - behind - 0.5
    load = scene.obstacle(lane=0, s=s, speed=25.0, enter_s=AT_S, length=LOAD_M)
    p = past(scene.episode(), AT_S + 1.0, "s collided")
    seen = np.isfinite(p["s"][:, 0, load.slot])
    assert 0.1 * float(seen.argmax()) <= AT_S + 0.15
    assert not (p["collided"][seen][0, 0, [truck.slot, load.slot]] > 0.0).any()


@compiled
def test_a_check_tells_who_waited_for_room() -> None:
    """`debris` from a truck is never put off; with a follower close by it would be."""
    found = {f.name: f for f in check(load_families()["debris"](), n=64, seed=1)}
    told = found["who comes later comes when asked"]
    assert told.ok
    assert told.detail == "in 0.0% of the episodes somebody waits for room"

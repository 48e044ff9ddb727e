"""Room to pass: within the lane, beside what stands at the kerb, and past who is gone."""

import numpy as np
import pytest
from driven import past
from marks import compiled

from sim.world.road import Road, curved, straight
from sim.world.scene import Scene

BENT = curved(2, lane_width=3.6, curvature=0.004, angle=0.6)
LEVEL = straight(lanes=2, lane_width=3.6, length=700.0)


def filtering(road: Road, clearance: np.ndarray, d: float = 1.8) -> Scene:
    """A motorcycle between two standing queues, with 0.5 m of room on either side."""
    n = len(clearance)
    scene = Scene(n, road)
    scene.motorcycle(
        lane=0, s=80.0, d=d, speed=5.0, desired_speed=5.0, changes_lanes=0, clearance_m=clearance
    )
    for k in range(5):
        for lane in (0, 1):
            scene.parked(lane=lane, s=150.0 + 8.0 * k + 3.0 * lane)
    return scene


@compiled
@pytest.mark.parametrize("road", [LEVEL, BENT], ids=["straight", "bent"])
def test_a_motorcycle_passes_between_queues_where_there_is_room(road: Road) -> None:
    clearance = np.array([0.2, 0.35, 0.45, 0.55, 0.7])
    p = past(filtering(road, clearance).episode(), 70.0, "s collided speed side")
    far = np.nanmax(p["s"][:, :, 0], axis=0)
    assert not np.nanmax(p["collided"])
    assert (far[clearance < 0.5] > 300.0).all()
    assert (far[clearance > 0.5] < 150.0).all()
    passing = (p["s"][:, :2, 0] > 140.0) & (p["s"][:, :2, 0] < 195.0)
    assert p["speed"][:, :2, 0][passing].min() > 4.9
    np.testing.assert_allclose(p["side"][:, :2, 0][passing], 1.8, atol=0.05)


@compiled
def test_without_clearance_who_is_in_the_lane_is_followed() -> None:
    p = past(filtering(LEVEL, np.zeros(1)).episode(), 70.0, "s collided gap")
    assert not np.nanmax(p["collided"])
    assert np.nanmax(p["s"][:, 0, 0]) < 150.0
    assert p["gap"][-1, 0, 0] == pytest.approx(2.0, abs=0.1)


@compiled
@pytest.mark.parametrize("road", [LEVEL, BENT], ids=["straight", "bent"])
def test_what_is_parked_beside_the_lane_hinders_nobody(road: Road) -> None:
    tracks = []
    for parked in (False, True):
        scene = Scene(3, road)
        scene.car(s=20.0, speed=15.0, desired_speed=15.0, changes_lanes=0)
        for k in range(4):
            scene.parked(s=100.0 + 30.0 * k, d=np.array([-2.75, -3.2, -4.0]), present=parked)
        tracks.append(past(scene.episode(), 20.0, "s side speed collided"))
    for name in ("s", "side", "speed"):
        np.testing.assert_array_equal(tracks[0][name][:, :, 0], tracks[1][name][:, :, 0])
    assert not np.nanmax(tracks[1]["collided"])


@compiled
def test_what_is_parked_half_in_the_lane_is_stopped_for() -> None:
    scene = Scene(1, LEVEL)
    scene.car(s=20.0, speed=15.0, desired_speed=15.0, changes_lanes=0)
    parked = scene.parked(s=150.0, d=-2.0)
    p = past(scene.episode(), 40.0, "s lead speed collided")
    assert not np.nanmax(p["collided"])
    assert p["lead"][-1, 0, 0] == parked.slot
    assert p["speed"][-1, 0, 0] < 0.1


@compiled
def test_who_is_told_to_vanish_does_and_no_longer_hinders() -> None:
    leave = np.array([5.0, 12.35, 20.0])
    scene = Scene(3, BENT)
    scene.car(s=20.0, speed=10.0, desired_speed=15.0, changes_lanes=0)
    scene.obstacle(s=150.0, leave_s=leave)
    p = past(scene.episode(), 45.0, "s speed lead")
    there = np.isfinite(p["s"][:, :, 1])
    np.testing.assert_array_equal(there, p["t"][:, None] < leave - 1e-9)
    assert (np.nan_to_num(p["lead"][:, :, 0], nan=-1.0)[~there] == -1.0).all()
    assert (np.nanmax(p["s"][:, :, 0], axis=0) > 250.0).all()
    assert np.nanmin(p["speed"][:, 2, 0]) < 1.0  # it had to wait
    assert np.nanmin(p["speed"][:, 0, 0]) > 8.0

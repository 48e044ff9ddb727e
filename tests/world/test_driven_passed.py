"""Nobody brakes for somebody it has passed, or for somebody who was struck and slid away."""

import math

import numpy as np
import pytest
from driven import past
from marks import compiled

from sim.world.kernel.threats import runs_behind
from sim.world.live import Simulation
from sim.world.road import crosswalk
from sim.world.scene import Scene

AT = 150.0


@compiled
def test_one_who_was_struck_and_slid_on_is_nobody_in_the_crossing() -> None:
    """A car hits somebody, who slides along the road; the oncoming cars have a free lane."""
    scene = Scene(1, crosswalk(1, 1, at=AT, rule="unmarked", width=2.0))
    scene.car(course=0, s=AT - 45.0, speed=15.0, law="free")
    scene.pedestrian(course=2, s=3.4, law="free", speed=1.4)
    oncoming = scene.car(course=1, s=20.0, speed=12.0, desired_speed=12.0)
    p = past(scene.episode(), 9.0, "collided x speed accel s")
    assert np.nanmax(p["collided"][:, 0, 1]) == 1.0
    assert p["x"][-1, 0, 1] > AT + 5.0
    struck = (p["collided"][:, 0, 1] == 1.0).argmax()
    assert p["accel"][struck + 8 :, 0, oncoming.slot].min() > -0.5
    assert p["s"][-1, 0, oncoming.slot] > 100.0


@compiled
def test_one_brakes_for_who_comes_to_its_front_and_not_for_who_runs_into_its_side() -> None:
    """One walks across within the crosswalk, one 0.6 m before it, where the front is already."""
    scene = Scene(2, crosswalk(1, 0, at=AT, rule="unmarked", width=2.0))
    car = scene.car(course=0, s=AT - 1.2 - 2.25, speed=3.0, desired_speed=3.0)
    scene.pedestrian(course=1, s=5.7, d=np.array([-0.5, 1.6]), speed=1.4, law="free")
    live = Simulation(scene.episode(), 0.1)
    live.step()
    assert live.users.threat[:, car.slot].tolist() == [1, -1]


class Box:
    """What `runs_behind` asks of a user, as a twin in plain numbers."""

    def __init__(self, x: float, y: float, yaw: float, length: float, width: float) -> None:
        self.x, self.y, self.yaw, self.length, self.width = x, y, yaw, length, width


@pytest.mark.parametrize("turn", [0.0, 1.1, -2.4])
@pytest.mark.parametrize("angle", [0.5 * math.pi, -0.5 * math.pi, 1.0, 2.3])
def test_behind_the_front_is_where_the_swept_strip_lies(turn: float, angle: float) -> None:
    """Against the edges of the strip that the rival sweeps, on the user's axis."""
    rng = np.random.default_rng(2)
    for _ in range(200):
        ahead, left = rng.uniform(-4.0, 6.0), rng.uniform(-5.0, 5.0)
        x = ahead * math.cos(turn) - left * math.sin(turn)
        y = ahead * math.sin(turn) + left * math.cos(turn)
        u = Box(0.0, 0.0, turn, 4.5, 1.8)
        v = Box(x, y, turn + angle, 1.8, 0.6)
        normal = np.array([-math.sin(angle), math.cos(angle)])
        edges = [(ahead * normal[0] + left * normal[1] + e) / normal[0] for e in (-0.3, 0.3)]
        python = getattr(runs_behind, "py_func", runs_behind)
        assert python(u, v) == (max(edges) < 2.25)


def test_those_who_merge_are_not_passed() -> None:
    python = getattr(runs_behind, "py_func", runs_behind)
    assert not python(Box(0.0, 0.0, 0.0, 4.5, 1.8), Box(-5.0, 3.0, -0.3, 4.5, 1.8))

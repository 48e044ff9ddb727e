"""Closecall's side: the only file that knows how the engine is called.

What it does in every figure: IDM, MOBIL considered by everybody at every step, contact of boxes
on all pairs, TTC and DRAC to the leader, and a log every 0.1 s in float32. A change of lane
takes as long as its lateral speed says.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.sensing.lidar import beam_angles, scan
from sim.sensing.traffic import Traffic
from sim.world.episode import Episode
from sim.world.kernel.records import LOGGED
from sim.world.live import Simulation
from sim.world.road import straight
from sim.world.rollout import State
from sim.world.scene import Scene
from tools.bench.traffic import (
    BEAMS,
    DT_S,
    LANES,
    LENGTH_M,
    RANGE_M,
    REACH_M,
    ROAD_M,
    STEPS,
    WIDTH_M,
    boxes,
    cars,
)

NOTES = {
    "rays": "ours so far: the scan of the range features",
}
"""What is not yet measured as its name says; shown with the figure."""


def starts(scenarios: int, vehicles: int, first: int = 0) -> list[dict[str, NDArray[Any]]]:
    """A column of each attribute of every car, (scenarios,), of seeds from `first` on."""
    drawn = [cars(vehicles, seed) for seed in range(first, first + scenarios)]
    names = ("lane", "s", "speed", "desired_speed")
    return [
        {name: np.array([getattr(scenario[k], name) for scenario in drawn]) for name in names}
        for k in range(vehicles)
    ]


def scene_of(columns: list[dict[str, NDArray[Any]]]) -> Episode:
    """The cars on the road, free to change lanes at every step."""
    scene = Scene(len(columns[0]["s"]), straight(lanes=LANES, length=ROAD_M))
    for column in columns:
        scene.car(**column, change_pause_s=0.0)
    return scene.episode(seed=1)


def run(state: State) -> NDArray[np.bool_]:
    """Drive 20 s into arrays, from before the first step; who was logged, (B, T + 1, N)."""
    b, n = state.cast.order.shape
    log = np.zeros((b, STEPS + 1, n, LOGGED), np.float32)
    logged = np.zeros(log.shape[:3], np.bool_)
    state.run(0, STEPS, 1, log, logged)
    return logged


def metrics_state(episode: Episode) -> State:
    """A state that measures TTC, DRAC and PET of everybody against those within range."""
    return State.of(episode, DT_S, RANGE_M)


class Live:
    """One scenario stepped from Python, its state read after every step."""

    def __init__(self, episode: Episode) -> None:
        self._live = Simulation(episode, DT_S)

    def step(self) -> tuple[NDArray[Any], ...]:
        """Advance by 0.1 s; x, y, speed, angle and lane of all, (N,) each."""
        self._live.step()
        users = self._live.users[0]
        return tuple(users[name].copy() for name in ("x", "y", "speed", "yaw", "centre"))


def cast(scenes: Traffic) -> NDArray[np.float64]:
    """Ranges (E, K) of full scans, one a scene, from the first box of each."""
    beams = beam_angles(BEAMS, 2.0 * np.pi)
    first = scenes.start[:-1]
    keys = np.arange(len(first), dtype=np.uint64)
    return scan(first, keys, scenes, beams, 2.0 * np.pi, REACH_M, 0.0, 0.0)


def boxes_around(scenes: int) -> Traffic:
    """The sensor's own car first, then the boxes around it, scene after scene."""
    places = np.array([[(0.0, 0.0), *boxes(seed)] for seed in range(scenes)])
    each = places.shape[1]
    x, y = places.reshape(-1, 2).T.copy()
    rows = np.arange(len(x))
    return Traffic(
        frame=rows // each,
        track=rows % each,
        kind=np.zeros_like(rows),
        x=x,
        y=y,
        cos=np.ones_like(x),
        sin=np.zeros_like(x),
        speed=np.zeros_like(x),
        length=np.full_like(x, LENGTH_M),
        width=np.full_like(x, WIDTH_M),
        slice_of=rows // each,
        start=np.arange(0, len(x) + 1, each),
    )

"""Closecall's side: the only file that knows how the engine is called.

What it does in every figure: IDM, MOBIL considered by everybody at every step, contact of boxes
on all pairs, TTC and DRAC to the leader, and a log every 0.1 s in float32. A change of lane
takes as long as its lateral speed says.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.sensing import cast
from sim.world.episode import Episode
from sim.world.kernel.records import LOGGED
from sim.world.live import Simulation
from sim.world.road import straight
from sim.world.rollout import State
from sim.world.scene import Scene
from tools.bench.traffic import (
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
    directions,
)


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
    return State.of(episode, DT_S, RANGE_M, threads=1)


class Live:
    """One scenario stepped from Python, its state read after every step."""

    def __init__(self, episode: Episode) -> None:
        self._live = Simulation(episode, DT_S)
        names = ("x", "y", "speed", "yaw", "centre")
        self._read = [self._live.columns[name][0] for name in names]

    def step(self) -> tuple[NDArray[Any], ...]:
        """Advance by 0.1 s; x, y, speed, angle and lane of all, (N,) each."""
        self._live.step()
        return tuple(column.copy() for column in self._read)


class Lidar:
    """Full scans, one a scene, from the middle of the cars around it."""

    def __init__(self, scenes: int) -> None:
        around = [
            [(x, y, 0.0, LENGTH_M, WIDTH_M) for x, y in boxes(seed)] for seed in range(scenes)
        ]
        self._boxes = np.array(around)
        self._origins = np.zeros((scenes, 3))
        self._angles = np.array([math.atan2(y, x) for x, y in directions()])
        shape = (scenes, len(self._angles))
        self._out = (np.empty(shape), np.empty(shape, np.int32))

    def scan(self) -> NDArray[np.float64]:
        """Ranges (scenes, rays) [m], infinite where nothing is met."""
        return cast(self._origins, self._angles, self._boxes, REACH_M, out=self._out)[0]

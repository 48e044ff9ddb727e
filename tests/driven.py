"""Runs that are looked at from within, and roads laid elsewhere in the plane."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.world.episode import Episode
from sim.world.live import Simulation
from sim.world.road import Road

Past = dict[str, NDArray[np.float64]]


def past(episode: Episode, seconds: float, names: str, *, dt: float = 0.1) -> Past:
    """Columns of the engine's records at every step from 0 on, each (T, B, N); time is `t`.

    NaN who is not on the road.
    """
    live = Simulation(episode, dt)
    seen: dict[str, list[NDArray[np.float64]]] = {name: [] for name in names.split()}
    steps = round(seconds / dt)
    for step in range(steps + 1):
        if step:
            live.step()
        for name, column in seen.items():
            column.append(np.where(live.alive, live.users[name], np.nan))
    return {name: np.array(column) for name, column in seen.items()} | {
        "t": dt * np.arange(steps + 1)
    }


def ended(episode: Episode, seconds: float, *, dt: float = 0.1) -> Simulation:
    """The simulation after so many seconds."""
    live = Simulation(episode, dt)
    live.step(round(seconds / dt))
    return live


def turned(road: Road, angle: float, x: float, y: float) -> Road:
    """The same road turned about the origin [rad] and then shifted [m]."""
    cos, sin = math.cos(angle), math.sin(angle)

    def laid(px: NDArray[np.float64], py: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        return {"x": x + cos * px - sin * py, "y": y + sin * px + cos * py}

    pieces, blocks = road.pieces, road.blocks
    return replace(
        road,
        pieces=replace(pieces, **laid(pieces.x, pieces.y), heading=pieces.heading + angle),
        blocks=replace(blocks, **laid(blocks.x, blocks.y), yaw=blocks.yaw + angle),
    )


def through_lanes(road: Road) -> list[tuple[int, int]]:
    """Course and lane of every lane that leads from a course's beginning to its end."""
    lanes = road.lanes
    leads = ((lanes.width > 0.0) & (lanes.start <= 0.0) & np.isinf(lanes.end)).all(axis=0)
    return [(int(course), int(lane)) for course, lane in np.argwhere(leads)]

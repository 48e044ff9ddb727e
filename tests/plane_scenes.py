"""Road users on paths in the plane, as Logs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from random_traffic import log_of

from sim.world.kinds import Kind
from sim.world.log import Log
from sim.world.state import SIZES_M

Floats = np.ndarray
Path = Callable[[Floats], tuple[Floats, Floats, Floats, Floats]]
"""x, y, yaw and speed at each time."""

NORTH = 0.5 * math.pi


def straight(x: float, y: float, yaw: float, speed: float, *, starts: float = 0.0) -> Path:
    """Straight on from a place, standing until `starts`."""

    def path(t: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        way = speed * np.maximum(t - starts, 0.0)
        going = np.where(t >= starts, speed, 0.0)
        return x + way * math.cos(yaw), y + way * math.sin(yaw), yaw + 0.0 * t, going

    return path


def turning(x: float, y: float, yaw: float, speed: float, rate: float) -> Path:
    """On a circle."""

    def path(t: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        now, radius = yaw + rate * t, speed / rate
        return (
            x + radius * (np.sin(now) - math.sin(yaw)),
            y - radius * (np.cos(now) - math.cos(yaw)),
            now,
            speed + 0.0 * t,
        )

    return path


def paced(x: float, times: Sequence[float], speeds: Sequence[float]) -> Path:
    """East from a place, at a speed that is linear between some times."""
    fine = np.arange(0.0, 12.0, 0.001)
    speed = np.interp(fine, times, speeds)
    way = np.concatenate([[0.0], np.cumsum(0.0005 * (speed[1:] + speed[:-1]))])

    def path(t: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        return x + np.interp(t, fine, way), 0.0 * t, 0.0 * t, np.interp(t, times, speeds)

    return path


def swaying(x: float, y: float, speed: float, size: float, period: float) -> Path:
    """East, to either side by a size."""

    def path(t: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        turn = 2.0 * math.pi / period
        aside = size * turn * np.cos(turn * t)
        yaw = np.arctan2(aside, speed)
        return x + speed * t, y + size * np.sin(turn * t), yaw, np.hypot(speed, aside)

    return path


def scene(
    *paths: Path, frames: int = 60, kinds: Sequence[str] = (), sizes: Sequence[float] = (4.0, 2.0)
) -> Log:
    """A Log of users on these paths: cars of 4 x 2 m, others of their kind's size."""
    rows: list[dict[str, object]] = []
    frame = np.arange(frames)
    for track, path in enumerate(paths):
        kind = kinds[track] if kinds else "car"
        length, width = sizes if kind == "car" else SIZES_M[Kind[kind.upper()]]
        for f, x, y, yaw, v in zip(frame, *path(0.1 * frame)):
            rows.append(
                {
                    "track_id": track,
                    "frame": int(f),
                    "kind": kind,
                    "x_m": x,
                    "y_m": y,
                    "yaw_rad": yaw,
                    "speed_mps": v,
                    "length_m": length,
                    "width_m": width,
                }
            )
    return log_of(rows)


def busy_square(seed: int, *, users: int = 9, frames: int = 70, straight_on: bool = False) -> Log:
    """All kinds of road user on straight lines and circles over one place."""
    rng = np.random.default_rng(seed)
    kinds = ["car", "car", "car", "truck", "bicycle", "motorcycle", "pedestrian", "object", "car"]
    paths = []
    for kind in kinds[:users]:
        speed = {"pedestrian": 1.5, "object": 0.0, "bicycle": 5.0}.get(kind, rng.uniform(4, 14))
        yaw = rng.uniform(-math.pi, math.pi)
        due = rng.uniform(2.0, 5.0)
        x, y = rng.normal(0.0, 3.0, 2) - speed * due * np.array([math.cos(yaw), math.sin(yaw)])
        rate = rng.normal(0.0, 0.1) if kind not in ("pedestrian", "object") else 0.0
        rate = 0.0 if straight_on else rate
        paths.append(turning(x, y, yaw, speed, rate) if rate else straight(x, y, yaw, speed))
    return scene(*paths, frames=frames, kinds=kinds[:users])


def moved(
    log: Log, *, turn: float = 0.0, x: float = 0.0, y: float = 0.0, mirror: bool = False
) -> Log:
    """The same from elsewhere, or in a mirror."""
    t = log.tracks.copy()
    px, py, yaw = t["x_m"], t["y_m"], t["yaw_rad"]
    if mirror:
        py, yaw = -py, -yaw
    t["x_m"] = px * math.cos(turn) - py * math.sin(turn) + x
    t["y_m"] = px * math.sin(turn) + py * math.cos(turn) + y
    t["yaw_rad"] = yaw + turn
    return Log.of(log.episodes, t)

"""Tracks made by hand, in which every event is planted and known exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.motion import acceleration
from sim.world.log import Log

Floats = NDArray[np.float64]
STEP_S = 0.1


@dataclass(frozen=True)
class Car:
    """A road user on a road, told along it: place and offset to the left, a row a frame."""

    s: Floats
    left: Floats
    length: float = 4.0
    width: float = 1.8
    kind: str = "car"
    first: int = 0
    lane: int = -1


def steady(s: float, speed: float, frames: int, left: float = 0.0, **more: object) -> Car:
    """One at constant speed."""
    t = STEP_S * np.arange(frames)
    return Car(s + speed * t, np.full(frames, left), **more)  # type: ignore[arg-type]


def speeding(s: float, speed: Floats, left: float = 0.0, **more: object) -> Car:
    """One whose speed at each frame is told; between two it changes linearly."""
    way = np.concatenate([[0.0], np.cumsum(0.5 * (speed[1:] + speed[:-1]) * STEP_S)])
    return Car(s + way, np.full(len(speed), left), **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Road:
    """Straight in some direction, or a circle to the left of some radius [m]."""

    yaw: float = 0.0
    radius: float = np.inf
    origin: tuple[float, float] = field(default=(0.0, 0.0))

    def place(self, s: Floats, left: Floats) -> tuple[Floats, Floats, Floats]:
        """x, y and the road's direction at places on it."""
        if np.isinf(self.radius):
            x, y, turn = s, left, np.zeros(len(s))
        else:
            turn = s / self.radius
            x = (self.radius - left) * np.sin(turn)
            y = self.radius - (self.radius - left) * np.cos(turn)
        c, d = np.cos(self.yaw), np.sin(self.yaw)
        return (
            self.origin[0] + c * x - d * y,
            self.origin[1] + d * x + c * y,
            self.yaw + turn,
        )


STRAIGHT = Road()


def table(cars: Sequence[Car], road: Road = STRAIGHT) -> pd.DataFrame:
    """The tracks of these cars."""
    parts = []
    for number, car in enumerate(cars):
        x, y, yaw = road.place(car.s, car.left)
        speed = np.hypot(np.gradient(car.s, STEP_S), np.gradient(car.left, STEP_S))
        frame = car.first + np.arange(len(x))
        drift = np.arctan2(np.gradient(car.left, STEP_S), np.maximum(speed, 0.1))
        parts.append(
            pd.DataFrame(
                {
                    "track_id": number,
                    "frame": frame,
                    "t_s": frame * STEP_S,
                    "x_m": x,
                    "y_m": y,
                    "yaw_rad": yaw + drift,
                    "speed_mps": speed,
                    "accel_mps2": acceleration(np.full(len(x), number), frame, speed),
                    "length_m": car.length,
                    "width_m": car.width,
                    "kind": car.kind,
                    "lane": car.lane,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def log(cars: Sequence[Car], road: Road = STRAIGHT, name: str = "a/1", group: str = "a/1") -> Log:
    """One recording of these cars."""
    episode = {"episode_id": name, "source": "recorded", "site": "a", "group": group}
    return Log.of(pd.DataFrame([episode]), table(cars, road).assign(episode_id=name))


def lane_change(
    at_s: float, frames: int, *, width: float = 3.6, takes_s: float = 4.0, ends: float = 0.0
) -> Floats:
    """Offsets of one who comes over from the left, at even speed, in the middle of it at a time."""
    t = STEP_S * np.arange(frames)
    return ends + width * np.clip(0.5 - (t - at_s) / takes_s, 0.0, 1.0)

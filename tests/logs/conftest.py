"""Small recordings in every format, written by the tests themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest


@dataclass(frozen=True)
class Car:
    """A car at constant acceleration: number, start (x, y) [m], heading [rad], speed, accel."""

    number: int
    x: float = 0.0
    y: float = 0.0
    yaw: float = 0.0
    speed: float = 10.0
    accel: float = 0.0
    length: float = 4.5
    width: float = 1.8
    first: int = 0
    frames: int = 30

    def states(self) -> pd.DataFrame:
        """Columns frame, x, y, yaw, speed, one row a frame."""
        t = 0.1 * np.arange(self.frames)
        way = self.speed * t + 0.5 * self.accel * t**2
        return pd.DataFrame(
            {
                "frame": self.first + np.arange(self.frames),
                "x": self.x + way * np.cos(self.yaw),
                "y": self.y + way * np.sin(self.yaw),
                "yaw": self.yaw,
                "speed": self.speed + self.accel * t,
            }
        )


@pytest.fixture
def car() -> type[Car]:
    return Car


@pytest.fixture
def commonroad() -> Callable[..., str]:
    """The text of a CommonRoad scenario of these cars."""
    return commonroad_text


@pytest.fixture
def tidy() -> Callable[..., pd.DataFrame]:
    """A tidy table of these cars, in the form of a referee."""
    return tidy_table


@pytest.fixture
def openacc() -> Callable[..., str]:
    """The text of an OpenACC run of cars with these speeds and gaps."""
    return openacc_text


def commonroad_text(
    cars: Sequence[Car], *, version: str = "2020a", step: float = 0.1, extra: str = ""
) -> str:
    """A scenario on one lane of 3.5 m, with a second lane to its left."""
    lanes = _lanelet(1, -1.75, 1.75, left=2) + _lanelet(2, 1.75, 5.25, right=1)
    body = "".join(_obstacle(car, version) for car in cars)
    return (
        '<?xml version="1.0"?>\n'
        f'<commonRoad commonRoadVersion="{version}" benchmarkID="T" timeStepSize="{step}">'
        f"{lanes}{body}{extra}"
        '<planningProblem id="900"><initialState/></planningProblem></commonRoad>\n'
    )


def _lanelet(
    number: int, right_y: float, left_y: float, left: int | None = None, right: int | None = None
) -> str:
    def bound(name: str, y: float) -> str:
        points = "".join(f"<point><x>{x}</x><y>{y}</y></point>" for x in (-500.0, 0.0, 500.0))
        return f"<{name}>{points}</{name}>"

    beside = f'<adjacentLeft ref="{left}" drivingDir="same"/>' if left else ""
    beside += f'<adjacentRight ref="{right}" drivingDir="same"/>' if right else ""
    bounds = bound("leftBound", left_y) + bound("rightBound", right_y)
    return f'<lanelet id="{number}">{bounds}{beside}</lanelet>'


def _obstacle(car: Car, version: str) -> str:
    tag = "obstacle" if version == "2018b" else "dynamicObstacle"
    role = "<role>dynamic</role>" if version == "2018b" else ""
    states = [_state(row, car.accel) for row in car.states().itertuples()]
    first = f"<initialState>{states[0]}</initialState>"
    later = "".join(f"<state>{state}</state>" for state in states[1:])
    return (
        f'<{tag} id="{car.number}">{role}<type>car</type><shape><rectangle>'
        f"<length>{car.length}</length><width>{car.width}</width></rectangle></shape>"
        f"{first}<trajectory>{later}</trajectory></{tag}>"
    )


def _state(row: object, accel: float) -> str:
    values = row._asdict()  # type: ignore[attr-defined]
    return (
        f"<position><point><x>{values['x']!r}</x><y>{values['y']!r}</y></point></position>"
        f"<orientation><exact>{values['yaw']!r}</exact></orientation>"
        f"<time><exact>{values['frame']}</exact></time>"
        f"<velocity><exact>{values['speed']!r}</exact></velocity>"
        f"<acceleration><exact>{accel!r}</exact></acceleration>"
    )


def tidy_table(cars: Sequence[Car], recording: str = "run") -> pd.DataFrame:
    """The referee's columns."""
    parts = []
    for car in cars:
        s = car.states()
        vx, vy = s["speed"] * np.cos(s["yaw"]), s["speed"] * np.sin(s["yaw"])
        known = {"recording_id": recording, "track_id": car.number, "t": s["frame"] * 0.1}
        sizes = {"length": car.length, "width": car.width, "kind": "car", "lane": -1}
        moving = {"vx": vx, "vy": vy, "ax": car.accel, "heading": s["yaw"]}
        parts.append(s[["frame", "x", "y"]].assign(**known, **moving, **sizes))
    return pd.concat(parts, ignore_index=True)


def openacc_text(
    speeds: np.ndarray, gaps: np.ndarray, *, brands: str = "BMW_I3,AUDI_A4,SKODA_TARGET,"
) -> str:
    """A run: speeds (T, N), gaps (T, N - 1); NaN is left blank."""
    n = speeds.shape[1]
    head = f"Date,8,10,2019\nVehicle_order,{brands}\nNumber_of_vehicles,{n}\n"
    head += "ACC,1\nDistance_setting,S\n"
    table = pd.DataFrame({"Time": 480.0 + 0.1 * np.arange(len(speeds))}).round(3)
    for k in range(n):
        table[f"Speed{k + 1}"] = speeds[:, k]
        table[f"E{k + 1}"] = 0.0
    for k in range(n - 1):
        table[f"IVS{k + 1}"] = gaps[:, k]
    return head + table.to_csv(index=False)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[dict[str, str | pd.DataFrame]], Path]:
    """Write files by relative path: text as it is, tables as Parquet or CSV."""

    def write(files: dict[str, str | pd.DataFrame]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                path.write_text(content)
            elif path.suffix == ".csv":
                content.to_csv(path, index=False)
            else:
                content.to_parquet(path)
        return tmp_path

    return write

"""CommonRoad scenarios, versions 2018b and 2020a, as recordings.

Format: M. Althoff et al., "CommonRoad: Composable benchmarks for motion planning on roads",
IV 2017, and its XML documentation at commonroad.in.tum.de.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import numpy as np
import pandas as pd
from defusedxml.ElementTree import parse
from numpy.typing import NDArray

from sim.base.errors import UserError, expected
from sim.logs.dropped import Dropped
from sim.logs.lanelets import landmarks, lanes_at, read_lanelets
from sim.logs.motion import DAY_S
from sim.logs.schema import Raw
from sim.logs.shapes import Box, read_box

Floats = NDArray[np.float64]

CLAMP_MPS2 = 3.4138
"""NGSIM's accelerations saturate here (11.2 ft/s²)."""
TRUCK_LENGTH_M = 9.0
"""The conversion types all vehicles `car`; NGSIM's longest car is 8.8 m, its shortest truck
9.6 m."""

_KINDS = {
    "car": "car",
    "taxi": "car",
    "parkedVehicle": "car",
    "priorityVehicle": "car",
    "truck": "truck",
    "bus": "truck",
    "train": "truck",
    "motorcycle": "motorcycle",
    "bicycle": "bicycle",
    "pedestrian": "pedestrian",
}


def read_commonroad(path: Path) -> Raw:
    """Read one scenario: its dynamic obstacles, and static ones for as long as it lasts.

    Speeds are the recorded ones, exact values or the middle of intervals.

    Raises:
        UserError: The file is not well-formed, holds a document type or entities, is not
            CommonRoad, or lacks something that a position, time or size needs.
    """
    root = _root(path)
    try:
        step = float(root.get("timeStepSize") or "nan")
        obstacles = [_obstacle(e) for e in root if e.tag.lower().endswith("obstacle")]
    except _BadElementError as error:
        raise UserError(f"{path}: {error}") from error
    except ValueError as error:
        raise UserError(f"{path}: expected a number, {error}") from error
    if not (np.isfinite(step) and step > 0.0):
        raise expected("timeStepSize", "seconds above 0", root.get("timeStepSize"), where=str(path))
    if not obstacles:
        raise expected("obstacles", "at least one obstacle", "none", where=str(path))
    return _raw(obstacles, step, root, path)


class _BadElementError(Exception):
    """What an element lacks, in words."""


@dataclass(frozen=True)
class _Obstacle:
    """States are (S, 6): time step, x [m], y [m], yaw [rad], speed [m/s], acceleration [m/s²]."""

    number: int
    kind: str
    box: Box
    states: Floats
    static: bool


def _root(path: Path) -> Element:
    try:
        root: Element = parse(path, forbid_dtd=True).getroot()
    except (ParseError, ValueError, LookupError) as error:
        told = " ".join(str(error).split()) or type(error).__name__
        raise expected(
            "XML", "a whole, plain CommonRoad document", told, where=str(path)
        ) from error
    if root.tag != "commonRoad":
        raise expected("XML", "a commonRoad element at the top", root.tag, where=str(path))
    return root


def _obstacle(element: Element) -> _Obstacle:
    number = int(element.get("id") or "-1")
    box = read_box(element.find("shape"))
    if box is None:
        raise _BadElementError(f"obstacle {number}: expected a shape (rectangle, circle, polygon)")
    static = element.tag == "staticObstacle" or element.findtext("role") == "static"
    first = element.find("initialState")
    if first is None:
        raise _BadElementError(f"obstacle {number}: expected an initialState, got none")
    later = [] if static else element.findall("trajectory/state")
    states = np.array([_state(state, number) for state in (first, *later)])
    kind = _KINDS.get(element.findtext("type") or "", "object")
    if kind == "car" and box.length >= TRUCK_LENGTH_M:
        kind = "truck"
    return _Obstacle(number, kind, box, states, static)


def _state(state: Element, number: int) -> tuple[float, ...]:
    x = y = yaw = step = np.nan
    speed = accel = np.nan
    for child in state:
        if child.tag == "position":
            x, y = _position(child)
        elif child.tag == "orientation":
            yaw = _value(child)
        elif child.tag == "time":
            step = _value(child)
        elif child.tag == "velocity":
            speed = _value(child)
        elif child.tag == "acceleration":
            accel = _value(child)
    if not np.isfinite((step, x, y, yaw)).all():
        raise _BadElementError(
            f"obstacle {number}: expected finite time, position and orientation in every state, "
            f"got {step:g}, ({x:g}, {y:g}), {yaw:g}"
        )
    return step, x, y, yaw, speed, accel


def _position(element: Element) -> tuple[float, float]:
    point = element.find("point")
    if point is None:  # set-based states: the middle of the set
        box = read_box(element)
        return (np.nan, np.nan) if box is None else (box.x, box.y)
    return float(point.findtext("x") or "nan"), float(point.findtext("y") or "nan")


def _value(element: Element) -> float:
    """An exact value, or the middle of an interval."""
    exact = element.findtext("exact")
    if exact is not None:
        return float(exact)
    low = float(element.findtext("intervalStart") or "nan")
    return (low + float(element.findtext("intervalEnd") or "nan")) / 2.0


def _raw(obstacles: list[_Obstacle], step: float, root: Element, path: Path) -> Raw:
    steps = np.concatenate([o.states[:, 0] for o in obstacles])
    if np.ptp(steps) * step > DAY_S:
        told = f"steps {steps.min():g} to {steps.max():g}"
        raise expected("time", "at most 24 h in a recording", told, where=str(path))
    every = np.arange(steps.min(), steps.max() + 1.0)
    table = pd.concat([_table(o, every, step) for o in obstacles], ignore_index=True)
    x, y = table["x_m"].to_numpy(), table["y_m"].to_numpy()
    try:
        table["lane"] = lanes_at(x, y, read_lanelets(root))
    except ValueError as error:
        raise UserError(f"{path}: lanelet: expected numbers, {error}") from error
    moving = [o.states for o in obstacles if not o.static]
    accel = np.concatenate([s[:, 5] for s in moving]) if moving else np.empty(0)
    bare = len(accel) if np.isnan(accel).sum() > 0.5 * len(accel) else 0
    clamped = int((np.abs(np.abs(accel) - CLAMP_MPS2) < 1e-3).sum())
    return Raw(table, Dropped(clamped=clamped, without_acceleration=bare), landmarks(root))


def _table(obstacle: _Obstacle, every: Floats, step: float) -> pd.DataFrame:
    states = obstacle.states
    if obstacle.static:
        states = np.repeat(states[:1], len(every), axis=0)
        states[:, 0], states[:, 4] = every, 0.0
    yaw, box = states[:, 3], obstacle.box
    x = states[:, 1] + np.cos(yaw) * box.x - np.sin(yaw) * box.y
    y = states[:, 2] + np.sin(yaw) * box.x + np.cos(yaw) * box.y
    return pd.DataFrame(
        {
            "track_id": obstacle.number,
            "t_s": states[:, 0] * step,
            "x_m": x,
            "y_m": y,
            "yaw_rad": yaw + box.yaw,
            "speed_mps": _speed(states, x, y, step),
            "length_m": box.length,
            "width_m": box.width,
            "kind": obstacle.kind,
        }
    )


def _speed(states: Floats, x: Floats, y: Floats, step: float) -> Floats:
    """The recorded speed; where there is none, that of the positions [m/s]."""
    speed: Floats = states[:, 4]
    if np.isfinite(speed).all():
        return speed
    if len(x) < 2:
        return np.nan_to_num(speed)
    t = states[:, 0] * step
    filled: Floats = np.where(
        np.isfinite(speed), speed, np.hypot(np.gradient(x, t), np.gradient(y, t))
    )
    return filled

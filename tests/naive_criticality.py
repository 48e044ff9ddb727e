"""Slow readable twins of the measures of criticality: look at every moment, at every pair."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from sim.base.geometry import corners

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class User:
    """One road user that goes straight on, at constant acceleration until it stands."""

    x: float
    y: float
    yaw: float
    speed: float
    length: float
    width: float
    accel: float = 0.0

    def way(self, t: Floats) -> Floats:
        """Distance driven after t."""
        if self.speed == 0.0 and self.accel < 0.0:
            return 0.0 * t
        if self.speed * self.accel < 0.0:
            t = np.minimum(t, -self.speed / self.accel)
        return self.speed * t + 0.5 * self.accel * t**2

    def boxes(self, t: Floats) -> NDArray[np.object_]:
        """Its box at each time, as shapely's polygons."""
        way = self.way(np.asarray(t, dtype=float))
        x, y = self.x + way * math.cos(self.yaw), self.y + way * math.sin(self.yaw)
        return shapely.polygons(corners(x, y, self.yaw, self.length, self.width))


def distance(first: User, second: User, t: Floats) -> Floats:
    """Of the two boxes at each time, says shapely."""
    return np.asarray(shapely.distance(first.boxes(t), second.boxes(t)))


def wttc(first: User, second: User, a1: float, a2: float, until: float) -> float:
    """First of many times at which the growing circles meet."""
    t = np.arange(0.0, until, 5e-4)
    x, y = second.x - first.x, second.y - first.y
    for user, sign in ((first, -1.0), (second, 1.0)):
        x = x + sign * t * user.speed * math.cos(user.yaw)
        y = y + sign * t * user.speed * math.sin(user.yaw)
    radii = sum(0.5 * math.hypot(u.length, u.width) for u in (first, second))
    met = np.hypot(x, y) <= radii + 0.5 * (a1 + a2) * t**2
    return float(t[met.argmax()]) if met.any() else math.inf


def least_gap(gap: float, v: float, u: float, start: float, brake: float) -> float:
    """Smallest gap when the ego brakes from `start` on until it is no faster than the lead."""
    t = np.arange(0.0, start + (v - u) / brake + 1.0, 1e-4)
    speed = np.maximum(v - brake * np.maximum(t - start, 0.0), u)
    way = np.concatenate([[0.0], np.cumsum(0.5 * (speed[1:] + speed[:-1]) * 1e-4)])
    return float((gap + u * t - way).min())


def straight_ahead(ego: pd.Series, other: pd.Series) -> tuple[float, float]:
    """Gap and the other's speed along the ego's heading; NaN where it is not in the way."""
    c, s = math.cos(ego["yaw_rad"]), math.sin(ego["yaw_rad"])
    box = corners(
        other["x_m"] - ego["x_m"],
        other["y_m"] - ego["y_m"],
        other["yaw_rad"],
        other["length_m"],
        other["width_m"],
    )
    along, across = box[:, 0] * c + box[:, 1] * s, box[:, 1] * c - box[:, 0] * s
    turn = abs(np.angle(np.exp(1j * (other["yaw_rad"] - ego["yaw_rad"]))))
    beside = across.min() >= 0.5 * ego["width_m"] or across.max() <= -0.5 * ego["width_m"]
    if along.mean() <= 0.0 or beside or (turn > 0.5 and abs(other["speed_mps"]) >= 0.5):
        return math.nan, math.nan
    gap = along.min() - 0.5 * ego["length_m"]
    if gap <= 0.0 and not box_of(ego).intersects(box_of(other)):
        return math.nan, math.nan
    return gap, other["speed_mps"] * math.cos(turn)


def box_of(row: pd.Series) -> shapely.Polygon:
    """A row of a Log as a polygon."""
    return shapely.Polygon(
        corners(row["x_m"], row["y_m"], row["yaw_rad"], row["length_m"], row["width_m"])
    )


def near(tracks: pd.DataFrame, reach: float) -> dict[tuple[str, int, int, int], tuple[float, ...]]:
    """Distance, gap and the other's speed along, of all pairs of rows within reach."""
    out = {}
    for (episode, frame), rows in tracks.groupby(["episode_id", "frame"], observed=True):
        for _, ego in rows.iterrows():
            for _, other in rows.iterrows():
                apart = math.hypot(other["x_m"] - ego["x_m"], other["y_m"] - ego["y_m"])
                if ego["track_id"] != other["track_id"] and apart <= reach:
                    key = (str(episode), int(frame), int(ego["track_id"]), int(other["track_id"]))
                    away = float(box_of(ego).distance(box_of(other)))
                    out[key] = (away, *straight_ahead(ego, other))
    return out


Path = Callable[[Floats], tuple[Floats, Floats, Floats]]
"""x, y and yaw at each time."""


def least_lag(
    first: Path,
    second: Path,
    size1: tuple[float, float],
    size2: tuple[float, float],
    until: float,
    step: float,
) -> float:
    """Least |t1 - t2| on a grid with the first's box at t1 touching the second's at t2."""
    t = np.arange(0.0, until + 0.5 * step, step)
    one = shapely.polygons(corners(*first(t), *size1))
    two = shapely.polygons(corners(*second(t), *size2))
    tree = shapely.STRtree(two)
    i, j = tree.query(one, predicate="intersects")
    return float(np.abs(t[i] - t[j]).min()) if len(i) else math.nan

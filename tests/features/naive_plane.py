"""Conflicts in the plane in plain Python and shapely: every pair, every frame, small steps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from sim.base.geometry import corners
from sim.world.log import Log

TTC_S, PET_S, LASTING, STEP_S = 1.5, 1.0, 3, 0.005
EGOS = ("car", "truck", "motorcycle", "bicycle")


@dataclass(frozen=True)
class User:
    """A whole track: no smoothing is known here, so speeds have to be constant."""

    kind: str
    x: np.ndarray
    y: np.ndarray
    yaw: np.ndarray
    speed: np.ndarray
    size: tuple[float, float]

    def boxes(self, f: int, t: np.ndarray, rate: float = 0.0) -> np.ndarray:
        """Where it is at times after a frame if it goes on, straight or turning at a rate."""
        yaw, v = self.yaw[f], self.speed[f]
        later = yaw + rate * t
        if abs(rate) > 1e-9:
            dx = v / rate * (np.sin(later) - math.sin(yaw))
            dy = -v / rate * (np.cos(later) - math.cos(yaw))
        else:
            dx, dy = v * t * math.cos(yaw), v * t * math.sin(yaw)
        return shapely.polygons(corners(self.x[f] + dx, self.y[f] + dy, later, *self.size))

    def rate(self, f: int) -> float:
        """Yaw rate over the last 0.5 s."""
        back = min(f, 5)
        return float(self.yaw[f] - self.yaw[f - back]) / (0.1 * back) if back else 0.0

    def between(self, t: float) -> shapely.Polygon:
        """Its box at a time between two frames."""
        f = np.arange(len(self.x)) * 0.1
        place = [float(np.interp(t, f, v)) for v in (self.x, self.y, self.yaw)]
        return shapely.Polygon(corners(*place, *self.size))


def users_of(log: Log) -> dict[int, User]:
    """Of a Log of one episode."""
    out = {}
    for track, rows in log.tracks.groupby("track_id"):
        first = rows.iloc[0]
        columns = (rows[n].to_numpy() for n in ("x_m", "y_m", "yaw_rad", "speed_mps"))
        out[int(track)] = User(str(first["kind"]), *columns, (first["length_m"], first["width_m"]))
    return out


def touch(a: User, b: User, f: int, rates: tuple[float, float]) -> float:
    """First of many times within the limit at which the boxes touch."""
    t = np.arange(0.0, TTC_S + STEP_S, STEP_S)
    met = shapely.intersects(a.boxes(f, t, rates[0]), b.boxes(f, t, rates[1]))
    return float(t[met.argmax()]) if met.any() else math.inf


def in_conflict(a: User, b: User, f: int) -> bool:
    """Whether their boxes are about to touch at a speed that counts, also as they turn."""
    reach = 0.5 * (math.hypot(*a.size) + math.hypot(*b.size)) + TTC_S * (a.speed[f] + b.speed[f])
    if math.hypot(a.x[f] - b.x[f], a.y[f] - b.y[f]) > min(reach, 50.0):
        return False
    time = touch(a, b, f, (0.0, 0.0))
    if time >= TTC_S or time == 0.0:  # overlap is contact or a fault, and not foreseen
        return False
    last = np.array([time - 2 * STEP_S, time - STEP_S])
    farther, nearer = shapely.distance(a.boxes(f, last), b.boxes(f, last))
    if (farther - nearer) / STEP_S < 1.0:
        return False
    return touch(a, b, f, (a.rate(f), b.rate(f))) < TTC_S


def from_behind(ego: User, other: User, f: int) -> bool:
    c, s = math.cos(ego.yaw[f]), math.sin(ego.yaw[f])
    turn = abs(np.angle(np.exp(1j * (other.yaw[f] - ego.yaw[f]))))
    return bool((other.x[f] - ego.x[f]) * c + (other.y[f] - ego.y[f]) * s < 0 and turn < 0.5)


def crossings(log: Log) -> set[tuple[int, int, int, int]]:
    """Ego, other, first and last frame of each run of frames, pauses of up to 2 frames bridged."""
    users = users_of(log)
    out = set()
    for i, a in users.items():
        for j, b in users.items():
            if i == j or a.kind not in EGOS or a.speed[0] < 0.5:
                continue
            run: list[int] = []
            for f in [*range(len(a.x)), 10**9]:
                if f < 10**9 and (not in_conflict(a, b, f) or from_behind(a, b, f)):
                    continue
                if run and f - run[-1] > 3:
                    if len(run) >= LASTING:
                        out.add((i, j, run[0], run[-1]))
                    run = []
                run.append(f)
    return out


def encroachments(log: Log, step: float = 0.02) -> pd.DataFrame:
    """Of each two that come from different directions: least time between, and when the second
    first was on ground that the first had left less than 1 s before."""
    users = users_of(log)
    until = (len(next(iter(users.values())).x) - 1) * 0.1
    t = np.arange(0.0, until + 1e-9, step)
    boxes = {k: [u.between(x) for x in t] for k, u in users.items()}
    rows = []
    for i, a in users.items():
        for j, b in users.items():
            if i == j or not {a.kind, b.kind} & set(EGOS):
                continue
            if min(a.speed[0], b.speed[0]) < 0.5 or max(a.speed[0], b.speed[0]) < 3.0:
                continue
            hits = []
            for n, box in enumerate(boxes[j]):
                for back in range(round(PET_S / step)):
                    if (
                        n >= back
                        and boxes[i][n - back].intersects(box)
                        and apart(a, b, t[n - back], t[n])
                    ):
                        hits.append((t[n], back * step))
                        break
            if hits:
                rows.append((i, j, hits[0][0], min(lag for _, lag in hits)))
    return pd.DataFrame(rows, columns=["first", "second", "enters_s", "pet_s"])


def apart(a: User, b: User, t1: float, t2: float) -> bool:
    """Whether their headings 2 s before differ by 0.5 rad, or with somebody on foot those now."""

    def course(user: User, t: float) -> float:
        return float(user.yaw[int(t / 0.1 + 1e-9)])

    def differ(x: float, y: float) -> bool:
        return bool(abs(np.angle(np.exp(1j * (x - y)))) >= 0.5)

    lengths = 0.5 * (a.size[0] + b.size[0])  # from where the first's centre was in this place
    lead = min(round(lengths / a.speed[0] / 0.1) * 0.1, t1)
    back = min(t1 - lead, t2, 2.0)  # the log begins at 0
    came = differ(course(a, t1 - lead - back), course(b, t2 - back))
    on_foot = "pedestrian" in (a.kind, b.kind)
    return came or (on_foot and differ(course(a, t1), course(b, t2)))

"""A Log as those who measure in it see it: smoothed, and who is ahead of whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.paths import Paths
from sim.criticality.neighbours import neighbours
from sim.features.smooth import smooth_along_tracks
from sim.world.kinds import Kind
from sim.world.log import Log
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

HALF = 5
"""Frames to either side in a quadratic's window: 1.1 s, which takes out NGSIM's noise."""
REACH_M = 100.0
"""Others farther off are not looked at [m]."""
BATCH = 250_000
ASIDE_M = 8.0
"""Others farther off the path than this are in none of the lanes beside it [m]."""
IN_LANE_M = 1.2
"""A lead's centre is less than this off the follower's path [m], as in the study's labels."""
SAME_WAY_RAD = 0.5


@dataclass(frozen=True)
class Ahead:
    """P times that a vehicle was ahead of another or level with it, sorted by pair and frame.

    Attributes:
        ego, other: (P,) rows.
        along: (P,) from centre to centre along the ego's path [m].
        left: (P,) how far left of the path the other's centre is [m].
        joined: (P,) whether the entry before is of the same pair, one frame earlier.
    """

    ego: Ints
    other: Ints
    along: Floats
    left: Floats
    joined: Bools

    def __len__(self) -> int:
        return len(self.ego)


@dataclass(frozen=True)
class View:
    """R rows of a Log.

    Attributes:
        rows: As they are.
        speed: (R,) smoothed [m/s]; lengths of track under 1.1 s stay as they are.
        x, y: (R,) smoothed [m].
    """

    rows: Rows
    speed: Floats
    x: Floats
    y: Floats

    @classmethod
    def of(cls, log: Log) -> View:
        """The view of a Log."""
        rows = Rows.of(log)
        smoothed = (
            smooth_along_tracks(value, rows.before, rows.after, HALF)
            for value in (rows.speed, rows.x, rows.y)
        )
        return cls(rows, *smoothed)

    @cached_property
    def vehicle(self) -> Bools:
        """(R,) whether a row is of a vehicle."""
        return np.asarray((self.rows.kind != Kind.PEDESTRIAN) & (self.rows.kind != Kind.OBJECT))

    @cached_property
    def paths(self) -> Paths:
        """Where everybody goes."""
        return Paths.of(self.rows, self.x, self.y)

    @cached_property
    def order(self) -> Ints:
        """(R,) rows by episode, track and frame."""
        return np.lexsort((self.rows.frame, self.rows.track, self.rows.episode))

    @cached_property
    def ahead(self) -> Ahead:
        """Vehicles ahead of vehicles, in this lane or one beside, going the same way."""
        parts = [
            self._placed(np.concatenate([a, b]), np.concatenate([b, a]))
            for a, b in neighbours(self.rows, REACH_M, BATCH)
        ]
        if not parts:
            parts = [self._placed(np.empty(0, np.int64), np.empty(0, np.int64))]
        ego, other, along, left = (np.concatenate(column) for column in zip(*parts))
        track, frame = self.rows.track, self.rows.frame
        keys = (frame[ego], track[other], track[ego], self.rows.episode[ego])
        by = np.lexsort(keys)
        ego, other = ego[by], other[by]
        joined = np.zeros(len(ego), np.bool_)
        joined[1:] = (self.rows.before[ego[1:]] == ego[:-1]) & (
            self.rows.before[other[1:]] == other[:-1]
        )
        return Ahead(ego, other, along[by], left[by], joined)

    @cached_property
    def lead(self) -> Ints:
        """(R,) entry of `ahead` that holds each row's lead, -1 where nobody is in its way."""
        out = np.full(len(self.rows), -1, np.int64)
        a = self.ahead
        mine = np.flatnonzero((np.abs(a.left) < IN_LANE_M) & (a.along > 0.0))
        far_first = mine[np.argsort(-a.along[mine], kind="stable")]
        out[a.ego[far_first]] = far_first
        return out

    def gap(self, entry: Ints) -> Floats:
        """From bumper to bumper along the ego's path [m], of entries of `ahead`."""
        a = self.ahead
        length = self.rows.length
        both = length[a.ego[entry]] + length[a.other[entry]]
        return np.asarray(a.along[entry] - 0.5 * both)

    def _placed(self, ego: Ints, other: Ints) -> tuple[Ints, Ints, Floats, Floats]:
        """Of pairs of rows those of interest, with their place along the ego's path."""
        yaw = self.rows.yaw
        dx, dy = self.x[other] - self.x[ego], self.y[other] - self.y[ego]
        turn = np.cos(yaw[other] - yaw[ego])
        forward = dx * np.cos(yaw[ego]) + dy * np.sin(yaw[ego])
        keep = self.vehicle[ego] & self.vehicle[other] & (turn > 0.0) & (forward > -15.0)
        ego, other = ego[keep], other[keep]
        guess = np.maximum(forward[keep], 0.0)
        along, left, way = self.paths.place(ego, self.x[other], self.y[other], guess)
        same = np.cos(yaw[other] - way) > np.cos(SAME_WAY_RAD)
        keep = same & (np.abs(left) < ASIDE_M) & (along > -10.0)
        return ego[keep], other[keep], along[keep], left[keep]

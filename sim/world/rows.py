"""The arrays that kernels read: a Log's rows with links along time and bounds of each frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.world.log import Log

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """R rows of a Log, sorted by episode, frame and track, as plain arrays of shape (R,).

    Attributes:
        episode: Row number in `log.episodes`.
        frame: Frame number; time is 0.1 s * frame.
        track: Track id.
        x, y: Centre of the box [m].
        yaw: Heading [rad].
        speed: Along the heading [m/s].
        accel: Along the heading [m/s²]; NaN where unknown.
        length, width: Of the box [m].
        kind: Code of `Kind`.
        lane: -1 where unknown.
        before, after: Row of the same track one frame earlier or later, -1 where none.
        slice_of: Which frame slice a row is in.
        start: (S + 1,), rows of slice s are start[s]:start[s + 1].
    """

    episode: Ints
    frame: Ints
    track: Ints
    x: Floats
    y: Floats
    yaw: Floats
    speed: Floats
    accel: Floats
    length: Floats
    width: Floats
    kind: Ints
    lane: Ints
    before: Ints
    after: Ints
    slice_of: Ints
    start: Ints

    def __len__(self) -> int:
        return len(self.x)

    @classmethod
    def of(cls, log: Log) -> Rows:
        """The rows of a Log, in its order."""
        table = log.tracks
        episode = _codes(table["episode_id"])
        frame: Ints = table["frame"].to_numpy(dtype=np.int64)
        track: Ints = table["track_id"].to_numpy(dtype=np.int64)
        before, after = _links(episode, frame, track)
        slice_of, start = _slices(episode, frame)

        def column(name: str) -> Floats:
            return table[name].to_numpy(dtype=np.float64)

        return cls(
            episode=episode,
            frame=frame,
            track=track,
            x=column("x_m"),
            y=column("y_m"),
            yaw=column("yaw_rad"),
            speed=column("speed_mps"),
            accel=column("accel_mps2"),
            length=column("length_m"),
            width=column("width_m"),
            kind=_codes(table["kind"]),
            lane=table["lane"].to_numpy(dtype=np.int64),
            before=before,
            after=after,
            slice_of=slice_of,
            start=start,
        )


def _codes(column: pd.Series) -> Ints:
    return np.asarray(column.cat.codes, dtype=np.int64)


def _links(episode: Ints, frame: Ints, track: Ints) -> tuple[Ints, Ints]:
    order = np.lexsort((frame, track, episode))
    a, b = order[:-1], order[1:]
    joined = (episode[a] == episode[b]) & (track[a] == track[b]) & (frame[a] + 1 == frame[b])
    before = np.full(len(frame), -1, dtype=np.int64)
    after = np.full(len(frame), -1, dtype=np.int64)
    before[b[joined]] = a[joined]
    after[a[joined]] = b[joined]
    return before, after


def _slices(episode: Ints, frame: Ints) -> tuple[Ints, Ints]:
    new = np.ones(len(frame), dtype=bool)
    new[1:] = (episode[1:] != episode[:-1]) | (frame[1:] != frame[:-1])
    start = np.append(np.flatnonzero(new), len(frame)).astype(np.int64)
    return np.cumsum(new).astype(np.int64) - 1, start

"""What scores are held against: the rows of egos, the conflicts to be caught, the hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.features import FeatureTable

EARLIEST_S = 3.0
"""An alarm counts for a conflict from this long before its start [s]."""
LATEST_S = 0.5
"""An alarm later than this before the start of a conflict does not catch it [s]."""
_ROUND_S = 1e-6


@dataclass(frozen=True)
class Exam:
    """Usable rows sorted by recording, ego and time; N rows, R recordings, E events.

    Only a conflict with a usable row in its window can be caught, so only those are events.

    Attributes:
        row: (N,) number of the row in the table it came from.
        t: (N,) time [s].
        y: (N,) a conflict starts 0.5 to 3 s later.
        weight: (N,) how many such rows this one stands for.
        recording: (N,) index of the recording.
        ego: (N,) running number of the ego, across recordings.
        near: (N,) a conflict starts 0 to 3 s later: an alarm here is not false.
        stride_s: A row stands for this long [s].
        event_recording: (E,) index of the recording.
        event_start_s: (E,) start of the conflict [s].
        event_from, event_to: (E,) its window is the rows event_from:event_to.
        hours: (R,) ego-hours in use.
        group: (R,) index of the group that a recording belongs to.
    """

    row: NDArray[np.int64]
    t: NDArray[np.float64]
    y: NDArray[np.bool_]
    weight: NDArray[np.float64]
    recording: NDArray[np.int64]
    ego: NDArray[np.int64]
    near: NDArray[np.bool_]
    stride_s: float
    event_recording: NDArray[np.int64]
    event_start_s: NDArray[np.float64]
    event_from: NDArray[np.int64]
    event_to: NDArray[np.int64]
    hours: NDArray[np.float64]
    group: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.t)

    @property
    def recordings(self) -> int:
        """How many recordings there are, those without a usable row included."""
        return len(self.hours)

    @property
    def events(self) -> int:
        """How many conflicts can be caught."""
        return len(self.event_recording)

    @classmethod
    def of(cls, table: FeatureTable, episodes: NDArray[np.int64] | None = None) -> Exam:
        """The exam on all recordings of a table, or on those with the given row numbers."""
        of_table = len(table.episode_names)
        chosen = np.arange(of_table) if episodes is None else episodes
        renumber = np.full(of_table, -1, dtype=np.int64)
        renumber[chosen] = np.arange(len(chosen))
        row = np.flatnonzero(table.use & (renumber[table.episode] >= 0))
        t = table.t[row].astype(np.float64)
        recording = renumber[table.episode[row]]
        ego = _runs(recording, table.ego[row])
        windows = _windows(table, renumber, recording, table.ego[row], t)
        near = np.zeros(len(row), dtype=np.bool_)
        for first, end in zip(windows.first, windows.near_end):
            near[first:end] = True
        seen = windows.end > windows.first
        weight = table.weight[row].astype(np.float64)
        seconds = table.stride_s * np.bincount(recording, weight, minlength=len(chosen))
        names = np.asarray(table.episode_group, dtype=str)[chosen]
        return cls(
            row=row,
            t=t,
            y=table.y[row].astype(np.bool_),
            weight=weight,
            recording=recording,
            ego=ego,
            near=near,
            stride_s=table.stride_s,
            event_recording=windows.recording[seen],
            event_start_s=windows.start_s[seen],
            event_from=windows.first[seen],
            event_to=windows.end[seen],
            hours=np.asarray(seconds / 3600.0, dtype=np.float64),
            group=np.unique(names, return_inverse=True)[1].astype(np.int64),
        )


@dataclass(frozen=True)
class _Windows:
    recording: NDArray[np.int64]
    start_s: NDArray[np.float64]
    first: NDArray[np.int64]
    end: NDArray[np.int64]
    near_end: NDArray[np.int64]


def _runs(recording: NDArray[np.int64], ego: NDArray[np.int64]) -> NDArray[np.int64]:
    new = np.ones(len(ego), dtype=bool)
    new[1:] = (recording[1:] != recording[:-1]) | (ego[1:] != ego[:-1])
    number: NDArray[np.int64] = np.cumsum(new).astype(np.int64) - 1
    return number


def _windows(
    table: FeatureTable,
    renumber: NDArray[np.int64],
    recording: NDArray[np.int64],
    ego: NDArray[np.int64],
    t: NDArray[np.float64],
) -> _Windows:
    """The range of rows in the window of each conflict of the chosen recordings."""
    number = {name: renumber[i] for i, name in enumerate(table.episode_names)}
    of_event = np.array([number[str(name)] for name in table.events["episode_id"]], dtype=np.int64)
    keep = of_event >= 0
    of_event = of_event[keep]
    start = table.events["start_s"].to_numpy(dtype=np.float64)[keep]
    who = table.events["ego_id"].to_numpy(dtype=np.int64)[keep]
    order = np.lexsort((start, who, of_event))
    of_event, start, who = of_event[order], start[order], who[order]
    edges = np.zeros((3, len(start)), dtype=np.int64)
    for k, (r, e, s) in enumerate(zip(of_event, who, start)):
        low, high = np.searchsorted(recording, [r, r + 1])
        low, high = low + np.searchsorted(ego[low:high], [e, e + 1])
        ends = [s - EARLIEST_S - _ROUND_S, s - LATEST_S + _ROUND_S, s + _ROUND_S]
        edges[:, k] = low + np.searchsorted(t[low:high], ends)
    return _Windows(of_event, start, edges[0], edges[1], edges[2])

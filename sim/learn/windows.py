"""The rows in which an alarm counts for a conflict, and those in which it is not false."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.features import FeatureTable

EARLIEST_S = 3.0
"""An alarm counts for a conflict from this long before its start [s]."""
LATEST_S = 0.5
"""An alarm later than this before the start of a conflict does not catch it [s]."""
ROUND_S = 1e-6
"""Times are compared with this tolerance [s]: 0.1 has no exact binary form."""


@dataclass(frozen=True)
class Windows:
    """Row ranges of K conflicts, sorted by recording, ego and start.

    Attributes:
        event: (K,) row of the conflict in the table's `events`.
        recording: (K,) index of the recording.
        start_s: (K,) start of the conflict [s].
        first, end: (K,) the rows first:end lie 3 to 0.5 s before the start.
        near_end: (K,) the rows first:near_end lie 3 to 0 s before it.
    """

    event: NDArray[np.int64]
    recording: NDArray[np.int64]
    start_s: NDArray[np.float64]
    first: NDArray[np.int64]
    end: NDArray[np.int64]
    near_end: NDArray[np.int64]


def windows_of(
    table: FeatureTable,
    renumber: NDArray[np.int64],
    recording: NDArray[np.int64],
    ego: NDArray[np.int64],
    t: NDArray[np.float64],
) -> Windows:
    """The windows of all conflicts of the chosen recordings.

    Args:
        table: Holds the conflicts.
        renumber: Index of each of the table's episodes among the chosen, -1 for the others.
        recording, ego, t: (N,) of the usable rows, sorted by all three; `ego` is the track id.
    """
    number = {name: renumber[i] for i, name in enumerate(table.episode_names)}
    of_event = np.array([number[str(name)] for name in table.events["episode_id"]], dtype=np.int64)
    event = np.flatnonzero(of_event >= 0)
    start = table.events["start_s"].to_numpy(dtype=np.float64)[event]
    who = table.events["ego_id"].to_numpy(dtype=np.int64)[event]
    order = np.lexsort((start, who, of_event[event]))
    event, start, who = event[order], start[order], who[order]
    edges = np.zeros((3, len(start)), dtype=np.int64)
    for k, (r, e, s) in enumerate(zip(of_event[event], who, start)):
        low, high = np.searchsorted(recording, [r, r + 1])
        low, high = low + np.searchsorted(ego[low:high], [e, e + 1])
        ends = [s - EARLIEST_S - ROUND_S, s - LATEST_S + ROUND_S, s + ROUND_S]
        edges[:, k] = low + np.searchsorted(t[low:high], ends)
    return Windows(event, of_event[event], start, edges[0], edges[1], edges[2])

"""Which rows see a conflict coming, and which rows count: the only look into the future."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.features.settings import LabelSettings
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Labels:
    """Of E ego rows.

    Attributes:
        y: (E,) a conflict starts in the window ahead.
        known: (E,) y is, or the whole window lies inside the ego's track: rows that are
            neither have no label.
        short: (E,) y, although the track ends before the window does.
        use: (E,) not inside a conflict nor shortly after one, and no negative within the window
            before the ego's own contact: between the window's end and the start of such a
            conflict it is too late for a warning, and still the worst example of quiet driving.
    """

    y: Bools
    known: Bools
    short: Bools
    use: Bools


def label_rows(rows: Rows, ego_row: Ints, events: pd.DataFrame, label: LabelSettings) -> Labels:
    """Labels of ego rows from the conflicts of the same Log.

    Args:
        rows: The Log.
        ego_row: (E,) rows to label, sorted as by `sim.sensing.ego_order`.
        events: From `find_conflicts`.
        label: Windows.
    """
    first, last, until, after = (
        round(seconds / LOG_STEP_S)
        for seconds in (label.from_s, label.until_s, label.until_s, label.after_s)
    )
    y, inside = _look(
        rows.episode[ego_row],
        rows.track[ego_row],
        rows.frame[ego_row],
        events["episode"].to_numpy(np.int64),
        events["ego_id"].to_numpy(np.int64),
        events["start_frame"].to_numpy(np.int64),
        events["end_frame"].to_numpy(np.int64),
        events["contact_frame"].to_numpy(np.int64),
        first,
        last,
        after,
    )
    whole = _future(rows.after, until)[ego_row] >= until
    return Labels(y=y, known=y | whole, short=y & ~whole, use=~inside)


@njit
def _look(
    episode: Ints,
    track: Ints,
    frame: Ints,
    event_episode: Ints,
    event_track: Ints,
    event_start: Ints,
    event_end: Ints,
    event_contact: Ints,
    first: int,
    last: int,
    after: int,
) -> tuple[Bools, Bools]:
    y = np.zeros(len(frame), np.bool_)
    inside = np.zeros(len(frame), np.bool_)
    low = 0  # both sides are sorted by episode and ego: walk them together
    for i in range(len(frame)):
        while low < len(event_start) and (
            event_episode[low] < episode[i]
            or (event_episode[low] == episode[i] and event_track[low] < track[i])
        ):
            low += 1
        k = low
        while k < len(event_start) and event_episode[k] == episode[i]:
            if event_track[k] != track[i]:
                break
            ahead = event_start[k] - frame[i]
            y[i] |= first <= ahead <= last
            inside[i] |= ahead <= 0 and frame[i] <= event_end[k] + after
            to_contact = event_contact[k] - frame[i]  # negative without contact
            inside[i] |= 0 < ahead < first and 0 < to_contact < last
            k += 1
    return y, inside


@njit
def _future(after: Ints, most: int) -> Ints:
    """Frames that follow each row in its unbroken track, counted up to `most`."""
    out = np.zeros(len(after), np.int64)
    for i in range(len(after) - 1, -1, -1):  # `after` points down the sorted rows
        if after[i] >= 0:
            out[i] = min(out[after[i]] + 1, most)
    return out

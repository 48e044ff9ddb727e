"""From a Log to rows of features with labels, in parts that fit into the cache."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.base.jit import njit
from sim.base.rng import mix, purpose, uniform
from sim.features.compute import compute
from sim.features.events import find_conflicts
from sim.features.label import label_rows
from sim.features.schema import COLUMNS
from sim.features.settings import LabelSettings, WindowSettings
from sim.features.table import EVENT_COLUMNS, FeatureTable, empty_events
from sim.sensing import Sensors, SensorSettings, ego_order
from sim.world.kinds import Kind
from sim.world.log import LOG_STEP_S, Log
from sim.world.rows import Rows

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

Egos = Literal["all", "first"]
PART = 20_000
"""Ego rows that are sensed at once: some 10 MB."""


def featurize(
    log: Log,
    *,
    sensor: SensorSettings | None = None,
    label: LabelSettings | None = None,
    window: WindowSettings | None = None,
    seed: int,
    stride_s: float = 0.2,
    egos: Egos = "all",
) -> FeatureTable:
    """What each ego senses of a Log, and whether a conflict is about to start.

    Args:
        log: Recorded, field-style or simulated; nothing here depends on which.
        sensor: The egos' outfit.
        label: What a conflict is.
        window: How much of the past.
        seed: Of the sensors' noise and of the cuts of the past; a row depends on it and on
            its own episode only.
        stride_s: Interval of one ego's rows [s]; they lie on multiples of it.
        egos: Every vehicle with enough history in turn, or only the one with the lowest
            track id of each episode (the one that a scenario is about).

    Raises:
        UserError: The stride is not a multiple of 0.1 s.
    """
    sensor, label = sensor or SensorSettings(), label or LabelSettings()
    window = window or WindowSettings()
    rows = Rows.of(log)
    names = log.episodes["episode_id"].tolist()
    events = find_conflicts(rows, label)
    order = ego_rows(rows, egos)
    known = label_rows(rows, order, events, label)
    past = _past(rows.before)
    stride = stride_frames(stride_s)
    wanted = known.known & (past[order] >= round(label.history_s / LOG_STEP_S))
    wanted &= rows.frame[order] % stride == 0
    depth = round(window.window_s / LOG_STEP_S)
    sensors = Sensors.of(rows, sensor, seed=seed, names=names)
    cut = _cuts(rows, order[wanted], sensors, window)
    parts = [np.empty((0, len(COLUMNS)), dtype=np.float32)]
    done = 0
    for piece, out in _pieces(rows, order, wanted, depth):
        parts.append(compute(sensors.observe(piece), out, cut[done : done + len(out)]))
        done += len(out)
    at = order[wanted]
    weight = np.exp(log.episodes["log_weight"].to_numpy(dtype=float))
    table = FeatureTable(
        columns=COLUMNS,
        X=np.concatenate(parts),
        y=known.y[wanted],
        use=known.use[wanted],
        short=known.short[wanted],
        weight=weight[rows.episode[at]],
        t=(rows.frame[at] * LOG_STEP_S).astype(np.float64),
        frame=rows.frame[at],
        ego=rows.track[at],
        episode=rows.episode[at],
        episode_names=tuple(names),
        episode_group=tuple(log.episodes["group"].astype(str)),
        episode_site=tuple(log.episodes["site"].astype(str)),
        episode_source=tuple(log.episodes["source"].astype(str)),
        episode_weight=weight,
        events=empty_events(),
        stride_s=stride * LOG_STEP_S,
    )
    events = events[_of_egos(events, rows, order)]
    return replace(table, events=_event_table(events, table, label))


def stride_frames(stride_s: float) -> int:
    """A stride in frames of a Log; it must be a whole number of them."""
    frames = round(stride_s / LOG_STEP_S)
    if frames < 1 or abs(frames * LOG_STEP_S - stride_s) > 1e-6:
        raise expected("stride_s", "a multiple of 0.1 s", stride_s)
    return frames


def ego_rows(rows: Rows, egos: Egos) -> Ints:
    """Rows that may be an ego, sorted by episode, track and frame: vehicles, all or the first."""
    order = ego_order(rows)
    kind = rows.kind[order]
    order = order[(kind != Kind.PEDESTRIAN) & (kind != Kind.OBJECT)]
    if egos == "first":
        episode, track = rows.episode[order], rows.track[order]
        first = np.full(int(rows.episode.max(initial=0)) + 1, np.iinfo(np.int64).max)
        np.minimum.at(first, episode, track)
        order = order[track == first[episode]]
    return np.asarray(order, dtype=np.int64)


def _pieces(rows: Rows, order: Ints, wanted: Bools, depth: int) -> Iterator[tuple[Ints, Ints]]:
    """Parts of the egos: rows to sense, and which of them are wanted.

    Only rows that some wanted row's window needs are sensed: clips end with seconds
    that have no label.
    """
    needed = _needed(rows.before, order, wanted, depth)
    piece, flag = order[needed], wanted[needed]
    begins = np.flatnonzero(rows.before[piece[1:]] != piece[:-1]) + 1
    start = 0
    while start < len(piece):
        later = begins[np.searchsorted(begins, start + PART) :]
        stop = int(later[0]) if len(later) else len(piece)
        yield piece[start:stop], np.flatnonzero(flag[start:stop])
        start = stop


@njit
def _needed(before: Ints, order: Ints, wanted: Bools, depth: int) -> Bools:
    out = np.zeros(len(order), np.bool_)
    left = 0
    for i in range(len(order) - 1, -1, -1):
        if i + 1 < len(order) and before[order[i + 1]] != order[i]:
            left = 0
        if wanted[i]:
            left = depth + 1
        out[i] = left > 0
        left -= 1
    return out


@njit
def _past(before: Ints) -> Ints:
    out = np.zeros(len(before), np.int64)
    for i in range(len(before)):
        if before[i] >= 0:
            out[i] = out[before[i]] + 1
    return out


def _cuts(rows: Rows, at: Ints, sensors: Sensors, window: WindowSettings) -> Ints:
    """Frames of past that each row may use at most, cut at random for some."""
    return _random_cuts(
        sensors.episode_key[rows.episode[at]],
        rows.track[at],
        rows.frame[at],
        np.uint64(purpose("window")),
        window.cut_share,
        round(window.cut_to_s / LOG_STEP_S),
        round(window.window_s / LOG_STEP_S),
    )


@njit
def _random_cuts(
    key: NDArray[np.uint64],
    track: Ints,
    frame: Ints,
    aim: np.uint64,
    share: float,
    low: int,
    high: int,
) -> Ints:
    out = np.full(len(key), high, np.int64)
    for i in range(len(key)):
        k = mix(mix(mix(key[i], aim), np.uint64(track[i])), np.uint64(frame[i]))
        if uniform(k, np.uint64(0)) < share:
            out[i] = low + int((high - low) * uniform(k, np.uint64(1)))
    return out


def _of_egos(events: pd.DataFrame, rows: Rows, order: Ints) -> NDArray[np.bool_]:
    egos = pd.MultiIndex.from_arrays([rows.episode[order], rows.track[order]]).unique()
    mine = pd.MultiIndex.from_frame(events[["episode", "ego_id"]]).isin(egos)
    return np.asarray(mine, dtype=np.bool_)


def _event_table(events: pd.DataFrame, table: FeatureTable, label: LabelSettings) -> pd.DataFrame:
    out = events.reset_index(drop=True)
    out["episode_id"] = np.array(table.episode_names, dtype=object)[out["episode"]]
    out["start_s"] = out["start_frame"] * LOG_STEP_S
    out["end_s"] = out["end_frame"] * LOG_STEP_S
    first = _first_used(
        out["episode"].to_numpy(np.int64),
        out["ego_id"].to_numpy(np.int64),
        out["start_frame"].to_numpy(np.int64),
        table.episode[table.use],
        table.ego[table.use],
        table.frame[table.use],
        round(label.from_s / LOG_STEP_S),
        round(label.until_s / LOG_STEP_S),
    )
    out["lead_time_s"] = np.where(first < 0, np.nan, first * LOG_STEP_S)
    out["observable"] = first >= 0
    return out[list(EVENT_COLUMNS)]


@njit
def _first_used(
    episode: Ints,
    ego: Ints,
    start: Ints,
    row_episode: Ints,
    row_ego: Ints,
    row_frame: Ints,
    first: int,
    last: int,
) -> Ints:
    """Frames between the first used row of each event's window and its start, -1 if none."""
    out = np.full(len(start), -1, np.int64)
    low = 0
    for i in range(len(start)):  # both sides are sorted by episode and ego
        while low < len(row_ego) and (
            row_episode[low] < episode[i]
            or (row_episode[low] == episode[i] and row_ego[low] < ego[i])
        ):
            low += 1
        k = low
        while k < len(row_ego) and row_episode[k] == episode[i] and row_ego[k] == ego[i]:
            if first <= start[i] - row_frame[k] <= last:
                out[i] = start[i] - row_frame[k]
                break
            k += 1
    return out

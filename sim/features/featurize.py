"""From a Log to rows of features with labels, in parts that fit into the cache."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.features.blocks import block_numbers
from sim.features.compute import compute
from sim.features.events import find_conflicts
from sim.features.foreseen import event_table, of_egos
from sim.features.label import label_rows
from sim.features.own import OwnFeature, chosen, own_features
from sim.features.parts import Egos, cuts, ego_rows, past_frames, pieces, stride_frames
from sim.features.schema import features_of
from sim.features.settings import LabelSettings, WindowSettings
from sim.features.table import FeatureTable, empty_events
from sim.features.threat import threats
from sim.sensing import Observation, Sensors, SensorSettings
from sim.world.log import LOG_STEP_S, Log
from sim.world.rows import Rows

Ints = NDArray[np.int64]
Matrix = NDArray[np.float32]


def featurize(
    log: Log,
    *,
    sensor: SensorSettings | None = None,
    label: LabelSettings | None = None,
    window: WindowSettings | None = None,
    seed: int,
    stride_s: float = 0.2,
    egos: Egos = "all",
    unlabelled: bool = False,
    quiet_share: float = 1.0,
) -> FeatureTable:
    """What each ego senses of a Log, and whether a conflict is about to start.

    Args:
        log: Recorded, field-style or simulated; nothing here depends on which.
        sensor: The egos' outfit.
        label: What a conflict is; conflicts in the plane come with the features for them.
        window: How much of the past, and which features besides ours.
        seed: Of the sensors' noise and of the cuts of the past; a row depends on it and on
            its own episode only.
        stride_s: Interval of one ego's rows [s]; they lie on multiples of it.
        egos: Every vehicle with enough history in turn, or only the one with the lowest
            track id of each episode (the one that a scenario is about).
        unlabelled: Whether to keep the rows whose future is too short to be labelled, for
            scoring; their y is False and means nothing.
        quiet_share: Share of the blocks without a conflict (`sim.features.blocks`) that are sensed;
            the weights of their rows make up for the others, episode by episode.

    Raises:
        UserError: The stride is not a multiple of 0.1 s, or a feature of the user's own fails.
    """
    sensor, label = sensor or SensorSettings(), label or LabelSettings()
    window = window or WindowSettings()
    rows = Rows.of(log)
    names = log.episodes["episode_id"].tolist()
    events = find_conflicts(rows, label)
    order = ego_rows(rows, egos)
    known = label_rows(rows, order, events, label)
    past = past_frames(rows.before)
    stride = stride_frames(stride_s)
    wanted = past[order] >= round(label.history_s / LOG_STEP_S)
    wanted &= rows.frame[order] % stride == 0
    if not unlabelled:
        wanted &= known.known
    stands_for = np.ones(len(order))
    if quiet_share < 1.0:
        stands_for = _thinned(rows, order, wanted, known.y | ~known.use, names, seed, quiet_share)
        wanted &= stands_for > 0.0
    depth = round(window.window_s / LOG_STEP_S)
    sensors = Sensors.of(rows, sensor, seed=seed, names=names)
    cut = cuts(rows, order[wanted], sensors, window)
    own = chosen(window.extra)
    known_columns = (*features_of(label.form), *(c for one in own for c in one.columns))
    columns = tuple(feature.name for feature in known_columns)
    parts = [np.empty((0, len(columns)), dtype=np.float32)]
    done = 0
    for piece, out in pieces(rows, order, wanted, depth):
        parts.append(_sensed(sensors.observe(piece), out, cut[done : done + len(out)], label, own))
        done += len(out)
    at = order[wanted]
    weight = np.exp(log.episodes["log_weight"].to_numpy(dtype=float))
    table = FeatureTable(
        columns=columns,
        X=np.concatenate(parts),
        y=known.y[wanted],
        use=known.use[wanted],
        short=known.short[wanted],
        weight=weight[rows.episode[at]] * stands_for[wanted],
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
    events = events[of_egos(events, rows, order)]
    return replace(table, events=event_table(events, table, label))


def _thinned(
    rows: Rows,
    order: Ints,
    wanted: NDArray[np.bool_],
    busy: NDArray[np.bool_],
    names: list[str],
    seed: int,
    share: float,
) -> NDArray[np.float64]:
    """How many rows each ego row stands for, 0 where its block was not drawn."""
    out = np.zeros(len(order))
    at = order[wanted]
    time = (rows.frame[at] * LOG_STEP_S).astype(np.float64)
    episode = rows.episode[at]
    number = block_numbers(names, seed, episode, rows.track[at], time, busy[wanted])
    quiet, kept = number >= 0.0, (number >= 0.0) & (number < share)
    every = np.bincount(episode[quiet], minlength=len(names))
    drawn = np.bincount(episode[kept], minlength=len(names))
    worth = every / np.maximum(drawn, 1)
    out[wanted] = np.where(quiet, kept * worth[episode], 1.0)
    return out


def _sensed(
    seen: Observation, at: Ints, past: Ints, label: LabelSettings, own: tuple[OwnFeature, ...]
) -> Matrix:
    features = compute(seen, at, past)
    parts = [features, threats(seen, at, past)] if label.in_plane else [features]
    return np.hstack([*parts, own_features(own, seen, at, past)] if own else parts)

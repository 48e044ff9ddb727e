"""The task in plain Python, row by row: leads, conflicts and labels as the study words them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.world.log import Log

Key = tuple[str, int, int]  # episode, track, frame


def lead_of(frame: pd.DataFrame, ego: pd.Series) -> tuple[int, float] | None:
    """Track and gap of the nearest ahead with |lateral| < 1.2 m, heading +-0.5 rad, 100 m."""
    best: tuple[float, int, float] | None = None
    for _, other in frame.iterrows():
        dx, dy = other["x_m"] - ego["x_m"], other["y_m"] - ego["y_m"]
        ahead = dx * np.cos(ego["yaw_rad"]) + dy * np.sin(ego["yaw_rad"])
        aside = dy * np.cos(ego["yaw_rad"]) - dx * np.sin(ego["yaw_rad"])
        turn = abs(np.angle(np.exp(1j * (other["yaw_rad"] - ego["yaw_rad"]))))
        if 0 < ahead < 100 and abs(aside) < 1.2 and turn < 0.5 and (not best or ahead < best[0]):
            gap = ahead - (ego["length_m"] + other["length_m"]) / 2
            best = (ahead, int(other["track_id"]), gap)
    return best and best[1:]


def leads(log: Log) -> dict[Key, tuple[int, float]]:
    """Of every row that has one."""
    out: dict[Key, tuple[int, float]] = {}
    for (episode, number), frame in log.tracks.groupby(["episode_id", "frame"], observed=True):
        for _, ego in frame.iterrows():
            found = lead_of(frame, ego)
            if found:
                out[str(episode), int(ego["track_id"]), int(number)] = found
    return out


def smoothed(log: Log) -> dict[Key, float]:
    """Speeds by a quadratic through 11 frames, at the ends through the outermost 11."""
    out: dict[Key, float] = {}
    for (episode, track), rows in log.tracks.groupby(["episode_id", "track_id"], observed=True):
        frame, speed = rows["frame"].to_numpy(), rows["speed_mps"].to_numpy()
        assert (np.diff(frame) == 1).all(), "the twin knows whole tracks only"
        for k in range(len(frame)):
            value = speed[k]
            if len(frame) >= 11:
                first = min(max(k - 5, 0), len(frame) - 11)
                line = np.polyfit(np.arange(11.0), speed[first : first + 11], 2)
                value = np.polyval(line, k - first)
            out[str(episode), int(track), int(frame[k])] = float(value)
    return out


def in_conflict(log: Log) -> dict[Key, int]:
    """Rows with both times to collision under 3 s, and the lead's track."""
    lead, speed = leads(log), smoothed(log)
    kinds = log.tracks.set_index("track_id")["kind"].astype(str).to_dict()
    out: dict[Key, int] = {}
    for (episode, track, frame), (other, gap) in lead.items():
        if kinds[track] == "pedestrian" or speed[episode, track, frame] <= 0.5:
            continue
        closing = speed[episode, track, frame] - speed[episode, other, frame]
        window = [lead.get((episode, track, frame + k)) for k in range(-5, 6)]
        if closing <= 0 or max(gap, 0.0) / closing >= 3:
            continue
        if all(w is not None and w[0] == other for w in window):
            rate = window[0][1] - window[-1][1]  # type: ignore[index]  # over 1 s
            if gap > 0 and (rate <= 0 or gap / rate >= 3):
                continue
        out[episode, track, frame] = other
    return out


def conflicts(log: Log) -> set[tuple[str, int, int, int, int]]:
    """Episode, ego, other, first and last frame: at least 3 frames, pauses of up to 2."""
    found = in_conflict(log)
    out = set()
    for episode, ego, other in {(e, t, o) for (e, t, _), o in found.items()}:
        frames = sorted(f for (e, t, f), o in found.items() if (e, t, o) == (episode, ego, other))
        run = [frames[0]]
        for frame in [*frames[1:], 10**9]:
            if frame - run[-1] > 3:
                if len(run) >= 3:
                    out.add((episode, ego, other, run[0], run[-1]))
                run = []
            run.append(frame)
    return out


def label(log: Log, key: Key, events: set[tuple[str, int, int, int, int]]) -> tuple[bool, ...]:
    """y, known, short and use of one row."""
    episode, ego, frame = key
    mine = [e for e in events if e[:2] == (episode, ego)]
    y = any(5 <= start - frame <= 30 for *_, start, _ in mine)
    use = not any(start <= frame <= end + 10 for *_, start, end in mine)
    tracks = log.tracks[(log.tracks["episode_id"] == episode) & (log.tracks["track_id"] == ego)]
    future = set(range(frame, frame + 31)) <= set(tracks["frame"])
    return y, y or future, y and not future, use

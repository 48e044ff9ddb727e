"""What kind of danger each conflict is, how hard the ego had to brake, and how fast it went."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.criticality.ahead import ahead
from sim.criticality.drac import drac
from sim.criticality.road_user import RoadUser
from sim.criticality.ttc_2d import ttc_2d
from sim.features.settings import LabelSettings
from sim.features.smooth import smooth_along_tracks
from sim.world.kinds import Kind
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BY_KIND = {Kind.PEDESTRIAN: "pedestrian", Kind.BICYCLE: "cyclist", Kind.OBJECT: "object"}
"""Categories of conflicts with road users other than motor vehicles."""
CATEGORIES = ("lead", "cut_in", "crossing", *BY_KIND.values())
"""All categories of conflict."""
IN_LANE_S = 2.0
"""A lead that has been ahead in line for less than this has cut in [s] (engineering)."""
PATH = round(10.0 / LOG_STEP_S)
"""Frames of the ego's further way that are looked at for where it drives."""


def described(events: pd.DataFrame, rows: Rows, label: LabelSettings) -> pd.DataFrame:
    """Conflicts with three columns more.

    `category`, one of `CATEGORIES`: of the other's kind where it is on foot, on a bicycle or an
    object. Else `crossing`, where the conflict begins by encroachment, or the courses of the two
    differ by more than `crossing_rad` at its start and the other moves. Else `cut_in`, where the
    other came from the side: at some time in the last 2 s before the start its centre was
    `lead_lateral_m` or more both from the ego's axis and from the way that the ego then drove, so
    that neither a bend nor the ego's own change of lane or evasion makes a cut-in. Else `lead`.

    `drac_mps2`: the largest deceleration required in its frames before contact [m/s²], NaN where
    none is. To one that is ahead and goes the same way (`sim.criticality.ahead`) it is DRAC; to
    others w / (2 TTC) with w the size of the relative velocity and TTC that of the boxes. Speeds
    are smoothed as for the conflicts.

    `speed_mps`: the ego's speed at the start, smoothed.

    Args:
        events: As from `find_conflicts`, without these columns.
        rows: The Log.
        label: As for `find_conflicts`.
    """
    half = round(label.smooth_s / LOG_STEP_S)
    speed = smooth_along_tracks(rows.speed, rows.before, rows.after, half)
    smooth = replace(rows, speed=speed)
    start = events["start_frame"].to_numpy(np.int64)
    ego, other = (_row_at(events, name, start, rows) for name in ("ego_id", "other_id"))
    return events.assign(
        category=_category(events, smooth, ego, other, label),
        drac_mps2=_required(events, smooth, ego, other),
        speed_mps=np.where(ego >= 0, speed[ego] if len(rows) else np.nan, np.nan),
    )


def _row_at(events: pd.DataFrame, name: str, frame: Ints, rows: Rows) -> Ints:
    """Row of each conflict's ego or other in a frame, -1 where it is not there."""
    episode, track = (events[key].to_numpy(np.int64) for key in ("episode", name))
    if len(rows) == 0:
        return np.full(len(events), -1, dtype=np.int64)
    head = rows.start[:-1]
    base = int(min(rows.frame.min(), frame.min(initial=0)))
    span = int(max(rows.frame.max(), frame.max(initial=0))) - base + 1
    slices = rows.episode[head] * span + rows.frame[head] - base
    wanted = episode * span + frame - base
    at = np.minimum(np.searchsorted(slices, wanted), len(slices) - 1)
    return _in_slice(np.where(slices[at] == wanted, at, -1), track, rows.start, rows.track)


@njit
def _in_slice(which: Ints, track: Ints, start: Ints, tracks: Ints) -> Ints:
    out = np.full(len(which), -1, np.int64)
    for k in range(len(which)):
        if which[k] < 0:
            continue
        low, high = start[which[k]], start[which[k] + 1]
        i = low + np.searchsorted(tracks[low:high], track[k])
        if i < high and tracks[i] == track[k]:
            out[k] = i
    return out


def _category(
    events: pd.DataFrame, rows: Rows, ego: Ints, other: Ints, label: LabelSettings
) -> NDArray[np.object_]:
    kind = _kinds(events, rows)
    crosses = (events["kind"] == "encroachment").to_numpy(copy=True)
    both = (ego >= 0) & (other >= 0)
    i, j = ego[both], other[both]
    course = np.where(rows.speed < 0.0, rows.yaw + np.pi, rows.yaw)
    turn = np.remainder(course[j] - course[i] + np.pi, 2.0 * np.pi) - np.pi
    moves = np.abs(rows.speed[j]) >= label.min_speed_mps
    crosses[both] |= (np.abs(turn) > label.crossing_rad) & moves
    aside = np.zeros(len(events), dtype=np.bool_)
    aside[both] = _from_aside(
        i,
        j,
        rows.before,
        rows.after,
        rows.x,
        rows.y,
        rows.yaw,
        label.lead_lateral_m,
        round(IN_LANE_S / LOG_STEP_S),
    )
    out = np.where(crosses, "crossing", np.where(aside, "cut_in", "lead")).astype(object)
    for code, name in BY_KIND.items():
        out[kind == code] = name
    return out


def _kinds(events: pd.DataFrame, rows: Rows) -> Ints:
    """Code of the kind of each conflict's other."""
    tracks = pd.MultiIndex.from_arrays([rows.episode, rows.track])
    first = np.flatnonzero(~tracks.duplicated())
    others = pd.MultiIndex.from_frame(events[["episode", "other_id"]])
    return rows.kind[first[tracks[first].get_indexer(others)]] if len(events) else _NONE


_NONE = np.empty(0, dtype=np.int64)


@njit
def _from_aside(
    ego: Ints,
    other: Ints,
    before: Ints,
    after: Ints,
    x: Floats,
    y: Floats,
    yaw: Floats,
    lateral: float,
    most: int,
) -> Bools:
    """Whether the other was aside of the ego's axis and way within `most` frames before."""
    out = np.zeros(len(ego), np.bool_)
    for k in range(len(ego)):
        i, j = ego[k], other[k]
        for _ in range(most + 1):
            if i < 0 or j < 0:
                break
            p = i  # where the ego's centre passes the place of the other, or comes nearest to
            for _ in range(PATH):
                done = (x[j] - x[p]) * np.cos(yaw[p]) + (y[j] - y[p]) * np.sin(yaw[p]) <= 0.0
                if done or after[p] < 0:
                    break
                p = after[p]
            axis = abs((y[j] - y[i]) * np.cos(yaw[i]) - (x[j] - x[i]) * np.sin(yaw[i]))
            way = abs((y[j] - y[p]) * np.cos(yaw[p]) - (x[j] - x[p]) * np.sin(yaw[p]))
            if min(axis, way) >= lateral:
                out[k] = True
                break
            i, j = before[i], before[j]
    return out


def _required(events: pd.DataFrame, rows: Rows, ego: Ints, other: Ints) -> Floats:
    """Largest deceleration required of each conflict (E,) [m/s²]."""
    contact = events["contact_frame"].to_numpy(np.int64)
    end = events["end_frame"].to_numpy(np.int64)
    end = np.where(contact >= 0, np.minimum(contact, end), end)
    event, i, j = _frames(ego, other, end, rows.frame, rows.after)
    gap, along = ahead(rows, i, j)
    need = np.where(gap > 0.0, drac(gap, rows.speed[i], along), np.nan)
    plane = np.flatnonzero(np.isnan(gap))
    need[plane] = _in_plane(rows, i[plane], j[plane])
    out = np.full(len(events), -np.inf)
    np.fmax.at(out, event, need)
    return np.where(out > 0.0, out, np.nan)


def _in_plane(rows: Rows, first: Ints, second: Ints) -> Floats:
    one, two = (
        RoadUser(
            rows.x[at], rows.y[at], rows.yaw[at], rows.speed[at], rows.length[at], rows.width[at]
        )
        for at in (first, second)
    )
    time = ttc_2d(one, two)
    vx, vy = (rows.speed * part(rows.yaw) for part in (np.cos, np.sin))
    relative = np.hypot(vx[second] - vx[first], vy[second] - vy[first])
    return np.where(time > 0.0, 0.5 * relative / np.where(time > 0.0, time, 1.0), np.nan)


@njit
def _frames(ego: Ints, other: Ints, end: Ints, frame: Ints, after: Ints) -> tuple[Ints, Ints, Ints]:
    """Each conflict's frames as rows of both: number of the conflict, and the rows, (F,) each."""
    n = 0
    for k in range(len(ego)):
        if ego[k] >= 0 and other[k] >= 0:
            n += max(end[k] - frame[ego[k]] + 1, 0)
    out = np.empty((3, n), np.int64)
    n = 0
    for k in range(len(ego)):
        i, j = ego[k], other[k]
        while i >= 0 and j >= 0 and frame[i] <= end[k]:
            out[0, n], out[1, n], out[2, n] = k, i, j
            n += 1
            i, j = after[i], after[j]
    return out[0, :n], out[1, :n], out[2, :n]

"""Motion of tracks: on the 10 Hz grid, and the acceleration that speeds imply."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.world.log import LOG_STEP_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRID_TOLERANCE_S = 0.002
"""Times this close to the 10 Hz grid are on it: NGSIM and OpenACC are exact to 1e-4."""
BRIDGE_S = 0.5
"""The longest pause between two samples that interpolation may cross, in a track with samples
at least every 0.33 s."""
SLOW_BRIDGE, LONGEST_BRIDGE_S = 1.5, 1.0
"""In tracks with fewer samples: pauses up to this many of their usual intervals, so that 2 Hz
with jitter is no row of holes, but never more than 1 s."""
HALF_WINDOW = 5
"""Frames each side in the acceleration's window: 1.1 s, which takes NGSIM's saturated
±3.41 m/s² out while a full braking still shows."""
DAY_S = 86_400.0
"""Times beyond a day are those of a calendar, and no recording is longer."""
MOVING_MPS = 0.3
"""Below this a velocity's direction is noise and the heading is held."""

_INTERPOLATED = ("x_m", "y_m", "yaw_rad", "speed_mps", "length_m", "width_m")


def onto_frames(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Give rows a `frame`; interpolate tracks that are not at 10 Hz.

    Args:
        table: Columns as in `schema.RAW_COLUMNS`, sorted by track and time, no row twice.

    Returns:
        The table with `frame`, from the first moment of the recording where the file counts
        from long ago, and how many of its rows are interpolated.
    """
    t = table["t_s"].to_numpy(dtype=float)
    far = not 0.0 <= t.min() < DAY_S
    start = np.floor(t.min() / LOG_STEP_S + GRID_TOLERANCE_S / LOG_STEP_S) if far else 0.0
    steps = t / LOG_STEP_S - start
    frame = np.round(steps).astype(np.int64)
    off_grid = np.abs(steps - frame) * LOG_STEP_S > GRID_TOLERANCE_S
    first = _first_rows(table["track_id"].to_numpy())
    usual = _usual_steps(steps, first)
    other = np.logical_or.reduceat(off_grid, first) | (np.round(usual) > 1.0)
    rows = np.repeat(other, np.diff(np.append(first, len(table))))
    if not other.any():
        return table.assign(frame=frame), 0
    bridge = np.clip(SLOW_BRIDGE * usual * LOG_STEP_S, BRIDGE_S, LONGEST_BRIDGE_S)
    out = _interpolate(table[rows].reset_index(drop=True), steps[rows], bridge[other])
    whole = pd.concat([table.assign(frame=frame)[~rows], out], ignore_index=True)
    return whole.sort_values(["track_id", "frame"], kind="stable", ignore_index=True), len(out)


def _first_rows(track: Ints) -> Ints:
    """(N,) first row of each track."""
    return np.flatnonzero(np.append(True, track[1:] != track[:-1])).astype(np.int64)


def _usual_steps(steps: Floats, first: Ints) -> Floats:
    """(N,) median interval of each track's samples, in frames; 1 where there is but one."""
    parts = np.split(steps, first[1:])
    return np.array([np.median(np.diff(part)) if len(part) > 1 else 1.0 for part in parts])


def _interpolate(table: pd.DataFrame, steps: Floats, bridge: Floats) -> pd.DataFrame:
    """Rows at every frame within each track; `bridge` (N,) longest pause to cross [s]."""
    track = table["track_id"].to_numpy()
    new = np.append(True, track[1:] != track[:-1])
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(track)) - 1
    tiny = GRID_TOLERANCE_S / LOG_STEP_S
    low = np.ceil(steps[first] - tiny).astype(np.int64)
    count = np.maximum(np.floor(steps[last] + tiny).astype(np.int64) - low + 1, 0)
    rank = np.repeat(np.arange(len(first)), count)
    frame = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + low[rank]
    # One search over all tracks: each lies in its own stretch of a common axis.
    stretch = steps.max() + 2.0
    at = (np.cumsum(new) - 1) * stretch + steps
    right = np.searchsorted(at, rank * stretch + frame, side="left")
    right = np.clip(right, first[rank], last[rank])
    left = np.maximum(right - 1, first[rank])
    span = steps[right] - steps[left]
    share = np.clip((frame - steps[left]) / np.where(span > 0.0, span, 1.0), 0.0, 1.0)
    near = np.where(share < 0.5, left, right)
    out = table.iloc[near].reset_index(drop=True)
    for name in _INTERPOLATED:
        values = table[name].to_numpy(dtype=float)
        step = values[right] - values[left]
        if name == "yaw_rad":
            step = wrap(step)
        out[name] = values[left] + share * step
    out["frame"] = frame
    bridged: pd.DataFrame = out[span * LOG_STEP_S <= bridge[rank] + GRID_TOLERANCE_S]
    return bridged.reset_index(drop=True)


def acceleration(track: Ints, frame: Ints, speed: Floats) -> Floats:
    """Slope of the speed over 1.1 s [m/s²], NaN within 0.5 s of a track's ends and pauses.

    The least-squares line through 11 samples, which is the Savitzky-Golay derivative of
    order 1 (and 2). It looks 0.5 s ahead: not for causal use.

    Args:
        track: (R,) track of each row; rows sorted by track and frame.
        frame: (R,).
        speed: (R,) [m/s].
    """
    out = np.full(len(speed), np.nan)
    h = HALF_WINDOW
    if len(speed) <= 2 * h:
        return out
    whole = (track[2 * h :] == track[: -2 * h]) & (frame[2 * h :] - frame[: -2 * h] == 2 * h)
    weights = np.arange(-h, h + 1) / (LOG_STEP_S * np.sum(np.arange(-h, h + 1) ** 2))
    out[h:-h] = np.where(whole, np.correlate(speed, weights, mode="valid"), np.nan)
    return out


def heading_of(track: Ints, vx: Floats, vy: Floats) -> Floats:
    """Direction of travel [rad], held while slower than 0.3 m/s; 0 where never faster.

    Args:
        track: (R,) rows sorted by track and time.
        vx: (R,) [m/s].
        vy: (R,) [m/s].
    """
    heading = pd.Series(np.where(np.hypot(vx, vy) >= MOVING_MPS, np.arctan2(vy, vx), np.nan))
    held = heading.groupby(track).ffill()
    return np.asarray(held.groupby(track).bfill().fillna(0.0), dtype=np.float64)


def wrap(angle: Floats) -> Floats:
    """The same angle in [-pi, pi) [rad]."""
    return np.asarray(np.mod(angle + np.pi, 2.0 * np.pi) - np.pi, dtype=np.float64)

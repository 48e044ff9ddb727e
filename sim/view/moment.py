"""How close it came: time to collision to the lead, the worst episode and its worst moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.features.events import conflict_time
from sim.features.lead import leads
from sim.features.settings import LabelSettings
from sim.laws.overlap import separation
from sim.world.log import Log
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOUCH_M = 0.05
"""Boxes nearer than this are drawn as touching [m]: less than half a pixel."""

_LABEL = LabelSettings()


def lead_ttc(rows: Rows) -> tuple[Ints, Floats, Floats]:
    """The lead of every row and the time to collision to it.

    Returns:
        Row of the lead (-1: none), gap [m] and TTC [s], (R,) each. TTC is inf where the gap
        is not closing, 0 in contact, NaN without a lead.
    """
    lead, gap = leads(rows, _LABEL)
    closing = rows.speed - rows.speed[lead]
    with np.errstate(divide="ignore", invalid="ignore"):
        ttc = np.where(closing > 0.0, gap / closing, np.inf)
    ttc = np.where(gap <= 0.0, 0.0, ttc)
    return lead, gap, np.where(lead >= 0, ttc, np.nan)


def margin(rows: Rows, lead: Ints, gap: Floats, ttc: Floats, *, noisy: bool) -> Floats:
    """How close a row is to contact, (R,): its TTC [s], inf where none is defined.

    Args:
        rows: Of a Log.
        lead, gap, ttc: Of `lead_ttc`.
        noisy: Positions were measured, so a TTC that smoothed speeds and the gap's own rate
            do not confirm counts as 3 s at least.
    """
    plain = np.where(lead >= 0, ttc, np.inf)
    if not noisy:
        return plain
    confirmed = conflict_time(rows, lead, gap, _LABEL)
    return np.maximum(plain, np.minimum(confirmed, _LABEL.ttc_s))


def least(rows: Rows, close: Floats, among: NDArray[np.bool_]) -> int:
    """The first row of least margin among some; the nearest to anybody where none has one."""
    shown = np.where(among, close, np.inf)
    if np.isfinite(shown).any():
        return int(shown.argmin())
    near = np.where(among, _nearest(rows), np.inf)
    return int(near.argmin()) if np.isfinite(near).any() else int(among.argmax())


def contact(rows: Rows, track: int) -> tuple[int, int]:
    """Where a road user first touches another: its row and the other's, -1 if it is alone.

    The rows of least separation where no frame shows them touching, as contact may begin and
    end between two frames.
    """
    best, found = np.inf, (int((rows.track == track).argmax()), -1)
    for i in np.flatnonzero(rows.track == track).tolist():
        here = rows.slice_of[i]
        for j in range(int(rows.start[here]), int(rows.start[here + 1])):
            if j == i:
                continue
            apart = separation(
                rows.x[j] - rows.x[i],
                rows.y[j] - rows.y[i],
                rows.yaw[i],
                rows.length[i],
                rows.width[i],
                rows.yaw[j],
                rows.length[j],
                rows.width[j],
            )
            if apart < best:
                best, found = apart, (i, j)
        if best < TOUCH_M:
            break
    return found


def _nearest(rows: Rows) -> Floats:
    """Distance from each row's centre to the nearest other one of its frame [m]; inf alone."""
    out = np.full(len(rows), np.inf)
    for a, b in zip(rows.start[:-1], rows.start[1:]):
        x, y = rows.x[a:b], rows.y[a:b]
        apart = np.hypot(x[:, None] - x, y[:, None] - y)
        np.fill_diagonal(apart, np.inf)
        out[a:b] = apart.min(axis=1, initial=np.inf)
    return out


def measured(log: Log) -> Floats:
    """Least TTC of each episode in its tracks, (E,) [s]; inf where nothing ever closed in.

    Of the ego, which is track 0, where the simulator made the episode; of anybody else.
    """
    rows = Rows.of(log)
    lead, gap, ttc = lead_ttc(rows)
    simulated = (log.episodes["source"] == "simulated").to_numpy(dtype=bool)[rows.episode]
    exact = margin(rows, lead, gap, ttc, noisy=False)
    close = np.where(simulated, exact, margin(rows, lead, gap, ttc, noisy=True))
    close = np.where(simulated & (rows.track != 0), np.inf, close)
    found = np.full(len(log), np.inf)
    np.minimum.at(found, rows.episode, close)
    return found


def ranked(log: Log, closest: Floats) -> Floats:
    """A number for each episode that falls with danger, (E,): TTC [s], -1 - delta-v in crashes."""
    crash = log.episodes["collided"].to_numpy(dtype=bool)
    impact = log.episodes["delta_v_mps"].fillna(0.0).to_numpy(dtype=np.float64)
    return np.where(crash, -1.0 - impact, closest)


def danger(log: Log) -> Floats:
    """`ranked` by what the simulator noted, and by what is measured in other episodes."""
    table = log.episodes
    noted = table["min_ttc_s"].to_numpy(dtype=np.float64)
    unknown = np.isnan(noted) & (table["source"] != "simulated").to_numpy(dtype=bool)
    closest = np.where(np.isnan(noted), np.inf, noted)
    if unknown.any():
        closest = np.where(unknown, measured(log), closest)
    return ranked(log, closest)

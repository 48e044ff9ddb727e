"""Conflicts of an ego with its lead, anybody in the plane or in contact, in the truth of a Log."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.features.category import described
from sim.features.crashes import contact_conflicts
from sim.features.encounters import NO_CONTACT, joined, plane_conflicts
from sim.features.lead import leads
from sim.features.settings import LabelSettings
from sim.features.smooth import smooth_along_tracks
from sim.laws.drac import drac
from sim.laws.ttc import ttc
from sim.world.kinds import Kind
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SERIOUS_TTC_S = 1.5
"""Below this a conflict is called serious (Hyden, Lund Institute of Technology, 1987)."""


def find_conflicts(rows: Rows, label: LabelSettings) -> pd.DataFrame:
    """All conflicts of a Log, sorted by episode, ego and start.

    `label.form` says which: those with the lead, those in the plane, or both. Contact at the
    ego's front or side is a conflict in every form. What two have to do with each other at one
    time is one conflict, of the kind that came first.

    Returns:
        Columns `episode` (row number in `log.episodes`), `ego_id`, `other_id`, `start_frame`,
        `end_frame` (the last in conflict), `kind` (lead, crossing or encroachment), `min_ttc_s`,
        `min_pet_s` (NaN where that does not count or none was), `severity` (conflict, serious
        or crash), `contact_frame` (the last that is not after the contact, `NO_CONTACT` without
        one), and those of `sim.features.category`.
    """
    parts = [contact_conflicts(rows, label)]
    if label.form != "crossing":
        parts.append(lead_conflicts(rows, label))
    if label.in_plane:
        parts.append(plane_conflicts(rows, label))
    filled = [part for part in parts if len(part)] or parts[-1:]
    # in the plane an encounter is one conflict; to the lead, what leads into contact
    pause_s = label.encounter_s if label.in_plane else label.bridge_s
    found = joined(pd.concat(filled, ignore_index=True), pause_s)
    order = ["episode", "ego_id", "start_frame", "other_id"]
    found = found.sort_values(order, ignore_index=True)
    return described(found, rows, label)[list(CONFLICT_COLUMNS)]


CONFLICT_COLUMNS = (
    *("episode", "ego_id", "other_id", "start_frame", "end_frame"),
    *("min_ttc_s", "min_pet_s", "severity", "kind", "contact_frame"),
    *("category", "drac_mps2", "speed_mps"),
)


def lead_conflicts(rows: Rows, label: LabelSettings) -> pd.DataFrame:
    """Conflicts with the lead, as `find_conflicts`."""
    lead, gap = leads(rows, label)
    time = conflict_time(rows, lead, gap, label)
    at = np.flatnonzero(time < label.ttc_s)
    order = np.lexsort((rows.frame[at], rows.track[lead[at]], rows.track[at], rows.episode[at]))
    at = at[order]
    table = pd.DataFrame(
        {
            "episode": rows.episode[at],
            "ego_id": rows.track[at],
            "other_id": rows.track[lead[at]],
            "frame": rows.frame[at],
            "ttc": time[at],
        }
    )
    return _runs(table, label)


def conflict_time(rows: Rows, lead: Ints, gap: Floats, label: LabelSettings) -> Floats:
    """Time to collision [s] that counts for a conflict, (R,); inf where there is none.

    The larger of gap over speed difference and gap over the gap's own rate: both must be
    small. Speeds are smoothed over `smooth_s` to either side, the rate is the difference of
    the gaps at these two times, where one unbroken track had the same lead in between.
    """
    half = round(label.smooth_s / LOG_STEP_S)
    speed = smooth_along_tracks(rows.speed, rows.before, rows.after, half)
    lead_track = np.where(lead >= 0, rows.track[lead], -1)
    return _conflict_time(
        rows.before,
        rows.after,
        rows.kind,
        speed,
        lead,
        lead_track,
        gap,
        half if label.confirm else 0,
        label.ttc_s,
        label.min_speed_mps,
        label.min_drac_mps2,
    )


@njit
def _conflict_time(
    before: Ints,
    after: Ints,
    kind: Ints,
    speed: Floats,
    lead: Ints,
    lead_track: Ints,
    gap: Floats,
    half: int,
    limit: float,
    min_speed: float,
    min_drac: float,
) -> Floats:
    out = np.full(len(lead), np.inf)
    for i in range(len(lead)):
        if lead[i] < 0 or kind[i] == Kind.PEDESTRIAN or kind[i] == Kind.OBJECT:
            continue
        v, u = speed[i], speed[lead[i]]
        by_speed = ttc(gap[i], v, u)
        if by_speed >= limit or v < min_speed or drac(gap[i], v, u) < min_drac or v <= u:
            continue
        rate = _closing_rate(i, before, after, lead_track, gap, half)
        by_rate = ttc(gap[i], rate, 0.0)
        out[i] = by_speed if np.isnan(rate) else max(by_speed, by_rate)
    return out


@njit
def _closing_rate(
    i: int, before: Ints, after: Ints, lead_track: Ints, gap: Floats, half: int
) -> float:
    """How fast the gap shrinks [m/s]; NaN if the lead was another or unseen in between."""
    p, q = i, i
    for _ in range(half):
        p, q = before[p], after[q]
        if p < 0 or q < 0 or lead_track[p] != lead_track[i] or lead_track[q] != lead_track[i]:
            return np.nan
    return (gap[p] - gap[q]) / (2 * half * 0.1) if half > 0 else np.nan


def _runs(table: pd.DataFrame, label: LabelSettings) -> pd.DataFrame:
    """Frames in conflict with one lead, joined over short interruptions."""
    key = ["episode", "ego_id", "other_id"]
    pause = table["frame"].diff().to_numpy() > 1 + round(label.bridge_s / LOG_STEP_S)
    new = (table[key] != table[key].shift()).any(axis=1).to_numpy() | pause
    runs = table.groupby(np.cumsum(new), sort=False).agg(
        episode=("episode", "first"),
        ego_id=("ego_id", "first"),
        other_id=("other_id", "first"),
        start_frame=("frame", "first"),
        end_frame=("frame", "last"),
        frames=("frame", "size"),
        min_ttc_s=("ttc", "min"),
    )
    runs = runs[runs["frames"] >= round(label.lasting_s / LOG_STEP_S)]
    runs = runs.sort_values(["episode", "ego_id", "start_frame", "other_id"], ignore_index=True)
    runs["severity"] = np.where(runs["min_ttc_s"] < SERIOUS_TTC_S, "serious", "conflict")
    runs["kind"], runs["min_pet_s"], runs["contact_frame"] = "lead", np.nan, NO_CONTACT
    return runs.drop(columns="frames")

"""Conflicts in the plane, and those of both forms: one for each time that two met."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.features.encroachment import encroachment_frames
from sim.features.motion import motion_of
from sim.features.plane import plane_frames
from sim.features.settings import LabelSettings
from sim.world.log import LOG_STEP_S
from sim.world.rows import Rows

PAIR = ["episode", "ego_id", "other_id"]
SERIOUS_SHARE = 0.5
"""Below this share of its threshold a conflict is called serious: what 1.5 s is of the 3 s to the
lead (Hyden, Lund Institute of Technology, 1987); engineering in the plane."""


def plane_conflicts(rows: Rows, label: LabelSettings) -> pd.DataFrame:
    """Conflicts in the plane: of kind "crossing" where time to collision comes first, of kind
    "encroachment" where one first stands where the other was.

    Frames by time to collision make a conflict by the same rules as to the lead, `lasting_s` and
    `bridge_s`; one frame of encroachment is enough, as it tells of a time that has passed. What
    the same two do within `encounter_s` is one conflict.

    Returns:
        Columns `PAIR`, `start_frame`, `end_frame`, `kind`, `min_ttc_s`, `min_pet_s` (NaN where
        there was none), `severity`, `contact_frame` (`NO_CONTACT`: contact is found by
        `sim.features.crashes`); unsorted.
    """
    motion = motion_of(rows, label)
    lasting, bridge = (round(s / LOG_STEP_S) for s in (label.lasting_s, label.bridge_s))
    touching = plane_frames(rows, motion, label)
    touching = spans(touching.assign(pet=np.nan), bridge)
    touching = touching[touching["frames"] >= lasting]
    passing = spans(encroachment_frames(rows, motion, label).assign(ttc=np.nan), bridge)
    found = pd.concat(
        [touching.assign(kind="crossing"), passing.assign(kind="encroachment")], ignore_index=True
    )
    found["severity"] = _severity(found, label)
    return joined(found.drop(columns="frames").assign(contact_frame=NO_CONTACT), label.encounter_s)


def spans(frames: pd.DataFrame, bridge: int) -> pd.DataFrame:
    """Frames of a pair in conflict, joined over pauses of up to `bridge` frames.

    Args:
        frames: Columns `PAIR`, `frame`, `ttc`, `pet`; rows of one pair and frame count once.
        bridge: Frames.

    Returns:
        Columns `PAIR`, `start_frame`, `end_frame`, `frames` in conflict, `min_ttc_s`,
        `min_pet_s`.
    """
    frames = frames.sort_values([*PAIR, "frame"], kind="stable", ignore_index=True)
    pause = frames["frame"].diff().to_numpy() > 1 + bridge
    runs = frames.groupby(np.cumsum(_other_pair(frames) | pause), sort=False)
    return runs.agg(
        episode=("episode", "first"),
        ego_id=("ego_id", "first"),
        other_id=("other_id", "first"),
        start_frame=("frame", "first"),
        end_frame=("frame", "last"),
        frames=("frame", "nunique"),
        min_ttc_s=("ttc", "min"),
        min_pet_s=("pet", "min"),
    )


def joined(conflicts: pd.DataFrame, pause_s: float) -> pd.DataFrame:
    """What lies within a pause of the same pair as one conflict; two with the lead stay two.

    It starts with the first and is of its kind; it is as near and as severe as the worst, and
    of several contacts the first counts.
    """
    if len(conflicts) == 0:
        return conflicts
    table = conflicts.sort_values([*PAIR, "start_frame", "end_frame", "kind"], ignore_index=True)
    apart = _other_pair(table)
    end = table["end_frame"].groupby(np.cumsum(apart)).cummax().shift(fill_value=0).to_numpy()
    pause = table["start_frame"].to_numpy() - end > round(pause_s / LOG_STEP_S)
    led = (table["kind"] == "lead").to_numpy()
    both_led = led & np.append(False, led[:-1])
    rank = table["severity"].map({name: k for k, name in enumerate(SEVERITIES)})
    met = table["contact_frame"].where(table["contact_frame"] != NO_CONTACT, NEVER)
    whole = table.assign(rank=rank, contact_frame=met).groupby(
        np.cumsum(apart | pause | both_led), sort=False
    )
    out = whole.agg(
        episode=("episode", "first"),
        ego_id=("ego_id", "first"),
        other_id=("other_id", "first"),
        start_frame=("start_frame", "first"),
        end_frame=("end_frame", "max"),
        min_ttc_s=("min_ttc_s", "min"),
        min_pet_s=("min_pet_s", "min"),
        rank=("rank", "max"),
        kind=("kind", "first"),
        contact_frame=("contact_frame", "min"),
    )
    out["contact_frame"] = out["contact_frame"].where(out["contact_frame"] != NEVER, NO_CONTACT)
    out["severity"] = np.array(SEVERITIES)[out["rank"].to_numpy()]
    return out.drop(columns="rank").reset_index(drop=True)


SEVERITIES = ("conflict", "serious", "crash")
"""From the least on."""

NO_CONTACT = -1
"""`contact_frame` of a conflict without contact."""
NEVER = np.iinfo(np.int64).max


def _severity(found: pd.DataFrame, label: LabelSettings) -> NDArray[np.str_]:
    serious = found["min_ttc_s"] < SERIOUS_SHARE * label.ttc_2d_s
    serious |= found["min_pet_s"] < SERIOUS_SHARE * label.pet_s
    return np.where(serious, "serious", "conflict")


def _other_pair(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Where a row is of another pair than the row above."""
    key = table[PAIR]
    return np.asarray((key != key.shift()).any(axis=1), dtype=np.bool_)

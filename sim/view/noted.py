"""What the simulator noted of each episode's ego, and how near that came to the family's event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.family import EVENTS, FAMILIES, Event
from sim.view import paint
from sim.view.moment import measured
from sim.world.log import Log
from sim.world.touched import pair_delta_v, struck_kind

Floats = NDArray[np.float64]

FAR_S = 20.0
"""From this time on nobody is said to have come near [s]."""

WHEN, WHOM = ("min_ttc_at_s", "min_pet_at_s"), ("other_id", "min_ttc_with", "min_pet_with")
"""Columns of a Log's outcomes: instants [s], and track ids, -1 nobody."""

UNKNOWN = "rear_end"
"""The event of what is of no family that is known here."""


def event_of(log: Log, index: int, name: str | None = None) -> Event:
    """The event that counts in an episode.

    Args:
        log: Its episodes.
        index: Which of them.
        name: Of the event; that of the episode's family if left out.
    """
    if name is not None:
        return EVENTS[name]
    family = str(log.episodes["family"].iloc[index])
    return EVENTS[FAMILIES[family].event if family in FAMILIES else UNKNOWN]


def noted(log: Log) -> pd.DataFrame:
    """One row an episode, in order: what was noted of its ego, NaN where nothing was.

    Returns:
        Columns `min_ttc_s`, `min_pet_s`, `collided`, `impact_speed_mps`, `delta_v_mps` (the
        larger of the two who touched), `other_id` (-1 nobody) and `other`, its kind; and when
        and with whom the least times were, `WHEN` and `WHOM`.
    """
    ego = log.outcomes[log.outcomes["track_id"] == 0]
    kept = ["min_ttc_s", "min_pet_s", "impact_speed_mps", *WHEN, *WHOM]
    table = (
        ego[kept]
        .assign(delta_v_mps=pair_delta_v(log.outcomes), other=struck_kind(log.outcomes))
        .set_index(ego["episode_id"].astype(str))
        .reindex(log.episodes["episode_id"])
    )
    about = log.episodes.set_index("episode_id")
    for name in ("min_ttc_s", "delta_v_mps"):
        table[name] = table[name].fillna(about[name])
    return table.assign(
        collided=about["collided"].astype(bool),
        **{name: table[name].fillna(-1).astype(np.int64) for name in WHOM},
        other=table["other"].fillna(""),
    )


def danger(log: Log, event: str | None = None) -> Floats:
    """A number for each episode that falls with danger, (E,).

    Seconds above the threshold of the family's event, as in `Event.margin`; below all of
    these, by the larger delta-v of the two, where the ego touched somebody. In recordings by
    the time to collision that is measured.
    """
    table = noted(log)
    recorded = (log.episodes["source"] != "simulated").to_numpy(dtype=bool)
    unknown = table["min_ttc_s"].isna().to_numpy() & recorded
    if unknown.any():
        table.loc[unknown, "min_ttc_s"] = measured(log)[unknown]
    # the hardest crash is the one that hurts most, not the fastest
    table["impact_speed_mps"] = table["delta_v_mps"]
    events = [event_of(log, k, event) for k in range(len(log))]
    found = np.empty(len(log))
    for one in set(events):
        at = np.array([other == one for other in events])
        found[at] = one.margin(table[at])
    return found


def verdict(row: Mapping[str, Any], event: Event) -> tuple[str, paint.Colour]:
    """How an episode went by its family's event, in few words, and their colour.

    Args:
        row: Of `noted`.
        event: The family's.
    """
    if row["collided"]:
        return _crash(row), paint.ALARM
    ttc, pet = float(row["min_ttc_s"]), float(row["min_pet_s"])
    if by_pet(row, event):
        return f"PET {_told(pet, event.pet_s)} s", paint.time_colour(pet, event.pet_s)
    if ttc < FAR_S:
        return f"least TTC {_told(ttc, event.ttc_s)} s", paint.time_colour(ttc, event.ttc_s)
    return f"{'TTC, PET' if event.pet_s else 'TTC'} never under {FAR_S:.0f} s", paint.INK


def by_pet(row: Mapping[str, Any], event: Event) -> bool:
    """Whether it is the post-encroachment time that an episode came nearest to the event by."""
    ttc, pet = float(row["min_ttc_s"]), float(row["min_pet_s"])
    nearest = np.fmin(ttc - event.ttc_s, np.inf)  # NaN: nobody was near
    return bool(event.pet_s and pet < FAR_S and pet - event.pet_s < nearest)


def _told(time_s: float, margin_s: float) -> str:
    """Tenths, or as many digits as tell it from the margin."""
    digits = next((k for k in (1, 2) if f"{time_s:.{k}f}" != f"{margin_s:.{k}f}"), 3)
    return f"{time_s:.{digits}f}"


def _crash(row: Mapping[str, Any]) -> str:
    who = f"crash with {row['other']}" if row["other"] else "crash"
    impact, hardest = row["impact_speed_mps"], row["delta_v_mps"]
    if not np.isfinite(hardest):
        return who
    at = f" at {impact:.1f} m/s" if np.isfinite(impact) else ""
    return f"{who}{at}, delta-v {hardest:.1f} m/s"

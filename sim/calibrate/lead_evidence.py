"""Leads of crashes and near-crashes as evidence that a family's distributions are fitted to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.store import sha256
from sim.calibrate.evidence import Evidence, Source, joined
from sim.calibrate.lead_profiles import PAST_S, LeadProfiles, read_lead_profiles
from sim.calibrate.measurements import EVENTS

Ints = NDArray[np.int64]

EVENT = "lead_braking"
"""Key of `EVENTS` whose measurements a profile has."""


def lead_evidence(path: Path | str, severity: str = "near_crash") -> Evidence:
    """Brakings of recorded leads, in the form of `evidence`; of other events there are none.

    Fits know no weights. So events are drawn systematically in proportion to theirs, as many as
    they are worth (Kish: the square of the sum of weights over the sum of squares).

    Raises:
        UserError: As `read_lead_profiles`.
    """
    profiles = read_lead_profiles(path, severity)
    table = _brakings(profiles, systematic(profiles.weight))
    hours = len(profiles) * PAST_S / 3600.0
    source = Source(Path(path).name, "leads", severity, sha256(Path(path)), hours, plain=True)
    others = {name: joined([], name) for name in EVENTS if name != EVENT}
    return Evidence({EVENT: table, **others}, (source,))


def systematic(weight: NDArray[np.float64]) -> Ints:
    """Which events (n,) stand in an unweighted sample of as many as the weights are worth.

    >>> systematic(np.array([1.0, 1.0, 1.0])).tolist()
    [0, 1, 2]
    """
    count = max(1, round(weight.sum() ** 2 / (weight**2).sum()))
    reached = np.cumsum(weight) / weight.sum()
    chosen: Ints = np.searchsorted(reached, (np.arange(count) + 0.5) / count)
    return chosen


def _brakings(profiles: LeadProfiles, chosen: Ints) -> pd.DataFrame:
    speed, drop = profiles.marginal("speed")[chosen], profiles.marginal("drop")[chosen]
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = np.where(speed > 0.0, drop / speed, np.nan)
    known = {
        "braking_peak": profiles.marginal("peak")[chosen],
        "braking_drop": drop,
        "braking_kept": 1.0 - lost,
        "braking_lost": lost,
    }
    unseen = np.full(len(chosen), np.nan)
    name = np.array([f"event {k}" for k in chosen], dtype=object)
    keys = {"episode_id": name, "site": "leads", "group": name, "track_id": 0, "t_s": 0.0}
    return pd.DataFrame(keys).assign(**{c: known.get(c, unseen) for c in EVENTS[EVENT].columns})

"""What counts as danger in an episode: two forms of one question, and contact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FAR = 60.0
"""A margin [s] for those who never closed in: finite, so that it can be averaged."""


@dataclass(frozen=True)
class Event:
    """When an episode's ego is said to have been in danger.

    Attributes:
        says: In words.
        ttc_s: Its least time to collision is below this [s],
        pet_s: or its least post-encroachment time below this [s]; 0 where that does not count.
        range_m: Within which the run measures pairs in the plane [m]; 0: to the leader alone.
    """

    says: str
    ttc_s: float
    pet_s: float
    range_m: float

    def margin(self, egos: pd.DataFrame) -> Floats:
        """How far each episode was from the event, (n,): at most 0 where it happened.

        Seconds above the threshold; after contact less than 0 by the relative speed of it, so
        that a search that looks for the least margin finds the hardest crash.

        Args:
            egos: The egos' rows of a Log's `outcomes`.
        """
        ttc = _finite(egos["min_ttc_s"]) - self.ttc_s
        pet = _finite(egos["min_pet_s"]) - self.pet_s if self.pet_s else np.full(len(egos), FAR)
        return np.where(egos["collided"], np.minimum(_after(egos, self), 0.0), np.fmin(ttc, pet))


def _after(egos: pd.DataFrame, event: Event) -> Floats:
    return np.asarray(-event.ttc_s - _impact(egos))


def _finite(values: pd.Series) -> Floats:
    """Nobody near, or never closing in, is far."""
    return np.asarray(
        np.minimum(np.nan_to_num(values.to_numpy(np.float64), nan=FAR, posinf=FAR), FAR)
    )


def _impact(egos: pd.DataFrame) -> Floats:
    return np.asarray(np.nan_to_num(egos["impact_speed_mps"].to_numpy(np.float64)))


EVENTS: dict[str, Event] = {
    "rear_end": Event("time to collision with the leader under 3 s, or contact", 3.0, 0.0, 0.0),
    "crossing": Event(
        "time to collision in the plane under 1.5 s, post-encroachment under 1 s, or contact",
        1.5,
        1.0,
        50.0,
    ),
}
"""By the name that a family gives in `event`. The thresholds are those of the study's labels."""

CONTACT = "contact"
"""The event that every family knows besides its own."""


def event_margin(name: str, egos: pd.DataFrame) -> Floats:
    """As `Event.margin`; for `CONTACT` the least time to collision, negative after contact."""
    if name != CONTACT:
        return EVENTS[name].margin(egos)
    near = np.fmin(_finite(egos["min_ttc_s"]), _finite(egos["min_pet_s"]))
    return np.where(egos["collided"], -_impact(egos), np.maximum(near, 1e-3))

"""How hard the ego's contact was for whoever of the two took the harder blow."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.world.kinds import KIND_NAMES, Kind

Floats = NDArray[np.float64]


def pair_delta_v(outcomes: pd.DataFrame) -> Floats:
    """The larger delta-v of the two who touched, (n,) [m/s], one for each ego's row in order.

    A car's own delta-v against a walker is next to nothing, the walker's is nearly all of the
    impact speed. An object counts for nobody: against one the ego's own is told. NaN without
    contact.

    Args:
        outcomes: Of a Log, with the rows of all road users.
    """
    ego = outcomes[outcomes["track_id"] == 0]
    own = ego["delta_v_mps"].to_numpy(np.float64)
    # both change by what the impact speed is in all; the other's row may tell of another contact
    theirs = ego["impact_speed_mps"].to_numpy(np.float64) - own
    return np.where(struck_kind(outcomes) == KIND_NAMES[Kind.OBJECT], own, np.fmax(own, theirs))


def struck_kind(outcomes: pd.DataFrame) -> NDArray[np.object_]:
    """The kind of road user that each ego touched first, (n,); "" without contact."""
    ego = outcomes[outcomes["track_id"] == 0]
    kinds = (
        outcomes["kind"]
        .astype(object)
        .set_axis(
            pd.MultiIndex.from_arrays([outcomes["episode_id"].astype(str), outcomes["track_id"]])
        )
    )
    struck = pd.MultiIndex.from_arrays([ego["episode_id"].astype(str), ego["other_id"]])
    return kinds.reindex(struck).fillna("").to_numpy(dtype=object)

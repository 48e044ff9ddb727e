"""How often each outcome of a run would come about in nature, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.sampling.coverage.outcomes import SEVERITIES
from sim.sampling.interval import wilson
from sim.sampling.stream.fitting import effective_size

FEW = 10.0
"""Equal weights' worth of episodes below which the variance of the weights says too little: a
heavy one that was not drawn would move it. In the stream of `ordinary`, 5 of 6 seeds had one or
two, and intervals of their variance missed."""


@dataclass(frozen=True)
class NaturalShare:
    """The share of natural episodes that end so.

    Attributes:
        share: By importance weights that are scaled to sum to 1.
        low, high: 95 % interval; a wide one where few weights tell of it.
        effective: How many episodes of equal weight would tell as much of it (Kish 1965).
    """

    share: float
    low: float
    high: float
    effective: float

    @property
    def by_few(self) -> bool:
        """Whether the share is a hint, and the interval all that can be relied on."""
        return self.effective < FEW


def natural_shares(met: pd.DataFrame) -> dict[str, NaturalShare] | None:
    """Severity to its share; None where the sampler's points are no probability sample.

    Args:
        met: As from `outcomes`.
    """
    if met["weight"].isna().any():
        return None
    weight = met["weight"].to_numpy(np.float64)
    severity = met["severity"].to_numpy()
    return {name: natural_share(weight, severity == name) for name in SEVERITIES}


def natural_share(weight: NDArray[np.float64], so: NDArray[np.bool_]) -> NaturalShare:
    """Wilson's interval of as many equal weights as have the variance of the weighted share.

    Where few weights tell of it, or of its opposite, of as many as the whole run is worth.

    Args:
        weight: (n,) nominal over sampled density of each episode.
        so: (n,) whether it ended so.
    """
    total = weight.sum()
    share = float(weight[so].sum() / total)
    variance = float((weight**2 * (so - share) ** 2).sum() / total**2)
    effective, other = effective_size(weight[so]), effective_size(weight[~so])
    n = effective_size(weight)
    if min(effective, other) >= FEW:
        n = share * (1.0 - share) / variance
    return NaturalShare(share, *wilson(share * n, n), effective)

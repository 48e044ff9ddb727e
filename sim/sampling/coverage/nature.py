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
        share: By importance weights.
        low, high: 95 % interval; a wide one where few weights tell of it.
        effective: How many episodes of equal weight would tell as much of it (Kish 1965).
        episodes: How many ended so.
    """

    share: float
    low: float
    high: float
    effective: float
    episodes: int

    @property
    def by_few(self) -> bool:
        """Whether weights make a hint of the share, and only the interval can be relied on."""
        return self.effective < min(FEW, 0.5 * self.episodes)


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
    """The share of an outcome, with Wilson's interval of as many equal weights as vary so much.

    That weights are 1 on average is known, so by how much they miss it corrects the share
    (control variate; Owen, Monte Carlo, 8.9): of the stream of `child_runs` the interval is half
    as wide as that of a weighted mean. Shares of all outcomes still sum to 1. Where few
    weights tell of an outcome, or of its opposite, the interval is that of as many equal ones
    as the whole run is worth.

    Args:
        weight: (n,) nominal over sampled density of each episode.
        so: (n,) whether it ended so.
    """
    weight = weight / weight.mean() if np.ptp(weight) == 0.0 else weight
    told = weight * so
    spread = float(weight.var())
    slope = float(np.mean(told * (weight - weight.mean()))) / spread if spread > 0.0 else 0.0
    share = float(np.clip(told.mean() + slope * (1.0 - weight.mean()), 0.0, 1.0))
    variance = float((told - slope * weight).var()) / len(weight)
    effective, other = effective_size(weight[so]), effective_size(weight[~so])
    n = effective_size(weight)
    if min(effective, other) >= FEW and variance > 0.0:
        n = share * (1.0 - share) / variance
    return NaturalShare(share, *wilson(share * n, n), effective, int(so.sum()))

"""Which coordinates danger depends on, told from few trials in many dimensions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

from sim.family.space import Space
from sim.sampling.stream.mixture import Choice

Floats = NDArray[np.float64]

SURE = 3.5
"""Standard errors from which on a correlation counts: by chance 1 in 2,000 passes."""


def matters(points: Floats, danger: Floats, space: Space) -> NDArray[np.bool_]:
    """Coordinates (d,) whose value, size or choice goes along with danger.

    Rank correlations in one round of trials, which need no weights whatever it drew from: of
    danger with the normal score, with its square (two ways into danger that lie opposite each
    other), and for a choice with each of its values.

    Args:
        points: (n, d) of one round.
        danger: (n,).
        space: Which coordinates are choices.
    """
    z = np.asarray(ndtri(points))
    rank = rankdata(danger)
    found = _related(z, rank) | _related(z**2, rank)
    for k, axis in enumerate(space.axes):
        if axis.discrete:
            choice = Choice(k, axis.cells(1), np.empty(0))
            is_value = choice.value(points[:, k])[:, None] == np.arange(len(choice.nominal))
            found[k] = bool(_related(is_value.astype(np.float64), rank).any())
    return found


def _related(x: Floats, rank: Floats) -> NDArray[np.bool_]:
    """Columns of x (n, m) whose correlation with `rank` (n,) no chance explains."""
    x, y = x - x.mean(axis=0), rank - rank.mean()
    scale = np.sqrt((x**2).sum(axis=0) * (y**2).sum())
    correlation = (y @ x) / np.where(scale > 0, scale, 1.0)
    return np.asarray(np.abs(correlation) * np.sqrt(len(x)) > SURE)

"""How sure a fitted value is: recordings drawn anew, whole ones.

Values of one recording go together (the same jam, the same drivers), so what is drawn anew is
never a single value where there are recordings enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.base.rng import stream

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENOUGH = 8
"""Units from which on they are drawn; with fewer, smaller units are."""


@dataclass(frozen=True)
class Units:
    """What is drawn anew for an interval.

    Attributes:
        of: (n,) unit of each value, 0 to count - 1.
        count: How many there are.
        name: "group", "recording" or "event".
    """

    of: Ints
    count: int
    name: str

    @classmethod
    def of_values(cls, group: NDArray[np.object_], recording: NDArray[np.object_]) -> Units:
        """Groups where there are 8, else recordings, else the events themselves."""
        for name, label in (("group", group), ("recording", recording)):
            known, at = np.unique(label.astype(str), return_inverse=True)
            if len(known) >= ENOUGH:
                return cls(at.astype(np.int64), len(known), name)
        return cls(np.arange(len(group)), len(group), "event")

    def totals(self, terms: Floats) -> Floats:
        """Sums of (n, m) over each unit, (count, m)."""
        out = np.zeros((self.count, terms.shape[1]))
        np.add.at(out, self.of, terms)
        return out

    def draws(self, seed: int, key: str, times: int) -> Floats:
        """How often each unit comes in each of B drawings, (B, count)."""
        random = stream(seed, 0, f"calibrate.interval.{key}")
        share = np.full(self.count, 1.0 / self.count)
        return random.multinomial(self.count, share, size=times).astype(np.float64)

    def means(self, terms: Floats, draws: Floats) -> Floats:
        """Means of terms (n, m) in each drawing, (B, m)."""
        whole = self.totals(np.column_stack([np.ones(len(terms)), terms]))
        drawn = draws @ whole
        return np.asarray(drawn[:, 1:] / drawn[:, :1])


def interval(
    value: float, drawn: Floats, count: int, *, positive: bool = False, level: float = 0.95
) -> tuple[float, float]:
    """The interval of a value from what it was in B drawings of `count` units.

    Student's t about the value, on the log scale where it must be above 0: percentiles of the
    drawings themselves are too narrow for a few units (Cameron, Gelbach and Miller, Review of
    Economics and Statistics 90 (2008) 414). The spread is that of the middle 68 %, which a few
    drawings without any spread of their own cannot spoil.
    """
    turn: Callable[[Floats], Floats] = np.log if positive else np.asarray
    with np.errstate(all="ignore"):
        scale = turn(drawn[np.isfinite(drawn)])
    low, high = np.quantile(scale, [stats.norm.cdf(-1.0), stats.norm.cdf(1.0)])
    spread = 0.5 * (high - low) * math.sqrt(count / (count - 1.0))
    reach = float(stats.t.ppf(0.5 + 0.5 * level, count - 1)) * float(spread)
    if positive:
        return value * math.exp(-reach), value * math.exp(reach)
    return value - reach, value + reach

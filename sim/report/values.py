"""Numbers of a study: where they stand, scores and differences with their intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.report.exposure import number


class Key(NamedTuple):
    """One place in the results; no kind and no slice are empty."""

    arm: str
    detector: str
    fraction: float | None
    regime: str
    site: str
    kind: str
    slice: str
    metric: str


@dataclass(frozen=True)
class Score:
    """A mean over seeds with its 95 % interval, in the unit of its metric.

    The ends are NaN where too few units hold conflicts for an interval.
    """

    mean: float
    low: float
    high: float
    seeds: int


@dataclass(frozen=True)
class Difference:
    """Arm minus baseline with its 95 % interval and the smallest effect the test can detect.

    Ends and smallest effect are NaN where too few units hold conflicts.
    """

    value: float
    low: float
    high: float
    detectable: float

    @property
    def sign(self) -> int:
        """1 or -1 where the interval is clear of zero, else 0."""
        return int(self.low > 0) - int(self.high < 0)

    @property
    def identified(self) -> bool:
        """Whether there is an interval."""
        return math.isfinite(self.low) and math.isfinite(self.high)


def _key(row: Mapping[str, Any]) -> Key:
    fraction = number(row["fraction"])
    return Key(
        arm=str(row["arm"]),
        detector=str(row["detector"]),
        fraction=None if math.isnan(fraction) else fraction,
        regime=str(row["regime"]),
        site=str(row["site"]),
        kind=str(row.get("kind") or ""),
        slice=str(row.get("slice") or ""),
        metric=str(row["metric"]),
    )


def score_of(row: Mapping[str, Any]) -> tuple[Key, Score]:
    """A row of the results."""
    mean, low, high = (number(row[name]) for name in ("mean", "low", "high"))
    return _key(row), Score(mean, low, high, int(row["seeds"]))


def difference_of(row: Mapping[str, Any]) -> tuple[tuple[str, Key], Difference]:
    """A row of the comparisons, by its baseline and the place of its arm."""
    columns = ("difference", "low", "high", "detectable")
    return (str(row["baseline"]), _key(row)), Difference(*(number(row[name]) for name in columns))

"""From the rounds of two jobs to one figure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tools.bench.child import Result

Per = Literal["cpu", "wall", "value"]


@dataclass(frozen=True, order=True)
class Side:
    """A job of a child."""

    child: str
    job: str


@dataclass(frozen=True)
class Line:
    """What is measured against what.

    Attributes:
        name: As people read it.
        ours, peer: The two sides; without a peer the figure stands beside 1, so that its
            ratio is the figure itself.
        unit: Of both sides.
        at_least, hoped: What the ratio should reach; at most, with a `ceiling`.
        per: Whether counts are divided by CPU time or by wall-clock time, or are the value.
        ceiling: Whether less is better.
        rounds: At most so many, for what takes long; None for as many as asked for.
    """

    name: str
    ours: Side
    peer: Side | None
    unit: str
    at_least: float | None = None
    hoped: float | None = None
    per: Per = "cpu"
    ceiling: bool = False
    rounds: int | None = None

    def met(self, ratio: float) -> bool | None:
        """Whether a ratio is what it should be; None where nothing is asked."""
        if self.at_least is None:
            return None
        return ratio <= self.at_least if self.ceiling else ratio >= self.at_least


@dataclass(frozen=True)
class Figure:
    """One line of bench.json: medians over the rounds, `low` and `high` the extremes of the
    ratio."""

    name: str
    ours: float
    peer: float
    ratio: float
    low: float
    high: float
    unit: str
    at_least: float | None


def value(result: Result, per: Per) -> float:
    """What one round says.

    >>> value(Result(count=30.0, cpu_s=2.0, wall_s=3.0), "cpu")
    15.0
    """
    if per == "value":
        return result.count
    return result.count / (result.cpu_s if per == "cpu" else result.wall_s)


def figure(line: Line, ours: Sequence[Result], peer: Sequence[Result]) -> Figure:
    """The figure of a line; ratios are taken round by round, then their median.

    Args:
        line: What was measured.
        ours: (R,) its rounds.
        peer: (R,) those of the peer in the same minutes, or none without a peer.
    """
    a = [value(result, line.per) for result in ours]
    b = [value(result, line.per) for result in peer] if line.peer else [1.0] * len(a)
    if not a or len(a) != len(b):
        raise ValueError(f"{line.name}: {len(a)} rounds of ours beside {len(b)} of the peer")
    ratios = [x / y for x, y in zip(a, b)]
    return Figure(
        name=line.name,
        ours=statistics.median(a),
        peer=statistics.median(b),
        ratio=statistics.median(ratios),
        low=min(ratios),
        high=max(ratios),
        unit=line.unit + (", at most" if line.ceiling and line.at_least is not None else ""),
        at_least=line.at_least,
    )

"""Who is on the road when a drive begins, and who comes when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.logs.field.layout import ENTRY_M, Stream

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SWING_S = 90.0  # period of the swings in demand: some cycles of the signals upstream
SURGE = 0.35  # relative size of these swings
CLOSEST_S = 1.0  # least time between two arrivals in a lane (Cowan's M3 headways)
TOGETHER_S = 0.7  # between two people who come together


@dataclass(frozen=True)
class Demand:
    """N road users, the first of them there from the start.

    Attributes:
        stream: Number of their stream.
        enter_s: (N,) 0 for there from the start [s].
        lane: (N,).
        s: (N,) centre of the box along the course [m].
    """

    stream: Ints
    enter_s: Floats
    lane: Ints
    s: Floats

    def __len__(self) -> int:
        return len(self.lane)


def demand(streams: Sequence[Stream], seconds: float, rng: np.random.Generator) -> Demand:
    """Fill the road as the streams say, then let traffic arrive.

    Args:
        streams: Who comes along the road.
        seconds: How long traffic arrives.
        rng: The drive's own stream of random numbers.
    """
    parts = [
        _of_lane(number, stream, lane, seconds, rng)
        for number, stream in enumerate(streams)
        for lane in stream.lanes
    ]
    which, enter, where, s = (np.concatenate([part[k] for part in parts]) for k in range(4))
    order = np.lexsort((-s, enter))
    return Demand(
        which[order].astype(np.int64), enter[order], where[order].astype(np.int64), s[order]
    )


def _of_lane(
    number: int, stream: Stream, lane: int, seconds: float, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats, Floats]:
    """Number of the stream, time of entry, lane and place of those in one of its lanes."""
    there = _standing(stream, rng)
    come = _arrivals(stream, seconds, rng)
    if stream.who == "walker":
        come = _groups(come, stream.size, rng)
    enter = np.concatenate([np.zeros(len(there)), come])
    s = np.concatenate([there, np.full(len(come), stream.start_m)])
    return np.full(len(s), float(number)), enter, np.full(len(s), float(lane)), s


def _standing(stream: Stream, rng: np.random.Generator) -> Floats:
    """Those in a lane at the start, evenly spaced but for a quarter of the spacing [m]."""
    if stream.standing_per_km <= 0.0:
        return np.empty(0)
    spacing = 1000.0 / stream.standing_per_km
    s = np.arange(ENTRY_M + spacing, stream.standing_to_m, spacing)
    return np.asarray(s + rng.uniform(-0.125, 0.125, len(s)) * spacing)


def _arrivals(stream: Stream, seconds: float, rng: np.random.Generator) -> Floats:
    """Arrivals in one lane [s]: shifted exponential headways, stretched by slow swings."""
    flow = stream.flow_per_h / len(stream.lanes) / (stream.size if stream.who == "walker" else 1.0)
    if flow <= 0.0:
        return np.empty(0)
    closest = CLOSEST_S if stream.who == "vehicle" else 0.0
    mean = max(3600.0 / flow, 1.1 * closest)
    count = int(2.0 * seconds / mean) + 10
    even = np.cumsum(closest + rng.exponential(mean - closest, count))
    phase = rng.uniform(0.0, 2.0 * np.pi)
    turn = 2.0 * np.pi / SWING_S
    enter = even + SURGE / turn * (np.cos(turn * even + phase) - np.cos(phase))
    return np.asarray(enter[(enter > 0.1) & (enter < seconds)])


def _groups(come: Floats, size: float, rng: np.random.Generator) -> Floats:
    """The members of groups of a mean size (geometric), one after the other [s]."""
    sizes = rng.geometric(1.0 / size, len(come))
    behind = np.concatenate([np.arange(k) for k in sizes]) if len(come) else np.empty(0)
    return np.asarray(np.repeat(come, sizes) + TOGETHER_S * behind)

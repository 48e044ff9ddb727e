"""Who is on a stretch of road when a drive begins, and who comes when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.logs.field.sites import Site

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENTRY_M = 15.0  # where those enter who come later: past the longest truck's half
SWING_S = 90.0  # period of the swings in demand: some cycles of the signals upstream
ENDING_SHARE = 0.6  # demand of a lane that ends, against the others: signs keep some out
CLOSEST_S = 1.0  # least time between two arrivals in a lane (Cowan's M3 headways)


@dataclass(frozen=True)
class Demand:
    """N road users, the first of them there from the start.

    Attributes:
        enter_s: (N,) 0 for there from the start [s].
        lane: (N,).
        s: (N,) centre of the box along the road [m].
    """

    enter_s: Floats
    lane: Ints
    s: Floats

    def __len__(self) -> int:
        return len(self.lane)


def demand(site: Site, length: float, seconds: float, rng: np.random.Generator) -> Demand:
    """Fill the road at the site's density, then let traffic arrive at its flow.

    Args:
        site: Where.
        length: Of the road [m].
        seconds: How long traffic arrives.
        rng: The drive's own stream.
    """
    parts = [_standing(site, lane, length, rng) for lane in range(site.lanes)]
    parts += [_arriving(site, lane, seconds, rng) for lane in range(site.lanes)]
    enter, lane, s = (np.concatenate([part[k] for part in parts]) for k in range(3))
    order = np.lexsort((-s, enter))
    return Demand(enter[order], lane[order].astype(np.int64), s[order])


def _standing(
    site: Site, lane: int, length: float, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Those in a lane at the start, evenly spaced but for a quarter of the spacing."""
    end = length
    if site.drop is not None and site.drop[0] == lane:
        end = length * site.drop[1] - 40.0
    spacing = 1000.0 / site.density_per_km
    s = np.arange(ENTRY_M + spacing, end, spacing)
    s = s + rng.uniform(-0.125, 0.125, len(s)) * spacing
    return np.zeros(len(s)), np.full(len(s), float(lane)), s


def _arriving(
    site: Site, lane: int, seconds: float, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Arrivals in a lane: shifted exponential headways, stretched by slow swings."""
    ends = site.drop is not None and site.drop[0] == lane
    mean = 3600.0 / (site.flow_per_h * (ENDING_SHARE if ends else 1.0))
    count = int(2.0 * seconds / mean) + 10
    even = np.cumsum(CLOSEST_S + rng.exponential(mean - CLOSEST_S, count))
    phase = rng.uniform(0.0, 2.0 * np.pi)
    turn = 2.0 * np.pi / SWING_S
    enter = even + site.surge / turn * (np.cos(turn * even + phase) - np.cos(phase))
    enter = enter[(enter > 0.1) & (enter < seconds)]
    return enter, np.full(len(enter), float(lane)), np.full(len(enter), ENTRY_M)

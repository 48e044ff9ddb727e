"""MOBIL by hand: a driver, its neighbours in three lanes, and which lane it chooses."""

from __future__ import annotations

import math
from dataclasses import dataclass

import naive

LENGTH_M = 4.5


@dataclass(frozen=True)
class Driver:
    """An IDM driver at a place."""

    s: float
    speed: float
    desired: float
    headway: float
    brake_max: float = 8.0

    def accel(self, lead: Driver | None) -> float:
        """What it would do behind a leader [m/s²]."""
        gap, u = math.inf, self.speed
        if lead is not None:
            gap, u = max(lead.s - self.s - LENGTH_M, 0.01), lead.speed
        wanted = naive.idm(self.speed, gap, u, self.desired, self.headway, 1.4, 2.0, 2.0)
        return max(wanted, -self.brake_max)


Pair = tuple[Driver | None, Driver | None]
"""Who is ahead and who behind in a lane."""


def choice(
    ego: Driver,
    lanes: dict[int, Pair],
    lane: int,
    politeness: float,
    threshold: float,
    keep_right: float,
    brake_safe: float,
) -> int:
    """The lane that pays most, by Kesting, Treiber and Helbing 2007; the present one if none."""
    lead, back = lanes[lane]
    old = 0.0 if back is None else back.accel(lead) - back.accel(ego)
    best, chosen = threshold, lane
    for there in (lane - 1, lane + 1):
        if there not in lanes:
            continue
        ahead, behind = lanes[there]
        beside = [o for o in (ahead, behind) if o and abs(o.s - ego.s) <= LENGTH_M]
        then = ego.accel(ahead)
        new = 0.0
        if behind is not None:
            new = behind.accel(ego) - behind.accel(ahead)
            if behind.accel(ego) <= -brake_safe:
                continue
        if beside or then <= -brake_safe:
            continue
        gain = naive.mobil(then - ego.accel(lead), new, old, politeness)
        gain += keep_right if there < lane else -keep_right
        if gain > best:
            best, chosen = gain, there
    return chosen

"""The four reference drivers and their cut-in the slow way: whole paths, counted steps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

RATE = 10
G = 9.81


@dataclass
class Sight:
    """What a driver sees at one instant."""

    gap: float
    side: float
    drift: float
    v: float
    u: float
    a: float
    length: float

    @property
    def ttc(self) -> float:
        return abs(self.gap / (self.v - self.u)) if self.v != self.u else math.inf


def between(x: float, zero_at: float, one_at: float) -> float:
    """Membership that rises on a line from `zero_at` to `one_at`."""
    return float(np.interp(x, [one_at, zero_at], [1.0, 0.0])) if one_at < zero_at else 0.0


def pfs(
    g: float, v: float, u: float, tau: float, b1: float, b2: float, bl: float, m: float
) -> float:
    """Proactive measure; both margins are m."""
    lead_stops = u**2 / (2 * bl)
    return between(
        g - m, v * tau + v**2 / (2 * b1) - lead_stops + m, v * tau + v**2 / (2 * b2) - lead_stops
    )


def cfs(g: float, v: float, u: float, a: float, tau: float, b1: float, b2: float) -> float:
    """Critical measure by what happens in the reaction time, then in braking."""
    if v <= u:
        return 0.0
    a_used = a if a > -b1 else -b1
    v_then = v + a_used * tau
    if v_then < u:
        return float(g < (v - u) ** 2 / abs(2 * a))
    closed = (v + v_then) / 2 * tau - u * tau
    return between(g, closed + (v_then - u) ** 2 / (2 * b1), closed + (v_then - u) ** 2 / (2 * b2))


class Careful:
    """Who sees the other in its lane with more than 2 s left has nothing more to do."""

    reaction, release, hardest, jerk = 0.75, 0.4, 0.774 * G, 12.65
    dismissed = False

    def __init__(self) -> None:
        self.countdown = math.ceil(self.reaction * RATE)
        self.brake = 0.0

    def danger(self, see: Sight) -> bool:
        if see.side > 0:
            return False
        self.dismissed = see.ttc > 2.0
        return not self.dismissed

    def wish(self, see: Sight) -> float:
        return math.inf

    def __call__(self, see: Sight) -> float:
        """Deceleration now."""
        if not self.danger(see):
            return 0.0
        if self.countdown:
            self.countdown -= 1
            self.brake = self.release
        else:
            self.brake = min(self.brake + self.jerk / RATE, self.hardest, self.wish(see))
        return self.brake


class Reg157(Careful):
    reaction, release, hardest, jerk = 0.35, 0.0, 6.0, math.inf

    def danger(self, see: Sight) -> bool:
        return see.side <= 0.5 and see.ttc <= (see.v - see.u) / 12 + 0.35 + 0.1


class Rss(Careful):
    release = 0.0

    def danger(self, see: Sight) -> bool:
        t, up, down, aside = 0.75, 3.0, 6.0, 1.0
        v_then, w_then = see.v + up * t, see.drift + aside * t
        along = (see.v + v_then) / 2 * t + v_then**2 / 2 / down - see.u**2 / 2 / down
        across = 0.3 + (see.drift + w_then) / 2 * t + w_then**2 / 2 / aside
        return see.gap < along and see.side < across


class Fsm(Careful):
    release = 0.0

    def danger(self, see: Sight) -> bool:
        if see.side > 0:
            if see.drift <= 0:
                return False
            c = see.v - see.u
            passed = (see.gap + 2 * see.length) / c if c else math.inf
            if see.side / see.drift > passed + 0.1:
                return False
        return self.wish(see) > 0

    def wish(self, see: Sight) -> float:
        critical = cfs(see.gap, see.v, see.u, see.a, 0.75, 4.0, 6.0)
        return 4 + 2 * critical if critical else 4 * pfs(see.gap, see.v, see.u, 0.75, 4, 6, 7, 2.0)


NAIVE = {"careful": Careful, "reg157": Reg157, "rss": Rss, "fsm": Fsm}


@dataclass
class Told:
    """What came of one cut-in, with the decelerations of every step."""

    crashed: bool
    side_hit: bool
    time: float
    impact_speed: float
    min_gap: float
    brakes: list[float]


def cut_in(
    name: str,
    v: float,
    u: float,
    gap: float,
    w: float,
    side: float = 1.6,
    accel: float = 1.5,
    length: float = 4.3,
    width: float = 1.9,
) -> Told:
    """One run: the other's path is laid out first, then the ego drives along."""
    driver = NAIVE[name]()
    growing = np.arange(0.0, w, accel / RATE)
    ramp = len(growing)
    speeds = np.r_[growing, np.full(350, w)]
    ys = np.r_[
        side + width + growing[::-1].cumsum()[::-1] / RATE,
        side + width,
        side + width - np.full(349, w).cumsum() / RATE,
    ].clip(0.0)
    other_x = gap + length + u * (np.arange(ramp + 350) - ramp) / RATE
    x, a, alongside = -v * ramp / RATE, 0.0, False
    told = Told(False, False, math.nan, math.nan, math.inf, [])
    for k in range(ramp + 350):
        clear, lateral = abs(other_x[k] - x) - length, ys[k] - width / 2 - width / 2
        told.min_gap = min(told.min_gap, math.hypot(max(clear, 0.0), max(lateral, 0.0)))
        if clear < 0 and lateral < 0:
            told.crashed, told.side_hit = True, alongside
            told.time, told.impact_speed = (k - ramp) / RATE, v - u
            break
        alongside = clear < 0
        brake = 0.0
        if other_x[k] >= x:
            drift = speeds[k] if ys[k] > 0 else 0.0
            brake = driver(Sight(clear, lateral, drift, v, u, a, length))
            if driver.dismissed:
                break
        v_new = max(v - brake / RATE, 0.0)
        a, v = (v_new - v) * RATE, v_new
        told.brakes.append(-a)
        x += v / RATE
    return told

"""Slow readable twins of the laws of assistance, junctions and people on foot."""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq


def position(v: float, a: float, t: np.ndarray) -> np.ndarray:
    """Way of who keeps an acceleration until it stands."""
    t = np.minimum(t, -v / a) if a < 0.0 else t
    return v * t + 0.5 * a * t**2


def iidm(v: float, s: float, u: float, v0: float, T: float, a: float, b: float, s0: float) -> float:
    """The four cases of Treiber and Kesting, exponent 4."""
    z = (s0 + max(0.0, v * T + v * (v - u) / (2.0 * math.sqrt(a * b)))) / s
    if v <= v0:
        free = a * (1.0 - (v / v0) ** 4)
        return a * (1.0 - z**2) if z >= 1.0 else free * (1.0 - z ** (2.0 * a / free))
    free = -b * (1.0 - (v0 / v) ** (4.0 * a / b))
    return free + a * (1.0 - z**2) if z >= 1.0 else free


def cah(s: float, v: float, u: float, a_l: float) -> float:
    """Bisection for the hardest braking needed, looking at 20,000 instants; a_l < 0."""

    def least_gap(a: float) -> float:
        t = np.linspace(0.0, max(-v / a, -u / a_l), 20_001)
        return float((s + position(u, a_l, t) - position(v, a, t)).min())

    low, high = -1e4, -1e-4
    for _ in range(60):
        mid = 0.5 * (low + high)
        low, high = (mid, high) if least_gap(mid) >= 0.0 else (low, mid)
    return low


def acc(own: float, calm: float, b: float, c: float) -> float:
    """The blend of what the IIDM and the heuristic ask for."""
    if own >= calm:
        return own
    return (1.0 - c) * own + c * (calm + b * math.tanh((own - calm) / b))


def time_to_contact(s: float, v: float, u: float, a_l: float) -> float:
    """Root of the gap over time, its bracket found by looking every millisecond."""
    t = np.arange(0.0, 60.0, 1e-3)
    hit = np.flatnonzero(s + position(u, min(a_l, 0.0), t) - v * t <= 0.0)
    if not len(hit):
        return math.inf
    k = int(hit[0])

    def gap(at: float) -> float:
        return float(s + position(u, min(a_l, 0.0), np.array(at)) - v * at)

    return float(brentq(gap, t[k - 1], t[k])) if k else 0.0


def time_to_reach(d: float, v: float, a: float, cap: float) -> float:
    """Bisection on the way covered; the speed never exceeds the cap by its own doing."""

    def way(t: float) -> float:
        if a > 0.0:
            until = max(cap - v, 0.0) / a
            if t <= until:
                return v * t + 0.5 * a * t**2
            return v * until + 0.5 * a * until**2 + max(v, cap) * (t - until)
        return float(position(v, a, np.array(t)))

    if d <= 0.0:
        return 0.0
    if way(1e5) < d:
        return math.inf
    return float(brentq(lambda t: way(t) - d, 0.0, 1e5, xtol=1e-12))


def stride(v: float, v0: float, tau: float, dt: float) -> tuple[float, float]:
    """Relaxation by 20,000 midpoint steps."""
    h, x = dt / 20_000, 0.0
    for _ in range(20_000):
        mid = v + 0.5 * h * (v0 - v) / tau
        x, v = x + h * mid, v + h * (v0 - mid) / tau
    return x, v

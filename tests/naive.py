"""Slow readable twins of the compiled laws: what a textbook says, in plain Python."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon

from sim.base.geometry import corners

Box = tuple[float, float, float, float, float]  # x, y, yaw, length, width


def idm(v: float, s: float, u: float, v0: float, T: float, a: float, b: float, s0: float) -> float:
    """Treiber's equation with his s*; the free part not under -b."""
    s_star = s0 + max(0.0, v * T + v * (v - u) / (2.0 * math.sqrt(a * b)))
    return max(a * (1.0 - (v / v0) ** 4), -b) - a * (s_star / s) ** 2


def gipps(v: float, s: float, u: float, V: float, T: float, a: float, b: float, s0: float) -> float:
    """Gipps' two speeds after his reaction time tau, as an acceleration."""
    tau = T / 1.5
    free = v + max(2.5 * a * tau * (1.0 - v / V) * math.sqrt(0.025 + v / V), -b * tau)
    under = b**2 * tau**2 + b * (2.0 * (s - s0) - v * tau + u**2 / b)
    safe = max(-b * tau + math.sqrt(max(under, 0.0)), 0.0)
    return min((free - v) / tau, (safe - v) / min(tau, 0.5))


def krauss(
    v: float, s: float, u: float, V: float, T: float, a: float, b: float, s0: float
) -> float:
    """Krauss' safe speed, approached within T, or half a second."""
    under = (b * T) ** 2 + u**2 + 2.0 * b * (s - s0)
    safe = max(-b * T + math.sqrt(max(under, 0.0)), 0.0)
    return min(a, max((V - v) / min(T, 0.5), -b), (safe - v) / min(T, 0.5))


def mobil(own: float, new: float, old: float, p: float) -> float:
    """MOBIL's incentive from the three changes of acceleration."""
    return own + p * (new + old)


def travel(
    v: float, a: float, final: float, dt: float, parts: int = 200_000
) -> tuple[float, float]:
    """Distance and speed by the midpoint rule; the speed stays at `final` once reached."""
    t = (np.arange(parts) + 0.5) * dt / parts
    speed = v + a * np.append(t, dt)
    if a < 0.0 and v >= final:
        speed = np.maximum(speed, final)
    if a > 0.0 and v <= final:
        speed = np.minimum(speed, final)
    return float(speed[:-1].mean() * dt), float(speed[-1])


def bicycle(yaw: float, distance: float, steer: float, wheelbase: float) -> tuple[float, ...]:
    """The single-track model's differential equations by small midpoint steps."""
    parts = 20_000
    beta = math.atan(0.5 * math.tan(steer))
    rate = math.cos(beta) * math.tan(steer) / wheelbase
    ds = distance / parts
    x = y = 0.0
    for _ in range(parts):
        course = yaw + 0.5 * rate * ds + beta
        x, y, yaw = x + ds * math.cos(course), y + ds * math.sin(course), yaw + rate * ds
    return x, y, yaw


def polygon(box: Box) -> Polygon:
    """A box as shapely's polygon."""
    return Polygon(corners(*box))


def overlaps(first: Box, second: Box) -> bool:
    """Whether two boxes share a point, says shapely."""
    return bool(polygon(first).intersects(polygon(second)))


def first_contact(first: Box, turned: Box, second: Box, turned2: Box, looks: int) -> float:
    """First of `looks` + 1 instants over the step at which the boxes overlap, as a fraction."""
    for at in np.linspace(0.0, 1.0, looks + 1):
        a = tuple((1 - at) * p + at * q for p, q in zip(first, turned))
        b = tuple((1 - at) * p + at * q for p, q in zip(second, turned2))
        if math.hypot(b[0] - a[0], b[1] - a[1]) < 20.0 and overlaps(a, b):  # type: ignore[arg-type]
            return float(at)
    return math.nan


def ttc(gap: float, v: float, u: float) -> float:
    """Time to collision with every undefined case spelled out."""
    if gap <= 0.0:
        return 0.0
    return gap / (v - u) if v > u else math.inf


def drac(gap: float, v: float, u: float) -> float:
    """Deceleration to avoid a crash likewise."""
    if gap <= 0.0:
        return math.inf
    return (v - u) ** 2 / (2.0 * gap) if v > u else 0.0


def first_crossing(value: float, slope: float, curve: float, dt: float) -> float:
    """First of a million instants at which the parabola is not positive."""
    t = np.linspace(0.0, dt, 1_000_001)[:-1]
    below = value + slope * t + curve * t**2 <= 0.0
    return float(t[below.argmax()]) if below.any() else math.nan


def lapses(
    draw_wait: Callable[[int], float], draw_length: Callable[[int], float], until: float
) -> list[tuple[float, float]]:
    """The renewal process: wait, lapse, wait, lapse, ..."""
    spans, t, k = [], 0.0, 0
    while t < until:
        begin = t + draw_wait(k)
        t = begin + draw_length(k)
        spans.append((begin, t))
        k += 1
    return spans


def ornstein_uhlenbeck(x: float, tau: float, dt: float, n: float) -> float:
    """One exact step of the unit process."""
    return math.exp(-dt / tau) * x + math.sqrt(1.0 - math.exp(-2.0 * dt / tau)) * n


def steering(
    e: float, yaw: float, v: float, lateral_speed: float, wheelbase: float, k: float
) -> float:
    """Heading wanted, curvature that reaches it in 0.3 s, on top of the line's own angle."""
    t = k * wheelbase / math.sqrt(1.0 - (k * wheelbase) ** 2 / 4.0)
    v = max(v, 1.0)
    v_y = np.clip(e / 1.0, -lateral_speed, lateral_speed)
    wanted = np.arcsin(np.clip(v_y / v, -0.35, 0.35))
    course = yaw + math.atan(t / 2.0)
    kappa = np.clip((wanted - course) / (v * 0.3), -3.0 / v**2, 3.0 / v**2)
    return float(np.clip(np.arctan(kappa * wheelbase + t), -0.6, 0.6))


def leaders(s: NDArray[np.float64], lane: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each user the nearest ahead in its lane, -1 none, by looking at all pairs."""
    out = np.full(len(s), -1)
    for i in range(len(s)):
        ahead = [j for j in range(len(s)) if lane[j] == lane[i] and s[j] > s[i]]
        if ahead:
            out[i] = min(ahead, key=lambda j: s[j])
    return out

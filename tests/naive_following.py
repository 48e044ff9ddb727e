"""Following in continuous time, plainly: scipy for IDM, small Heun steps for delayed perception."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from naive import idm
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

Floats = NDArray[np.float64]
Path = Callable[[float], tuple[float, float]]
"""From time [s] to where the leader's rear is [m] and its speed [m/s]."""


def braking_lead(rear: float, speed: float, at: float, decel: float, low: float) -> Path:
    """A leader at constant speed that brakes from a time on, down to `low`."""
    until = at + (speed - low) / decel

    def path(t: float) -> tuple[float, float]:
        x = rear + speed * min(t, at)
        braked = min(max(t - at, 0.0), until - at)
        x += speed * braked - 0.5 * decel * braked**2 + low * max(t - until, 0.0)
        return x, speed - decel * braked

    return path


def follow(
    lead: Path, speed: float, traits: tuple[float, ...], t: Floats, breaks: list[float]
) -> Floats:
    """Front of an IDM follower from 0 on, at the times `t`; its leader jerks at `breaks`."""
    state, at, out = [0.0, speed], 0.0, np.zeros(len(t))

    def rates(now: float, state: Floats) -> list[float]:
        rear, u = lead(now)
        return [state[1], idm(state[1], rear - state[0], u, *traits)]

    for end in [*breaks, float(t[-1])]:
        done = solve_ivp(
            rates, (at, end), state, method="DOP853", rtol=1e-10, atol=1e-10, dense_output=True
        )
        inside = (t >= at) & (t <= end)
        out[inside] = done.sol(t[inside])[0]
        state, at = list(done.y[:, -1]), end
    return out


def follow_late(
    lead: Path, speed: float, traits: tuple[float, ...], delay: float, t: Floats, h: float
) -> Floats:
    """The same when the leader is seen as it was `delay` ago, thought to have kept its speed."""

    def accel(now: float, x: float, v: float) -> float:
        seen, u = lead(max(now - delay, 0.0))
        return idm(v, seen + u * min(delay, now) - x, u, *traits)

    out, x, v = np.zeros(len(t)), 0.0, speed
    every = round(float(t[1] - t[0]) / h)
    for step in range((len(t) - 1) * every):
        now = step * h
        a = accel(now, x, v)
        b = accel(now + h, x + h * v, v + h * a)
        x, v = x + h * v + 0.5 * h * h * a, v + 0.5 * h * (a + b)
        if (step + 1) % every == 0:
            out[(step + 1) // every] = x
    if not math.isfinite(x):
        raise ArithmeticError("the twin diverged")
    return out

"""People on foot: how they get to their pace, whether they wait, hesitate or run."""

from __future__ import annotations

import math

import numpy as np

from sim.base.jit import njit
from sim.base.rng import mix, normal, uniform
from sim.laws.acceptance import accepts

RELAX_S = 0.5  # tau of Helbing and Molnar
LENGTH = np.uint64(1)  # a stream of its own: whether and how long never share a word


@njit
def stride(speed: float, desired: float, time_constant: float, dt: float) -> tuple[float, float]:
    """Distance walked and speed after `dt` [m, m/s], exactly.

        dv/dt = (v0 - v) / tau

    Args:
        speed: v [m/s].
        desired: v0 [m/s].
        time_constant: tau [s], positive; `RELAX_S` is published.
        dt: Interval [s].

    Source: Helbing and Molnar, Phys. Rev. E 51 (1995) 4282, the term of acceleration;
    tau = 0.5 s.
    """
    lost = -math.expm1(-dt / time_constant)
    gain = desired - speed
    return desired * dt - gain * time_constant * lost, speed + gain * lost


@njit
def waits(arrival: float, distance: float, walk: float, start_up: float, margin: float) -> bool:
    """Whether one stays at the kerb: the gap is under L / S_p + t_s, and the margin.

    Args:
        arrival: Time until the next rival reaches the crossing line [s]; infinite without one.
        distance: L, way to cross [m].
        walk: S_p, walking speed [m/s]; 0 always waits.
        start_up: t_s, start-up and end clearance [s]; for design 3 s.
        margin: What this person adds, or dares to take off [s].

    Source: Highway Capacity Manual, 6th ed., TRB 2016, eq. 20-76 (pedestrians' critical
    headway); the margin is engineering.
    """
    clear = start_up + distance / walk if walk > 0.0 else math.inf
    return not accepts(arrival, clear, 0.0, margin)


@njit
def hesitation(key: np.uint64, count: np.uint64, rate: float, median: float, sigma: float) -> float:
    """How long one hesitates before crossing `count` [s]: 0, or lognormal.

    Args:
        key: The stream, as uint64: seed, episode, purpose and actor folded into one.
        count: Number of the crossing, from 0, as uint64.
        rate: Share of crossings with a hesitation, 0 to 1.
        median: [s].
        sigma: Standard deviation of the logarithm.

    Source: engineering; the form is that of `lapse_length`.
    """
    if uniform(key, count) >= rate:
        return 0.0
    return median * math.exp(sigma * normal(mix(key, LENGTH), count))


@njit
def pace(arrival: float, distance: float, walk: float, run: float, margin: float) -> float:
    """Desired speed while crossing [m/s]: run if a rival comes before one walks clear.

    Args:
        arrival: Time until the rival reaches the crossing line [s].
        distance: Way left to be clear of the rival's path [m]; not positive once clear.
        walk: [m/s], positive.
        run: [m/s].
        margin: Time to be clear before the rival comes [s].

    Source: engineering.
    """
    if distance <= 0.0 or arrival >= distance / walk + margin:
        return walk
    return run

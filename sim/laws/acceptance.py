"""Gap acceptance: may one go before a rival comes, and how long does it take to get there?"""

from __future__ import annotations

import math

from sim.base.jit import njit

IMPATIENT = 0.5  # share of its critical gap that a user accepts after a long wait (engineering)


@njit
def accepts(arrival: float, clear: float, critical: float, margin: float) -> bool:
    """Whether one may go before a rival: arrival >= max(t_c, t_clear + margin).

    Args:
        arrival: Time until the rival reaches the conflict area [s]; infinite without one.
        clear: Time the road user needs until it has left the area [s]; infinite if it cannot.
        critical: t_c, critical headway: the least that this user accepts [s]. The manual's
            base values at a two-lane major street: 4.1 (left turn off it), 6.2 (right turn
            onto it), 6.5 (through), 7.1 (left turn onto it).
        margin: Time to be clear before the rival comes [s].

    Source: Highway Capacity Manual, 6th ed., TRB 2016, chapter 20 (critical headway); that the
    own way must be clear is added, for vehicles too slow for their critical headway.
    """
    return clear < math.inf and arrival >= max(critical, clear + margin)


@njit
def patience(waited: float, scale: float) -> float:
    """Share of the critical gap that one still asks for after a wait: r + (1 - r) exp(-w / tau).

    Args:
        waited: w, time spent waiting at the line [s], not negative.
        scale: tau [s]; 0 or infinite never loses patience.

    Source: Polus, Shiftan and Shmueli-Lazar, European Journal of Transport and Infrastructure
    Research 5 (2005) 1, find critical gaps that fall with the time waited; the exponential form
    and its limit r = `IMPATIENT` are engineering.
    """
    if scale <= 0.0:
        return 1.0
    return IMPATIENT + (1.0 - IMPATIENT) * math.exp(-waited / scale)


@njit
def entries(headway: float, critical: float, follow_up: float) -> int:
    """How many of a standing queue use one gap: 0, or 1 + floor((h - t_c) / t_f).

    Args:
        headway: h, between two of the major stream [s], finite.
        critical: t_c [s].
        follow_up: t_f, follow-up headway: between two of the queue that use the same gap [s],
            positive; the manual's base values in the order of `accepts`: 2.2, 3.3, 4.0, 3.5.

    Source: Highway Capacity Manual, 6th ed., TRB 2016, chapter 20: with random arrivals it
    gives the potential capacity q exp(-q t_c) / (1 - exp(-q t_f)), as the tests show.
    """
    if headway < critical:
        return 0
    return 1 + math.floor((headway - critical) / follow_up)


@njit
def time_to_reach(distance: float, speed: float, accel: float, speed_max: float) -> float:
    """Least time to cover a distance at constant acceleration, up to a top speed [s].

    0 for a distance <= 0; infinite if it comes to rest before. Exact. Who is faster than
    `speed_max` stays so unless it brakes.

    Args:
        distance: [m].
        speed: v [m/s], not negative.
        accel: a [m/s²].
        speed_max: Speed at which acceleration ends [m/s].
    """
    if distance <= 0.0:
        return 0.0
    push = accel if accel < 0.0 or speed < speed_max else 0.0
    under = speed * speed + 2.0 * push * distance
    if under < 0.0:
        return math.inf
    end = math.sqrt(under)
    if push > 0.0 and end > speed_max:
        until = (speed_max - speed) / push
        return until + (distance - 0.5 * (speed + speed_max) * until) / speed_max
    # the smaller root, with no difference of like numbers
    return 2.0 * distance / (speed + end) if speed + end > 0.0 else math.inf

"""The lane-change model MOBIL: is it worth it, and is it safe?"""

from __future__ import annotations

from sim.base.jit import njit


@njit
def incentive(
    own_now: float,
    own_then: float,
    new_now: float,
    new_then: float,
    old_now: float,
    old_then: float,
    politeness: float,
) -> float:
    """What a lane change gains, others' loss weighed in [m/s²].

        a~c - ac + p (a~n - an + a~o - ao)

    Args:
        own_now: ac, own acceleration in the present lane.
        own_then: a~c, own acceleration in the other lane.
        new_now: an, the follower's in the other lane as it is.
        new_then: a~n, the same with the changing vehicle before it.
        old_now: ao, the follower's in the present lane as it is.
        old_then: a~o, the same once the changing vehicle is gone.
        politeness: p, 0 egoist to 1 altruist.

    Source: Kesting, Treiber and Helbing, Transp. Res. Record 1999 (2007) 86, eq. 2.
    """
    return own_then - own_now + politeness * (new_then - new_now + old_then - old_now)


@njit
def is_safe(new_then: float, own_then: float, brake_safe: float) -> bool:
    """Whether neither the new follower nor the changer must brake harder than allowed.

        a~n > -b_safe and a~c > -b_safe

    Source: as `incentive`, eq. 1; the changer's own side added.
    """
    return new_then > -brake_safe and own_then > -brake_safe

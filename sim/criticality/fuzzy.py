"""Fuzzy safety of following: how far between surely safe and surely unsafe."""

from __future__ import annotations

from numpy.typing import ArrayLike

from sim.base.lift import lifted
from sim.criticality.arrays import Floats, floats, keep_nan, not_negative, positive
from sim.laws import fuzzy as law

_pfs, _cfs = lifted(law.pfs), lifted(law.cfs)


def pfs(
    gap: ArrayLike,
    ego_speed: ArrayLike,
    lead_speed: ArrayLike,
    reaction_time: ArrayLike,
    brake_comfort: ArrayLike,
    brake_max: ArrayLike,
    lead_brake_max: ArrayLike,
    margin: ArrayLike = 0.0,
) -> Floats:
    """Proactive fuzzy safety [1]: 0 if comfort saves the ego when the lead brakes, 1 if nothing.

    Linear in the gap between v tau + v² / (2 b) - u² / (2 b_lead) with b the largest and with b
    the comfortable deceleration. 1 in contact, NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s].
        reaction_time: tau [s].
        brake_comfort: Comfortable deceleration of the ego [m/s²].
        brake_max: Its largest, more than the comfortable one [m/s²].
        lead_brake_max: b_lead [m/s²].
        margin: Added to the distance that comfort needs [m].

    Raises:
        UserError: A deceleration is not positive, or `reaction_time` or `margin` negative.

    Source: Mattas et al., Accident Analysis and Prevention 148 (2020) 105794, in the form of the
    JRC's driver model for UN Regulation 157.

    >>> pfs([70.0, 40.0, 20.0], 20.0, 20.0, 1.0, 4.0, 8.0, 8.0).round(3)
    array([0. , 0.2, 1. ])
    """
    tau = not_negative("reaction_time", reaction_time, "s")
    comfort, most, other = (
        positive(name, value, "m/s²")
        for name, value in (
            ("brake_comfort", brake_comfort),
            ("brake_max", brake_max),
            ("lead_brake_max", lead_brake_max),
        )
    )
    extra = not_negative("margin", margin, "m")
    columns = floats(gap, ego_speed, lead_speed, tau, comfort, most, other, 0.0, extra)
    return keep_nan(_pfs(*columns), *columns)


def cfs(
    gap: ArrayLike,
    ego_speed: ArrayLike,
    lead_speed: ArrayLike,
    ego_accel: ArrayLike,
    reaction_time: ArrayLike,
    brake_comfort: ArrayLike,
    brake_max: ArrayLike,
) -> Floats:
    """Critical fuzzy safety [1]: 0 if comfort saves the ego at the lead's present speed, 1 if
    nothing does.

    The ego keeps its acceleration, but not under the comfortable deceleration, while it
    reacts; then it brakes. 0 when not approaching, 1 in contact, NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u, constant [m/s].
        ego_accel: Its acceleration now [m/s²].
        reaction_time: tau [s].
        brake_comfort: Comfortable deceleration of the ego [m/s²].
        brake_max: Its largest, more than the comfortable one [m/s²].

    Raises:
        UserError: A deceleration is not positive, or `reaction_time` negative.

    Source: Mattas et al., Accident Analysis and Prevention 148 (2020) 105794, in the form of the
    JRC's driver model for UN Regulation 157.

    >>> cfs([30.0, 20.0, 10.0], 20.0, 10.0, 0.0, 1.0, 4.0, 8.0).round(3)
    array([0. , 0.4, 1. ])
    """
    tau = not_negative("reaction_time", reaction_time, "s")
    comfort = positive("brake_comfort", brake_comfort, "m/s²")
    most = positive("brake_max", brake_max, "m/s²")
    columns = floats(gap, ego_speed, lead_speed, ego_accel, tau, comfort, most)
    return keep_nan(_cfs(*columns), *columns)

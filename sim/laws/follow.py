"""Which car-following law a driver obeys: a behaviour is a law and its id."""

from __future__ import annotations

from enum import IntEnum

from sim.base.jit import njit
from sim.laws.gipps import gipps
from sim.laws.idm import idm
from sim.laws.krauss import krauss


class Law(IntEnum):
    """Ids in the arrays; append only."""

    IDM = 0
    GIPPS = 1
    KRAUSS = 2
    FREE = 3  # goes for its desired speed and heeds nobody


IDM, GIPPS, KRAUSS, FREE = (int(law) for law in Law)
RELAX_S = 1.0  # a free driver closes in on its desired speed at (v0 - v) / 1 s


@njit
def follow(
    law: int,
    speed: float,
    gap: float,
    lead_speed: float,
    desired_speed: float,
    headway: float,
    accel_max: float,
    brake_comfort: float,
    min_gap: float,
) -> float:
    """Acceleration by the law with this id [m/s²]; arguments as in `idm`."""
    if law == IDM:
        return idm(
            speed, gap, lead_speed, desired_speed, headway, accel_max, brake_comfort, min_gap
        )
    if law == GIPPS:
        return gipps(
            speed, gap, lead_speed, desired_speed, headway, accel_max, brake_comfort, min_gap
        )
    if law == KRAUSS:
        return krauss(
            speed, gap, lead_speed, desired_speed, headway, accel_max, brake_comfort, min_gap
        )
    return min(max((desired_speed - speed) / RELAX_S, -brake_comfort), accel_max)

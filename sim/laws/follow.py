"""Which car-following law a driver obeys: a behaviour is a law and its id."""

from __future__ import annotations

import math
from enum import IntEnum

from sim.base.jit import njit
from sim.laws.acc import acc
from sim.laws.gipps import gipps
from sim.laws.idm import idm
from sim.laws.krauss import krauss
from sim.laws.pedestrian import RELAX_S as STRIDE_S


class Law(IntEnum):
    """Ids in the arrays; append only."""

    IDM = 0
    GIPPS = 1
    KRAUSS = 2
    FREE = 3  # goes for its desired speed and heeds nobody
    WALK = 4  # on foot: heeds lines to wait at and who crosses, but no leader
    ACC = 5


IDM, GIPPS, KRAUSS, FREE, WALK, ACC = (int(law) for law in Law)
RELAX_S = 1.0  # a free driver closes in on its desired speed at (v0 - v) / 1 s


@njit
def follow(
    law: int,
    speed: float,
    gap: float,
    lead_speed: float,
    lead_accel: float,
    desired_speed: float,
    headway: float,
    accel_max: float,
    brake_comfort: float,
    min_gap: float,
    coolness: float,
) -> float:
    """Acceleration by the law with this id [m/s²]; arguments as in `acc`."""
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
    if law == ACC:
        return acc(
            speed,
            gap,
            lead_speed,
            lead_accel,
            desired_speed,
            headway,
            accel_max,
            brake_comfort,
            min_gap,
            coolness,
        )
    if law == WALK:  # so fast that it can still stop in front of the line
        wanted = min(desired_speed, math.sqrt(2.0 * brake_comfort * max(gap, 0.0)))
        accel = (wanted - speed) / STRIDE_S
        if speed > wanted and gap > 0.0:  # what lags behind the falling speed would go too far
            accel = min(accel, -speed * speed / (2.0 * gap))
        return accel
    return min(max((desired_speed - speed) / RELAX_S, -brake_comfort), accel_max)

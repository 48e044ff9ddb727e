"""The four reference drivers: their names, and one compiled step of any of them."""

from __future__ import annotations

from enum import IntEnum

from sim.base.errors import unknown
from sim.base.jit import njit
from sim.laws.r157_careful import careful
from sim.laws.r157_fsm import fsm
from sim.laws.r157_pedal import REACTION_S
from sim.laws.r157_reg157 import REACTION_REG157_S, reg157
from sim.laws.r157_rss import rss


class Driver(IntEnum):
    """Ids in the kernel; append only. The name in lower case is the user's."""

    CAREFUL = 0  # careful and competent human, UN R157 annex 4 appendix 3
    REG157 = 1  # the cut-in requirement itself, UN R157 paragraph 5.2.5.2
    RSS = 2  # responsibility-sensitive safety
    FSM = 3  # fuzzy safety model


CAREFUL, REG157, RSS, FSM = (int(driver) for driver in Driver)

DRIVERS: tuple[str, ...] = tuple(driver.name.lower() for driver in Driver)
"""The names of all reference drivers."""


def driver_id(driver: Driver | str) -> int:
    """The id of a driver; raises `UserError` with the nearest name."""
    if isinstance(driver, Driver):
        return int(driver)
    if driver not in DRIVERS:
        raise unknown("driver", str(driver), DRIVERS)
    return DRIVERS.index(driver)


@njit
def reaction_time(driver: int) -> float:
    """Time from danger to braking [s]."""
    return REACTION_REG157_S if driver == REG157 else REACTION_S


@njit
def drive(
    driver: int,
    gap: float,
    lateral_gap: float,
    lateral_speed: float,
    ego_speed: float,
    other_speed: float,
    ego_accel: float,
    lengths: float,
    wait: float,
    brake: float,
    dt: float,
) -> tuple[float, float, float]:
    """One step of the driver with this id; arguments and result as in `fsm`."""
    if driver == CAREFUL:
        return careful(gap, lateral_gap, ego_speed, other_speed, wait, brake, dt)
    if driver == REG157:
        accel, wait = reg157(gap, lateral_gap, ego_speed, other_speed, wait, dt)
        return accel, wait, -accel
    if driver == RSS:
        return rss(gap, lateral_gap, lateral_speed, ego_speed, other_speed, wait, brake, dt)
    return fsm(
        gap,
        lateral_gap,
        lateral_speed,
        ego_speed,
        other_speed,
        ego_accel,
        lengths,
        wait,
        brake,
        dt,
    )

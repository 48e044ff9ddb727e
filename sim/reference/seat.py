"""A reference driver in the ego's seat of running scenarios: its foot, step by step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit, njit_borrowing
from sim.reference.around import is_in_sight, meeting
from sim.reference.drivers import CAREFUL, REG157, drive, reaction_time
from sim.world.kernel.records import ALIVE, Cast, Way

CALM_S = 2.0  # without danger for so long, all is as it was before the first (engineering)
COAST = 1e-9  # m/s²: a foot on no pedal, so that the ego does not accelerate

WAIT, BRAKE, CALM = range(3)  # columns of a seat: as in `drive`, and seconds without danger


def seats(driver: int, count: int) -> NDArray[np.float64]:
    """The state (count, 3) of a driver who sits down in each of so many scenarios."""
    return np.tile([reaction_time(driver), 0.0, math.inf], (count, 1))


@njit_borrowing
def draws_away(driver: int, ego_speed: float, speed: float) -> bool:
    """Whether another that is no slower than the ego is left alone.

    The times to collision of these two are without sign, which in a cut-in that has to be met
    makes no difference. The other two ask for a distance at any speed.
    """
    return driver in (CAREFUL, REG157) and speed >= ego_speed


@njit_borrowing
def decide(driver: int, cast: Cast, way: Way, seat: Any, dt: float) -> float:
    """The driver's braking against all around, after this step's look [m/s²]; NaN if at ease.

    Of several who are dangerous the one that asks for the hardest braking is heeded. Each is
    judged anew at every step, also one that the careful driver had judged harmless: the
    authors' run ends there. They are judged as they will be in the middle of the step over
    which the braking is held, at constant speeds; the authors' runs, which change speeds before
    positions, brake half a step sooner too.
    """
    u = cast.users[0]
    wait, brake = seat[WAIT], seat[BRAKE]
    hardest = math.nan
    for k in range(cast.run.alive):
        slot = cast.order[k]
        if slot == 0:
            continue
        gap, side, drift, speed = meeting(u, slot, cast.users[slot])
        if math.isnan(gap) or draws_away(driver, u.speed, speed):
            continue
        lengths = u.length + cast.users[slot].length
        gap -= 0.5 * dt * (u.speed - speed)
        side -= 0.5 * dt * drift
        accel, left, pedal = drive(
            driver, gap, side, drift, u.speed, speed, u.accel, lengths, wait, brake, dt
        )
        alarmed = left < wait or accel < 0.0
        if alarmed and not -accel <= hardest and is_in_sight(cast, way, slot):
            hardest, seat[WAIT], seat[BRAKE] = -accel, left, pedal
    return hardest


@njit_borrowing
def sit(driver: int, cast: Cast, way: Way, seat: Any, dt: float) -> None:
    """Let the driver brake the ego, over what the ego's own law does in the step to come.

    The pedal is that of emergency braking: the engine takes the harder of law and pedal. In
    danger and for a while after it the ego does not accelerate.
    """
    braking = decide(driver, cast, way, seat, dt)
    seat[CALM] = seat[CALM] + dt if math.isnan(braking) else 0.0
    pedal = max(braking, COAST) if seat[CALM] == 0.0 else COAST
    if seat[CALM] > CALM_S:
        seat[WAIT], seat[BRAKE] = reaction_time(driver), 0.0
        pedal = 0.0
    cast.users[0].aeb_decel = pedal


@njit
def sit_in_all(driver: int, casts: Cast, ways: Way, seats: Any, dt: float) -> None:
    """One step of the driver in every scenario (B, ...) whose ego drives; changed in place."""
    for b in range(len(seats)):
        if casts.users[b, 0].status != ALIVE or casts.users[b, 0].collided == 1:
            continue
        cast = Cast(
            casts.users[b],
            casts.run[b],
            casts.order[b],
            casts.along[b],
            casts.queue[b],
            casts.orders[b],
            casts.line[b],
            casts.scratch[b],
            casts.seats[b],
            casts.seated[b],
        )
        r = cast.run.road
        way = Way(
            ways.road[r],
            ways.courses[r],
            ways.pieces[r],
            ways.lanes[r],
            ways.zones[r],
            ways.signals[r],
            ways.links[r],
            ways.areas[r],
            ways.blocks[r],
        )
        sit(driver, cast, way, seats[b], dt)

"""The traffic that everybody drives: the same cars at the same places, from the seed alone."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

LANES = 3
LANE_WIDTH_M = 3.6
LENGTH_M, WIDTH_M = 4.5, 1.8
ROAD_M = 20_000.0  # nobody reaches the end within the measured 20 s
DT_S = 0.1
STEPS = 200
RANGE_M = 50.0  # within which safety metrics look at other vehicles

# IDM on a motorway (Treiber and Kesting, 2nd ed., table 12.2), for those who can be told.
HEADWAY_S, MIN_GAP_M, ACCEL_MAX, BRAKE_COMFORT = 1.4, 2.0, 1.4, 2.0

BEAMS = 360
REACH_M = 100.0


@dataclass(frozen=True)
class Car:
    """One car at the start: lane from the right, centre s [m], speeds [m/s]."""

    lane: int
    s: float
    speed: float
    desired_speed: float


def cars(vehicles: int, seed: int) -> list[Car]:
    """Rows of three about 35 m apart at 20 to 30 m/s who would like 22 to 36 m/s."""
    draw = random.Random(seed).uniform
    return [
        Car(
            lane=k % LANES,
            s=100.0 + 35.0 * (k // LANES) + draw(-8.0, 8.0),
            speed=draw(20.0, 30.0),
            desired_speed=draw(22.0, 36.0),
        )
        for k in range(vehicles)
    ]


def boxes(seed: int, others: int = 20) -> list[tuple[float, float]]:
    """Centres (x, y) [m] of cars around a sensor that sits in the middle one of them."""
    everybody = cars(others + 1, seed)
    own = everybody.pop(len(everybody) // 2)
    return [(car.s - own.s, (car.lane - own.lane) * LANE_WIDTH_M) for car in everybody]


def directions() -> list[tuple[float, float]]:
    """Unit vectors of the rays of one scan, evenly all round."""
    angles = [2.0 * math.pi * k / BEAMS for k in range(BEAMS)]
    return [(math.cos(angle), math.sin(angle)) for angle in angles]

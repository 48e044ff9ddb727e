"""Drivers who differ: what is drawn of each, and what they do undisturbed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.dist import (
    Beta,
    Dist,
    Empirical,
    Exponential,
    Given,
    LogNormal,
    Normal,
    Truncated,
    Uniform,
)
from sim.family.core import Draws, Family
from sim.family.quantity import quantity

Floats = NDArray[np.float64]

USERS = 11
"""Road users in the traffic that families share; see `sim.family.traffic` for their roles."""

FEW = 5
"""Drivers where a study needs no more: ego, leader, follower, and two others."""

MIN_GAP_M = 2.8
"""Between standing cars; with the model's usual 2 m late drivers touch in creeping queues."""

TRAITS: dict[str, dict[str, Any]] = {
    "headway": {
        "dist": Truncated(LogNormal(1.3, 0.45, 0.26), 0.5, 4.0),
        "unit": "s",
        "source": "0.26 s published, plus a lognormal chosen by judgement",
        "status": "engineering",
        "measured": "following_headway",
    },
    "reaction": {
        "dist": Truncated(LogNormal(1.07, 0.49), 0.3, 3.0),
        "unit": "s",
        "source": "brake reaction time, Sivak et al. 1982",
        "status": "recalled",
    },
    "brake_comfort": {
        "dist": Truncated(LogNormal(2.0, 0.4), 0.8, 4.5),
        "unit": "mps2",
        "source": "around IDM's usual 1.5 to 3 m/s² (Treiber and Kesting 2013)",
        "status": "engineering",
    },
    "brake_max": {
        "dist": Truncated(LogNormal(5.5, 0.25), 3.0, 9.0),
        "unit": "mps2",
        "source": "hardest braking that the driver dares; tyres on dry road give 7 to 9 m/s²",
        "status": "engineering",
    },
    "length": {
        "dist": Empirical((3.6, 4.2, 4.8, 5.4, 8.0, 16.0), (0.25, 0.4, 0.25, 0.05, 0.05)),
        "unit": "m",
        "source": "small cars to lorries, one in ten longer than 5.4 m",
        "status": "engineering",
        "measured": "vehicle_length",
    },
    "eagerness": {
        "dist": Beta(2, 2),
        "unit": "share",
        "source": "how far the wish is above the lane's speed, from 10 % to 50 %",
        "status": "engineering",
    },
    "lapses": {
        "dist": Exponential(0.03),
        "unit": "per_s",
        "source": "glances away, 1 s median: a few a minute for most, many for some",
        "status": "engineering",
    },
}
"""What is drawn of each driver: what `quantity` is told beside the number of drivers."""


@dataclass(frozen=True, kw_only=True)
class InTraffic(Family):
    """A family whose ego drives in the middle one of three lanes, among ten others.

    Each road user is a driver of its own: headway, reaction time, braking and attention
    differ, and so the same disturbance ends in nothing, a near miss or a crash.
    """

    speed: Dist = quantity(
        Uniform(4.0, 33.0),
        unit="mps",
        source="arterial to freeway",
        status="engineering",
        measured="following_speed",
    )
    left_lane: Dist = quantity(
        Truncated(Normal(1.05, 0.1), 0.7, 1.4),
        unit="share",
        source="speed of the lane on the left over the ego's",
        status="engineering",
        measured="left_pace",
    )
    right_lane: Dist = quantity(
        Truncated(Normal(0.95, 0.1), 0.6, 1.3),
        unit="share",
        source="speed of the lane on the right over the ego's",
        status="engineering",
        measured="right_pace",
    )
    stagger: Dist = quantity(
        Uniform(-0.5, 0.5),
        unit="share",
        source="where the rows left and right stand against the ego, in spacings",
        status="engineering",
        each=2,
    )
    headway: Dist = quantity(**TRAITS["headway"], each=USERS)
    reaction: Dist = quantity(**TRAITS["reaction"], each=USERS)
    brake_comfort: Dist = quantity(**TRAITS["brake_comfort"], each=USERS)
    brake_max: Dist = quantity(**TRAITS["brake_max"], each=USERS)
    length: Dist = quantity(**TRAITS["length"], each=USERS)
    eagerness: Dist = quantity(**TRAITS["eagerness"], each=USERS)
    lapses: Dist = quantity(**TRAITS["lapses"], each=USERS)


@dataclass(frozen=True, kw_only=True)
class InFew(Family):
    """A family with five drivers: the ego, its leader, its follower, and two with a role.

    As different as those of `InTraffic`, on whatever road the family builds.
    """

    headway: Dist = quantity(**TRAITS["headway"], each=FEW)
    reaction: Dist | Given = quantity(**TRAITS["reaction"], each=FEW)
    brake_comfort: Dist = quantity(**TRAITS["brake_comfort"], each=FEW)
    brake_max: Dist = quantity(**TRAITS["brake_max"], each=FEW)
    length: Dist = quantity(**TRAITS["length"], each=FEW)
    eagerness: Dist = quantity(**TRAITS["eagerness"], each=FEW)
    lapses: Dist = quantity(**TRAITS["lapses"], each=FEW)


def driver(draws: Draws, slot: int, speed: Floats) -> dict[str, ArrayLike]:
    """The traits of the driver and car in a slot, in a lane that goes at `speed` [m/s].

    Its pace wavers, as real traffic's does, and nobody changes lanes.
    """
    own: dict[str, ArrayLike] = {}
    if "accel_max" in draws.values:
        own["accel_max"] = draws.accel_max[:, slot]
    return own | {
        "desired_speed": wish(draws, slot, speed),
        "headway": draws.headway[:, slot],
        "reaction_s": delay(draws, slot),
        "brake_comfort": draws.brake_comfort[:, slot],
        "brake_max": draws.brake_max[:, slot],
        "min_gap": standstill_gap(draws, slot),
        "lapse_rate_per_s": draws.lapses[:, slot],
        "changes_lanes": 0,
        "brake_safe": 2.0,
        "accel_noise": 0.25,
        "speed_noise": 0.06,
        "speed_noise_s": 8.0,
        "sway_m": 0.15,
        "length": draws.length[:, slot],
    }


def spacing(draws: Draws, slot: int, ahead: int, speed: Floats) -> Floats:
    """From the centre of a car to that of the one ahead at equilibrium [m]."""
    lengths = draws.length[:, slot] + draws.length[:, ahead]
    return standing_gap(draws, slot, speed) + 0.5 * lengths


def delay(draws: Draws, slot: int) -> Floats:
    """Delay of perception [s]: the reaction time, but at most 90 % of the headway.

    Who follows closely attends closely; drivers whose delay exceeds their headway, drawn
    independently, crash into each other without any provocation.
    """
    return np.minimum(draws.reaction[:, slot], 0.9 * draws.headway[:, slot])


def wish(draws: Draws, slot: int, speed: Floats) -> Floats:
    """Desired speed [m/s]: some way above that of the lane."""
    return speed * (1.1 + 0.4 * draws.eagerness[:, slot]) + 1.0


def standstill_gap(draws: Draws, slot: int) -> Floats:
    """The gap at standstill [m], (n,): `MIN_GAP_M` where a family draws none."""
    if "min_gap" in draws.values:
        return draws.min_gap[:, slot]
    return np.full(len(draws), MIN_GAP_M)


def standing_gap(draws: Draws, slot: int, speed: Floats) -> Floats:
    """The gap [m] at which the intelligent driver model holds `speed` (Treiber 2000, eq. 4)."""
    free = (speed / wish(draws, slot, speed)) ** 4
    return (standstill_gap(draws, slot) + speed * draws.headway[:, slot]) / np.sqrt(1.0 - free)

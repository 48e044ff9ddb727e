"""Drivers at junctions: what is drawn of each, what they do undisturbed, and kinds of vehicle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.dist import Choice, Dist, Exponential, Given, LogNormal, Truncated, Uniform
from sim.family.core import Draws, Family
from sim.family.drivers import MIN_GAP_M, delay
from sim.family.quantity import quantity

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EGO, OTHER, LEADER, FOLLOWER, ONCOMING, OPPOSITE, BEHIND = range(7)
"""Slots of the roles. The ego has priority, a leader and a follower; the other does not let it
go first. Who comes from opposite the ego, who is opposite the other and who is behind that keep
the rules."""
USERS = 7

PULL = np.array([1.8, 1.0, 2.5, 0.9])
"""Acceleration [m/s²] of cars, trucks, motorcycles and bicycles on setting out (engineering)."""
LONG = np.array([4.5, 8.0, 2.1, 1.8])
"""Their length [m]; trucks are those of two axles that are met in towns (engineering)."""
CAR_M = float(LONG[0])
LAWFUL_S = 6.5
"""Critical headway of those who keep the rules [s]: straight across (HCM 2016, chapter 20)."""


@dataclass(frozen=True, kw_only=True)
class AmongDrivers(Family):
    """A family at a junction, with seven drivers who differ, by day or night, dry or wet."""

    event: ClassVar[Literal["rear_end", "crossing"]] = "crossing"
    seconds: ClassVar[float] = 14.0

    speed: Dist = quantity(
        Uniform(7.0, 16.0), unit="mps", source="of the ego, urban", status="engineering"
    )
    wet: Dist = quantity(
        Choice((0, 1), (0.75, 0.25)),
        unit="code",
        source="1: wet road, friction 0.5 for 0.85",
        status="engineering",
    )
    night: Dist = quantity(
        Choice((0, 1), (0.7, 0.3)),
        unit="code",
        source="1: at night, reactions take longer",
        status="engineering",
    )
    reaction: Given = quantity(
        Given(
            "night",
            (0.5,),
            (
                Truncated(LogNormal(1.07, 0.49), 0.3, 3.0),
                Truncated(LogNormal(1.3, 0.49), 0.3, 3.0),
            ),
        ),
        unit="s",
        source="brake reaction time by day, Sivak et al. 1982; at night a fifth more by judgement",
        status="recalled",
        each=USERS,
    )
    headway: Dist = quantity(
        Truncated(LogNormal(1.3, 0.45, 0.26), 0.7, 4.0),
        unit="s",
        source="0.26 s published, plus a lognormal chosen by judgement",
        status="engineering",
        each=USERS,
    )
    brake_comfort: Dist = quantity(
        Truncated(LogNormal(2.2, 0.25), 1.5, 4.0),
        unit="mps2",
        source="around IDM's usual 1.5 to 3 m/s² (Treiber and Kesting 2013)",
        status="engineering",
        each=USERS,
    )
    brake_max: Dist = quantity(
        Truncated(LogNormal(6.0, 0.25), 3.0, 9.0),
        unit="mps2",
        source="hardest braking that the driver dares; tyres on dry road give 7 to 9 m/s²",
        status="engineering",
        each=USERS,
    )
    lapses: Dist = quantity(
        Exponential(0.05),
        unit="per_s",
        source="glances away, 1 s median: a few a minute for most, many for some",
        status="engineering",
        each=USERS,
    )


@dataclass(frozen=True, kw_only=True)
class AtJunction(AmongDrivers):
    """A family whose ego has priority at a junction where somebody else does not grant it."""

    kind: Dist = quantity(
        Choice((0, 1, 2, 3), (0.7, 0.1, 0.1, 0.1)),
        unit="code",
        source="the other is a car, a truck, a motorcycle or a bicycle",
        status="engineering",
    )
    place: Dist = quantity(
        Uniform(0.0, 1.0),
        unit="share",
        source="where within their range those from opposite and behind start",
        status="engineering",
        each=3,
    )


@dataclass(frozen=True, kw_only=True)
class Meets(AtJunction):
    """One in which the ego would be where the ways meet at a time that is drawn."""

    meets: Dist = quantity(
        Uniform(6.0, 8.0),
        unit="s",
        source="until the ego, undisturbed, is where the ways meet",
        status="engineering",
    )


@dataclass(frozen=True, kw_only=True)
class AtCorner(AtJunction):
    """One where the other comes from aside, at times from behind houses."""

    built: Dist = quantity(
        Choice((0, 1), (0.5, 0.5)),
        unit="code",
        source="1: houses at the corners hide who comes from aside",
        status="engineering",
    )


def driver(draws: Draws, slot: int) -> dict[str, ArrayLike]:
    """The traits of the driver in a slot; nobody changes lanes."""
    return {
        "headway": draws.headway[:, slot],
        # the ego has room ahead: its delay may be longer than the headway it would keep
        "reaction_s": draws.reaction[:, slot] if slot == EGO else delay(draws, slot),
        "brake_comfort": draws.brake_comfort[:, slot],
        "brake_max": draws.brake_max[:, slot],
        "min_gap": MIN_GAP_M,
        "lapse_rate_per_s": draws.lapses[:, slot],
        "changes_lanes": 0,
        "critical_gap_s": LAWFUL_S,
        "accel_noise": 0.2,
        "speed_noise": 0.03,
        "speed_noise_s": 8.0,
        "sway_m": 0.1,
    }


def cruise(speed: Floats, gap: Floats, headway: Floats) -> Floats:
    """The desired speed [m/s] at which the intelligent driver model holds `speed` at a gap [m].

    v0 = v / (1 - (s* / s)²)^(1/4): Treiber 2000, eq. 4, solved for it. Where the gap is hardly
    longer than s* it is taken for 1.25 s*, and closed in on slowly.
    """
    near = np.minimum((MIN_GAP_M + speed * headway) / gap, 0.8)
    wish: Floats = speed * (1.0 - near**2) ** -0.25
    return wish


def kind(draws: Draws) -> Ints:
    """The kind of the other, (n,), a code of `Kind`."""
    code: Ints = draws.kind.astype(np.int64)
    return code


def long(draws: Draws) -> Floats:
    """Length of the other [m], (n,)."""
    length: Floats = LONG[kind(draws)]
    return length


def pull(draws: Draws) -> Floats:
    """Acceleration of the other on setting out [m/s²], (n,)."""
    accel: Floats = PULL[kind(draws)]
    return accel


def pull_time(distance: Floats, speed: Floats, top: Floats, accel: Floats) -> Floats:
    """Time [s] over a distance [m] from a speed to a higher one [m/s] at `accel`, then at that.

    >>> pull_time(np.array([1.0, 16.0]), np.array([0.0]), np.array([4.0]), np.array([2.0]))
    array([1., 5.])
    """
    room = (top**2 - speed**2) / (2.0 * accel)
    gains = (np.sqrt(speed**2 + 2.0 * accel * np.minimum(distance, room)) - speed) / accel
    time: Floats = gains + np.maximum(distance - room, 0.0) / top
    return time

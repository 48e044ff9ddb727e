"""What is drawn of a street: its drivers, light and wet, and when others pass."""

from __future__ import annotations

from dataclasses import dataclass

from sim.base.dist import (
    Choice,
    Constant,
    Dist,
    Exponential,
    Given,
    LogNormal,
    Normal,
    Truncated,
    Uniform,
)
from sim.family.core import Family
from sim.family.quantity import quantity

DRIVERS = 5
"""Who drives: slots 0 the ego, 1 its leader, 2 its follower, 3 and 4 who come towards it."""

STREET = ("street", "car", "night", "wet", "PEGASUS layer 4", "PEGASUS layer 5")
"""Tags of all families of this kind."""


@dataclass(frozen=True, kw_only=True)
class InStreet(Family):
    """A family whose ego drives along a street on which somebody without a car comes its way.

    Drivers differ, and light and wet change what they see and how they stop: the same walker
    ends in a braking that nobody notices, in a near miss, or in a contact.
    """

    event = "crossing"

    speed: Dist = quantity(
        Truncated(Normal(12.5, 2.0), 7.0, 19.0),
        unit="mps",
        source="around a limit of 50 km/h",
        status="engineering",
    )
    night: Dist = quantity(
        Choice((0.0, 1.0), (0.7, 0.3)), unit="code", source="1 dark", status="engineering"
    )
    wet: Dist = quantity(
        Choice((0.0, 1.0), (0.8, 0.2)),
        unit="code",
        source="1 wet: half the friction of a dry road",
        status="engineering",
    )
    sight: Given = quantity(
        Given("night", (0.5,), (Constant(150.0), Truncated(LogNormal(30.0, 0.35), 12.0, 90.0))),
        unit="m",
        source="from where somebody is made out; dark clothes in dipped headlights",
        status="engineering",
    )
    aeb: Dist = quantity(
        Choice((0.0, 1.0), (0.7, 0.3)),
        unit="code",
        source="1 the ego has emergency braking",
        status="engineering",
    )
    settle: Dist = quantity(
        Uniform(0.0, 3.0),
        unit="s",
        source="until somebody comes the ego's way, beyond the first 1.5 s",
        status="engineering",
    )
    passed: Dist = quantity(
        Uniform(0.5, 3.0),
        unit="s",
        source="since the ego's leader and an oncoming car went by, as somebody comes",
        status="engineering",
        each=2,
    )
    next: Dist = quantity(
        Uniform(3.0, 6.0),
        unit="s",
        source="from the ego's passage to that of the next oncoming car",
        status="engineering",
    )
    headway: Dist = quantity(
        Truncated(LogNormal(1.3, 0.45, 0.26), 0.8, 4.0),
        unit="s",
        source="0.26 s published, plus a lognormal chosen by judgement",
        status="engineering",
        each=DRIVERS,
    )
    reaction: Dist = quantity(
        Truncated(LogNormal(1.07, 0.49), 0.3, 2.5),
        unit="s",
        source="brake reaction time, Sivak et al. 1982",
        status="recalled",
        each=DRIVERS,
    )
    brake_max: Dist = quantity(
        Truncated(LogNormal(7.0, 0.2), 4.0, 9.0),
        unit="mps2",
        source="hardest braking that the driver dares for somebody in the way",
        status="engineering",
        each=DRIVERS,
    )
    lapses: Dist = quantity(
        Exponential(0.04),
        unit="per_s",
        source="glances away, 1 s median: a few a minute for most, many for some",
        status="engineering",
        each=DRIVERS,
    )

"""How bad a contact of two road users of known kinds is for one of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.criticality.arrays import Floats, floats
from sim.criticality.delta_v import delta_v
from sim.criticality.injury import pedestrian_fatality_risk, severe_injury_risk
from sim.world.kinds import Kind
from sim.world.state import MASSES_KG


@dataclass(frozen=True)
class Severity:
    """Of one road user in a contact, arrays of one shape.

    Attributes:
        delta_v: Change of its speed [m/s].
        severe_injury: Probability of a severe injury [1], as from `severe_injury_risk`.
        death: Probability that it dies [1]; NaN but for pedestrians, for whom alone there is
            a published curve.
    """

    delta_v: Floats
    severe_injury: Floats
    death: Floats


def contact_severity(kind: ArrayLike, other_kind: ArrayLike, impact_speed: ArrayLike) -> Severity:
    """How bad a contact is for a road user of one kind, hit by one of another.

    An estimate for ranking contacts: masses by kind, the contact inelastic and central, and
    all risks but the pedestrian's are this project's assumptions (engineering). NaN where the
    speed is, or for an unknown kind.

    Args:
        kind: Code of `sim.world.kinds.Kind` of the one who may be hurt.
        other_kind: Code of the other's kind.
        impact_speed: Size of the relative velocity at first contact [m/s].

    >>> hit = contact_severity(Kind.PEDESTRIAN, Kind.CAR, 50.0 / 3.6)
    >>> hit.death.round(2), hit.delta_v.round(1)
    (np.float64(0.22), np.float64(13.2))
    >>> contact_severity(Kind.CAR, Kind.PEDESTRIAN, 50.0 / 3.6).delta_v.round(1)
    np.float64(0.7)
    """
    who, other, speed = floats(kind, other_kind, impact_speed)
    change = delta_v(speed, 0.0, _mass(who), _mass(other))
    death = np.where(who == Kind.PEDESTRIAN, pedestrian_fatality_risk(speed), np.nan)
    return Severity(change, severe_injury_risk(who, speed, change), death)


def _mass(kind: Floats) -> Floats:
    mass = np.full(kind.shape, np.nan)
    for each, kilograms in MASSES_KG.items():
        mass = np.where(kind == each, kilograms, mass)
    return mass
